import { applyEdits, minimal, type TextEdit } from '../../text/edits.ts';
import { editBlock } from './blockEdit.ts';
import { editFlow, widened } from './flowEdit.ts';
import { kindOf, readsBack } from './scalarCheck.ts';
import { decodeScalar } from './scalarDecode.ts';
import { canHold, encodeScalar } from './scalarEncode.ts';
import type { ScalarSite, ScalarStyle } from './scalarSite.ts';
import type { DecodedScalar } from './scalarText.ts';

/** An edit of a scalar's text on its way into the scalar's source. */
export interface ScalarEdit {
  readonly source: string;
  readonly style: ScalarStyle;
  readonly site: ScalarSite;
  readonly decoded: DecodedScalar;
  /** In the decoded text; it replaces no more than it must. */
  readonly edit: TextEdit;
  /** The decoded text after the edit. */
  readonly text: string;
}

/**
 * The edits of a scalar's source that make its text what `edit` makes of it: `edit` counts in the decoded text, the
 * result in the source (UTF-16). The style stays, and so does every character that need not change: first only what
 * the edit touches is written anew, then the whole scalar. Each attempt is parsed again, so what is returned is exact.
 *
 * `null` if the style cannot carry the new text at this site, or if Kubernetes would read it as another type.
 */
export function encodeEdit(source: string, style: ScalarStyle, site: ScalarSite, edit: TextEdit): TextEdit[] | null {
  const decoded = decodeScalar(source, style, site);
  const text = applyEdits(decoded.text, [edit]);
  if (text === decoded.text) return [];
  const smallest = tidy(decoded.text, edit);
  if (!canHold(smallest.newText, style)) return null;
  if (kindOf(text, style, site.tag) !== kindOf(decoded.text, style, site.tag)) return null;
  for (const attempt of attempts({ source, style, site, decoded, edit: smallest, text })) {
    const edits = attempt.map(each => tidy(source, each)).filter(changesSomething);
    if (readsBack(applyEdits(source, edits), style, text, site)) return edits;
  }
  return null;
}

/** Ways to write the new text, the one that touches least first. None of them need be right. */
function* attempts(task: ScalarEdit): Generator<readonly TextEdit[]> {
  yield* task.style === 'literal' || task.style === 'folded' ? editBlock(task) : editFlow(task);
  const whole = encodeScalar(task.text, task.style, task.site);
  if (whole !== null) yield [{ span: { start: 0, end: task.source.length }, newText: whole }];
}

/** The edit without what it would replace by itself, but never ending within a CRLF or a surrogate pair: no caret can. */
function tidy(text: string, edit: TextEdit): TextEdit {
  const smallest = minimal(text, edit);
  if (!changesSomething(smallest)) return smallest;
  const { start, end } = smallest.span;
  const splitsBefore = /[\r\ud800-\udbff]/.test(text[start - 1] ?? '');
  const splitsBehind = /[\udc00-\udfff]/.test(text[end] ?? '') || text.slice(end - 1, end + 1) === '\r\n';
  return widened(text, smallest, splitsBefore ? start - 1 : start, splitsBehind ? end + 1 : end);
}

function changesSomething({ span, newText }: TextEdit): boolean {
  return span.end > span.start || newText !== '';
}
