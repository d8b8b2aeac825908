import type { IpFamily } from '../../facts/netfilter.ts';
import type { Span } from '../../text/span.ts';
import type { IptablesProblem } from './problem.ts';
import type { Specification } from './specification.ts';
import type { IptablesWord } from './word.ts';

/** A text for iptables-restore. All offsets count in `text`; what is between the parts of the tree is white space. */
export interface IptablesTree {
  readonly text: string;
  readonly family: IpFamily;
  readonly tables: readonly IptablesTable[];
  /** From the `#` to the end of the line, in order. */
  readonly comments: readonly Span[];
  /** What belongs to nothing: lines outside tables, words that nobody reads. */
  readonly strays: readonly Span[];
  /** What keeps the program from reading it, in order; values and chains are not looked at. */
  readonly problems: readonly IptablesProblem[];
}

/** From a `*table` to its `COMMIT`. */
export interface IptablesTable extends Span {
  /** Without the `*`. */
  readonly name: IptablesWord;
  /** Chains and rules in order. */
  readonly lines: readonly (IptablesChain | IptablesRule)[];
  readonly commit: Span | null;
}

/** `:NAME POLICY [packets:bytes]` */
export interface IptablesChain extends Span {
  readonly is: 'chain';
  /** Without the `:`. */
  readonly name: IptablesWord;
  /** `-` for a chain of the user's; null if it is left out. */
  readonly policy: IptablesWord | null;
  readonly counters: Span | null;
}

/** A command: `-A` and most others add a rule, some do something else. */
export interface IptablesRule extends Span {
  readonly is: 'rule';
  /** `[packets:bytes]` */
  readonly counters: Span | null;
  readonly specification: Specification;
}

/** All rules of a table, in order. */
export function rulesOf({ lines }: IptablesTable): IptablesRule[] {
  return lines.filter(line => line.is === 'rule');
}

/** All declared chains of a table, in order. */
export function chainsOf({ lines }: IptablesTable): IptablesChain[] {
  return lines.filter(line => line.is === 'chain');
}

export type IptablesTokenKind =
  | 'table'
  | 'chain'
  | 'policy'
  | 'counters'
  | 'option'
  | 'not'
  | 'argument'
  | 'commit'
  | 'comment'
  | 'stray';

/** One piece of the text. */
export interface IptablesToken extends Span {
  readonly kind: IptablesTokenKind;
}

/** The whole text but for white space, in order. */
export function tokens(tree: IptablesTree): IptablesToken[] {
  const found: IptablesToken[] = [];
  const add = (kind: IptablesTokenKind, at: Span | null) => {
    if (at && at.end > at.start) found.push({ kind, start: at.start, end: at.end });
  };
  for (const comment of tree.comments) add('comment', comment);
  for (const stray of tree.strays) add('stray', stray);
  for (const table of tree.tables) {
    add('table', { start: table.start, end: table.name.end });
    add('commit', table.commit);
    for (const line of table.lines) {
      add('counters', line.counters);
      if (line.is === 'chain') {
        add('chain', { start: line.start, end: line.name.end });
        add('policy', line.policy);
        continue;
      }
      const options = new Set<IptablesWord>(line.specification.options.map(({ word }) => word));
      for (const word of line.specification.words)
        add(options.has(word) ? 'option' : word.value === '!' && !word.quoted ? 'not' : 'argument', word);
    }
  }
  return found.sort((a, b) => a.start - b.start);
}
