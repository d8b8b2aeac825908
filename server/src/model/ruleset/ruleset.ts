import { hookOf, type IpFamily, TABLES, type TableName } from '../../facts/netfilter.ts';
import type { Chain, Rule, RuleAt, Ruleset } from '../../simulate/packetPath/ruleset.ts';
import type { Specification } from '../../syntax/iptables/specification.ts';
import type { Span } from '../../text/span.ts';
import type { Address, Place } from '../value.ts';
import { conditionsOf } from './conditions.ts';
import { targetOf } from './target.ts';

/** One line that changes a ruleset: of a file for iptables-restore, or a command of a script. */
export type RulesetLine =
  | { readonly is: 'chain'; readonly table: string; readonly name: string | null; readonly policy: string | null }
  | { readonly is: 'rule'; readonly table: string; readonly written: WrittenRule };

/** A rule as it stands in its text. A span: from the command's first word, its counters if it has them, to its last. */
export interface WrittenRule extends Span {
  readonly specification: Specification;
}

/** A rule of a ruleset: where it has come to stand, what it does, and how it is written. */
export interface PlacedRule {
  readonly at: RuleAt;
  readonly rule: Rule;
  readonly written: WrittenRule;
}

/** The text that a ruleset is made by. */
export interface RulesetSource {
  readonly text: string;
  /** Ends with the step into the text: edits count in its offsets. */
  readonly address: Address;
  placeOf(span: Span): Place;
  offsetOf(inPiece: number): number | null;
  /** True if nobody can tell which of its lines are there once it is rendered. */
  readonly hasOwnLines: boolean;
}

/** What the lines of a text make: tables, chains and rules, as a packet meets them. */
export class WrittenRuleset {
  readonly is = 'ruleset';
  readonly source: RulesetSource;
  readonly ruleset: Ruleset;
  /** False for lines that add to a ruleset which somebody else has made. */
  readonly isWhole: boolean;
  private readonly placed: ReadonlyMap<Rule, WrittenRule>;

  constructor(source: RulesetSource, ruleset: Ruleset, isWhole: boolean, placed: ReadonlyMap<Rule, WrittenRule>) {
    this.source = source;
    this.ruleset = ruleset;
    this.isWhole = isWhole;
    this.placed = placed;
  }

  get family(): IpFamily {
    return this.ruleset.family;
  }

  /** The rule at a place; null for one that this text does not write. */
  at(at: RuleAt): PlacedRule | null {
    const rule = this.ruleset.tables[at.table]?.get(at.chain)?.rules[at.index];
    const written = rule && this.placed.get(rule);
    return rule && written ? { at, rule, written } : null;
  }

  /** The rules of a table, chain by chain. */
  *rulesOf(table: TableName): Iterable<PlacedRule> {
    for (const [chain, { rules }] of this.ruleset.tables[table] ?? []) {
      for (const [index, rule] of rules.entries()) {
        const written = this.placed.get(rule);
        if (written) yield { at: { table, chain, index }, rule, written };
      }
    }
  }

  placeOf(span: Span): Place {
    return this.source.placeOf(span);
  }

  /** What the workspace compares: positions and characters. */
  toJSON(): unknown {
    return { is: this.is, address: this.source.address, text: this.source.text };
  }
}

/**
 * The ruleset that lines make, one after the other, beginning with none: chains are declared, rules appended, inserted, taken away. `isWhole`
 * is false for lines that add to a ruleset which somebody else has made: chains that they do not flush have rules, and policies, that nobody
 * here knows.
 */
export function rulesetOf(
  source: RulesetSource,
  family: IpFamily,
  lines: Iterable<RulesetLine>,
  isWhole: boolean,
): WrittenRuleset {
  const built = new Builder(family, isWhole);
  for (const line of lines) {
    if (line.is === 'chain') built.declare(line.table, line.name, line.policy);
    else built.run(line.table, line.written);
  }
  return built.done(source);
}

interface Growing {
  policy: Chain['policy'];
  rules: Rule[];
}

const SOMEBODYS: Rule = {
  matches: [{ on: 'unknown', text: '?', ofEntry: false }],
  target: { does: 'unknown', text: '?' },
};

