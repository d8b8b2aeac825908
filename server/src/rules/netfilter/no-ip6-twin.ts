import type { Cluster, Located } from '../../model/cluster.ts';
import { iptablesCallsOf } from '../../model/iptablesCall.ts';
import { hookOf } from '../../model/ruleset/notrackFlows.ts';
import type { PlacedRule, WrittenRule, WrittenRuleset } from '../../model/ruleset/ruleset.ts';
import {
  ANY_PORT,
  intersection,
  parseNetwork,
  portionIn,
  type Ranges,
  union,
  without,
} from '../../simulate/packetPath/ranges.ts';
import { folderOf } from '../../text/path.ts';
import { formatList } from '../../text/wording.ts';
import { atPlace, type Draft } from '../draft.ts';
import { rule } from '../rule.ts';
import en from './no-ip6-twin.md';
import zh from './no-ip6-twin.zh.md';

type Key = 'onePort' | 'ports' | 'opened';

/** Its parameter `ports` is a list: `80, 443, 8000-8099`. */
const listed = (ports: unknown) => String(ports).split(', ');

/** iptables and ip6tables have tables of their own, and conntrack keeps connections of both families in one: half of them untracked leaves the other half in it. */
export const noIp6Twin = rule({
  id: 'netfilter/no-ip6-twin',
  severity: 'information',
  on: 'ruleset',
  evidence: [
    'test/real/no-ip6-twin.test.ts: conntrack entries of a connection over IPv4 and of one over IPv6, NOTRACK by iptables alone (1.8.9)',
  ],
  summary: {
    en: 'NOTRACK is there for IPv4 only, and the ports are open over IPv6 too',
    zh: 'NOTRACK 只写了 IPv4，而这些端口也对 IPv6 开放',
  },
  messages: {
    en: {
      onePort: v => `IPv6 connections to ${v.protocol} port ${v.ports} stay tracked: this NOTRACK is for IPv4 alone`,
      ports: v =>
        `IPv6 connections to ${v.protocol} ports ${formatList(listed(v.ports), 'en')} stay tracked: NOTRACK is there for IPv4 alone`,
      opened: () => 'lets them in over IPv6',
    },
    zh: {
      onePort: v => `到 ${v.protocol} 端口 ${v.ports} 的 IPv6 连接仍会被跟踪：这条 NOTRACK 只对 IPv4 有效`,
      ports: v =>
        `到 ${v.protocol} 端口 ${formatList(listed(v.ports), 'zh')} 的 IPv6 连接仍会被跟踪：NOTRACK 只写了 IPv4`,
      opened: () => '在此对 IPv6 放行',
    },
  },
  page: { en, zh },

  *check(ruleset, { cluster, file }): Iterable<Draft<Key>> {
    if (ruleset.family !== 'ipv4' || ruleset.source.hasOwnLines || OFF.test(ruleset.source.text)) return;
    const untracking = [...ruleset.rulesOf('raw')].filter(placed => takesRequests(ruleset, placed));
    if (untracking.length === 0) return;
    const ipv6 = cluster.all('ruleset').filter(({ entity }) => entity.family === 'ipv6');
    const twins = ipv6.filter(twin => isTwin(file, twin.file));
    if (twins.length === 0 || mayUntrackElsewhere(cluster, file, twins)) return;
    const covered = union(...ipv6.flatMap(({ entity }) => [...untrackedPorts(entity)]));
    for (const protocol of ['tcp', 'udp']) {
      const own = untracking.filter(({ rule }) => isOver(rule, protocol));
      const wanted = without(union(...own.map(({ rule }) => portsOf(rule) ?? [])), covered);
      const opening = twins.flatMap(twin => [...openings(twin, protocol, wanted)]);
      const left = intersection(wanted, union(...opening.map(({ ports }) => ports)));
      const first = own.find(({ rule }) => portionIn(portsOf(rule) ?? [], left) !== 'none');
      const [open] = opening;
      if (!first || !open) continue;
      const ports = left.map(({ low, high }) => (low === high ? `${low}` : `${low}-${high}`));
      const message = ports.length === 1 && !ports[0]?.includes('-') ? 'onePort' : 'ports';
      const params = { protocol: protocol.toUpperCase(), ports: ports.join(', ') };
      const { twin } = open;
      yield atPlace(ruleset.placeOf(first.written), message, params).seeAlso(
        'opened',
        twin.entity.placeOf(open.written),
        twin,
      );
    }
  },
});

