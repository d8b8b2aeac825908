import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const FOLDER = fileURLToPath(new URL('../../../../shared/corpus', import.meta.url));

export interface CorpusFile {
  readonly name: string;
  readonly text: string;
}

/** Real files of others, where somebody has put them beside this checkout; else none. */
export function corpusFiles(): CorpusFile[] {
  if (!existsSync(FOLDER)) return [];
  return readdirSync(FOLDER, { recursive: true, encoding: 'utf8' })
    .filter(name => name !== 'index.json' && statSync(join(FOLDER, name)).isFile())
    .sort()
    .map(name => ({ name, text: readFileSync(join(FOLDER, name), 'utf8') }));
}
