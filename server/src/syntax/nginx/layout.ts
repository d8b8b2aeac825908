import { lineStart } from '../../text/lineBreaks.ts';

// Indentation: what tells which block a missing or a superfluous brace belongs to, once it is certain that there is one.

/** Characters before the first one of the line that holds the offset. */
export function indentOf(text: string, offset: number): number {
  const start = lineStart(text, offset);
  let at = start;
  while (isBlank(text[at])) at++;
  return at - start;
}

/** The column of what stands at the offset; null if it is not the first on its line. */
export function columnOf(text: string, offset: number): number | null {
  let at = offset;
  while (at > 0 && isBlank(text[at - 1])) at--;
  return at === 0 || text[at - 1] === '\n' ? offset - at : null;
}

/** Offset of the first `}` behind `from` that stands first on its line, at a column of `column` at most. */
export function outdentedBrace(text: string, from: number, column: number): number | null {
  const braces = /\n([ \t]*)\}/g;
  braces.lastIndex = from;
  for (let found = braces.exec(text); found; found = braces.exec(text))
    if ((found[1] ?? '').length <= column) return braces.lastIndex - 1;
  return null;
}

function isBlank(character: string | undefined): boolean {
  return character === ' ' || character === '\t';
}
