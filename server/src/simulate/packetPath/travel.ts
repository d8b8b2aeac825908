import type { Hook } from '../../facts/netfilter.ts';
import type { Side } from './conntrackEntry.ts';
import { passHook } from './hooks.ts';
import { portionIn, type Ranges } from './ranges.ts';
import type { Ruleset, Target } from './ruleset.ts';
import { decide, type World } from './walk.ts';

/** Who connects to whom, as seen from the machine that has the rules. Sets stand for flows that are many. */
export interface Flow {
  /** toLocal: from elsewhere to a server here. fromLocal: from a client here to elsewhere. loopback: both are here. */
  readonly direction: 'toLocal' | 'fromLocal' | 'forwarded' | 'loopback';
  readonly source: Ranges;
  readonly sourcePort: Ranges;
  readonly destination: Ranges;
  readonly destinationPort: Ranges;
  readonly protocol: string;
  /** The interfaces that lead to the client and to the server; null for any but lo. */
  readonly clientInterface: string | null;
  readonly serverInterface: string | null;
  /** The machine's own addresses: where a translated packet goes. Null if they are not known. */
  readonly local: Ranges | null;
}

/** What became of one packet. synproxy: SYNPROXY answered it in the server's stead. */
export type Verdict = 'passed' | 'dropped' | 'rejected' | 'synproxy' | 'unknown';

/** Whether a packet begins, and is to end, on this machine. */
export interface Way {
  readonly isFromHere: boolean;
  readonly isToHere: boolean;
}

/** The end of a packet's way through the machine. */
export interface Travelled {
  readonly world: World;
  readonly verdict: Verdict;
  /** Whether it was to be delivered on this machine. */
  readonly isHere: boolean;
}

/** Sends a packet through all hooks between its two ends. */
export function travel(ruleset: Ruleset, flow: Flow, from: Side, way: Way, start: World): readonly Travelled[] {
  const done: Travelled[] = [];
  const to: Side = from === 'client' ? 'server' : 'client';
  const pass = (hook: Hook, world: World, { isFromHere, isToHere }: Way): World[] => {
    const packet = { ...world.packet, ...interfacesAt(hook, flow, from, to, isFromHere, isToHere) };
    return passHook(ruleset, hook, from, { ...world, packet }, flow.local ?? undefined).flatMap(
      ({ world: passed, target }) => {
        if (target === null) return [passed];
        done.push({ world: passed, verdict: verdictOf(target.does), isHere: isToHere });
        return [];
      },
    );
  };
  const arrive = (world: World, isHere: boolean) => done.push({ world, verdict: 'passed', isHere });
  const enter = (world: World, incoming: Way) => {
    for (const passed of pass('PREROUTING', world, incoming)) {
      for (const [routed, isToHere] of routes(passed, flow, from, incoming.isToHere)) {
        const onward = { ...incoming, isToHere };
        if (isToHere) for (const received of pass('INPUT', routed, onward)) arrive(received, true);
        else
          for (const forwarded of pass('FORWARD', routed, onward))
            for (const sent of pass('POSTROUTING', forwarded, onward)) arrive(sent, false);
      }
    }
  };
  if (!way.isFromHere) enter(start, way);
  else
    for (const made of pass('OUTPUT', start, way))
      for (const [routed, isToHere] of routes(made, flow, from, way.isToHere))
        for (const sent of pass('POSTROUTING', routed, { ...way, isToHere })) {
          if (isToHere) enter(sent, { ...way, isToHere });
          else arrive(sent, false);
        }
  return done;
}

/** Where a packet goes on, here or not: where it was to go, unless its destination was translated. */
function routes(world: World, { local }: Flow, from: Side, planned: boolean): readonly (readonly [World, boolean])[] {
  const translation = world.entry?.from === from ? world.entry.toDestination : null;
  if (!translation) return [[world, planned]];
  if (translation.isLocal) return [[world, true]];
  const portion = local === null ? 'some' : portionIn(translation.address, local);
  if (portion !== 'some') return [[world, portion === 'all']];
  const { yes, no } = decide(world, translation, from);
  return [...(yes ? [[yes, true] as const] : []), ...(no ? [[no, false] as const] : [])];
}

function interfacesAt(hook: Hook, flow: Flow, from: Side, to: Side, isFromHere: boolean, isToHere: boolean) {
  const leadingTo = (side: Side) => (side === 'client' ? flow.clientInterface : flow.serverInterface);
  const comesBy = isFromHere ? (isToHere ? 'lo' : '') : leadingTo(from);
  const leavesBy = isToHere ? (isFromHere ? 'lo' : '') : leadingTo(to);
  return {
    in: hook === 'OUTPUT' || (hook === 'POSTROUTING' && isFromHere) ? '' : comesBy,
    out: hook === 'PREROUTING' || hook === 'INPUT' ? '' : leavesBy,
  };
}

function verdictOf(does: Target['does']): Verdict {
  if (does === 'accept') return 'passed';
  if (does === 'drop') return 'dropped';
  if (does === 'reject') return 'rejected';
  return does === 'synproxy' ? 'synproxy' : 'unknown';
}
