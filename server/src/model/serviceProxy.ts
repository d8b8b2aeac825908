import type { Reading } from './reading.ts';

/** A setting by which something else than the DNAT of kube-proxy sees to Services: IPVS, or eBPF. */
export interface ServiceProxy {
  readonly is: 'serviceProxy';
  readonly setting: string;
}

/** What settings of that name have where kube-proxy does what it does by default. */
const USUAL: ReadonlyMap<string, RegExp> = new Map([
  // Cilium: values of its chart, its ConfigMap, kubespray.
  ['kubeProxyReplacement', /^(?:false|disabled)$/],
  ['kube-proxy-replacement', /^(?:false|disabled)$/],
  ['cilium_kube_proxy_replacement', /^(?:false|disabled)$/],
  // kubespray, kind, kOps.
  ['kube_proxy_mode', /^(?:iptables|nftables)$/],
  ['kube_proxy_remove', /^false$/],
  ['kubeProxyMode', /^(?:iptables|nftables)$/],
  ['proxyMode', /^(?:iptables|nftables)$/i],
  // Calico.
  ['bpfEnabled', /^false$/],
  ['linuxDataplane', /^(?!BPF)/i],
  // k3s, and RKE2.
  ['disable-kube-proxy', /^false$/],
]);

export const SERVICE_PROXY_WORDS =
  /kube-?proxy-?replacement|kube_proxy_(?:mode|remove|replacement)|kubeProxyMode|proxy-?Mode|bpfEnabled|linuxDataplane|disable-kube-proxy|addon\/kube-proxy|run-service-proxy|^ {2,}proxy:\s*$/im;

/** Words of lists of flags, and of single texts of flags: of kubeadm, kube-router, k3s. */
const FLAG =
  /^addon\/kube-proxy$|^--run-service-proxy(?:=true)?$|\bproxy-mode[= ]ipvs\b|--disable-kube-proxy(?!=false)/;

/** Settings stand no deeper than in a HelmRelease. */
const MAX_DEPTH = 7;

/** The settings of a document that have Services done otherwise, or may. */
export function* serviceProxiesIn(root: Reading): Iterable<ServiceProxy> {
  yield* below(root, 0);
  // Talos.
  const proxy = root.at('cluster', 'proxy');
  if (proxy.get('disabled').boolean().is(true) || proxy.get('mode').string().is('ipvs')) {
    yield { is: 'serviceProxy', setting: 'cluster.proxy' };
  }
}

function* below(reading: Reading, depth: number): Iterable<ServiceProxy> {
  if (depth > MAX_DEPTH) return;
  const word = reading.string().known ?? '';
  if (FLAG.test(word)) yield { is: 'serviceProxy', setting: word };
  for (const item of reading.items()) {
    // A parameter of Argo CD.
    yield* setting(item.get('name').string().known ?? '', item.get('value'));
    yield* below(item, depth + 1);
  }
  for (const { name, value } of reading.entries()) {
    yield* setting(name, value);
    if (name === 'values' || name === 'valuesContent') {
      for (const values of value.embeddedYaml()) yield* below(values, depth + 1);
    } else yield* below(value, depth + 1);
  }
}

function* setting(name: string, value: Reading): Iterable<ServiceProxy> {
  const usual = USUAL.get(name);
  if (usual && !value.isAbsent && !usual.test(value.text().known ?? '')) yield { is: 'serviceProxy', setting: name };
}
