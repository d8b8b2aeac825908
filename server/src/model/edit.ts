import { editNginx, type NginxChange } from '../syntax/nginx/edit.ts';
import { editYaml, scalarToEdit, type YamlChange, type YamlEdits, type YamlPath } from '../syntax/yaml/edit.ts';
import { parseYaml } from '../syntax/yaml/parse.ts';
import { decodeScalar } from '../syntax/yaml/scalarDecode.ts';
import { encodeEdit } from '../syntax/yaml/scalarEdit.ts';
import { cutStream } from '../syntax/yaml/stream.ts';
import { siteOf, type YamlScalar } from '../syntax/yaml/tree.ts';
import { applyEdits, conflict, minimal, type TextEdit } from '../text/edits.ts';
import { type Span, shift } from '../text/span.ts';
import type { Address, Embedded, Part } from './value.ts';

/** What happens to the text at an address that ends in one: edits in its own offsets. */
export interface TextChange {
  readonly op: 'edit';
  readonly edits: readonly TextEdit[];
}

/** What happens at an address within a piece: in the language of the text that the address ends in. */
export interface Change {
  readonly address: Address;
  readonly change: YamlChange | NginxChange | TextChange;
  /** The piece, if it is not the one that the change was asked for in. */
  readonly elsewhere?: { readonly file: string; readonly piece: number };
}

/**
 * The edits that make all changes in a piece's text, or why one of them cannot be made. Changes that touch the same
 * characters are made one after the other.
 */
export function editPiece(text: string, changes: readonly Change[]): YamlEdits {
  const edits: TextEdit[] = [];
  // What is put behind words that are replaced too has its place all the same.
  const collide = changes.every(({ change }) => change.op === 'edit') ? crosses : conflict;
  for (const { address, change } of changes) {
    const next = editAt(text, address, change);
    if ('refused' in next) return next;
    if (collide(edits, next.edits)) return editInTurn(text, changes);
    edits.push(...next.edits);
  }
  return { edits };
}

/** True if an edit of one replaces characters of the other, or inserts between them. */
function crosses(a: readonly TextEdit[], b: readonly TextEdit[]): boolean {
  return a.some(({ span: x }) => b.some(({ span: y }) => x.start < y.end && y.start < x.end));
}

function editInTurn(text: string, changes: readonly Change[]): YamlEdits {
  // Offsets count in the text as it was.
  if (changes.some(({ change }) => change.op === 'edit')) return { refused: 'inexact' };
  let edited = text;
  for (const { address, change } of changes) {
    const next = editAt(edited, address, change);
    if ('refused' in next) return next;
    edited = applyEdits(edited, next.edits);
  }
  return { edits: [minimal(text, { span: { start: 0, end: text.length }, newText: edited })] };
}

function editAt(text: string, address: Address, change: Change['change']): YamlEdits {
  const border = address.findIndex(step => typeof step === 'object');
  if (border < 0) return editYaml(text, address as YamlPath, change as YamlChange);
  const within = address.slice(border + 1);
  const embedded = address[border] as Embedded;
  if (embedded.embedded === 'text' && embedded.parts)
    return editParts(text, address.slice(0, border), embedded.parts, within, change);
  if (border === 0) return editText(text, embedded, within, change);
  const scalar = scalarToEdit(parseYaml(text), address.slice(0, border) as YamlPath);
  if (typeof scalar === 'string') return { refused: scalar };
  const { text: decoded } = decodeScalar(sourceOf(text, scalar), scalar.style, scalar);
  const inner = editText(decoded, embedded, within, change);
  return 'refused' in inner ? inner : encode(text, scalar, decoded, inner.edits);
}

/** The edits of a text that is put together, each in the part that it is in. */
function editParts(
  text: string,
  whole: Address,
  parts: readonly Part[],
  within: Address,
  change: Change['change'],
): YamlEdits {
  if (change.op !== 'edit') return { refused: 'inexact' };
  let by = 0;
  for (const step of within) {
    if (typeof step !== 'object' || step.embedded !== 'text' || step.decoded || step.parts)
      return { refused: 'inexact' };
    by += step.span?.start ?? 0;
  }
  const own = change.edits.map(edit => ({ ...edit, span: shift(edit.span, by) }));
  const done: TextEdit[] = [];
  for (const part of parts) {
    const edits = own.filter(({ span }) => part.start <= span.start && span.end <= part.end);
    if (edits.length === 0) continue;
    for (const edit of edits) own.splice(own.indexOf(edit), 1);
    const items = edits.length === 1 && edits[0] ? itemsIn(edits[0], part) : null;
    if (items) {
      const next = insertItems(text, [...whole, ...part.path], items);
      if ('refused' in next) return next;
      done.push(...next.edits);
      continue;
    }
    const moved = edits.map(edit => ({ ...edit, span: shift(edit.span, -part.start) }));
    const address: Address = [...whole, ...part.path, { embedded: 'text', span: null }];
    const next = editAt(text, address, { op: 'edit', edits: moved });
    if ('refused' in next) return next;
    done.push(...next.edits);
  }
  return own.length > 0 ? { refused: 'no such place' } : { edits: done };
}

/** The words, or the commands, that an edit puts behind an item of a list of such; null for another edit. */
function itemsIn({ span, newText }: TextEdit, part: Part): readonly string[] | null {
  if (part.itemOf === null || span.start !== span.end || span.end !== part.end) return null;
  if (part.itemOf === 'lines') return /^\r?\n[^\r\n]+$/.test(newText) ? [newText.trim()] : null;
  return /^(?: [\w@%+=:,./!^-]+)+$/.test(newText) ? newText.trim().split(' ') : null;
}

function insertItems(text: string, item: Address, values: readonly string[]): YamlEdits {
  const index = item.at(-1);
  if (typeof index !== 'number') return { refused: 'no such place' };
  let edited = text;
  for (const [i, value] of values.entries()) {
    const next = editAt(edited, item.slice(0, -1), { op: 'insert', value, at: index + 1 + i });
    if ('refused' in next) return next;
    edited = applyEdits(edited, next.edits);
  }
  return { edits: [minimal(text, { span: { start: 0, end: text.length }, newText: edited })] };
}

/** The edits of a text that a scalar, or a piece, holds. */
function editText(text: string, embedded: Embedded, within: Address, change: Change['change']): YamlEdits {
  if (embedded.embedded === 'nginx') {
    const edits = editNginx(text, embedded.context, within as readonly number[], change as NginxChange);
    return edits ? { edits } : { refused: 'no such place' };
  }
  if (embedded.embedded === 'text' && embedded.decoded) return { refused: 'inexact' };
  if (embedded.embedded === 'text') return editStretch(text, embedded.span, within, change);
  const span = cutStream(text)[embedded.document];
  if (!span) return { refused: 'no such place' };
  const inner = editAt(text.slice(span.start, span.end), within, change);
  if ('refused' in inner) return inner;
  return { edits: inner.edits.map(edit => ({ ...edit, span: shift(edit.span, span.start) })) };
}

function editStretch(text: string, span: Span | null, within: Address, change: Change['change']): YamlEdits {
  const { start, end } = span ?? { start: 0, end: text.length };
  const [next, ...rest] = within;
  const inner =
    typeof next === 'object'
      ? editText(text.slice(start, end), next, rest, change)
      : { edits: change.op === 'edit' ? change.edits : [] };
  if ('refused' in inner) return inner;
  return { edits: inner.edits.map(edit => ({ ...edit, span: shift(edit.span, start) })) };
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
