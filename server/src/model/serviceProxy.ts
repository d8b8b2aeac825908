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
  /kube-?proxy-?replacement|kube_proxy_(?:mode|remove|replacement)|kubeProxyMode|proxyMode|bpfEnabled|linuxDataplane|disable-kube-proxy|addon\/kube-proxy|run-service-proxy/i;

/** Settings stand no deeper than in a HelmRelease. */
const MAX_DEPTH = 7;

/** The settings of a document that have Services done otherwise, or may. */
export function* serviceProxiesIn(reading: Reading, depth = 0): Iterable<ServiceProxy> {
  if (depth > MAX_DEPTH) return;
  for (const item of reading.items()) {
    const word = item.string().known ?? '';
    if (word === 'addon/kube-proxy' || /^--run-service-proxy(?:=true)?$/.test(word)) {
      yield { is: 'serviceProxy', setting: word };
    }
    yield* serviceProxiesIn(item, depth + 1);
  }
  for (const { name, value } of reading.entries()) {
    const usual = USUAL.get(name);
    if (usual && !value.isAbsent && !usual.test(value.text().known ?? '')) yield { is: 'serviceProxy', setting: name };
    yield* serviceProxiesIn(value, depth + 1);
  }
}
