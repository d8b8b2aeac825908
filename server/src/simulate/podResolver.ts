/** What a pod asks of its resolver; undefined where its spec says nothing. */
export interface PodDns {
  readonly hostNetwork: boolean;
  readonly dnsPolicy: string | undefined;
  readonly namespace: string;
  readonly nameservers?: readonly string[];
  readonly searches?: readonly string[];
  /** `name:value`, or `name` alone. */
  readonly options?: readonly string[];
}

/** What the kubelet and its node bring along. */
export interface NodeDns {
  /** The kubelet's `clusterDNS`; empty where it has none. */
  readonly clusterDns: readonly string[];
  /** The kubelet's `clusterDomain`; empty where it has none. */
  readonly clusterDomain: string;
  /** The node's resolv.conf. */
  readonly nameservers: readonly string[];
  readonly searches: readonly string[];
  readonly options: readonly string[];
}

/** A node as kubeadm sets one up, with a resolver of its own; the addresses are examples. */
export const SOME_NODE: NodeDns = {
  clusterDns: ['10.96.0.10'],
  clusterDomain: 'cluster.local',
  nameservers: ['192.0.2.53'],
  searches: ['example.com'],
  options: [],
};

export interface ResolvConf {
  readonly nameservers: readonly string[];
  readonly searches: readonly string[];
  readonly options: readonly string[];
}

export interface PodResolver {
  /** The policy that the kubelet acts on: not always the one that is written. */
  readonly effective: 'ClusterFirst' | 'Default' | 'None';
  readonly resolvConf: ResolvConf;
  /** True if the cluster's DNS server is asked first. */
  readonly resolvesClusterNames: boolean;
}

export const DNS_POLICIES = ['ClusterFirst', 'ClusterFirstWithHostNet', 'Default', 'None'] as const;

/** glibc reads no more than three; the kubelet cuts the list there (validation.MaxDNSNameservers). */
const MAX_NAMESERVERS = 3;

/**
 * The resolv.conf that the kubelet writes for a pod; null for a policy that the API server refuses.
 *
 * Source: kubernetes pkg/kubelet/network/dns/dns.go, getPodDNSType and GetPodDNS (read at commit 04791b49): on the
 * host's network ClusterFirst falls through to Default; only ClusterFirstWithHostNet asks the cluster there.
 */
export function podResolver(pod: PodDns, node: NodeDns): PodResolver | null {
  const policy = pod.dnsPolicy ?? 'ClusterFirst';
  if (!isDnsPolicy(policy)) return null;
  const effective = effectivePolicy(policy, pod.hostNetwork, node);
  const base = baseResolvConf(effective, pod.namespace, node);
  const nameservers = unique([...base.nameservers, ...(pod.nameservers ?? [])]).slice(0, MAX_NAMESERVERS);
  return {
    effective,
    resolvConf: {
      nameservers,
      searches: unique([...base.searches, ...(pod.searches ?? [])]),
      options: mergeOptions(base.options, pod.options ?? []),
    },
    resolvesClusterNames: nameservers[0] !== undefined && node.clusterDns.includes(nameservers[0]),
  };
}

function isDnsPolicy(policy: string): policy is (typeof DNS_POLICIES)[number] {
  return DNS_POLICIES.some(known => known === policy);
}

function effectivePolicy(policy: (typeof DNS_POLICIES)[number], hostNetwork: boolean, node: NodeDns) {
  if (policy === 'None' || policy === 'Default') return policy;
  if (policy === 'ClusterFirst' && hostNetwork) return 'Default';
  return node.clusterDns.length > 0 ? 'ClusterFirst' : 'Default';
}

function baseResolvConf(effective: PodResolver['effective'], namespace: string, node: NodeDns): ResolvConf {
  switch (effective) {
    case 'None':
      return { nameservers: [], searches: [], options: [] };
    case 'Default':
      return node;
    case 'ClusterFirst': {
      const domain = node.clusterDomain;
      const ofCluster = domain === '' ? [] : [`${namespace}.svc.${domain}`, `svc.${domain}`, domain];
      return {
        nameservers: node.clusterDns,
        searches: unique([...ofCluster, ...node.searches]),
        options: ['ndots:5'],
      };
    }
  }
}

/** Later options win over earlier ones of the same name. */
function mergeOptions(base: readonly string[], added: readonly string[]): string[] {
  const name = (option: string) => option.split(':')[0];
  return [...base.filter(option => !added.some(other => name(other) === name(option))), ...added];
}

function unique(list: readonly string[]): string[] {
  return [...new Set(list)];
}
