import { hookOf, type IpFamily, TABLES, type TableName } from '../../facts/netfilter.ts';
import type { Ranges } from '../../simulate/packetPath/ranges.ts';
import type { Chain, Rule, RuleAt, Ruleset } from '../../simulate/packetPath/ruleset.ts';
import type { Specification } from '../../syntax/iptables/specification.ts';
import type { Span } from '../../text/span.ts';
import type { RegionText } from '../regionText.ts';
import type { Place } from '../value.ts';
import { type AddressOf, conditionsOf } from './conditions.ts';
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

/** A variable of a script, as it is written, and the address that it is taken for. */
export interface Assumed {
  readonly variable: string;
  readonly address: Ranges;
}

/** What the lines of a text make: tables, chains and rules, as a packet meets them. */
export class WrittenRuleset {
  readonly is = 'ruleset';
  /** The text that makes it. */
  readonly source: RegionText;
  readonly ruleset: Ruleset;
  /** False for commands that add to a ruleset which somebody else has made. */
  readonly isWhole: boolean;
  /** The variable that is taken for some address here; null if none is. */
  readonly assumed: Assumed | null;
  /** The same text, each time with another variable that holds an address taken for some address. */
  readonly variants: readonly WrittenRuleset[];
  private readonly placed: ReadonlyMap<Rule, WrittenRule>;

  constructor(
    source: RegionText,
    ruleset: Ruleset,
    isWhole: boolean,
    placed: ReadonlyMap<Rule, WrittenRule>,
    assumed: Assumed | null,
    variants: readonly WrittenRuleset[],
  ) {
    this.source = source;
    this.assumed = assumed;
    this.variants = variants;
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
    return { is: this.is, address: this.source.address, text: this.source.region.text };
  }
}

/** How lines are to be understood. */
export interface Understanding {
  readonly family: IpFamily;
  /**
   * False for lines that add to a ruleset which somebody else has made: chains have rules, and policies, that nobody here knows. What such
   * lines take away, others of them may add on another day.
   */
  readonly isWhole: boolean;
  readonly assumed?: Assumed;
  readonly variants?: readonly WrittenRuleset[];
}

/** The ruleset that lines make, one after the other: chains are declared, rules appended, inserted, taken away. */
export function rulesetOf(
  source: RegionText,
  lines: Iterable<RulesetLine>,
  understanding: Understanding,
): WrittenRuleset {
  const built = new Builder(source, understanding);
  for (const line of lines) {
    if (line.is === 'chain') built.declare(line.table, line.name, line.policy);
    else built.run(line.table, line.written);
  }
  return built.done(understanding);
}

interface Growing {
  policy: Chain['policy'];
  rules: Rule[];
}

/** A rule of a ruleset that is only added to: whatever it asks for, and does. */
export const SOMEBODYS: Rule = {
  matches: [{ on: 'unknown', text: '?', ofEntry: false }],
  target: { does: 'unknown', text: '?' },
};

class Builder {
  private readonly source: RegionText;
  private readonly family: IpFamily;
  private readonly isWhole: boolean;
  private readonly addressOf: AddressOf;
  private readonly tables: Partial<Record<TableName, Map<string, Growing>>> = {};
  private readonly placed = new Map<Rule, WrittenRule>();

  constructor(source: RegionText, { family, isWhole, assumed }: Understanding) {
    this.source = source;
    this.family = family;
    this.isWhole = isWhole;
    this.addressOf = word =>
      assumed && variableIn(source.region.text, word) === assumed.variable ? assumed.address : null;
  }

  done({
    assumed = null,
    variants = [],
  }: {
    assumed?: Assumed | null;
    variants?: readonly WrittenRuleset[];
  }): WrittenRuleset {
    const { family, tables, isWhole, placed, source } = this;
    return new WrittenRuleset(source, { family, tables }, isWhole, placed, assumed, variants);
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
        if (this.isWhole) this.flush(table, name);
        break;
      case 'delete':
        if (this.isWhole) this.remove(table, name, specification);
        break;
    }
  }

  private add(table: string, name: string | null, written: WrittenRule): void {
    const { specification } = written;
    const chain = name === null ? null : this.chain(table, name, false);
    if (!chain) return;
    const target = targetOf(specification, this.family);
    const rules = conditionsOf(specification, this.family, this.addressOf).map(matches => ({ matches, target }));
    for (const rule of rules) this.placed.set(rule, written);
    const { command } = specification;
    if (command?.name === 'append') {
      for (const rule of rules) chain.rules.push(rule);
    } else {
      const at = Math.max(0, Number(command?.more[0]?.value ?? 1) - 1);
      const replaced = command?.name === 'replace' ? 1 : 0;
      // Two lists of addresses make a rule of each pair: those may be more than a call takes.
      if (rules.length > 1) chain.rules = [...chain.rules.slice(0, at), ...rules, ...chain.rules.slice(at + replaced)];
      else chain.rules.splice(at, replaced, ...rules);
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

/** The variable that is all of a word, however it is quoted: `$vip`; null for any other word. */
export function variableIn(text: string, { start, end }: Span): string | null {
  const [, bare, braced] = /^"?\$(?:(\w+)|\{(\w+)\})(?:\/(?:32|128))?"?$/.exec(text.slice(start, end)) ?? [];
  const name = bare ?? braced;
  return name === undefined ? null : `$${name}`;
}
