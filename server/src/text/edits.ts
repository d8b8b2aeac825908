import { overlaps, type Span } from './span.ts';

/** Replace the characters of `span` by `newText`; an empty span inserts. */
export interface TextEdit {
  readonly span: Span;
  readonly newText: string;
}

/** The edit that puts a text in, and replaces nothing. */
export function insertion(offset: number, newText: string): TextEdit {
  return { span: { start: offset, end: offset }, newText };
}

/**
 * The text after all edits. Spans count in the text before any of them; edits that insert at one offset keep their
 * order. Throws a RangeError if two edits touch the same characters: callers resolve conflicts first.
 */
export function applyEdits(text: string, edits: readonly TextEdit[]): string {
  const ordered = edits
    .map((edit, order) => ({ edit, order }))
    .sort((a, b) => a.edit.span.start - b.edit.span.start || a.edit.span.end - b.edit.span.end || a.order - b.order);
  let result = '';
  let from = 0;
  for (const { edit } of ordered) {
    if (edit.span.start < from) throw new RangeError(`edits overlap at offset ${edit.span.start}`);
    result += text.slice(from, edit.span.start) + edit.newText;
    from = edit.span.end;
  }
  return result + text.slice(from);
}

/** True if the two sets cannot both be applied: some edit of one touches characters of the other. */
export function conflict(a: readonly TextEdit[], b: readonly TextEdit[]): boolean {
  return a.some(x => b.some(y => overlaps(x.span, y.span)));
}

/** The same edit without the characters that it would replace by themselves. */
export function minimal(text: string, { span: { start, end }, newText }: TextEdit): TextEdit {
  let from = 0;
  while (start + from < end && from < newText.length && text[start + from] === newText[from]) from++;
  let tail = 0;
  while (
    start + from < end - tail &&
    from < newText.length - tail &&
    text[end - 1 - tail] === newText[newText.length - 1 - tail]
  )
    tail++;
  return { span: { start: start + from, end: end - tail }, newText: newText.slice(from, newText.length - tail) };
}
