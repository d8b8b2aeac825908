import type { PodSpec } from '../model/podSpec.ts';
import { DNS_POLICIES, type NodeDns, podResolver, SOME_NODE } from '../simulate/podResolver.ts';
import type { Language, Wording } from '../text/wording.ts';

/** The settings of the cluster that the hover shows. */
export type ClusterDns = Pick<NodeDns, 'clusterDns' | 'clusterDomain'>;

interface Words {
  readonly title: string;
  readonly policy: string;
  readonly names: string;
  readonly ofNode: string;
  readonly inForce: string;
  readonly yes: string;
  readonly no: string;
  readonly refused: (policy: string) => string;
}

const WORDS: Wording<Words> = {
  en: {
    title: 'resolv.conf of this pod, with `hostNetwork: true`',
    policy: 'dnsPolicy',
    names: 'names of the cluster',
    ofNode: 'the node’s',
    inForce: 'in force',
    yes: 'resolve',
    no: 'do not resolve',
    refused: policy => `The API server refuses \`dnsPolicy: ${policy}\`.`,
  },
  zh: {
    title: '`hostNetwork: true` 时此 Pod 的 resolv.conf',
    policy: 'dnsPolicy',
    names: '集群内部域名',
    ofNode: '节点的',
    inForce: '当前生效',
    yes: '可以解析',
    no: '无法解析',
    refused: policy => `API server 会拒绝 \`dnsPolicy: ${policy}\`。`,
  },
};

/** A table of the resolv.conf that each DNS policy gives the pod, in Markdown; null where there is nothing to compare. */
export function podResolverHover(pod: PodSpec, cluster: ClusterDns, language: Language): string | null {
  if (!pod.hostNetwork.is(true)) return null;
  const words = WORDS[language];
  const written = pod.dnsPolicy.isAbsent ? 'ClusterFirst' : pod.dnsPolicy.known;
  const rows = DNS_POLICIES.map(policy => row(pod, policy, policy === written, cluster, words));
  const isRefused = written !== undefined && !DNS_POLICIES.some(policy => policy === written);
  return [
    `**${words.title}**`,
    '',
    `| ${words.policy} | nameserver | search | options | ${words.names} |`,
    '| --- | --- | --- | --- | --- |',
    ...rows,
    ...(isRefused ? ['', words.refused(written)] : []),
  ].join('\n');
}

function row(pod: PodSpec, dnsPolicy: string, isInForce: boolean, cluster: ClusterDns, words: Words): string {
  const namespace = pod.namespace.known ?? (pod.origin === 'manifest' ? 'default' : 'NAMESPACE');
  const { nameservers, searches } = pod.dnsConfig;
  const asked = { hostNetwork: true, dnsPolicy, namespace, nameservers: nameservers ?? [], searches: searches ?? [] };
  const node = { ...SOME_NODE, ...cluster };
  const resolver = podResolver(asked, node);
  const { nameservers: servers = [], searches: domains = [], options = [] } = resolver?.resolvConf ?? {};
  // The node’s own entries are not known: one word stands for all of them.
  const cell = (own: readonly string[], ofNode: readonly string[]) => {
    const others = own.filter(entry => !ofNode.includes(entry)).map(entry => `\`${entry}\``);
    const fromNode = resolver?.effective === 'Default' ? [words.ofNode] : [];
    return [...fromNode, ...others].join(' ');
  };
  const cells = [
    isInForce ? `**${dnsPolicy}** (${words.inForce})` : dnsPolicy,
    cell(servers, node.nameservers),
    cell(domains, node.searches),
    cell(options, node.options),
    resolver?.resolvesClusterNames ? words.yes : words.no,
  ];
  return `| ${cells.join(' | ')} |`;
}
