import type { PodSpec } from '../../model/podSpec.ts';
import { podResolver, SOME_NODE } from '../../simulate/podResolver.ts';
import { at, set } from '../draft.ts';
import { rule } from '../rule.ts';
import en from './hostnetwork-dns-policy.md';
import zh from './hostnetwork-dns-policy.zh.md';

/**
 * A pod on its node's network that leaves dnsPolicy at ClusterFirst gets the node's resolver. The ingress controller then
 * cannot resolve names of the cluster, and what needs one, external authentication or an ExternalName upstream, fails.
 */
export const hostnetworkDnsPolicy = rule({
  id: 'dns/hostnetwork-dns-policy',
  severity: 'warning',
  on: 'podSpec',
  evidence: [
    'kubernetes pkg/kubelet/network/dns/dns.go at 04791b49, getPodDNSType: ClusterFirst on hostNetwork falls through to Default',
    'kubernetes/ingress-nginx docs/deploy/baremetal.md, "Via the host network" (controller 1.15.1)',
    'rancher/rancher#20950',
    'kubernetes-sigs/kubespray#4211',
  ],
  summary: {
    en: 'The ingress controller on hostNetwork cannot resolve names of the cluster',
    zh: '使用 hostNetwork 的 ingress 控制器无法解析集群内部域名',
  },
  messages: {
    en: {
      byDefault: () =>
        'Names of the cluster do not resolve in this pod: on hostNetwork, the default dnsPolicy ClusterFirst means the resolv.conf of the node',
      written: () =>
        'Names of the cluster do not resolve in this pod: on hostNetwork, dnsPolicy ClusterFirst means the resolv.conf of the node',
      hostNetwork: () => 'hostNetwork is on here',
      setPolicy: () => 'Set dnsPolicy to ClusterFirstWithHostNet',
    },
    zh: {
      byDefault: () =>
        '此 Pod 无法解析集群内部域名：启用 hostNetwork 时，默认的 dnsPolicy ClusterFirst 实际使用节点的 resolv.conf',
      written: () =>
        '此 Pod 无法解析集群内部域名：启用 hostNetwork 时，dnsPolicy ClusterFirst 实际使用节点的 resolv.conf',
      hostNetwork: () => '此处启用了 hostNetwork',
      setPolicy: () => '将 dnsPolicy 设为 ClusterFirstWithHostNet',
    },
  },
  page: { en, zh },

  *check(pod, { cluster, file }) {
    if (!pod.hostNetwork.is(true) || !fallsBackToNode(pod)) return;
    const layers = cluster.layersOf({ file, entity: pod });
    if (![pod, ...layers.map(({ entity }) => entity)].some(({ software }) => software === 'ingress-nginx')) return;
    // A patch or the base of a kustomization may settle it elsewhere.
    if (layers.some(({ entity }) => !fallsBackToNode({ ...entity, hostNetwork: pod.hostNetwork }))) return;

    const fix = set(pod.dnsPolicy, 'ClusterFirstWithHostNet', 'hostNetwork');
    if (pod.dnsPolicy.isAbsent) yield at(pod.hostNetwork, 'byDefault').fix('setPolicy', 'safe', fix);
    else yield at(pod.dnsPolicy, 'written').seeAlso('hostNetwork', pod.hostNetwork.place).fix('setPolicy', 'safe', fix);
  },
});

/** True if the pod certainly gets its node's resolver, and nobody chose that: Default, None and a dnsConfig are choices. */
function fallsBackToNode({ dnsPolicy, dnsConfig: { nameservers } }: PodSpec): boolean {
  if (dnsPolicy.isUnknown || nameservers === null || dnsPolicy.is('Default', 'None')) return false;
  const asked = { hostNetwork: true, dnsPolicy: dnsPolicy.known, namespace: 'default', nameservers };
  const resolver = podResolver(asked, SOME_NODE);
  return resolver !== null && nameservers.length === 0 && !resolver.resolvesClusterNames;
}
