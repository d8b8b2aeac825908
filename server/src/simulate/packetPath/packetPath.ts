import type { Entry, Side } from './conntrackEntry.ts';
import type { Answer } from './match.ts';
import { NOTHING, type Packet, type Tracking } from './packet.ts';
import { intersection, only, type Ranges } from './ranges.ts';
import { isByReset, refusal } from './refusal.ts';
import type { Ruleset, TcpFlag } from './ruleset.ts';
import { type Flow, travel, type Verdict } from './travel.ts';
import type { Decided, Step, Steps, World } from './walk.ts';

/**
 * The packets that decide: the first (of TCP the SYN), its answer (SYN-ACK), then one of either side (ACK). What comes after
 * takes the way of the last two.
 */
export type LegName = 'opening' | 'answer' | 'request' | 'reply';

/** One packet's way. */
export interface Leg {
  readonly name: LegName;
  readonly from: Side;
  readonly steps: readonly Step[];
  /** As it leaves the last hook, or as it was when it ended. */
  readonly packet: Packet;
  readonly tracking: Tracking;
  readonly verdict: Verdict;
}

/**
 * open: all four packets arrive. dropped: one does not, and nobody is told. refused: the client is told. misdirected: a reply comes
 * back with other addresses than the client wrote to, or a request arrives with others than the first one: what gets it knows no such
 * connection. unknown: rules decide that are not simulated.
 */
export type Outcome = 'open' | 'dropped' | 'refused' | 'misdirected' | 'unknown';

/** One way that a connection can go. */
export interface Course {
  readonly outcome: Outcome;
  readonly legs: readonly Leg[];
  /** What conntrack then has of it. */
  readonly entry: Entry | null;
}

const FLAGS: Readonly<Record<LegName, readonly TcpFlag[]>> = {
  opening: ['SYN'],
  answer: ['SYN', 'ACK'],
  request: ['ACK'],
  reply: ['ACK'],
};

const LEGS: readonly (readonly [LegName, Side])[] = [
  ['opening', 'client'],
  ['answer', 'server'],
  ['request', 'client'],
  ['reply', 'server'],
];

/** More courses than that tell nobody anything. */
const MOST_COURSES = 64;

interface Unfinished {
  readonly legs: readonly Leg[];
  readonly entry: Entry | null;
  readonly decided: Decided | null;
  readonly isServerHere: boolean;
  /** What the server got at first, and answers. */
  readonly delivered: Packet | null;
}

/**
 * Every way that a connection can go through a ruleset, on a machine where conntrack is at work: on one with kube-proxy it is; without any
 * rule that needs it, Linux does not track. One course means that it is certain. Held against iptables, nft and legacy, and
 * conntrack in network namespaces (test/real/packetPath.test.ts).
 */
export function packetPath(ruleset: Ruleset, flow: Flow): readonly Course[] {
  const isServerHere = flow.direction === 'toLocal' || flow.direction === 'loopback';
  let pending: Unfinished[] = [{ legs: [], entry: null, decided: null, isServerHere, delivered: null }];
  const courses: Course[] = [];
  for (const [name, from] of LEGS) {
    const next: Unfinished[] = [];
    for (const so of pending) {
      for (const [leg, after] of runLeg(ruleset, flow, so, name, from)) {
        const legs = [...so.legs, leg];
        const entry = after.entry?.isConfirmed ? after.entry : null;
        if (leg.verdict !== 'passed') {
          courses.push(...failures(ruleset, flow, { ...so, legs, entry }, leg, after));
          continue;
        }
        const arrives = isExpected(leg, flow, so);
        if (arrives !== 'yes') courses.push({ outcome: 'misdirected', legs, entry });
        if (arrives === 'no') continue;
        if (name === 'reply') courses.push({ outcome: 'open', legs, entry });
        else next.push({ ...after, legs, entry });
      }
    }
    pending = next.slice(0, MOST_COURSES);
    courses.push(...next.slice(MOST_COURSES).map(({ legs, entry }) => ({ outcome: 'unknown' as const, legs, entry })));
  }
  return courses;
}

