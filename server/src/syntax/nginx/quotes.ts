import { nginxDirectives } from '../../facts/nginx.ts';
import { lineEnd, lineFeed } from '../../text/lineBreaks.ts';
import { type Span, spanOf } from '../../text/span.ts';
import { indentOf } from './layout.ts';
import type { NginxSyntaxProblem } from './problem.ts';
import { BUFFER, type Snag } from './reader.ts';
import type { NginxWord } from './word.ts';

/** What nginx says of a snag; `word` is the one that it concerns, if that was read. */
export function problemOfSnag(text: string, { code, offset }: Snag, word: NginxWord | undefined): NginxSyntaxProblem {
  if (code === 'unexpectedCharacter') {
    const character = String.fromCodePoint(text.codePointAt(offset) ?? 0);
    return { code, span: { start: offset, end: offset + character.length }, noticed: offset, character };
  }
  if (code === 'unclosedQuote' && word) {
    return { code, span: spanOf(word), noticed: offset, quote: word.quote ?? '"' };
  }
  const start = word?.start === offset - 1 ? word.start : offset;
  const end = Math.min(lineEnd(text, start), word?.end ?? text.length);
  return { code: 'tooLong', span: { start, end: Math.max(end, start) }, noticed: offset, limit: BUFFER };
}

/**
 * Where a quoted word must have ended: before a `;` or `{` at the end of a line, or the end of a line, if the next one closes a block or
 * begins with a directive, and is no further in than the statement, or was to be by that `{`. Null where it may go on.
 */
export function cutOf(text: string, word: Span, statement: number): number | null {
  if (lineFeed(text, word.start) >= word.end) return null;
  const indent = indentOf(text, statement);
  const lines = /\n([ \t]*)(\}|[a-z_]\w*)/g;
  lines.lastIndex = word.start;
  for (let line = lines.exec(text); line && line.index < word.end; line = lines.exec(text)) {
    const [, blanks = '', start = ''] = line;
    const kept = text.slice(word.start + 1, line.index).trimEnd();
    const opens = kept.endsWith('{') && !kept.includes('\n');
    if (blanks.length > indent && !opens) continue;
    if (start !== '}' && nginxDirectives(start).length === 0) continue;
    return word.start + 1 + kept.replace(/\s*[;{]$/, '').length;
  }
  return null;
}
