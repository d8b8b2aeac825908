import type { LineIndex } from '../text/lines.ts';
import type { Span } from '../text/span.ts';

/** A comment `# ingress-path-ignore RULE[, RULE…]: reason`. */
export interface Suppression {
  readonly rules: readonly string[];
  readonly reason: string;
  /** The comment from its `ingress-path-ignore` on, in offsets of the file. */
  readonly span: Span;
  /** The line whose findings it is about: its own, or, where it stands alone, the next that is no comment. */
  readonly line: number;
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
      line: isComment(lines.lineText(own)) ? nextCode(lines, own) : own,
    };
  });
}

/** The text that suppresses a rule, as a line of its own with the indentation of the line it is about. */
export function suppressionLine(rule: string, reason: string, indent: string, eol: string): string {
  return `${indent}# ${SUPPRESSION_WORD} ${rule}: ${reason}${eol}`;
}

function nextCode(lines: LineIndex, from: number): number {
  let line = from + 1;
  while (line < lines.lineCount && isComment(lines.lineText(line))) line++;
  return line;
}

function isComment(line: string): boolean {
  return /^\s*#/.test(line);
}