interface Arrived extends World {
  readonly isServerHere: boolean;
  readonly delivered: Packet | null;
}

function runLeg(
  ruleset: Ruleset,
  flow: Flow,
  so: Unfinished,
  name: LegName,
  from: Side,
): readonly (readonly [Leg, Arrived])[] {
  const packet = firstPacket(flow, so, name, from);
  const start: World = { packet, tracking: NOTHING, entry: so.entry, steps: null, decided: so.decided };
  const isClientHere = flow.direction === 'fromLocal' || flow.direction === 'loopback';
  const [isFromHere, isToHere] = from === 'client' ? [isClientHere, so.isServerHere] : [so.isServerHere, isClientHere];
  return travel(ruleset, flow, from, { isFromHere, isToHere }, start).map(({ world, verdict, isHere }) => {
    const leg: Leg = {
      name,
      from,
      steps: listed(world.steps),
      packet: world.packet,
      tracking: world.tracking,
      verdict,
    };
    const isServerHere = from === 'client' ? isHere : so.isServerHere;
    const delivered = so.delivered ?? world.packet;
    return [leg, { ...world, isServerHere, delivered }] as const;
  });
}

/** A reply goes from where the request arrived to where that seemed to come from. */
function firstPacket(flow: Flow, { delivered }: Unfinished, name: LegName, from: Side): Packet {
  const flags = flow.protocol === 'tcp' ? FLAGS[name] : [];
  const common = { protocol: flow.protocol, flags, in: '', out: '' };
  if (from === 'client' || !delivered) {
    const { source, sourcePort, destination, destinationPort } = flow;
    return { ...common, source, sourcePort, destination, destinationPort };
  }
  return { ...common, ...reversed(delivered) };
}

/** Whether a packet arrives with the addresses that its receiver knows the connection by; maybe, if the route decides one of them. */
function isExpected({ from, packet }: Leg, flow: Flow, { delivered }: Unfinished): Answer {
  const expected = from === 'server' ? reversed(flow) : (delivered ?? packet);
  const ends = ENDS.map(end => isSame(packet[end], expected[end]));
  return ends.includes('no') ? 'no' : ends.includes('maybe') ? 'maybe' : 'yes';
}

const ENDS = ['source', 'sourcePort', 'destination', 'destinationPort'] as const;
type Ends = Pick<Packet, (typeof ENDS)[number]>;

function reversed({ source, sourcePort, destination, destinationPort }: Ends): Ends {
  return { source: destination, sourcePort: destinationPort, destination: source, destinationPort: sourcePort };
}

/** Sets of many numbers stand for the same one as long as none was put in the other's place. */
function isSame(a: Ranges, b: Ranges): Answer {
  if (a === b || (only(a) !== null && only(a) === only(b))) return 'yes';
  return intersection(a, b).length === 0 ? 'no' : 'maybe';
}

/** What becomes of a connection one of whose packets does not arrive. */
function failures(
  ruleset: Ruleset,
  flow: Flow,
  { legs, entry }: Unfinished,
  leg: Leg,
  world: Arrived,
): readonly Course[] {
  const course = (outcome: Outcome): Course => ({ outcome, legs, entry });
  if (leg.verdict === 'dropped') return [course('dropped')];
  if (leg.verdict !== 'rejected') return [course('unknown')];
  // nf_ct_set_closing: a reset ends the entry at once.
  const left = entry && isByReset(leg) && leg.tracking.as === 'entry' ? { ...entry, tcp: 'CLOSE' as const } : entry;
  return refusal(ruleset, flow, leg, world.entry, world.isServerHere).map(outcome => ({ outcome, legs, entry: left }));
}

function listed(steps: Steps | null): readonly Step[] {
  const list: Step[] = [];
  for (let each = steps; each; each = each.before) list.push(each.step);
  return list.reverse();
}
