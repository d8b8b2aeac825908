import type { Change } from './edit.ts';
import type { OwnEntry, Reading } from './reading.ts';
import type { Place } from './value.ts';

/** Settings of kube-proxy's in an object of a platform that has no field for them. */
export interface PlatformField {
  readonly is: 'platformField';
  readonly platform: 'clusterApi' | 'eksAddon' | 'minikube';
  /** The keys, with dots, from where the platform's fields begin. */
  readonly path: string;
  /** The last key; of a command the word. */
  readonly place: Place;
  readonly removal: Change;
}

/** Where objects of Cluster API that set nodes up with kubeadm have a KubeadmConfigSpec. */
const KUBEADM_CONFIG_SPECS: ReadonlyMap<string, readonly string[]> = new Map([
  ['KubeadmControlPlane', ['spec', 'kubeadmConfigSpec']],
  ['KubeadmControlPlaneTemplate', ['spec', 'template', 'spec', 'kubeadmConfigSpec']],
  ['KubeadmConfig', ['spec']],
  ['KubeadmConfigTemplate', ['spec', 'template', 'spec']],
]);

/** A KubeadmConfigSpec has the configurations of kubeadm itself, and none of what it installs. */
export function* kubeadmConfigFields(object: Reading): Iterable<PlatformField> {
  const path = KUBEADM_CONFIG_SPECS.get(object.get('kind').string().known ?? '');
  if (!path || !/\bcluster\.x-k8s\.io\//.test(object.get('apiVersion').string().known ?? '')) return;
  const spec = object.at(...path);
  for (const [prefix, map] of [
    ['', spec],
    ['clusterConfiguration.', spec.get('clusterConfiguration')],
    ['initConfiguration.', spec.get('initConfiguration')],
  ] as const) {
    for (const entry of map.ownEntries()) {
      if (/^kube-?proxy/i.test(entry.name)) yield* fieldOf('clusterApi', prefix + entry.name, entry);
    }
  }
}

/** Objects deeper than this hold no add-on: resources of a template of CloudFormation are at 3, `forProvider` at 2. */
const MAX_LEVELS = 8;

/**
 * What the values of an EKS add-on kube-proxy give it: of eksctl, CloudFormation, Crossplane, AWS' controllers for Kubernetes, Cluster
 * API and Pulumi. Each has the name and the values side by side.
 */
export function* eksAddonFields(root: Reading): Iterable<PlatformField> {
  const isManaged = /^AWSManagedControlPlane(?:Template)?$/.test(root.get('kind').string().known ?? '');
  yield* addonFields(root, isManaged ? ['configuration'] : ['configurationValues', 'ConfigurationValues'], 0);
}

const NAMES = ['name', 'addonName', 'AddonName'];

function* addonFields(map: Reading, keys: readonly string[], level: number): Iterable<PlatformField> {
  if (level > MAX_LEVELS) return;
  if (NAMES.some(name => map.get(name).string().is('kube-proxy'))) {
    for (const key of keys) yield* refusedIn(map.get(key));
  }
  for (const each of [...map.entries().map(({ value }) => value), ...map.items()]) {
    if (each.isMap || each.isList) yield* addonFields(each, keys, level + 1);
  }
}

/** Fields of KubeProxyConfiguration that people asked the add-on for, in the issues that the rule names, by their section. */
const REFUSED: Readonly<Record<string, readonly string[]>> = {
  '': ['conntrack', 'iptables'],
  ipvs: ['tcpTimeout', 'tcpFinTimeout', 'udpTimeout'],
};

function* refusedIn(values: Reading): Iterable<PlatformField> {
  const documents = values.isMap ? [values, values.get('fn::toJSON')] : values.embeddedYaml();
  for (const document of documents) {
    for (const [section, names] of Object.entries(REFUSED)) {
      for (const entry of (section === '' ? document : document.get(section)).ownEntries()) {
        const path = section === '' ? entry.name : `${section}.${entry.name}`;
        if (names.includes(entry.name)) yield* fieldOf('eksAddon', path, entry);
      }
    }
  }
}

function* fieldOf(platform: PlatformField['platform'], path: string, entry: OwnEntry): Iterable<PlatformField> {
  const { key, value, isConditional } = entry;
  if (isConditional || value.isUnknown || value.isAbsent) return;
  yield {
    is: 'platformField',
    platform,
    path,
    place: key,
    removal: { address: value.address, change: { op: 'remove' } },
  };
}
