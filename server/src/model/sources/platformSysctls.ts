import type { Reading } from '../reading.ts';
import type { SysctlSettings } from '../sysctlSettings.ts';
import { assignmentIn, pairsOf, type SysctlPair, sysctlValues } from './sysctlValues.ts';

/** Where platforms that set up nodes are told sysctls: in a mapping of names, or in a list of assignments. */
const PLACES: readonly { readonly kind?: RegExp; readonly of: (object: Reading) => readonly Reading[] }[] = [
  // Talos.
  { of: root => [root.at('machine', 'sysctls')] },
  // GKE: a node system configuration.
  { of: root => [root.at('linuxConfig', 'sysctl')] },
  // kOps.
  { kind: /^(?:Cluster|InstanceGroup)$/, of: object => [object.at('spec', 'sysctlParameters')] },
  // Gardener.
  {
    kind: /^Shoot$/,
    of: shoot =>
      shoot
        .at('spec', 'provider', 'workers')
        .items()
        .map(worker => worker.get('sysctls')),
  },
];

/** The sysctls that a document has a platform set on its nodes. */
export function* sysctlsOfPlatforms(root: Reading): Iterable<SysctlSettings> {
  const kind = root.get('kind').string().known ?? '';
  for (const place of PLACES) {
    if (place.kind ? !place.kind.test(kind) : kind !== '') continue;
    for (const reading of place.of(root)) {
      const settings = sysctlValues(root, '', [...pairsOf(reading), ...reading.items().flatMap(assigned)]);
      if (settings) yield settings;
    }
  }
}

function assigned(item: Reading): SysctlPair[] {
  const region = item.isUnknown ? null : item.embeddedText();
  const pair = region && assignmentIn(region);
  return pair ? [pair] : [];
}
