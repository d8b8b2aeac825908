import { type CommandWord, kubeProxyStarted } from '../kubeProxyFlags.ts';
import type { OwnEntry, Reading } from '../reading.ts';
import { Value } from '../value.ts';

/** Where a platform that starts kube-proxy is told flags for it. All of them give it some of their own. */
interface Platform {
  /** Of the object; of a document that is no object where it is left out. */
  readonly kind?: RegExp;
  readonly apiVersion?: RegExp;
  /** The mapping of flags; with `isList` the list of them, or the only one. */
  readonly at: readonly string[];
  readonly isList?: true;
  /** The file that it names with `--config`, unless its user names another. */
  readonly config?: string;
  /** How the platform calls flags, if not by their names. */
  readonly names?: Readonly<Record<string, string>>;
}

const PLATFORMS: readonly Platform[] = [
  // k3s and RKE2: pkg/daemons/agent, kubeProxyArgs.
  { at: ['kube-proxy-arg'], isList: true },
  { at: ['kube-proxy-arg+'], isList: true },
  // Rancher writes this mapping into the config.yaml of the k3s or RKE2 that it sets up.
  {
    kind: /^Cluster$/,
    apiVersion: /^provisioning\.cattle\.io\//,
    at: ['spec', 'rkeConfig', 'machineGlobalConfig', 'kube-proxy-arg'],
    isList: true,
  },
  // Talos up to 1.13.
  { at: ['cluster', 'proxy', 'extraArgs'] },
  // RKE.
  { at: ['services', 'kubeproxy', 'extra_args'] },
  // OpenShift: a list of values behind each flag.
  { kind: /^Network$/, apiVersion: /^operator\.openshift\.io\//, at: ['spec', 'kubeProxyConfig', 'proxyArguments'] },
  // k0s: pkg/component/controller/kubeproxy.go, getConfig.
  {
    kind: /^ClusterConfig$/,
    apiVersion: /^k0s\.k0sproject\.io\//,
    at: ['spec', 'network', 'kubeProxy', 'extraArgs'],
    config: '/var/lib/kube-proxy/config.conf',
  },
  // kOps: pkg/apis/kops/componentconfig.go, KubeProxyConfig.
  {
    kind: /^Cluster$/,
    apiVersion: /^kops\.k8s\.io\//,
    at: ['spec', 'kubeProxy'],
    names: {
      conntrackMaxPerCore: '--conntrack-max-per-core',
      conntrackMin: '--conntrack-min',
      proxyMode: '--proxy-mode',
      ipvsScheduler: '--ipvs-scheduler',
    },
  },
  // kubespray: roles/kubernetes/control-plane/defaults/main/kube-proxy.yml, and the template of its KubeProxyConfiguration.
  {
    at: [],
    names: {
      kube_proxy_conntrack_max_per_core: '--conntrack-max-per-core',
      kube_proxy_conntrack_min: '--conntrack-min',
      kube_proxy_conntrack_tcp_close_wait_timeout: '--conntrack-tcp-timeout-close-wait',
      kube_proxy_conntrack_tcp_established_timeout: '--conntrack-tcp-timeout-established',
      kube_proxy_mode: '--proxy-mode',
    },
  },
];

export const PLATFORM_WORDS =
  /kube-proxy-arg|kube_?proxy(?:Config)?["']?:|\bproxy:[\s\S]{0,200}?extraArgs|kube_proxy_(?:conntrack|mode)/i;

/** The flags that a platform is told for kube-proxy. */
export function* kubeProxyOfPlatforms(root: Reading): ReturnType<typeof kubeProxyStarted> {
  const [kind, apiVersion] = ['kind', 'apiVersion'].map(key => root.get(key).string().known ?? '');
  for (const platform of PLATFORMS) {
    const isKind = platform.kind ? platform.kind.test(kind ?? '') : kind === '';
    if (!isKind || !(platform.apiVersion?.test(apiVersion ?? '') ?? true)) continue;
    const place = root.at(...platform.at);
    const words = platform.isList
      ? (place.isList ? place.items() : place.isAbsent ? [] : [place]).map(wordOfItem)
      : place.ownEntries().flatMap(entry => wordOfEntry(entry, platform));
    if (words.length > 0) yield* kubeProxyStarted(commandOf(place, words, platform));
  }
}

function commandOf(place: Reading, words: readonly CommandWord[], { names, config }: Platform) {
  const absent = Value.absent<string>([]);
  return {
    name: absent,
    namespace: absent,
    // Its own file is in no workspace.
    mounts: config === undefined ? [] : [{ path: '/', configMap: absent }],
    ...(config === undefined || !place.place ? {} : { config: Value.known(place.address, config, place.place) }),
    annotations: null,
    readOnly: null,
    words,
    mayHaveMore: names === undefined && (place.isList ? place.mayHaveMoreItems : place.mayHaveMoreKeys),
    hasOwnDefaults: true,
    append: (word: string) => {
      const { flag, value } = parted(word);
      if (!place.isMap)
        return { address: place.address, change: { op: 'insert', value: word.replace(/^--/, '') } } as const;
      const key = Object.entries(names ?? {}).find(([, name]) => name === flag)?.[0] ?? flag.replace(/^--/, '');
      return { address: [...place.address, key], change: { op: 'set', value: names ? plain(value) : value } } as const;
    },
    spelling: (flag: string) => Object.entries(names ?? {}).find(([, name]) => name === flag)?.[0] ?? flag,
  };
}

/** A flag as an item of a list, with or without dashes. */
function wordOfItem(item: Reading): CommandWord {
  const { address } = item;
  const dashes = /^-*/.exec(item.string().known ?? '')?.[0] ?? '';
  return {
    value: item.string().map(text => `--${text.slice(dashes.length)}`),
    set: text => ({ address, change: { op: 'set', value: dashes + text.replace(/^--/, '') } }),
    removal: { address, change: { op: 'remove' } },
  };
}

/** A flag as a key, its value, or a list with its value, behind it. */
function wordOfEntry({ name, key, value, isConditional }: OwnEntry, { names }: Platform): CommandWord[] {
  const flag = names ? names[name] : `--${name}`;
  if (flag === undefined) return [];
  const [own = value] = value.items();
  const text = isConditional || own.isUnknown ? undefined : own.text().known;
  const place = value.place ?? key;
  return [
    {
      value: Value.known(value.address, `${flag}=${text ?? '$(unknown)'}`, place),
      set: word => {
        const to = parted(word);
        if (to.flag !== flag)
          return { address: value.address, change: { op: 'rename', to: to.flag.replace(/^--/, '') } };
        return { address: own.address, change: { op: 'set', value: names ? plain(to.value) : to.value } };
      },
      removal: { address: value.address, change: { op: 'remove' } },
    },
  ];
}

function parted(word: string): { flag: string; value: string } {
  const [, flag = word, value = ''] = /^([^=]*)=(.*)$/.exec(word) ?? [];
  return { flag, value };
}

/** A number as such, where fields have types. */
function plain(value: string): string | number {
  return /^-?\d+$/.test(value) ? Number(value) : value;
}
