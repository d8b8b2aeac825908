import type { IptablesText } from '../../model/iptablesText.ts';
import type { IptablesProblem } from '../../syntax/iptables/problem.ts';
import type { IptablesOption } from '../../syntax/iptables/specification.ts';
import type { IptablesRule, IptablesTable } from '../../syntax/iptables/tree.ts';
import type { IptablesWord } from '../../syntax/iptables/word.ts';
import type { TextEdit } from '../../text/edits.ts';
import { lineFeed, lineStart } from '../../text/lineBreaks.ts';
import type { Span } from '../../text/span.ts';

/** The title of a fix, and what it does to the text. All of these say what was plainly meant. */
export interface Mend {
  readonly title: MendTitle;
  readonly edits: readonly TextEdit[];
}

export type MendTitle =
  | 'removeMark'
  | 'lineFeeds'
  | 'commit'
  | 'commitAlone'
  | 'lineFeed'
  | 'commentAbove'
  | 'upperCase'
  | 'multiport'
  | 'colon'
  | 'order'
  | 'removeOption'
  | 'removeProgram'
  | 'negateBefore'
  | 'dash'
  | 'loadMatch';

/** What would mend a line that iptables-restore refuses; null where only the author knows. */
export function mendOf({ tree }: IptablesText, problem: IptablesProblem): Mend | null {
  const { text } = tree;
  const { code, span, what } = problem;
  const lineEnd = lineFeed(text, span.end);
  switch (code) {
    case 'byteOrderMark':
      return { title: 'removeMark', edits: [{ span, newText: '' }] };
    case 'carriageReturn':
      return {
        title: 'lineFeeds',
        edits: [...text.matchAll(/\r(?=\n|$)/g)].map(({ index }) => replace(index, index + 1, '')),
      };
    case 'missingCommit':
      return { title: 'commit', edits: [replace(lineEnd, lineEnd, lineEnd < text.length ? '\nCOMMIT' : '\nCOMMIT\n')] };
    case 'commitLine':
      return { title: 'commitAlone', edits: [replace(lineStart(text, span.start), lineEnd, 'COMMIT')] };
    case 'commitWithoutLineFeed':
      return { title: 'lineFeed', edits: [replace(span.end, span.end, '\n')] };
    case 'inlineComment':
      return commentAbove(text, span, lineEnd);
    case 'wrongCaseTarget':
      return { title: 'upperCase', edits: [{ span, newText: problem.with }] };
    case 'policyOnUserChain':
      return { title: 'dash', edits: [{ span, newText: '-' }] };
  }
  const rule = tree.tables
    .flatMap(({ lines }) => lines)
    .find(line => line.is === 'rule' && line.start <= span.start && span.end <= line.end);
  const table = tree.tables.find(({ start, end }) => start <= span.start && span.start < end);
  return rule?.is === 'rule' && table ? mendRule(text, table, rule, problem, what) : null;
}

function mendRule(
  text: string,
  table: IptablesTable,
  rule: IptablesRule,
  { code, span, ...more }: IptablesProblem,
  what: string,
): Mend | null {
  const { options, words } = rule.specification;
  const option = options.find(({ argument }) => argument?.start === span.start);
  switch (code) {
    case 'portList':
      return option ? multiport(option, what) : null;
    case 'badPort':
      return /^\d+-\d+$/.test(what) && option?.loaded
        ? { title: 'colon', edits: [{ span, newText: what.replace('-', ':') }] }
        : null;
    case 'badPortRange': {
      const [low, high] = what.split(':');
      const at = text.indexOf(what, span.start);
      if (!low || !high || low === high || at < 0 || at + what.length > span.end) return null;
      return { title: 'order', edits: [replace(at, at + what.length, `${high}:${low}`)] };
    }
    case 'notInFile':
    case 'endsReading':
      return withoutOption(text, table, rule, span);
    case 'badArgument': {
      const at = words.findIndex(({ start }) => start === span.start);
      if (at === 0 && /^(?:\/\S*\/)?ip6?tables(?:-(?:nft|legacy))?$/.test(what))
        return { title: 'removeProgram', edits: [replace(span.start, words[1]?.start ?? span.end, '')] };
      return negateBefore(options, words, at);
    }
    case 'optionNeedsMatch':
      return {
        title: 'loadMatch',
        edits: [replace(noticed(options, span), noticed(options, span), `-m ${more.with} `)],
      };
    default:
      return null;
  }
}

function noticed(options: readonly IptablesOption[], span: Span): number {
  return options.find(({ word }) => word.start === span.start)?.start ?? span.start;
}

function replace(start: number, end: number, newText: string): TextEdit {
  return { span: { start, end }, newText };
}

function commentAbove(text: string, span: Span, lineEnd: number): Mend {
  const start = lineStart(text, span.start);
  const before = text.slice(start, span.start).trimEnd();
  return {
    title: 'commentAbove',
    edits: [
      replace(start, start, `${text.slice(span.start, lineEnd).trimEnd()}\n`),
      replace(start + before.length, lineEnd, ''),
    ],
  };
}

function multiport(option: IptablesOption, ports: string): Mend | null {
  const side = /^(sport|dport)$/.exec(option.name)?.[1];
  const slots = ports.split(',').reduce((sum, port) => sum + (port.includes(':') ? 2 : 1), 0);
  if (!side || !option.argument || slots > 15) return null;
  const not = option.not ? '! ' : '';
  return {
    title: 'multiport',
    edits: [replace(option.start, option.argument.start, `-m multiport ${not}--${side}s `)],
  };
}

/** `-t` that says again which table it is, `-w` with its seconds. */
function withoutOption(text: string, table: IptablesTable, { specification }: IptablesRule, span: Span): Mend | null {
  const { words, options } = specification;
  const option = options.find(({ start }) => start === span.start);
  if (!option || (option.name === 'table' && option.argument?.value !== table.name.value)) return null;
  const last = words.findLastIndex(({ end }) => end <= option.end);
  const seconds = option.name !== 'table' && /^\d+$/.test(words[last + 1]?.value ?? '') ? words[last + 1] : null;
  const end = seconds?.end ?? option.end;
  const next = words.find(({ start }) => start >= end);
  const from = next ? option.start : (words.findLast(word => word.end <= option.start)?.end ?? option.start);
  return {
    title: 'removeOption',
    edits: [replace(from, next?.start ?? end, '')].filter(
      ({ span: { start, end: stop } }) => text.slice(start, stop) !== '',
    ),
  };
}

/** `-s ! 10.0.0.1`, as iptables before 1.4.3 wrote it. */
function negateBefore(options: readonly IptablesOption[], words: readonly IptablesWord[], at: number): Mend | null {
  const before = words[at - 1];
  const value = words[at];
  const option = options.find(({ argument }) => argument && argument === before);
  if (!option || !value || before?.value !== '!' || option.not) return null;
  return {
    title: 'negateBefore',
    edits: [replace(option.start, option.start, '! '), replace(before.start, value.start, '')],
  };
}
