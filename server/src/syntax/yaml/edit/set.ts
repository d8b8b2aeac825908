import { insertion, type TextEdit } from '../../../text/edits.ts';
import { shift } from '../../../text/span.ts';
import { encodeEdit } from '../scalarEdit.ts';
import {
  resolveScalar,
  siteOf,
  visibleSpan,
  type YamlMap,
  type YamlNode,
  type YamlScalar,
  type YamlSeq,
} from '../tree.ts';
import type { Proposal, YamlData } from './change.ts';
import { type Editing, isTemplated } from './editing.ts';
import { isBlock } from './layout.ts';
import { isInFlow, type Place, slotStart } from './place.ts';
import { isInline } from './write.ts';

/** Replaces the value at a place. */
export function replace(editing: Editing, place: Place, value: YamlData): Proposal {
  const { node } = place;
  if (node.kind === 'alias' || editing.isShared(node)) return 'shared by an alias';
  if (isTemplated(node)) return 'from a template';
  if (node.kind === 'scalar' && typeof value === 'string' && resolveScalar(node).type === 'string') {
    const inPlace = rewrite(editing, node, value);
    if (inPlace) return inPlace;
  }
  const inline = isInFlow(place) || isInline(value);
  if (isBlock(node))
    return inline ? blockByInline(editing, place, node, value) : blockByBlock(editing, place, node, value);
  return inline ? inlineByInline(editing, place, value) : inlineByBlock(editing, place, value);
}

/** A string for a string, in the style that is there. */
function rewrite({ text }: Editing, node: YamlScalar, value: string): TextEdit[] | null {
  const { span, style } = node;
  if (span.start === span.end) return null;
  const whole = { span: { start: 0, end: node.text.length }, newText: value };
  const edits = encodeEdit(text.slice(span.start, span.end), style, siteOf(text, node), whole);
  return edits?.map(edit => ({ ...edit, span: shift(edit.span, span.start) })) ?? null;
}

/** The lines of the collection go; what replaces them stands behind the colon or dash. */
function blockByInline(editing: Editing, place: Place, node: YamlMap | YamlSeq, value: YamlData): Proposal {
  const { layout } = editing;
  const { start } = node.span;
  const written = editing.inline(place, value);
  const slot = slotStart(place);
  const end = layout.contentEnd(node);
  if (slot === null || !layout.startsLine(start)) return [{ span: { start, end }, newText: written }];
  return [insertion(slot, ` ${written}`), { span: layout.linesOf({ start, end }), newText: '' }];
}

function blockByBlock(editing: Editing, place: Place, node: YamlMap | YamlSeq, value: YamlData): Proposal {
  const { layout, writer } = editing;
  const { start, end } = node.span;
  const column = layout.column(start);
  if (!layout.startsLine(start)) return [{ span: { start, end }, newText: writer.block(value, column) }];
  const around = editing.indentAround(place);
  // A list may stand below its key without indentation, a mapping may not.
  const wanted = column > around || Array.isArray(value) ? column : writer.columnBelow(value, around);
  const newText = ' '.repeat(wanted) + writer.block(value, wanted);
  return [{ span: { start: layout.lineStart(start), end }, newText }];
}

function inlineByInline(editing: Editing, place: Place, value: YamlData): Proposal {
  const { node } = place;
  const { start, end } = sourceOf(node);
  const gap = start === end && !/\s/.test(editing.text[start - 1] ?? ' ') ? ' ' : '';
  const colon = start === end && isKeyWithoutColon(place) ? ':' : '';
  return [{ span: { start, end }, newText: colon + gap + editing.inline(place, value) }];
}

/** The value goes, with the blanks before it; the lines of the collection follow behind the comment on its line. */
function inlineByBlock(editing: Editing, place: Place, value: YamlData): Proposal {
  const { layout, writer } = editing;
  const { start, end } = sourceOf(place.node);
  const slot = slotStart(place);
  const isItem = place.holders.at(-1)?.collection.kind === 'seq';
  const around = editing.indentAround(place);
  if (slot === null || (isItem && start < end && layout.isBlank({ start: end, end: layout.lineEnd(end) }))) {
    const column = slot === null ? 0 : layout.column(start);
    const lead = slot === null && !layout.startsLine(start) ? layout.eol : '';
    return [{ span: { start, end }, newText: lead + writer.block(value, column) }];
  }
  const column = isItem ? around + 2 : writer.columnBelow(value, around);
  const lines = ' '.repeat(column) + writer.block(value, column);
  const from = Math.min(slot, start);
  return [{ span: { start: from, end }, newText: '' }, insertion(layout.lineEnd(end), layout.eol + lines)];
}

/** What of a node is replaced: its tag too, which would give the new value a type. */
function sourceOf(node: YamlNode): { start: number; end: number } {
  const { start, end } = visibleSpan(node);
  if (node.kind === 'alias' || node.tag === undefined || !node.properties) return { start, end };
  return { start: node.properties.start, end };
}

/** True for `a` in `{a, b: 1}`. */
function isKeyWithoutColon({ holders }: Place): boolean {
  const holder = holders.at(-1);
  return holder?.collection.kind === 'map' && holder.collection.entries[holder.index]?.colon === undefined;
}