class Builder {
  private readonly family: IpFamily;
  private readonly isWhole: boolean;
  private readonly tables: Partial<Record<TableName, Map<string, Growing>>> = {};
  private readonly placed = new Map<Rule, WrittenRule>();

  constructor(family: IpFamily, isWhole: boolean) {
    this.family = family;
    this.isWhole = isWhole;
  }

  done(source: RulesetSource): WrittenRuleset {
    return new WrittenRuleset(source, { family: this.family, tables: this.tables }, this.isWhole, this.placed);
  }

  declare(table: string, name: string | null, policy: string | null): void {
    const chain = name === null ? null : this.chain(table, name, true);
    if (chain && (policy === 'ACCEPT' || policy === 'DROP')) chain.policy = policy;
    else if (chain && policy === null) chain.policy = 'unknown';
  }

  run(table: string, written: WrittenRule): void {
    const { specification } = written;
    const { command } = specification;
    const name = specification.chain?.value ?? null;
    switch (command?.name) {
      case 'append':
      case 'insert':
      case 'replace':
        this.add(table, name, written);
        break;
      case 'policy':
        this.declare(table, name, command.more[0]?.value ?? null);
        break;
      case 'new-chain':
        if (name !== null) this.chain(table, name, true);
        break;
      case 'flush':
        this.flush(table, name);
        break;
      case 'delete':
        this.remove(table, name, specification);
        break;
    }
  }

  private add(table: string, name: string | null, written: WrittenRule): void {
    const { specification } = written;
    const chain = name === null ? null : this.chain(table, name, false);
    if (!chain) return;
    const target = targetOf(specification, this.family);
    const rules = conditionsOf(specification, this.family).map(matches => ({ matches, target }));
    for (const rule of rules) this.placed.set(rule, written);
    const { command } = specification;
    if (command?.name === 'append') chain.rules.push(...rules);
    else {
      const number = Number(command?.more[0]?.value ?? 1);
      chain.rules.splice(Math.max(0, number - 1), command?.name === 'replace' ? 1 : 0, ...rules);
    }
  }

  private flush(table: string, name: string | null): void {
    const chains = this.table(table);
    const flushed = name === null ? [...(chains?.keys() ?? []), ...builtInChains(table)] : [name];
    for (const each of flushed) {
      const chain = this.chain(table, each, true);
      if (chain) chain.rules = [];
    }
  }

  /** By number, or the first rule that says the same. */
  private remove(table: string, name: string | null, specification: Specification): void {
    const chain = name === null ? undefined : this.table(table)?.get(name);
    if (!chain) return;
    const number = specification.command?.more[0]?.value;
    if (number) {
      chain.rules.splice(Number(number) - 1, 1);
      return;
    }
    const [matches] = conditionsOf(specification, this.family);
    const asked = sameText({ matches: matches ?? [], target: targetOf(specification, this.family) });
    const index = chain.rules.findIndex(rule => sameText(rule) === asked);
    if (index >= 0) chain.rules.splice(index, 1);
  }

  private table(name: string): Map<string, Growing> | null {
    const table = TABLES.find(each => each === name);
    if (!table) return null;
    const known = this.tables[table] ?? new Map<string, Growing>();
    this.tables[table] = known;
    return known;
  }

  /** `isEmpty`: whatever was in it before, nothing is now. */
  private chain(table: string, name: string, isEmpty: boolean): Growing | null {
    const chains = this.table(table);
    if (!chains) return null;
    const known = chains.get(name);
    if (known) return known;
    const policy = hookOf(table, name) === null ? null : this.isWhole ? 'ACCEPT' : 'unknown';
    const chain: Growing = { policy, rules: isEmpty || this.isWhole ? [] : [SOMEBODYS] };
    chains.set(name, chain);
    return chain;
  }
}

function builtInChains(table: string): string[] {
  return ['PREROUTING', 'INPUT', 'FORWARD', 'OUTPUT', 'POSTROUTING'].filter(name => hookOf(table, name) !== null);
}

function sameText(rule: Rule): string {
  return JSON.stringify(rule, (_, value) => (typeof value === 'bigint' ? String(value) : value));
}
