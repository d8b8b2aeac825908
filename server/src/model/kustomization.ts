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
