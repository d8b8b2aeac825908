import { sysctlPath } from '../../syntax/sysctl/parse.ts';
import type { Reading } from '../reading.ts';
import { isOfNetfilter, type SysctlSettings } from '../sysctlSettings.ts';
import { asYamlReads } from './ansibleSysctl.ts';
import { assignmentIn, pairsOf, type SysctlPair, sysctlValues, writtenIn } from './sysctlValues.ts';

/** Where objects of platforms that set up nodes are told sysctls: in a mapping of names, or in a list of assignments. */
const OBJECTS: ReadonlyMap<string, (object: Reading) => readonly Reading[]> = new Map([
  // kOps.
  ['Cluster', object => [object.at('spec', 'sysctlParameters')]],
  ['InstanceGroup', object => [object.at('spec', 'sysctlParameters')]],
  // Gardener.
  [
    'Shoot',
    shoot =>
      shoot
        .at('spec', 'provider', 'workers')
        .items()
        .map(worker => worker.get('sysctls')),
  ],
]);

/** Settings of Talos are at 2, those of a group of machines in an inventory at 4. */
const MAX_DEPTH = 6;

/** What asks for sysctls of pods or, in a file of Compose, of containers. */
const OF_PODS = /securityContext$|^(?:controller|services|(?:init)?containers)$/i;

/** The sysctls that a document has somebody set on nodes: a platform, or whatever has its variables, such as a role of Ansible. */
export function* sysctlsOfPlatforms(root: Reading): Iterable<SysctlSettings> {
  const kind = root.get('kind').string().known;
  const lists = kind === undefined ? [...variablesIn(root)] : (OBJECTS.get(kind)?.(root) ?? []);
  for (const pairs of kind === undefined ? [lists.flatMap(pairsIn)] : lists.map(pairsIn)) {
    const settings = sysctlValues(root, '', pairs);
    if (settings) yield settings;
  }
}

/** The mappings and lists of a file of variables, and of the variables of plays and tasks. */
function* variablesIn(root: Reading): Iterable<Reading> {
  if (root.isMap) yield* within(root, 0);
  for (const item of root.items()) yield* within(item.get('vars'), 0);
}

function* within(reading: Reading, depth: number): Iterable<Reading> {
  if (depth > MAX_DEPTH) return;
  yield reading;
  for (const { name, value } of reading.entries()) if (!OF_PODS.test(name)) yield* within(value, depth + 1);
}

/** `net.x: 1`, `{ name: net.x, value: 1 }`, `net.x=1`. */
function pairsIn(reading: Reading): SysctlPair[] {
  return [...pairsOf(reading), ...reading.items().flatMap(itemIn)].flatMap(pair =>
    isOfNetfilter(sysctlPath(pair.name.text)) ? [{ ...pair, value: pair.value && asYamlReads(pair.value) }] : [],
  );
}

function itemIn(item: Reading): SysctlPair[] {
  if (item.isUnknown) return [];
  if (item.isMap) {
    if (item.get('value').isAbsent) return [];
    const name = ['name', 'key'].map(key => writtenIn(item.get(key))).find(each => each !== null);
    return name ? [{ name, value: writtenIn(item.get('value')), mayFail: false, isOneWord: false }] : [];
  }
  const region = item.embeddedText();
  const pair = region && assignmentIn(region);
  return pair ? [pair] : [];
}
