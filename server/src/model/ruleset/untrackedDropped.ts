import { type Course, packetPath } from '../../simulate/packetPath/packetPath.ts';
import type { Chain, Match, Rule, RuleAt, Ruleset } from '../../simulate/packetPath/ruleset.ts';
import type { Flow } from '../../simulate/packetPath/travel.ts';
import type { Step } from '../../simulate/packetPath/walk.ts';
import { type NotrackFlow, notrackFlows, onlyRaw } from './notrackFlows.ts';
import type { PlacedRule, WrittenRuleset } from './ruleset.ts';

/** A rule that would let a connection through if NOTRACK did not keep conntrack from naming its packets. */
export interface Missing {
  readonly flow: NotrackFlow;
  /** The rule that accepts by state, and does not name UNTRACKED. */
  readonly accepting: PlacedRule;
  /** What becomes of the connection as it is. */
  readonly outcome: 'dropped' | 'refused';
  /** The chain that drops it. */
  readonly chain: string;
}

/** A firewall seldom asks more than this many times about one connection. */
const MOST_PLACES = 6;

/**
 * The rules that would have to accept UNTRACKED for the connections of a NOTRACK rule to open: none unless they certainly fail as it is, and open
 * without NOTRACK.
 */
export function untrackedDropped(written: WrittenRuleset, placed: PlacedRule): readonly Missing[] {
  const tracked = withoutNotrack(written.ruleset);
  return notrackFlows(written, placed).flatMap(flow =>
    waysMeant(written.ruleset, flow).flatMap(way => missingOn(written, tracked, flow, way)),
  );
}

/** The same ruleset, with rules that do nothing for those that leave packets untracked. */
export function withoutNotrack(ruleset: Ruleset): Ruleset {
  return withRules(ruleset, ({ target, matches }) =>
    target.does === 'notrack' ? { matches, target: { does: 'continue' } } : null,
  );
}

/** The ways on which both directions are untracked: those that the author thought of; else the one that ends on this machine. */
function waysMeant(ruleset: Ruleset, { ways }: NotrackFlow): readonly Flow[] {
  const whole = ways.filter(way =>
    packetPath(onlyRaw(ruleset), way).every(({ legs }) => legs.every(({ tracking }) => tracking.as === 'untracked')),
  );
  return whole.length > 0 ? whole : ways.slice(0, 1);
}

function missingOn(written: WrittenRuleset, tracked: Ruleset, flow: NotrackFlow, way: Flow): readonly Missing[] {
  const wouldOpen = packetPath(tracked, way).filter(({ outcome }) => outcome === 'open');
  if (wouldOpen.length === 0) return [];
  const missing: Missing[] = [];
  let repaired = written.ruleset;
  for (let i = 0; i < MOST_PLACES; i++) {
    const courses = packetPath(repaired, way);
    const [course] = courses;
    // Rules that are not simulated may let it through.
    if (!course || !courses.every(isUntrackedEnd)) return i === 0 ? [] : missing;
    const end = endOf(course);
    const at = end && acceptingInstead(written.ruleset, wouldOpen, course, end);
    const accepting = at && written.at(at);
    if (!end || !accepting || missing.some(known => known.accepting.rule === accepting.rule)) return missing;
    missing.push({ flow, accepting, outcome: course.outcome === 'refused' ? 'refused' : 'dropped', chain: end.chain });
    repaired = withRules(repaired, rule => (rule === accepting.rule ? accepts(rule) : null));
  }
  return missing;
}

function isUntrackedEnd({ outcome, legs }: Course): boolean {
  return (outcome === 'dropped' || outcome === 'refused') && legs.at(-1)?.tracking.as === 'untracked';
}

/** The policy or the rule that ends a connection. */
function endOf({ legs }: Course): { readonly table: string; readonly chain: string } | null {
  const last = legs.at(-1)?.steps.at(-1);
  if (last?.is === 'policy') return { table: last.table, chain: last.chain };
  return last?.is === 'rule' ? { table: last.at.table, chain: last.at.chain } : null;
}

/** The rule that accepts the same packet by its state in the same table, if conntrack has named it. */
function acceptingInstead(
  ruleset: Ruleset,
  wouldOpen: readonly Course[],
  { legs }: Course,
  { table }: { readonly table: string },
): RuleAt | null {
  const failing = legs.at(-1);
  for (const course of wouldOpen) {
    const steps = course.legs.find(({ name }) => name === failing?.name)?.steps ?? [];
    const accepts = steps.findLast(
      (step): step is Extract<Step, { is: 'rule' }> =>
        step.is === 'rule' && step.at.table === table && step.target.does === 'accept',
    );
    const rule = accepts && ruleset.tables[accepts.at.table]?.get(accepts.at.chain)?.rules[accepts.at.index];
    if (accepts && rule?.matches.some(isStateWithout)) return accepts.at;
  }
  return null;
}

function isStateWithout(match: Match): boolean {
  return match.on === 'state' && !match.isNegated && !match.states.includes('UNTRACKED');
}

/** The same rule, accepting UNTRACKED too. */
function accepts({ matches, target }: Rule): Rule {
  return {
    target,
    matches: matches.map(match =>
      match.on === 'state' ? { ...match, states: [...match.states, 'UNTRACKED' as const] } : match,
    ),
  };
}

function withRules(ruleset: Ruleset, change: (rule: Rule) => Rule | null): Ruleset {
  const tables = Object.entries(ruleset.tables).map(([name, chains]) => [
    name,
    new Map(
      [...chains].map(([chain, { policy, rules }]): [string, Chain] => [
        chain,
        { policy, rules: rules.map(rule => change(rule) ?? rule) },
      ]),
    ),
  ]);
  return { family: ruleset.family, tables: Object.fromEntries(tables) };
}
