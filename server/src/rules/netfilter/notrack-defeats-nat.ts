import type { Cluster } from '../../model/cluster.ts';
import type { NftText } from '../../model/nftText.ts';
import type { NodeTranslation } from '../../model/nodeTranslations.ts';
import { beyondNat } from '../../model/ruleset/beyondNat.ts';
import { type DefeatedNat, defeatedNat } from '../../model/ruleset/defeatedNat.ts';
import { nftRulesets } from '../../model/ruleset/nftRules.ts';
import { serverOf } from '../../model/ruleset/notrackFlows.ts';
import type { WrittenRule, WrittenRuleset } from '../../model/ruleset/ruleset.ts';
import type { Place } from '../../model/value.ts';
import type { NftWord } from '../../syntax/nftables/parse.ts';
import { atPlace, type Draft } from '../draft.ts';
import { rule } from '../rule.ts';
import en from './notrack-defeats-nat.md';
import zh from './notrack-defeats-nat.zh.md';

/** Who writes more NOTRACK rules than that has a program write them. */
const MOST_RULES = 100;

/** More names than that nobody reads in one sentence. */
const MOST_NAMES = 3;

type Key =
  | 'dnat'
  | 'cluster'
  | 'everyAddress'
  | 'external'
  | 'unlessOnNode'
  | 'nodePort'
  | 'hostPort'
  | 'translating'
  | 'service'
  | 'port';

/**
 * NAT is done by conntrack: the table nat is asked about the first packet of a connection that is tracked, and about no other. What NOTRACK leaves
 * untracked goes where it was addressed to, and nobody listens there.
 */
export const notrackDefeatsNat = rule({
  id: 'netfilter/notrack-defeats-nat',
  severity: 'error',
  on: ['ruleset', 'nftText'],
  evidence: [
    'test/real/packetPath.test.ts: DNAT with NOTRACK in both directions: refused, and the DNAT rule counts nothing, nft and legacy, Linux 6.18',
    'test/real/notrack-services.test.ts: rules as kube-proxy and portmap write them for a ClusterIP, an external address, a node port and a host port, with and without NOTRACK, nft and legacy',
    'kubernetes pkg/proxy/iptables/proxier.go (v1.36.0): ClusterIPs, external addresses and node ports are DNAT in the table nat',
    'containernetworking/plugins plugins/meta/portmap/portmap_iptables.go (ec2b162): hostPort is DNAT in the table nat',
  ],
  summary: { en: 'NOTRACK keeps packets from the NAT that they need', zh: 'NOTRACK 使报文得不到所需的 NAT' },
  messages: {
    en: {
      dnat: v =>
        `Connections to ${v.server} are not translated any more: ${v.target} is only asked about what conntrack tracks, and this leaves them untracked`,
      cluster: v =>
        `Connections to ${v.server} do not reach Service ${v.name} any more: kube-proxy translates them by DNAT, which is only done for what conntrack tracks`,
      everyAddress: v =>
        `Pods do not reach Service ${v.name} on port ${v.port} any more: this names no address, so it leaves untracked what kube-proxy has to translate`,
      external: v =>
        `Connections to ${v.server} do not reach Service ${v.name} any more: its pods have networks of their own, and the DNAT that leads there is only done for what conntrack tracks`,
      unlessOnNode: v =>
        `Connections to ${v.server} do not reach Service ${v.name} any more unless its pods have the network of the node: the DNAT of kube-proxy is only done for what conntrack tracks`,
      nodePort: v =>
        `Connections to node port ${v.port} do not reach Service ${v.name} any more: nobody listens on that port, kube-proxy translates it by DNAT, which is only done for what conntrack tracks`,
      hostPort: v =>
        `Connections to port ${v.port} of a node do not reach ${v.name} any more where portmap makes its hostPort: that is DNAT, which is only done for what conntrack tracks`,
      translating: () => 'this rule counts no packet of theirs',
      service: () => 'the Service that is translated',
      port: () => 'the pod has a network of its own, and this port is translated to it',
    },
    zh: {
      dnat: v => `发往 ${v.server} 的连接不再被转换：${v.target} 只处理 conntrack 跟踪的连接，而这条规则使其不被跟踪`,
      cluster: v =>
        `发往 ${v.server} 的连接不再能到达 Service ${v.name}：kube-proxy 用 DNAT 转换它们，而 DNAT 只对 conntrack 跟踪的连接生效`,
      everyAddress: v =>
        `Pod 不再能通过 ${v.port} 端口访问 Service ${v.name}：这条规则没有限定地址，使 kube-proxy 需要转换的连接也不被跟踪`,
      external: v =>
        `发往 ${v.server} 的连接不再能到达 Service ${v.name}：它的 Pod 使用自己的网络，而通往那里的 DNAT 只对 conntrack 跟踪的连接生效`,
      unlessOnNode: v =>
        `除非 Service ${v.name} 的 Pod 使用节点网络，否则发往 ${v.server} 的连接不再能到达它：kube-proxy 的 DNAT 只对 conntrack 跟踪的连接生效`,
      nodePort: v =>
        `发往节点 ${v.port} 端口的连接不再能到达 Service ${v.name}：没有程序监听这个端口，它由 kube-proxy 用 DNAT 转换，而 DNAT 只对 conntrack 跟踪的连接生效`,
      hostPort: v =>
        `如果 hostPort 由 portmap 实现，发往节点 ${v.port} 端口的连接将不再能到达 ${v.name}：那是 DNAT，只对 conntrack 跟踪的连接生效`,
      translating: () => '这条规则匹配不到它们的报文',
      service: () => '需要转换的 Service',
      port: () => 'Pod 使用自己的网络，这个端口要经过转换才能到达',
    },
  },
  page: { en, zh },

  *check(entity, { cluster, file }): Iterable<Draft<Key>> {
    if (entity.is === 'ruleset') yield* ofRuleset(entity, cluster, file);
    else if (!entity.hasOwnLines) yield* ofNft(entity, cluster, file);
  },
});

