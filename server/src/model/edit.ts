import { editYaml, scalarToEdit, type YamlChange, type YamlEdits, type YamlPath } from '../syntax/yaml/edit.ts';
import { parseYaml } from '../syntax/yaml/parse.ts';
import { decodeScalar } from '../syntax/yaml/scalarDecode.ts';
import { encodeEdit } from '../syntax/yaml/scalarEdit.ts';
import { cutStream } from '../syntax/yaml/stream.ts';
import { siteOf, type YamlScalar } from '../syntax/yaml/tree.ts';
import { applyEdits, conflict, minimal, type TextEdit } from '../text/edits.ts';
import { shift } from '../text/span.ts';
import type { Address, Embedded } from './value.ts';

/** What happens at an address within a piece. */
export interface Change {
  readonly address: Address;
  readonly change: YamlChange;
}

/**
 * The edits that make all changes in a piece's text, or why one of them cannot be made. Changes that touch the same
 * characters are made one after the other.
 */
export function editPiece(text: string, changes: readonly Change[]): YamlEdits {
  const edits: TextEdit[] = [];
  for (const { address, change } of changes) {
    const next = editAt(text, address, change);
    if ('refused' in next) return next;
    if (conflict(edits, next.edits)) return editInTurn(text, changes);
    edits.push(...next.edits);
  }
  return { edits };
}

function editInTurn(text: string, changes: readonly Change[]): YamlEdits {
  let edited = text;
  for (const { address, change } of changes) {
    const next = editAt(edited, address, change);
    if ('refused' in next) return next;
    edited = applyEdits(edited, next.edits);
  }
  return { edits: [minimal(text, { span: { start: 0, end: text.length }, newText: edited })] };
}

function editAt(text: string, address: Address, change: YamlChange): YamlEdits {
  const border = address.findIndex(step => typeof step === 'object');
  if (border < 0) return editYaml(text, address as YamlPath, change);
  const scalar = scalarToEdit(parseYaml(text), address.slice(0, border) as YamlPath);
  if (typeof scalar === 'string') return { refused: scalar };
  const { text: decoded } = decodeScalar(sourceOf(text, scalar), scalar.style, scalar);
  const { document } = address[border] as Embedded;
  const span = cutStream(decoded)[document];
  if (!span) return { refused: 'no such place' };
  const inner = editAt(decoded.slice(span.start, span.end), address.slice(border + 1), change);
  if ('refused' in inner) return inner;
  const edits = inner.edits.map(edit => ({ ...edit, span: shift(edit.span, span.start) }));
  return encode(text, scalar, decoded, edits);
}

/** Edits of what a scalar says, as edits of the scalar. */
function encode(text: string, scalar: YamlScalar, decoded: string, edits: readonly TextEdit[]): YamlEdits {
  const source = sourceOf(text, scalar);
  const site = siteOf(text, scalar);
  const expected = applyEdits(decoded, edits);
  const whole = minimal(decoded, { span: { start: 0, end: decoded.length }, newText: expected });
  for (const attempt of [edits, [whole]]) {
    const encoded = attempt.map(edit => encodeEdit(source, scalar.style, site, edit));
    if (encoded.some(result => result === null)) continue;
    const all = encoded.flatMap(result => result ?? []);
    if (all.some((edit, i) => conflict([edit], all.slice(i + 1)))) continue;
    if (decodeScalar(applyEdits(source, all), scalar.style, scalar).text !== expected) continue;
    return { edits: all.map(edit => ({ ...edit, span: shift(edit.span, scalar.span.start) })) };
  }
  return { refused: 'inexact' };
}

function sourceOf(text: string, { span }: YamlScalar): string {
  return text.slice(span.start, span.end);
}
