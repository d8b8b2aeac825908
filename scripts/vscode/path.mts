import { existsSync, realpathSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** The first of these programs that is on the PATH, links resolved. */
export function findOnPath(names: readonly string[]): string | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter).filter(folder => folder !== '');
  const suffixes = process.platform === 'win32' ? ['.exe', '.cmd'] : [''];
  for (const name of names) {
    for (const folder of folders) {
      const file = suffixes.map(suffix => join(folder, name + suffix)).find(candidate => existsSync(candidate));
      if (file) return realpathSync(file);
    }
  }
  return undefined;
}
