import { hookOf as factsHookOf, type Hook } from '../../facts/netfilter.ts';
import { type Course, packetPath } from '../../simulate/packetPath/packetPath.ts';
import {
  ANY_PORT,
  anyAddress,
  formatAddresses,
  intersection,
  only,
  parseNetwork,
  portionIn,
  type Ranges,
  union,
  without,
} from '../../simulate/packetPath/ranges.ts';
import type { Chain, Match, Ruleset } from '../../simulate/packetPath/ruleset.ts';
import type { Flow } from '../../simulate/packetPath/travel.ts';
import { type PlacedRule, SOMEBODYS, type WrittenRuleset } from './ruleset.ts';

/** The connections that packets of a NOTRACK rule belong to. */
export interface NotrackFlow {
  /** Who sends the packets that the rule is about. */
  readonly sender: 'client' | 'server';
  /** The ways that such connections can take through this machine. */
  readonly ways: readonly Flow[];
}

/** The packets that a rule with these conditions is about. */
interface Header {
  readonly source: Ranges;
  readonly sourcePort: Ranges;
  readonly destination: Ranges;
  readonly destinationPort: Ranges;
  readonly protocol: string | null;
  readonly in: string | null;
  readonly out: string | null;
}

/** Ports of UDP whose requests are answered: others may be one-way by nature, as logs and flow records are. */
const ANSWERED_UDP = [53, 123, 443];

/** Addresses that nobody answers from: multicast and broadcast. */
const NEVER_ANSWER = {
  ipv4: ['224.0.0.0/4', '255.255.255.255', '0.0.0.0/8'],
  ipv6: ['ff00::/8', '::/128'],
} as const;

/** One finding is enough for a rule of many ports. */
const MOST_FLOWS = 32;

/**
 * The connections that a rule of the table raw is about, each port by itself; none where that cannot be told: conditions that are not
 * simulated, parts of a direction (`--syn`), traffic that has no replies, chains that packets of both directions pass.
 */
export function notrackFlows(
  ruleset: Pick<WrittenRuleset, 'ruleset' | 'family'>,
  { at, rule }: Pick<PlacedRule, 'at' | 'rule'>,
): readonly NotrackFlow[] {
  const hook = hookOf(ruleset.ruleset, at.chain);
  const header = hook && headerOf(rule.matches, ruleset);
  if (!hook || !header || !isAnswered(header, ruleset)) return [];
  return byPorts(hook, header, ruleset.ruleset);
}

/** The connections that a rule of any built-in chain is about by its addresses, ports and interfaces; none if it names no such thing, or asks for more than is followed. */
export function flowsOf(written: WrittenRuleset, { at, rule }: PlacedRule): readonly NotrackFlow[] {
  const hook = factsHookOf(at.table, at.chain);
  const named = rule.matches.filter(({ on }) => ADDRESSING.has(on));
  const isAbout = named.some(({ on }) => on !== 'protocol' && on !== 'in' && on !== 'out');
  const isKnown = rule.matches.every(({ on }) => on !== 'unknown');
  const header = hook && isAbout && isKnown ? headerOf(named, written) : null;
  return hook && header ? byPorts(hook, header, written.ruleset) : [];
}

const ADDRESSING: ReadonlySet<string> = new Set([
  'source',
  'destination',
  'sourcePort',
  'destinationPort',
  'in',
  'out',
  'protocol',
]);

/** A flow for each range of ports. */
function byPorts(hook: Hook, header: Header, ruleset: Ruleset): readonly NotrackFlow[] {
  const flows: NotrackFlow[] = [];
  for (const source of header.sourcePort) {
    for (const destination of header.destinationPort) {
      if (flows.length >= MOST_FLOWS) return flows;
      const sourcePort = same(header.sourcePort, [source]);
      const destinationPort = same(header.destinationPort, [destination]);
      flows.push(flowOf(hook, { ...header, sourcePort, destinationPort }, ruleset));
    }
  }
  return flows;
}

/** The whole set itself where there is but one range in it: sets are compared by what they are. */
function same(whole: Ranges, part: Ranges): Ranges {
  return whole.length === 1 ? whole : part;
}

/** A flow of which one direction alone is untracked. */
export interface HalfTracked extends NotrackFlow {
  /** One way that such a connection goes. */
  readonly course: Course;
}

/**
 * The flows of a NOTRACK rule whose other direction is tracked for certain, whichever way they take. `besides`: rulesets whose rules are
 * there too.
 */
