import type { PodSpec } from '../model/podSpec.ts';
import { DNS_POLICIES, type NodeDns, podResolver, SOME_NODE } from '../simulate/podResolver.ts';
import type { Language, Wording } from '../text/wording.ts';

/** The settings of the cluster that the hover shows. */
export type ClusterDns = Pick<NodeDns, 'clusterDns' | 'clusterDomain'>;

interface Words {
  readonly title: string;
  readonly columns: readonly [string, string, string];
  readonly node: string;
  readonly nothing: string;
  readonly inForce: string;
  readonly yes: string;
  readonly no: string;
  readonly refused: (policy: string) => string;
}

const WORDS: Wording<Words> = {
  en: {
    title: 'resolv.conf of this pod, with `hostNetwork: true`',
    columns: ['dnsPolicy', 'resolv.conf', 'Names of the cluster'],
    node: 'of the node',
    nothing: 'of dnsConfig alone',
    inForce: 'in force here',
    yes: 'resolve',
    no: 'do not resolve',
    refused: policy => `The API server refuses \`dnsPolicy: ${policy}\`.`,
  },
  zh: {
    title: '`hostNetwork: true` 时此 Pod 的 resolv.conf',
    columns: ['dnsPolicy', 'resolv.conf', '集群内部域名'],
    node: '节点的',
    nothing: '仅来自 dnsConfig',
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
  const namespace = pod.namespace.known ?? (pod.origin === 'manifest' ? 'default' : 'NAMESPACE');
  const rows = DNS_POLICIES.map(dnsPolicy => {
    const { nameservers, searches } = pod.dnsConfig;
    const asked = { hostNetwork: true, dnsPolicy, namespace, nameservers: nameservers ?? [], searches: searches ?? [] };
    const resolver = podResolver(asked, { ...SOME_NODE, ...cluster });
    if (!resolver) return '';
    const { nameservers: servers, searches: domains, options } = resolver.resolvConf;
    const ofNode = resolver.effective === 'Default';
    const parts = [
      ...(ofNode ? [words.node] : servers.map(server => `\`nameserver ${server}\``)),
      ...(ofNode ? (nameservers ?? []).map(server => `\`nameserver ${server}\``) : []),
      ...(!ofNode && domains.length > 0
        ? [`\`search ${domains.filter(domain => !SOME_NODE.searches.includes(domain)).join(' ')}\``]
        : []),
      ...(!ofNode ? options.map(option => `\`options ${option}\``) : []),
    ];
    const name = dnsPolicy === written ? `**${dnsPolicy}** (${words.inForce})` : dnsPolicy;
    const resolves = resolver.resolvesClusterNames ? words.yes : words.no;
    return `| ${name} | ${parts.join('<br>') || words.nothing} | ${resolves} |`;
  });
  const [a, b, c] = words.columns;
  const refused = written !== undefined && !DNS_POLICIES.some(policy => policy === written);
  return [
    `**${words.title}**`,
    '',
    `| ${a} | ${b} | ${c} |`,
    '| --- | --- | --- |',
    ...rows,
    ...(refused ? ['', words.refused(written)] : []),
  ].join('\n');
}
