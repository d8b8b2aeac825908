import type { TextEdit } from '../../../text/edits.ts';
import type { Span } from '../../../text/span.ts';
import { type Part, partsOf, type YamlMap } from '../tree.ts';
import type { Proposal } from './change.ts';
import { type Editing, isTemplated } from './editing.ts';
import type { Place } from './place.ts';
import { replace } from './set.ts';

/** Takes out the entry or item that a place is. Of equal keys all go, or the one before the last would come to count. */
export function remove(editing: Editing, place: Place): Proposal {
  const holder = place.holders.at(-1);
  if (!holder) return 'no such place';
  const { collection, part } = holder;
  const going = collection.kind === 'seq' ? [part] : equalEntries(collection, holder.index);
  for (const { value, conditions } of going) {
    if (editing.isShared(value)) return 'shared by an alias';
    if (isTemplated(value) || (going.length > 1 && conditions.length > 0)) return 'from a template';
  }
  const parts = partsOf(collection);
  if (going.length === parts.length && !collection.flow) {
    const outer = { node: collection, holders: place.holders.slice(0, -1), missing: [] };
    return replace(editing, outer, collection.kind === 'map' ? {} : []);
  }
  if (going.length === parts.length)
    return [{ span: { start: collection.span.start + 1, end: collection.span.end - 1 }, newText: '' }];
  return going.flatMap(({ span }) => {
    const index = parts.findIndex(other => other.span === span);
    const edits = collection.flow ? outOfFlow(editing, parts, index) : [outOfBlock(editing, parts, index)];
    return edits.map((gone): TextEdit => ({ span: gone, newText: '' }));
  });
}

function equalEntries({ entries }: YamlMap, index: number): readonly Part[] {
  const name = entries[index]?.name;
  return entries.filter(entry => entry.name !== null && entry.name === name);
}

/** The lines of a part, with the comment on its last line; comments on lines of their own stay. */
function outOfBlock({ layout, text }: Editing, parts: readonly Part[], index: number): Span {
  const { span, value } = parts[index] as Part;
  const { start } = span;
  const end = Math.max(layout.contentEnd(value), span.end);
  if (layout.startsLine(start)) return layout.linesOf({ start, end });
  // The first part of a collection that begins behind a dash: its successor moves up, unless a comment stands between.
  const next = parts[index + 1]?.span.start ?? end;
  return /^[ \t]*(?:#.*)?\r?\n[ \t]*$/.test(text.slice(end, next)) || layout.isBlank({ start: end, end: next })
    ? { start, end: next }
    : { start, end };
}

/** A part and its comma: whole lines, where the part has lines of its own. */
function outOfFlow({ layout, text }: Editing, parts: readonly Part[], index: number): Span[] {
  const { start, end } = (parts[index] as Part).span;
  const previous = parts[index - 1]?.span;
  const next = parts[index + 1]?.span;
  const comma = commaEnd(text, end);
  const ownLines =
    layout.startsLine(start) && /^[ \t]*(?:#.*)?$/.test(text.slice(comma ?? end, layout.lineEnd(comma ?? end)));
  if (!ownLines) {
    if (next) return [{ start, end: next.start }];
    return [{ start: previous?.end ?? start, end }];
  }
  const lines = layout.linesOf({ start, end: comma ?? end });
  if (comma !== null || !previous) return [lines];
  return [{ start: previous.end, end: commaEnd(text, previous.end) ?? previous.end }, lines];
}

/** Offset behind the comma that follows; null if none does. */
function commaEnd(text: string, offset: number): number | null {
  const comma = /(?:\s|#.*)*,/y;
  comma.lastIndex = offset;
  return comma.test(text) ? comma.lastIndex : null;
}
