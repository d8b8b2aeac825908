import { insertion, type TextEdit } from '../../../text/edits.ts';
import { isNull, type Part, partsOf, type YamlMap, type YamlSeq } from '../tree.ts';
import type { Proposal, YamlData } from './change.ts';
import type { Editing } from './editing.ts';
import { flowStyleOf } from './flowStyle.ts';
import { flowAround, isInFlow, type Place, slotStart } from './place.ts';
import { replace } from './set.ts';

/** Adds what a path names and the document has not: one entry, with all the rest of the path in it. */
export function add(editing: Editing, place: Place, value: YamlData, after?: string): Proposal {
  const { node, missing } = place;
  const [key, ...rest] = missing;
  if (typeof key !== 'string' || rest.some(step => typeof step !== 'string')) return 'no such place';
  const nested = rest.reduceRight<YamlData>((inner, step) => ({ [step]: inner }), value);
  if (node.kind !== 'map') return replace(editing, place, { [key]: nested });
  if (node.open) return 'from a template';
  return node.flow
    ? addToFlowMap(editing, place, node, { key, value: nested }, after)
    : addToBlockMap(editing, node, { key, value: nested }, after);
}

interface NewEntry {
  readonly key: string;
  readonly value: YamlData;
}

function addToBlockMap(editing: Editing, map: YamlMap, { key, value }: NewEntry, after: string | undefined): Proposal {
  const certain = map.entries.filter(({ conditions }) => conditions.length === 0);
  const neighbour = certain.findLast(({ name }) => name !== null && name === after) ?? certain.at(-1);
  if (!neighbour) return 'from a template';
  const column = editing.layout.column(map.span.start);
  const edit = editing.linesBehind(neighbour, column, editing.writer.entry(key, value, column));
  return edit ? [edit] : 'from a template';
}

function addToFlowMap(
  editing: Editing,
  place: Place,
  map: YamlMap,
  { key, value }: NewEntry,
  after: string | undefined,
): Proposal {
  if (isEmptyInBlock(place, map)) return replace(editing, place, { [key]: value });
  const style = flowStyleOf(editing.text, flowAround(place));
  const written = editing.writer.flowEntry(key, value, style, editing.indentAround(place));
  const neighbour = map.entries.findLastIndex(({ name }) => name === after);
  return putIntoFlow(editing, map, neighbour < 0 ? map.entries.length : neighbour + 1, written, style.afterComma);
}

/** Puts a value into a list, before the item `at` or at the end. */
export function insert(editing: Editing, place: Place, value: YamlData, at?: number): Proposal {
  const { node } = place;
  if (node.kind === 'alias' || editing.shared.has(node)) return 'shared by an alias';
  if (isNull(node)) return replace(editing, place, [value]);
  if (node.kind === 'scalar' && node.templated) return 'from a template';
  if (node.kind !== 'seq') return 'no such place';
  const index = Math.min(at ?? node.items.length, node.items.length);
  if (!node.flow) return insertIntoBlock(editing, node, index, value);
  if (isEmptyInBlock(place, node)) return replace(editing, place, [value]);
  const style = flowStyleOf(editing.text, flowAround(place));
  const written = editing.writer.flow(value, style, editing.indentAround(place));
  return putIntoFlow(editing, node, index, written, style.afterComma);
}

function insertIntoBlock(editing: Editing, list: YamlSeq, index: number, value: YamlData): Proposal {
  const uncertain = list.open || list.items.some(({ conditions }) => conditions.length > 0);
  if (uncertain && index < list.items.length) return 'from a template';
  const { layout, writer } = editing;
  const column = layout.column(list.span.start);
  const item = writer.item(value, column);
  const previous = uncertain ? list.items.findLast(({ conditions }) => conditions.length === 0) : list.items[index - 1];
  if (!previous) {
    if (uncertain) return 'from a template';
    return [insertion(list.span.start, item + layout.eol + ' '.repeat(column))];
  }
  const edit = editing.linesBehind(previous, column, item);
  return edit ? [edit] : 'from a template';
}

/** True for `{}` and `[]` where block style would do: what fills them is written in block style. */
function isEmptyInBlock(place: Place, collection: YamlMap | YamlSeq): boolean {
  return partsOf(collection).length === 0 && !isInFlow(place) && slotStart(place) !== null;
}

/** Puts a part between brackets or braces, as the `index`th one. */
function putIntoFlow(
  { layout, text }: Editing,
  collection: YamlMap | YamlSeq,
  index: number,
  written: string,
  afterComma: string,
): TextEdit[] {
  const parts: readonly Part[] = partsOf(collection);
  const [previous, next] = [parts[index - 1], parts[index]];
  const gapBefore = ({ span }: Part) =>
    layout.startsLine(span.start) ? layout.eol + text.slice(layout.lineStart(span.start), span.start) : afterComma;
  if (previous) {
    const { end } = previous.span;
    const gap = gapBefore(previous);
    const comment = /^[ \t]*(?=#)/.test(text.slice(end, layout.lineEnd(end)));
    if (gap === afterComma || !comment) return [insertion(end, `,${gap}${written}`)];
    return [insertion(end, ','), insertion(layout.lineEnd(end), gap + written)];
  }
  if (next) return [insertion(next.span.start, `${written},${gapBefore(next)}`)];
  const inside = { start: collection.span.start + 1, end: collection.span.end - 1 };
  return layout.isBlank(inside) ? [{ span: inside, newText: written }] : [insertion(inside.end, written)];
}