export function halfTracked(
  written: WrittenRuleset,
  placed: PlacedRule,
  besides: readonly Ruleset[] = [],
): readonly HalfTracked[] {
  const raw = onlyRaw(written.ruleset, besides);
  return notrackFlows(written, placed).flatMap(flow => {
    const courses = flow.ways.flatMap(way => packetPath(raw, ofOneClient(way, written.ruleset)));
    const [course] = courses;
    return course && courses.every(each => isHalfTracked(each, flow.sender)) ? [{ ...flow, course }] : [];
  });
}

/** Clients that no rule of raw names are all the same to it: one stretch of their addresses is looked up faster than all between many rules. */
function ofOneClient(way: Flow, ruleset: Ruleset): Flow {
  return way.source === ordinaryClients(ruleset) ? { ...way, source: way.source.slice(0, 1) } : way;
}

function isHalfTracked({ legs, outcome }: Course, sender: NotrackFlow['sender']): boolean {
  if (outcome !== 'open') return false;
  return legs.every(({ from, tracking }) => (tracking.as === 'untracked') === (from === sender));
}

/** The table raw alone: what others let through is another question. Rules that nobody here wrote do not count. */
export function onlyRaw({ family, tables }: Ruleset, besides: readonly Ruleset[] = []): Ruleset {
  const chains = new Map<string, Chain>();
  for (const each of [tables, ...besides.map(other => other.tables)]) {
    for (const [name, { policy, rules }] of each.raw ?? []) {
      const known = chains.get(name)?.rules ?? [];
      const own = rules.filter(rule => rule !== SOMEBODYS);
      chains.set(name, { policy: policy === 'unknown' ? 'ACCEPT' : policy, rules: [...known, ...own] });
    }
  }
  return { family, tables: { raw: chains } };
}

/** The hook by which alone packets get into a chain of raw, whatever they are; null if there is none, or more than one. */
export function hookOf({ tables }: Ruleset, name: string): Hook | null {
  if (name === 'PREROUTING' || name === 'OUTPUT') return name;
  const callers = [...(tables.raw ?? [])].flatMap(([chain, { rules }]) =>
    rules.flatMap(({ target, matches }) =>
      (target.does === 'jump' || target.does === 'goto') && target.chain === name ? [{ chain, matches }] : [],
    ),
  );
  const [caller, ...others] = callers;
  if (!caller || others.length > 0 || caller.matches.length > 0) return null;
  return caller.chain === 'PREROUTING' || caller.chain === 'OUTPUT' ? caller.chain : null;
}

function headerOf(matches: readonly Match[], { family }: Pick<WrittenRuleset, 'family'>): Header | null {
  const everyAddress = anyAddress(family);
  let header: Header = {
    source: everyAddress,
    sourcePort: ANY_PORT,
    destination: everyAddress,
    destinationPort: ANY_PORT,
    protocol: null,
    in: null,
    out: null,
  };
  for (const match of matches) {
    switch (match.on) {
      case 'source':
      case 'destination':
      case 'sourcePort':
      case 'destinationPort':
        header = { ...header, [match.on]: narrowed(header[match.on], match.in) };
        break;
      case 'in':
      case 'out':
        if (match.isNegated || match.name.endsWith('+')) return null;
        header = { ...header, [match.on]: match.name };
        break;
      case 'protocol':
        if (match.isNegated) return null;
        header = { ...header, protocol: match.name };
        break;
      default:
        return null;
    }
  }
  return header;
}

function narrowed(known: Ranges, to: Ranges): Ranges {
  return portionIn(to, known) === 'all' ? to : intersection(known, to);
}

function isAnswered(header: Header, { family }: Pick<WrittenRuleset, 'family'>): boolean {
  const { protocol, source, destination, sourcePort, destinationPort } = header;
  const silent = NEVER_ANSWER[family].map(text => parseNetwork(text, family) ?? []);
  if (silent.some(set => portionIn(source, set) === 'all' || portionIn(destination, set) === 'all')) return false;
  if (protocol === 'udp') {
    const ports = ANSWERED_UDP.map(port => BigInt(port));
    return [sourcePort, destinationPort].some(
      set => set !== ANY_PORT && set.every(({ low, high }) => low === high && ports.includes(low)),
    );
  }
  return protocol === 'tcp' || protocol === null;
}

/** Ports that clients of all systems use: nothing but a client has one of them. */
const CLIENT_PORTS: Ranges = [{ low: 49_152n, high: 60_999n }];

