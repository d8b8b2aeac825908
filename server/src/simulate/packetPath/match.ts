import type { Packet, Tracking } from './packet.ts';
import { portionIn, type Ranges } from './ranges.ts';
import type { Match } from './ruleset.ts';

export type Answer = 'yes' | 'no' | 'maybe';

/** Whether packets meet all conditions: `maybe` if some do, or if it cannot be told. */
export function meetsAll(matches: readonly Match[], packet: Packet, tracking: Tracking): Answer {
  let all: Answer = 'yes';
  for (const match of matches) {
    const answer = meets(match, packet, tracking);
    if (answer === 'no') return 'no';
    if (answer === 'maybe') all = 'maybe';
  }
  return all;
}

/** Whether packets meet one condition. */
export function meets(match: Match, packet: Packet, tracking: Tracking): Answer {
  switch (match.on) {
    case 'source':
    case 'destination':
    case 'sourcePort':
    case 'destinationPort':
      return ofPortion(packet[match.on], match.in);
    case 'anyPort':
      return ofEither(ofPortion(packet.sourcePort, match.in), ofPortion(packet.destinationPort, match.in));
    case 'in':
    case 'out':
      return negatedIf(match.isNegated, ofInterface(packet[match.on], match.name));
    case 'protocol':
      if (packet.protocol === null) return 'maybe';
      return negatedIf(match.isNegated, packet.protocol === match.name ? 'yes' : 'no');
    case 'tcpFlags': {
      const { flags } = packet;
      if (flags === null) return 'maybe';
      const isSo = match.examined.every(flag => flags.includes(flag) === match.set.includes(flag));
      return negatedIf(match.isNegated, isSo ? 'yes' : 'no');
    }
    case 'state':
      return ofState(match, tracking);
    case 'unknown':
      return match.ofEntry && tracking.as !== 'entry' && tracking.as !== 'template' ? 'no' : 'maybe';
  }
}

function ofPortion(numbers: Ranges, set: Ranges): Answer {
  const portion = portionIn(numbers, set);
  return portion === 'all' ? 'yes' : portion === 'none' ? 'no' : 'maybe';
}

function ofEither(a: Answer, b: Answer): Answer {
  if (a === 'yes' || b === 'yes') return 'yes';
  return a === 'no' && b === 'no' ? 'no' : 'maybe';
}

function negatedIf(isNegated: boolean, answer: Answer): Answer {
  if (!isNegated || answer === 'maybe') return answer;
  return answer === 'yes' ? 'no' : 'yes';
}

/** A trailing `+` stands for any rest; `+` alone is every interface, and none. */
function ofInterface(name: string | null, pattern: string): Answer {
  if (pattern === '+') return 'yes';
  // What comes from elsewhere does not come by lo.
  if (name === null) return pattern === 'lo' ? 'no' : 'maybe';
  const isPrefix = pattern.endsWith('+');
  return (isPrefix ? name.startsWith(pattern.slice(0, -1)) : name === pattern) ? 'yes' : 'no';
}

function ofState({ states, isNegated, hasMore }: Extract<Match, { on: 'state' }>, tracking: Tracking): Answer {
  const found = tracking.states.map(state => {
    const isIn =
      states.includes(state) ||
      (tracking.isSnat && states.includes('SNAT')) ||
      (tracking.isDnat && states.includes('DNAT'));
    return isIn !== isNegated;
  });
  const answer: Answer = found.every(Boolean) ? 'yes' : found.some(Boolean) ? 'maybe' : 'no';
  // A packet without an entry is asked for its state alone (xt_conntrack.c, conntrack_mt).
  return answer === 'yes' && hasMore && tracking.as === 'entry' ? 'maybe' : answer;
}
