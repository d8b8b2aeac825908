import { isScalar, visit, type YAMLError } from 'yaml';
import type { Span } from '../../text/span.ts';
import type { Composed } from './compose.ts';

/** The lines to do without, so that the first error that changes the structure goes away; null if none does. */
export function brokenLines(document: Composed, text: string): { span: Span; message: string } | null {
  for (const error of document.errors) {
    const span = linesOf(document, text, error);
    if (span && /\S/.test(text.slice(span.start, span.end))) return { span, message: error.message };
  }
  return null;
}

function linesOf(document: Composed, text: string, { code, pos, message }: YAMLError): Span | null {
  const lineStart = (offset: number) => text.lastIndexOf('\n', offset - 1) + 1;
  const lineEnd = (offset: number) => (text.indexOf('\n', offset) + 1 || text.length + 1) - 1;
  const line = (offset: number): Span => ({ start: lineStart(offset), end: lineEnd(offset) });

  const quoted = runawayQuote(document, text, lineStart(pos[0]), pos[0]);
  if (quoted) return line(quoted.start);
  switch (code) {
    case 'MULTILINE_IMPLICIT_KEY': {
      const last = lineStart(pos[1] - 1);
      const startsItsLine = /^[ \t]*(?:- +)*$/.test(text.slice(lineStart(pos[0]), pos[0]));
      if (last <= pos[0]) return line(pos[0]);
      // A key that began lines above its colon was half-typed; text pulled up behind a value was indented too far.
      return startsItsLine ? { start: lineStart(pos[0]), end: last - 1 } : { start: last, end: lineEnd(last) };
    }
    case 'BLOCK_AS_IMPLICIT_KEY':
    case 'TAB_AS_INDENT':
    case 'UNEXPECTED_TOKEN':
    case 'MISSING_CHAR':
      return message.startsWith('Flow') || message.startsWith('Block scalars')
        ? null
        : line(Math.min(pos[0], text.length - 1));
    default:
      return null;
  }
}

/** The quoted scalar of several lines that ends on the line of the error: most likely its first line lacks the quote. */
function runawayQuote(document: Composed, text: string, from: number, to: number): Span | null {
  let found: Span | null = null;
  visit(document, (_, node) => {
    if (!isScalar(node) || !node.range || (node.type !== 'QUOTE_DOUBLE' && node.type !== 'QUOTE_SINGLE')) return;
    const [start, end] = node.range;
    if (start < from && end >= from && end <= to + 1 && text.slice(start, end).includes('\n')) found = { start, end };
  });
  return found;
}
