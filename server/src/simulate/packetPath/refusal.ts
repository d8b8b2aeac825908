import type { Entry } from './conntrackEntry.ts';
import { NOTHING, type Packet, type Tracking } from './packet.ts';
import type { Leg, Outcome } from './packetPath.ts';
import { anyAddress } from './ranges.ts';
import type { Ruleset } from './ruleset.ts';
import { type Flow, travel } from './travel.ts';
import type { World } from './walk.ts';

/** True if a packet was rejected with a TCP reset. */
export function isByReset(leg: Leg): boolean {
  const last = leg.steps.findLast(step => step.is === 'rule');
  return last?.is === 'rule' && last.target.does === 'reject' && last.target.withReset;
}

/** A REJECT answers with a packet of its own, which has to leave the machine as others do. */
export function refusal(
  ruleset: Ruleset,
  flow: Flow,
  leg: Leg,
  entry: Entry | null,
  isServerHere: boolean,
): readonly Outcome[] {
  if (leg.from === 'server') return ['dropped'];
  const isClientHere = flow.direction === 'fromLocal' || flow.direction === 'loopback';
  const isReset = isByReset(leg);
  // An established connection takes an ICMP error for a passing one.
  if (!isReset && leg.name !== 'opening') return ['dropped'];
  const { packet, tracking } = leg;
  // It quotes the packet as it was translated, and no entry is there yet to translate that back: the client does not know it.
  if (!isReset && (tracking.isDnat || tracking.isSnat)) return ['dropped'];
  const answer: Packet = isReset
    ? {
        ...packet,
        source: packet.destination,
        sourcePort: packet.destinationPort,
        destination: packet.source,
        destinationPort: packet.sourcePort,
        flags: ['RST', 'ACK'],
      }
    : {
        ...packet,
        protocol: ruleset.family === 'ipv4' ? 'icmp' : 'icmpv6',
        // icmp_send: the address that was asked for, if it is one of this machine.
        source: isServerHere ? packet.destination : anyAddress(ruleset.family),
        destination: packet.source,
        flags: [],
      };
  const start: World = {
    packet: answer,
    tracking: trackingOfRefusal(leg, isReset),
    entry: isReset ? entry : null,
    steps: null,
    decided: null,
  };
  const way = { isFromHere: true, isToHere: isClientHere };
  const ends = travel(ruleset, flow, 'server', way, start).map(
    ({ verdict }): Outcome => (verdict === 'passed' ? 'refused' : verdict === 'unknown' ? 'unknown' : 'dropped'),
  );
  return [...new Set(ends)];
}

/**
 * A reset inherits what was attached to its packet (nf_conntrack_attach): of an entry it is RELATED; of an untracked packet it has
 * something that is no entry, which keeps NOTRACK away and makes conntrack call it INVALID. An ICMP error is RELATED if conntrack finds
 * the connection that it quotes.
 */
function trackingOfRefusal({ tracking }: Leg, isReset: boolean): Tracking {
  if (!isReset) return { as: 'entry', states: ['RELATED', 'INVALID'], isSnat: false, isDnat: false };
  if (tracking.as === 'entry') return { ...tracking, states: ['RELATED'] };
  return tracking.as === 'untracked' ? { ...NOTHING, as: 'reset' } : NOTHING;
}
