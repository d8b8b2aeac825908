import { folderOf } from '../text/path.ts';
import type { Located } from './cluster.ts';
import type { Reading } from './reading.ts';

/** What a kustomization builds from, as it is written: files and folders relative to its own, or addresses elsewhere. */
export interface Kustomization {
  readonly is: 'kustomization';
  readonly resources: readonly string[];
  readonly patches: readonly string[];
}

const RESOURCE_LISTS = ['resources', 'bases', 'components'];

export function kustomizationOf(object: Reading): Kustomization {
  const strings = (list: Reading) => list.items().flatMap(item => item.string().known ?? []);
  return {
    is: 'kustomization',
    resources: RESOURCE_LISTS.flatMap(name => strings(object.get(name))),
    patches: [
      ...strings(object.get('patchesStrategicMerge')),
      ...object
        .get('patches')
        .items()
        .flatMap(patch => patch.get('path').string().known ?? []),
    ],
  };
}

/** The files that kustomization `index` of all builds from, those of the kustomizations it names included. */
export function builtBy(all: readonly Located<Kustomization>[], index: number): ReadonlySet<string> {
  const files = new Set<string>();
  const pending = [all[index]];
  const seen = new Set<string>();
  for (let next = pending.pop(); next; next = pending.pop()) {
    if (seen.has(next.file)) continue;
    seen.add(next.file);
    const folder = folderOf(next.file);
    for (const path of [...next.entity.resources, ...next.entity.patches]) {
      const target = join(folder, path);
      if (target === null) continue;
      files.add(target);
      pending.push(...all.filter(({ file }) => folderOf(file) === target));
    }
  }
  return files;
}

/** The path that a relative one leads to from a folder; null for an address elsewhere or a way out of the workspace. */
function join(folder: string, path: string): string | null {
  if (/^\w+:|^\//.test(path)) return null;
  const parts = folder === '' ? [] : folder.split('/');
  for (const part of path.split('/')) {
    if (part === '..') {
      if (parts.pop() === undefined) return null;
    } else if (part !== '.' && part !== '') parts.push(part);
  }
  return parts.join('/');
}
