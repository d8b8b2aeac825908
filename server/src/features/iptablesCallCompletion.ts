import { commandOf, type IptablesCall, iptablesCallOf, iptablesCallsOf } from '../model/iptablesCall.ts';
import type { Invocation } from '../model/shell/invocation.ts';
import type { ShellText } from '../model/shellText.ts';
import type { PieceAt, Workspace } from '../workspace/workspace.ts';
import { type Completions, completionsOf } from './answers.ts';
import { offersInRule } from './iptablesOffers.ts';

/** Options that say nothing of the rule, with the words behind them. */
const BESIDE_THE_RULE = /^(?:table|wait|wait-interval|numeric|verbose|exact|modprobe|ipv4|ipv6)$/;

/** Nobody types a word, or blanks, of more characters. */
const FAR = 256;

/** What iptables takes next, behind its name in a script: as in a file of rules, but that tables and chains are the script's. */
export function iptablesCallCompletion(piece: PieceAt, { language }: Workspace): Completions | null {
  for (const text of piece.entities) {
    if (text.is !== 'shellText') continue;
    const caret = caretIn(text, piece);
    const found = caret && callAt(text, caret);
    if (!caret || !found) continue;
    const { typed } = caret;
    const items = offersInRule({ ...lineOf(found, text), typed, inFile: false }, language);
    const isItem = text.isWordOfList(caret.at);
    const shown = completionsOf(
      piece,
      { start: piece.offset - typed.length, end: piece.offset },
      isItem ? items.map(item => ({ ...item, insert: item.insert.trimEnd() })) : items,
    );
    if (shown) return shown;
  }
  return null;
}

interface Caret {
  /** In the script. */
  readonly at: number;
  /** What is typed of the word, or of the last item of a list with commas. */
  readonly typed: string;
  /** Where the word begins. */
  readonly from: number;
  /** True behind blanks that the script does not have. */
  readonly isBehind: boolean;
}

/** The caret in a script; null within quotes, where a word is not as it is written, and outside. */
function caretIn(text: ShellText, { offset, text: source }: PieceAt): Caret | null {
  const own = text.offsetOf(offset);
  if (own === null) return behind(text, offset, source);
  const [word = ''] = /[^\s;&|<>()]*$/.exec(text.script.text.slice(Math.max(0, own - FAR), own)) ?? [];
  const typed = word.slice(word.lastIndexOf(',') + 1);
  if (word.length === FAR || /["'`$\\]/.test(word)) return null;
  const there = text.placeOf({ start: own - typed.length, end: own }).value;
  if (typed !== '' && (there.end !== offset || there.end - there.start !== typed.length)) return null;
  return { at: own, typed, from: own - word.length, isBehind: false };
}

/** Behind the blanks that YAML takes off the end of a line. */
function behind(text: ShellText, offset: number, source: string): Caret | null {
  const [blanks = ''] = /[ \t]*$/.exec(source.slice(Math.max(0, offset - 80), offset)) ?? [];
  const isEnd = /^[ \t]*(?:\r?\n|$)/.test(source.slice(offset, offset + 80));
  const at = blanks === '' || !isEnd ? null : text.offsetOf(offset - blanks.length);
  if (at === null || text.isWordOfList(at)) return null;
  return { at, typed: '', from: at, isBehind: true };
}

/** The call of iptables whose next word the caret is at, with the words before the caret alone. */
function callAt(text: ShellText, { at, from, isBehind }: Caret): IptablesCall | null {
  const { script } = text;
  const gap = from - (/(?:[ \t]|\\\r?\n)*$/.exec(script.text.slice(Math.max(0, from - FAR), from))?.[0].length ?? 0);
  const around = text.invocations.filter(({ command: { start, end } }) => start < at && gap <= end);
  const innermost = Math.max(...around.map(({ command }) => command.start));
  const invocation = around.find(({ command }) => command.start === innermost);
  // Within quotes, the caret is in a word that began before.
  const isWithin = !isBehind && invocation?.command.words.some(({ start, end }) => start < from && at <= end);
  if (!invocation || isWithin || text.isTemplated({ start: from, end: at })) return null;
  const fields = invocation.fields.filter(({ word }) => word.end <= from && word.start < from);
  const call = iptablesCallOf({ ...invocation, fields } satisfies Invocation);
  return call?.form === 'command' ? call : null;
}

function lineOf({ specification, family, table, words }: IptablesCall, text: ShellText) {
  const options = specification?.options ?? [];
  // A table that is still to be named comes next.
  const left = options.filter(
    ({ name, loaded, argument }) => !loaded && BESIDE_THE_RULE.test(name) && (name !== 'table' || argument),
  );
  const before = words
    .filter(word => !left.some(option => option.start <= word.start && word.end <= option.end))
    .map(({ value }) => value ?? '')
    .filter(value => value !== '!');
  const own = iptablesCallsOf(text).flatMap(call =>
    commandOf(call) === 'new-chain' && call.family === family && call.table === table
      ? (call.specification?.chain?.value ?? [])
      : [],
  );
  return { family, table: table ?? '', own: [...new Set(own)], before, chain: specification?.chain?.value ?? '' };
}
