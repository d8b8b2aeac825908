import type { TextEdit } from '../../text/edits.ts';
import type { Span } from '../../text/span.ts';
import { escapeDouble, escapeSingle, unfoldBreaks } from './flowScalar.ts';
import type { ScalarEdit } from './scalarEdit.ts';
import { INDENT_STEP } from './scalarSite.ts';
import type { DecodedScalar } from './scalarText.ts';

/** Ways to write an edit into a plain or quoted scalar, the one that touches least first. */
export function* editFlow(task: ScalarEdit): Generator<readonly TextEdit[]> {
  const { style, edit } = task;
  yield [inSource(task, edit, escaped)];
  if (style === 'double') yield [inSource(task, edit, withEdgesEscaped)];
  yield [inSource(task, withBlanksAround(task), style === 'double' ? withEdgesEscaped : escaped)];
}

/** The edit with its new text as `write` writes it, over the source of the characters that it replaces. */
function inSource(task: ScalarEdit, edit: TextEdit, write: (text: string, task: ScalarEdit) => string): TextEdit {
  const { span, newText } = overWholeRuns(task.decoded, edit);
  return { span: task.decoded.map.spanToSource(span), newText: write(newText, task) };
}

function escaped(text: string, { source, style, site }: ScalarEdit): string {
  if (style === 'double') return escapeDouble(text);
  const continuation = /\n( *)\S/.exec(source)?.[1]?.length ?? Math.max(0, site.parentIndent) + INDENT_STEP;
  const eol = /\r?\n/.exec(source)?.[0] ?? site.eol ?? '\n';
  return unfoldBreaks(style === 'single' ? escapeSingle(text) : text, eol, continuation);
}

/** Beside a line break only an escaped blank is text. */
function withEdgesEscaped(text: string): string {
  return escapeDouble(text).replace(/^ | $/g, '\\ ');
}

/** The same edit over whole runs of the map: of an escape that stands for two units nothing less can be replaced. */
function overWholeRuns(decoded: DecodedScalar, edit: TextEdit): TextEdit {
  const start = opaqueAround(decoded, edit.span.start)?.start ?? edit.span.start;
  const end = opaqueAround(decoded, edit.span.end)?.end ?? edit.span.end;
  return widened(decoded.text, edit, start, end);
}

/** The opaque run that has the offset inside, if there is one. */
function opaqueAround({ map }: DecodedScalar, offset: number): Span | null {
  const index = map.runAt(offset);
  if (index === map.runCount) return null;
  const { decoded, verbatim } = map.run(index);
  return !verbatim && decoded.start < offset ? decoded : null;
}

/** The same edit with the blanks beside it: written anew they cannot be lost to a line break. */
function withBlanksAround({ decoded: { text }, edit }: ScalarEdit): TextEdit {
  let { start, end } = edit.span;
  while (start > 0 && /\s/.test(text[start - 1] ?? '')) start--;
  while (end < text.length && /\s/.test(text[end] ?? '')) end++;
  return widened(text, edit, start, end);
}

/** The same edit over a larger stretch of the text. */
export function widened(text: string, { span, newText }: TextEdit, start: number, end: number): TextEdit {
  return { span: { start, end }, newText: text.slice(start, span.start) + newText + text.slice(span.end, end) };
}