/** What a script says that turns IPv6 off. */
const OFF = /disable_ipv6\s*=\s*1|ipv6\.disable=1/;

const LOOPBACK = { ipv4: ['127.0.0.0/8', '169.254.0.0/16'], ipv6: ['::1'] } as const;

type Rule = PlacedRule['rule'];

/** True for NOTRACK on what clients send to known ports of this machine, or through it: not on addresses that only the node itself has. */
function takesRequests({ ruleset }: WrittenRuleset, { at, rule }: PlacedRule): boolean {
  return (
    rule.target.does === 'notrack' &&
    hookOf(ruleset, at.chain) === 'PREROUTING' &&
    !isWithin(rule, 'ipv4') &&
    !rule.matches.some(({ on }) => on === 'tcpFlags')
  );
}

/** True for a rule about loopback or the node's own link alone. */
function isWithin({ matches }: Rule, family: 'ipv4' | 'ipv6'): boolean {
  const own = union(...LOOPBACK[family].map(text => parseNetwork(text, family) ?? []));
  return matches.some(match =>
    match.on === 'in'
      ? match.name === 'lo' && !match.isNegated
      : (match.on === 'source' || match.on === 'destination') && portionIn(match.in, own) === 'all',
  );
}

function isOver({ matches }: Rule, protocol: string): boolean {
  return matches.some(match => match.on === 'protocol' && match.name === protocol && !match.isNegated);
}

/** The destination ports that a rule names; null if it names none. */
function portsOf({ matches }: Rule): Ranges | null {
  const named = matches.flatMap(match => (match.on === 'destinationPort' ? [match.in] : []));
  return named.length === 0 ? null : named.reduce(intersection);
}

/** Ports that a ruleset may untrack: all of them for a rule that names none, or asks for what nobody knows. */
function* untrackedPorts(ruleset: WrittenRuleset): Iterable<Ranges> {
  if (ruleset.source.hasOwnLines) yield ANY_PORT;
  for (const { rule } of ruleset.rulesOf('raw')) {
    const { does } = rule.target;
    if (does === 'notrack' || does === 'unknown') yield portsOf(rule) ?? sourcePorts(rule) ?? ANY_PORT;
  }
}

/** A rule for replies covers nothing of the requests. */
function sourcePorts({ matches }: Rule): Ranges | null {
  return matches.some(({ on }) => on === 'sourcePort') ? [] : null;
}

/** A rule of the IPv6 side that lets connections to some ports in. */
interface Opening {
  readonly twin: Located<WrittenRuleset>;
  readonly ports: Ranges;
  readonly written: WrittenRule;
}

/** Rules that let new connections to some of these ports in. */
function* openings(twin: Located<WrittenRuleset>, protocol: string, wanted: Ranges): Iterable<Opening> {
  for (const { at, rule, written } of twin.entity.rulesOf('filter')) {
    const isOpen = rule.target.does === 'accept' && at.chain !== 'OUTPUT' && isOver(rule, protocol);
    const ports = portsOf(rule);
    if (isOpen && ports && isForNew(rule) && !isWithin(rule, 'ipv6') && portionIn(wanted, ports) !== 'none')
      yield { twin, ports, written };
  }
}

function isForNew({ matches }: Rule): boolean {
  return matches.every(match => match.on !== 'state' || match.states.includes('NEW') !== match.isNegated);
}

/** True for files that are written as a pair: the same one, or one that has the other's name with another number. */
function isTwin(file: string, other: string): boolean {
  const plain = (path: string) =>
    path.replace(/[^/]*$/, name => name.replaceAll('ip6tables', 'iptables').replace(/v?[46](?=[._-]|$)/, ''));
  return file === other || plain(file) === plain(other);
}

/** True where something that nobody can read here may untrack IPv6: nftables, a table in a variable, a file that a script loads. */
function mayUntrackElsewhere(cluster: Cluster, file: string, twins: readonly Located<WrittenRuleset>[]): boolean {
  if (cluster.all('nftText').some(({ entity }) => /\bnotrack\b/.test(entity.region.text))) return true;
  const isLoaded = twins.some(({ entity }) => entity.isWhole);
  return cluster
    .all('shellText')
    .filter(other => folderOf(other.file) === folderOf(file))
    .flatMap(({ entity }) => iptablesCallsOf(entity))
    .some(
      ({ family, form, table }) =>
        family === 'ipv6' && ((form === 'restore' && !isLoaded) || (form === 'command' && table === null)),
    );
}
