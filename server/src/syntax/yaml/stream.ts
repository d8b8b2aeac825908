import type { Span } from '../../text/span.ts';

const MARKER = /^(?:---(?=[ \t\r\n]|$)|\.\.\.(?=[ \t\r\n]|$))/gm;

/**
 * Cuts a YAML stream into its documents: spans that cover the whole text, each but the first beginning with its `---`.
 * A marker ends a document wherever it stands, block scalars included (YAML 1.2.2, section 9.1.2). JSON is one document.
 */
export function cutStream(text: string): Span[] {
  const cuts = [0];
  for (const { 0: marker, index } of text.matchAll(MARKER)) {
    const at = marker === '---' ? index : endOfLine(text, index);
    const from = cuts[cuts.length - 1] ?? 0;
    // Directives and comments before a marker belong to the document that it opens.
    if (at > from && !isBare(text.slice(from, at))) cuts.push(at);
  }
  return cuts
    .map((start, i) => ({ start, end: cuts[i + 1] ?? text.length }))
    .filter(({ start, end }, i) => i === 0 || end > start);
}

function endOfLine(text: string, offset: number): number {
  const end = text.indexOf('\n', offset);
  return end < 0 ? text.length : end + 1;
}

/** True for a text of nothing but byte order mark, blank lines, comments and directives. */
function isBare(text: string): boolean {
  return /^\uFEFF?(?:[ \t]*(?:#.*)?(?:\r\n|\n|\r|$)|%.*(?:\r\n|\n|\r|$))*$/.test(text);
}
