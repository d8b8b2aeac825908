import { portionIn } from '../../simulate/packetPath/ranges.ts';
import type { Match, Rule, Target } from '../../simulate/packetPath/ruleset.ts';
import type { PlacedRule } from './ruleset.ts';

/** Longer chains are written by programs. */
const MOST_RULES = 1000;

/** What no packet gets past that it is meant for. */
const ENDING: ReadonlySet<Target['does']> = new Set(['accept', 'drop', 'reject', 'return', 'goto', 'dnat', 'snat']);

/** A rule that no packet reaches, and the one before it that takes all of them. */
export interface Shadowed {
  readonly rule: PlacedRule;
  readonly by: PlacedRule;
}

/** The rules of one chain, in their order, that an earlier one leaves nothing to. */
export function* shadowedIn(rules: readonly PlacedRule[]): Iterable<Shadowed> {
  const ending: PlacedRule[] = [];
  for (const placed of rules.slice(0, MOST_RULES)) {
    const by = ending.find(earlier => earlier.written !== placed.written && coversAll(earlier.rule, placed.rule));
    if (by) yield { rule: placed, by };
    else if (ENDING.has(placed.rule.target.does) && placed.rule.matches.every(isFollowed)) ending.push(placed);
  }
}

function isFollowed({ on }: Match): boolean {
  return on !== 'unknown';
}

/** True if whatever meets `narrow` meets `wide` too. */
function coversAll(wide: Rule, narrow: Rule): boolean {
  return wide.matches.every(match => narrow.matches.some(other => covers(match, other)));
}

function covers(wide: Match, narrow: Match): boolean {
  if (wide.on !== narrow.on) return false;
  switch (wide.on) {
    case 'source':
    case 'destination':
    case 'sourcePort':
    case 'destinationPort':
    case 'anyPort':
      return narrow.on === wide.on && portionIn(narrow.in, wide.in) === 'all';
    case 'in':
    case 'out':
      return narrow.on === wide.on && wide.isNegated === narrow.isNegated && coversName(wide, narrow);
    case 'state':
      if (narrow.on !== 'state' || wide.isNegated !== narrow.isNegated || wide.hasMore) return false;
      return wide.isNegated
        ? wide.states.every(state => narrow.states.includes(state))
        : narrow.states.every(state => wide.states.includes(state));
    case 'protocol':
    case 'tcpFlags':
      return JSON.stringify(wide) === JSON.stringify(narrow);
    case 'unknown':
      return false;
  }
}

/** `eth+` covers `eth0` and `eth0+`; of the negated ones, the other way round. */
function coversName(
  wide: { readonly name: string; readonly isNegated: boolean },
  narrow: { readonly name: string },
): boolean {
  const [all, some] = wide.isNegated ? [narrow.name, wide.name] : [wide.name, narrow.name];
  return all === some || (all.endsWith('+') && some.startsWith(all.slice(0, -1)));
}
