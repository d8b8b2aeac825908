import { CHAINS, hookOf, TABLES } from '../facts/netfilter.ts';
import { chainsOf } from '../syntax/iptables/tree.ts';
import { restoreWords } from '../syntax/iptables/word.ts';
import { lineStart } from '../text/lineBreaks.ts';
import type { Language } from '../text/wording.ts';
import type { PieceAt, Workspace } from '../workspace/workspace.ts';
import { type Completion, type Completions, completionsOf, plain } from './answers.ts';
import { type IptablesOffset, iptablesAt, tableAt } from './iptablesAt.ts';
import { DETAILS, offersInRule } from './iptablesOffers.ts';

/** What iptables-restore takes at a position: tables, chains, options, matches and targets that the table and the chain allow. */
export function iptablesCompletion(piece: PieceAt, { language }: Workspace): Completions | null {
  const at = iptablesAt(piece.entities, piece.offset);
  if (!at) return null;
  const { text, offset } = at;
  const all = text.tree.text;
  const line = all.slice(lineStart(all, offset), offset);
  if (line.startsWith('#') || (line.split('"').length - 1) % 2 === 1) return null;
  const typed = /[^\s,]*$/.exec(line)?.[0] ?? '';
  const there = text.placeOf({ start: offset - typed.length, end: offset }).value;
  if (typed !== '' && (there.end !== piece.offset || there.end - there.start !== typed.length)) return null;
  const items = itemsAt(at, line, typed, language);
  return completionsOf(piece, { start: piece.offset - typed.length, end: piece.offset }, items);
}

function itemsAt(at: IptablesOffset, line: string, typed: string, language: Language): Completion[] {
  const details = DETAILS[language];
  if (/^\*\S*$/.test(line)) return TABLES.map(name => plain('block', `*${name}`, details.table));
  const table = tableAt(at);
  if (!table || (table.commit && at.offset > table.commit.start)) {
    return line === typed ? TABLES.map(name => plain('block', `*${name}`, details.table)) : [];
  }
  const builtIn = Object.keys(CHAINS[table.name.value ?? ''] ?? {});
  if (/^:\S*$/.test(line))
    return builtIn.map(name => ({ ...plain('block', `:${name}`, details.chain), insert: `:${name} ACCEPT [0:0]` }));
  if (/^:\S+\s+\S*$/.test(line)) return ['ACCEPT', 'DROP', '-'].map(policy => plain('value', policy, details.value));
  const words = restoreWords(
    line,
    /^\[\S*\]/.exec(line)?.[0].length ?? 0,
    line.length - (/\S*$/.exec(line)?.[0].length ?? 0),
  );
  const before = words.map(({ value }) => value ?? '').filter(value => value !== '!');
  const name = table.name.value ?? '';
  const own = chainsOf(table).flatMap(each =>
    each.name.value && !hookOf(name, each.name.value) ? [each.name.value] : [],
  );
  const { family } = at.text.tree;
  return offersInRule({ family, table: name, own, before, chain: chainOf(before), typed, inFile: true }, language);
}

function chainOf(before: readonly string[]): string {
  return /^(?:-[AIDRC]|--(?:append|insert|delete|replace|check))$/.test(before[0] ?? '') ? (before[1] ?? '') : '';
}
