import type { Cluster, Located } from '../../model/cluster.ts';
import type { ControllerWorkload } from '../../model/controllerWorkload.ts';
import { type DefeatedNat, defeatedNat } from '../../model/ruleset/defeatedNat.ts';
import { type NotrackFlow, notrackFlows, serverOf } from '../../model/ruleset/notrackFlows.ts';
import type { PlacedRule } from '../../model/ruleset/ruleset.ts';
import type { Value } from '../../model/value.ts';
import { only } from '../../simulate/packetPath/ranges.ts';
import { atPlace, type Draft } from '../draft.ts';
import { rule } from '../rule.ts';
import en from './notrack-defeats-nat.md';
import zh from './notrack-defeats-nat.zh.md';

/** Who writes more NOTRACK rules than that has a program write them. */
const MOST_RULES = 100;

type Key = 'dnat' | 'hostPort' | 'translating' | 'port';

/**
 * NAT is done by conntrack: the table nat is asked about the first packet of a connection that is tracked, and about no other. What NOTRACK leaves
 * untracked goes where it was addressed to, and nobody listens there.
 */
export const notrackDefeatsNat = rule({
  id: 'netfilter/notrack-defeats-nat',
  severity: 'error',
  on: 'ruleset',
  evidence: [
    'test/real/packetPath.test.ts: DNAT with NOTRACK in both directions: refused, and the DNAT rule counts nothing, nft and legacy, Linux 6.18',
    'containernetworking/plugins plugins/meta/portmap/portmap_iptables.go (ec2b162): hostPort is DNAT in the table nat',
  ],
  summary: { en: 'NOTRACK keeps packets from the NAT that they need', zh: 'NOTRACK 使报文得不到所需的 NAT' },
  messages: {
    en: {
      dnat: v =>
        `Connections to ${v.server} are not translated any more: ${v.target} is only asked about what conntrack tracks, and this leaves them untracked`,
      hostPort: v =>
        `Connections to port ${v.port} of a node do not reach ingress-nginx any more where portmap makes its hostPort: that is DNAT, which is only done for what conntrack tracks`,
      translating: () => 'this rule counts no packet of theirs',
      port: () => 'the pod has a network of its own, and this port is translated to it',
    },
    zh: {
      dnat: v => `发往 ${v.server} 的连接不再被转换：${v.target} 只处理 conntrack 跟踪的连接，而这条规则使其不被跟踪`,
      hostPort: v =>
        `如果 hostPort 由 portmap 实现，发往节点 ${v.port} 端口的连接将不再能到达 ingress-nginx：那是 DNAT，只对 conntrack 跟踪的连接生效`,
      translating: () => '这条规则匹配不到它们的报文',
      port: () => 'Pod 使用自己的网络，这个端口要经过转换才能到达',
    },
  },
  page: { en, zh },

  *check(ruleset, { cluster }): Iterable<Draft<Key>> {
    if (ruleset.source.hasOwnLines) return;
    const seen = new Set<number>();
    const rules = [...ruleset.rulesOf('raw')].filter(({ rule: { target } }) => target.does === 'notrack');
    for (const placed of rules.slice(0, MOST_RULES)) {
      const { written } = placed;
      const found = seen.has(written.start) ? [] : defeatedNat(ruleset, placed);
      const [first] = found;
      if (first) {
        seen.add(written.start);
        const server = found.map(({ flow }) => serverOf(flow, ruleset)).join(', ');
        const draft = atPlace(ruleset.placeOf(written), 'dnat' as const, { server, target: targetOf(first) });
        yield draft.seeAlso('translating', ruleset.placeOf(first.dnat.written));
        continue;
      }
      const behind = seen.has(written.start) ? null : hostPortBehind(notrackFlows(ruleset, placed), placed, cluster);
      if (!behind) continue;
      seen.add(written.start);
      yield atPlace(ruleset.placeOf(written), 'hostPort' as const, { port: behind.port.known ?? 0 })
        .as('information')
        .seeAlso('port', behind.port.place, behind.workload);
    }
  },
});

function targetOf({ dnat: { written } }: DefeatedNat): string {
  return written.specification.jump?.argument?.value ?? 'DNAT';
}

interface Behind {
  readonly workload: Located<ControllerWorkload>;
  readonly port: Value<number>;
}

/** The hostPort of a controller that packets of a NOTRACK rule go to; null if one of the controllers has the node's network. */
function hostPortBehind(flows: readonly NotrackFlow[], { at }: PlacedRule, cluster: Cluster): Behind | null {
  if (at.chain !== 'PREROUTING') return null;
  const workloads = cluster.all('controllerWorkload');
  const mayBeOfNode = workloads.some(({ entity: { hostNetwork } }) => hostNetwork.isUnknown || hostNetwork.is(true));
  if (mayBeOfNode) return null;
  const asked = flows.flatMap(({ sender, ways: [way] }) =>
    sender === 'client' && way ? only(way.destinationPort) : [],
  );
  for (const workload of workloads) {
    const port = workload.entity.hostPorts.find(
      ({ known }) => known !== undefined && asked.some(number => number === BigInt(known)),
    );
    if (port) return { workload, port };
  }
  return null;
}
