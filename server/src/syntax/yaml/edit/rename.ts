import { shift } from '../../../text/span.ts';
import { encodeEdit } from '../scalarEdit.ts';
import { siteOf } from '../tree.ts';
import type { Proposal } from './change.ts';
import type { Editing } from './editing.ts';
import type { Place } from './place.ts';

/** Gives an entry another key, in the style that is there if it can carry it. Not where the new key, or the old one twice, is in the mapping. */
export function rename({ text, writer }: Editing, place: Place, to: string): Proposal {
  const holder = place.holders.at(-1);
  if (holder?.collection.kind !== 'map') return 'no such place';
  const { entries } = holder.collection;
  const entry = entries[holder.index];
  if (entry?.key.kind !== 'scalar') return 'no such place';
  const { key } = entry;
  if (key.templated) return 'from a template';
  if (entries.some(other => other !== entry && (other.name === to || other.name === entry.name))) return 'inexact';
  const whole = { span: { start: 0, end: key.text.length }, newText: to };
  const site = { ...siteOf(text, key), key: true };
  const edits = encodeEdit(text.slice(key.span.start, key.span.end), key.style, site, whole);
  if (!edits) return [{ span: key.span, newText: writer.key(to, key) }];
  return edits.map(edit => ({ ...edit, span: shift(edit.span, key.span.start) }));
}
