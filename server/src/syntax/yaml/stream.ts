import { nextLine } from '../../text/lineBreaks.ts';
import type { Span } from '../../text/span.ts';

const MARKER = /(?<![^\n])(?:---|\.\.\.)(?=[ \t\r\n]|$)/g;

/** A line that is neither blank nor a comment nor a directive. */
const CONTENT = /^(?!%)[ \t\uFEFF]*[^\s#]/m;

/**
 * Cuts a YAML stream into its documents: spans that cover the whole text, each but the first beginning with its `---`.
 * A marker ends a document wherever it stands, block scalars included (YAML 1.2.2, section 9.1.2).
 */
export function cutStream(text: string): Span[] {
  const cuts = [0];
  let from = 0;
  let bare = true;
  for (const { 0: marker, index } of text.matchAll(MARKER)) {
    // Directives and comments before a marker belong to the document that it opens.
    bare = bare && !CONTENT.test(text.slice(from, index));
    from = marker === '---' ? index : nextLine(text, index);
    if (marker === '---' ? !bare : from < text.length) cuts.push(from);
    bare = marker !== '---';
  }
  return cuts.map((start, i) => ({ start, end: cuts[i + 1] ?? text.length }));
}
