import type { LineIndex } from '../text/lines.ts';
import type { Span } from '../text/span.ts';

/** A comment `# ingress-path-ignore RULE[, RULE…]: reason`. */
export interface Suppression {
  readonly rules: readonly string[];
  readonly reason: string;
  /** The comment from its `ingress-path-ignore` on, in offsets of the file. */
  readonly span: Span;
  /** The lines whose findings it is about: its own, or, where it stands alone, the statement that follows. */
  readonly lines: Lines;
}

/** The first and the last line of a statement, zero-based. */
export interface Lines {
  readonly first: number;
  readonly last: number;
}

const COMMENT =
  /(?<=^|\s)#[ \t]*(ingress-path-ignore\b[ \t]*([\w/-]+(?:[ \t]*,[ \t]*[\w/-]+)*)?[ \t]*(?::[ \t]*(.*?))?)[ \t]*$/gm;

/** The word that a text must have to hold a suppression. */
export const SUPPRESSION_WORD = 'ingress-path-ignore';

/** All suppressions of a file, whatever its language: they are comments of the `#` kind. */
export function readSuppressions(text: string, lines: LineIndex): Suppression[] {
  if (!text.includes(SUPPRESSION_WORD)) return [];
  return [...text.matchAll(COMMENT)].map(match => {
    const [whole, comment = '', rules = '', reason = ''] = match;
    const start = match.index + whole.indexOf(comment);
    const own = lines.lineAt(match.index);
    return {
      rules: rules
        .split(',')
        .map(rule => rule.trim())
        .filter(rule => rule !== ''),
      reason: reason.trim(),
      span: { start, end: start + comment.length },
      lines: isComment(lines.lineText(own)) ? statementAt(lines, nextCode(lines, own)) : { first: own, last: own },
    };
  });
}

/** The text that suppresses a rule, as a line of its own with the indentation of the line it is about. */
export function suppressionLine(rule: string, reason: string, indent: string, eol: string): string {
  return `${indent}# ${SUPPRESSION_WORD} ${rule}: ${reason}${eol}`;
}

/** Lines above a line that are looked at for the beginning of its statement. */
const FAR = 100;

/** The lines above which a comment is about this one, the nearest first: itself, and those that begin a statement which goes on to it. */
export function* linesToIgnoreAt(lines: LineIndex, line: number): Iterable<number> {
  yield line;
  for (let first = line - 1; first >= Math.max(0, line - FAR); first--) {
    if (statementAt(lines, first).last >= line) yield first;
  }
}

/** What begins a block scalar of YAML: `key: |`, `- >-`. */
const BLOCK_SCALAR = /^([ \t]*(?:- +)*)(?:[^#]*[:-] +)?(?:[!&]\S+ +)*[|>][-+\d]*[ \t]*(?:#.*)?$/;

/** The lines that a `\` at their ends joins, and those of a block scalar that begins there. */
function statementAt(lines: LineIndex, first: number): Lines {
  let last = first;
  while (last + 1 < lines.lineCount && /(?<!\\)(?:\\\\)*\\$/.test(lines.lineText(last))) last++;
  const [, before] = BLOCK_SCALAR.exec(lines.lineText(last)) ?? [];
  if (before === undefined) return { first, last };
  for (let next = last + 1; next < lines.lineCount; next++) {
    const text = lines.lineText(next);
    if (text.trim() === '') continue;
    if (text.search(/\S/) <= before.search(/- *$|$/)) break;
    last = next;
  }
  return { first, last };
}

function nextCode(lines: LineIndex, from: number): number {
  let line = from + 1;
  while (line < lines.lineCount && isComment(lines.lineText(line))) line++;
  return line;
}

function isComment(line: string): boolean {
  return /^\s*#/.test(line);
}
