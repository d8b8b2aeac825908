import type { IpFamily } from '../facts/netfilter.ts';
import type { Entity } from '../model/entity.ts';
import { iptablesCallsOf } from '../model/iptablesCall.ts';
import type { ShellText } from '../model/shellText.ts';
import type { IptablesRule, IptablesTable } from '../syntax/iptables/tree.ts';
import { type Span, touches } from '../text/span.ts';
import { chainNames } from './iptablesAt.ts';

/** The commands of a script on one table, in their order, as a table of a file has them; those of a loop once for each round. */
export interface ScriptTable {
  readonly text: ShellText;
  readonly family: IpFamily;
  readonly table: IptablesTable;
}

/** What the scripts of a piece do to tables; one that an alias has read twice counts once. */
export function scriptTables(entities: readonly Entity[]): readonly ScriptTable[] {
  const found = new Map<number, ShellText>();
  for (const text of entities) {
    const [first] = text.is === 'shellText' ? iptablesCallsOf(text) : [];
    const start = first && text.is === 'shellText' ? text.placeOf(first.invocation.command).value.start : null;
    if (start !== null && text.is === 'shellText' && !found.has(start)) found.set(start, text);
  }
  return [...found.values()].flatMap(tablesOf);
}

const KNOWN = new WeakMap<ShellText, readonly ScriptTable[]>();

function tablesOf(text: ShellText): readonly ScriptTable[] {
  const known = KNOWN.get(text);
  if (known) return known;
  const lines = new Map<string, { family: IpFamily; name: string; rules: IptablesRule[] }>();
  for (const { specification, table, family, invocation } of iptablesCallsOf(text)) {
    if (!specification?.command || table === null) continue;
    const of = lines.get(`${family} ${table}`) ?? { family, name: table, rules: [] };
    lines.set(`${family} ${table}`, of);
    const { start, end } = invocation.command;
    of.rules.push({ is: 'rule', counters: null, specification, start, end });
  }
  const tables = [...lines.values()].map(({ family, name, rules }): ScriptTable => {
    const first: Span = { start: rules[0]?.start ?? 0, end: rules[0]?.end ?? 0 };
    const end = Math.max(...rules.map(rule => rule.end));
    const written = { value: name, quoted: false, ...first };
    const table = { name: written, lines: rules, commit: null, start: first.start, end };
    return { text, family, table };
  });
  KNOWN.set(text, tables);
  return tables;
}

/** The table, the command, and the chain that it names at an offset in a piece. */
export interface ChainInScript extends ScriptTable {
  readonly chain: string;
  readonly word: Span;
}

/** The chain that a word of a command names; null elsewhere. */
export function chainInScript(entities: readonly Entity[], inPiece: number): ChainInScript | null {
  for (const each of scriptTables(entities)) {
    const at = each.text.offsetOf(inPiece);
    if (at === null) continue;
    for (const { word, chain } of chainNames(each.table)) if (touches(word, at)) return { ...each, chain, word };
  }
  return null;
}
