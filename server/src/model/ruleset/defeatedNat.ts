import { type Course, packetPath } from '../../simulate/packetPath/packetPath.ts';
import type { Chain, RuleAt, Ruleset } from '../../simulate/packetPath/ruleset.ts';
import { type NotrackFlow, notrackFlows } from './notrackFlows.ts';
import { type PlacedRule, SOMEBODYS, type WrittenRuleset } from './ruleset.ts';
import { withoutNotrack } from './untrackedDropped.ts';

/** A translation that the packets of a NOTRACK rule would get, and do not. */
export interface DefeatedNat {
  readonly flow: NotrackFlow;
  readonly dnat: PlacedRule;
}

/**
 * The rules that would translate where the connections of a NOTRACK rule go: none unless all of these would be translated, and none is, for the
 * table nat is only asked about what conntrack tracks.
 */
export function defeatedNat(written: WrittenRuleset, placed: PlacedRule): readonly DefeatedNat[] {
  const now = rawAndNat(written.ruleset);
  const tracked = withoutNotrack(now);
  return notrackFlows(written, placed).flatMap(flow => {
    if (flow.sender !== 'client') return [];
    const asked = flow.ways.flatMap(way => packetPath(tracked, way).map(translationIn));
    const [first] = asked;
    const isSkipped = flow.ways.every(way => packetPath(now, way).every(isUntracked));
    const dnat = first && written.at(first);
    return dnat && isSkipped && asked.every(at => at !== null) ? [{ flow, dnat }] : [];
  });
}

/** The rule that translates the first packet's destination; null if none does for certain. */
function translationIn({ legs: [opening] }: Course): RuleAt | null {
  const step = opening?.steps.find(each => each.is === 'rule' && each.target.does === 'dnat');
  return step?.is === 'rule' ? step.at : null;
}

function isUntracked({ legs: [opening] }: Course): boolean {
  return opening?.tracking.as === 'untracked';
}

/** What other tables let through is another question; rules that nobody here wrote do not count. */
function rawAndNat({ family, tables: { raw, nat } }: Ruleset): Ruleset {
  const own = (chains: ReadonlyMap<string, Chain> = new Map()) =>
    new Map(
      [...chains].map(([name, { policy, rules }]): [string, Chain] => [
        name,
        { policy: policy === 'unknown' ? 'ACCEPT' : policy, rules: rules.filter(rule => rule !== SOMEBODYS) },
      ]),
    );
  return { family, tables: { raw: own(raw), nat: nat ? own(nat) : new Map() } };
}