/** Clients that no rule of the table raw names: what holds for them holds for anybody. */
function ordinaryClients(ruleset: Ruleset): Ranges {
  const known = ORDINARY_CLIENTS.get(ruleset);
  const clients = known ?? unnamed(ruleset);
  if (!known) ORDINARY_CLIENTS.set(ruleset, clients);
  return clients;
}

/** Every rule of a ruleset asks for them. */
const ORDINARY_CLIENTS = new WeakMap<Ruleset, Ranges>();

function unnamed({ family, tables }: Ruleset): Ranges {
  const everyAddress = anyAddress(family);
  const named = [...(tables.raw ?? [])].flatMap(([, { rules }]) =>
    rules.flatMap(({ matches }) =>
      matches.flatMap(match => (match.on === 'source' || match.on === 'destination' ? [match.in] : [])),
    ),
  );
  const others = without(everyAddress, union(named.flat()));
  return others.length > 0 ? others : everyAddress;
}

/** Who sends the packets of a header is told by its ports: the known one is the server's. */
function flowOf(hook: Hook, header: Header, ruleset: Ruleset): NotrackFlow {
  const hasSource = !isAnyPort(header.sourcePort);
  const hasDestination = !isAnyPort(header.destinationPort);
  const isOfClient = hasDestination || (!hasSource && isEntrance(hook));
  const sender = isOfClient ? 'client' : 'server';
  const [client, server] = isOfClient ? (['source', 'destination'] as const) : (['destination', 'source'] as const);
  const everyAddress = anyAddress(ruleset.family);
  const ends = {
    source: header[client] === everyAddress ? ordinaryClients(ruleset) : header[client],
    sourcePort: isAnyPort(header[`${client}Port`]) ? CLIENT_PORTS : header[`${client}Port`],
    destination: header[server],
    destinationPort: header[`${server}Port`],
  };
  const sendersInterface = isEntrance(hook) ? header.in : null;
  const receiversInterface = header.out;
  const [clientInterface, serverInterface] =
    sender === 'client' ? [sendersInterface, receiversInterface] : [receiversInterface, sendersInterface];
  const common = { ...ends, protocol: header.protocol ?? 'tcp', clientInterface, serverInterface, local: null };
  if (header.in === 'lo' || header.out === 'lo') return { sender, ways: [{ ...common, direction: 'loopback' }] };
  const forwarded: Flow = { ...common, direction: 'forwarded' };
  if (hook === 'FORWARD') return { sender, ways: [forwarded] };
  if (hook === 'OUTPUT' && isOwn(ends.destination, ruleset)) {
    const loopback: Flow = { ...common, source: ends.source, direction: 'loopback' };
    return { sender, ways: sender === 'client' ? [loopback] : [{ ...common, direction: 'toLocal' }, loopback] };
  }
  const isServerHere = isEntrance(hook) === (sender === 'client');
  const local: Flow = { ...common, direction: isServerHere ? 'toLocal' : 'fromLocal' };
  return { sender, ways: hook === 'PREROUTING' ? [local, forwarded] : [local] };
}

/** True for an address that NOTRACK rules have as the server's for what comes in and for what goes out: it is on this machine. */
function isOwn(address: Ranges, ruleset: Ruleset): boolean {
  const number = only(address);
  if (number === null) return false;
  const names = (chain: string, on: 'source' | 'destination') =>
    ruleset.tables.raw
      ?.get(chain)
      ?.rules.some(
        ({ target, matches }) =>
          target.does === 'notrack' && matches.some(match => match.on === on && only(match.in) === number),
      ) === true;
  return names('PREROUTING', 'destination') && names('OUTPUT', 'source');
}

/** True where packets are that came in; false where they leave. */
function isEntrance(hook: Hook): boolean {
  return hook === 'PREROUTING' || hook === 'INPUT' || hook === 'FORWARD';
}

function isAnyPort(ports: Ranges): boolean {
  return portionIn(ANY_PORT, ports) === 'all';
}

/** The server's end of a flow as an administrator would write it: `1.2.15.21:443`, `*:443`, `10.0.0.0/8`. */
export function serverOf({ ways: [way] }: NotrackFlow, { family, assumed }: WrittenRuleset): string {
  if (!way) return '*';
  const addresses =
    way.destination === assumed?.address ? assumed.variable : formatAddresses(way.destination, family) || '*';
  if (isAnyPort(way.destinationPort)) return addresses;
  const ports = way.destinationPort.map(({ low, high }) => (low === high ? `${low}` : `${low}-${high}`)).join(',');
  return addresses.includes(':') ? `[${addresses}]:${ports}` : `${addresses}:${ports}`;
}