function* ofRuleset(ruleset: WrittenRuleset, cluster: Cluster, file: string): Iterable<Draft<Key>> {
  if (ruleset.source.hasOwnLines) return;
  const rules = [...ruleset.rulesOf('raw')].filter(({ rule: { target } }) => target.does === 'notrack');
  // A command in a loop is one place, however many rules it makes.
  const beyond = new Map<number, { readonly written: WrittenRule; readonly found: NodeTranslation[] }>();
  const told = new Set<number>();
  for (const placed of rules.slice(0, MOST_RULES)) {
    const { written } = placed;
    if (told.has(written.start)) continue;
    const found = defeatedNat(ruleset, placed);
    const [first] = found;
    if (first) {
      told.add(written.start);
      const server = found.map(({ flow }) => serverOf(flow, ruleset)).join(', ');
      const draft = atPlace(ruleset.placeOf(written), 'dnat' as const, { server, target: targetOf(first) });
      yield draft.seeAlso('translating', ruleset.placeOf(first.dnat.written));
    } else {
      const known = beyond.get(written.start)?.found ?? [];
      beyond.set(written.start, { written, found: [...known, ...beyondNat(ruleset, placed, cluster, file)] });
    }
  }
  for (const [start, { written, found }] of beyond) {
    if (!told.has(start)) yield* draftsOf(ruleset.placeOf(written), found);
  }
}

function* ofNft(text: NftText, cluster: Cluster, file: string): Iterable<Draft<Key>> {
  const beyond = new Map<NftWord, readonly NodeTranslation[]>();
  for (const ruleset of nftRulesets(text)) {
    for (const notrack of ruleset.notracks.slice(0, MOST_RULES)) {
      const known = beyond.get(notrack.statement) ?? [];
      beyond.set(notrack.statement, [...known, ...beyondNat(ruleset, notrack, cluster, file)]);
    }
  }
  for (const [statement, translations] of beyond) yield* draftsOf(text.placeOf(statement), translations);
}

function targetOf({ dnat: { written } }: DefeatedNat): string {
  return written.specification.jump?.argument?.value ?? 'DNAT';
}

/** One finding for a rule: for what hurts most. */
function* draftsOf(place: Place, translations: readonly NodeTranslation[]): Iterable<Draft<Key>> {
  const worst = translations.find(({ isSure }) => isSure) ?? translations[0];
  if (!worst) return;
  const message = messageOf(worst);
  const alike = translations.filter(each => messageOf(each) === message);
  const server = named(
    alike.map(({ address, port }) => (address?.includes(':') ? `[${address}]:${port}` : `${address}:${port}`)),
  );
  const figures = { server, port: named(alike.map(({ port }) => String(port))), name: named(alike.map(nameOf)) };
  const draft: Draft<Key> = atPlace(place, message, figures).as(worst.isSure ? 'warning' : 'information');
  const shown = alike.filter(({ of }, index) => alike.findIndex(each => each.of === of) === index).slice(0, MOST_NAMES);
  yield shown.reduce((all, to) => all.seeAlso(to.by === 'hostPort' ? 'port' : 'service', to.place, to.of), draft);
}

function messageOf({ by, address, isSure }: NodeTranslation) {
  if (by === 'cluster' && address === null) return 'everyAddress';
  return by === 'external' && !isSure ? 'unlessOnNode' : by;
}

function named(all: readonly string[]): string {
  const names = [...new Set(all)];
  return names.length > MOST_NAMES ? `${names.slice(0, MOST_NAMES).join(', ')} …` : names.join(', ');
}

/** `kube-system/kube-dns`; what values of the chart become has the chart's name. */
function nameOf({ of: { entity } }: NodeTranslation): string {
  const { namespace, name } = entity;
  if (name.known === undefined) return 'ingress-nginx';
  return entity.is === 'service' && namespace.known !== undefined ? `${namespace.known}/${name.known}` : name.known;
}
