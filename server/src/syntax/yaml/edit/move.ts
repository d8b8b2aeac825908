import type { Span } from '../../../text/span.ts';
import type { YamlSeq } from '../tree.ts';
import type { Proposal } from './change.ts';
import { type Editing, isTemplated } from './editing.ts';
import type { Place } from './place.ts';

/** Moves an item within its list. The items change places; what stands between them, line breaks and commas, stays. */
export function move(editing: Editing, place: Place, to: number): Proposal {
  const holder = place.holders.at(-1);
  if (holder?.collection.kind !== 'seq') return 'no such place';
  const list = holder.collection;
  if (to < 0 || to >= list.items.length) return 'no such place';
  if (isTemplated(list)) return 'from a template';
  const slots = slotsOf(editing, list);
  const order = slots.map((_, index) => index);
  order.splice(to, 0, ...order.splice(holder.index, 1));
  return slots.flatMap((span, slot) => {
    const source = slots[order[slot] ?? slot];
    if (!source || source === span) return [];
    return [{ span, newText: editing.text.slice(source.start, source.end) }];
  });
}

/**
 * The stretches that change places: in block style with the comment on the item's last line, without the line break
 * behind it.
 */
function slotsOf({ layout, text }: Editing, list: YamlSeq): Span[] {
  return list.items.map(({ span, value }) => {
    if (list.flow) return span;
    const end = layout.contentEnd(value);
    const lineBreak = end > span.end ? (/\r?\n$/.exec(text.slice(span.end, end))?.[0].length ?? 0) : 0;
    return { start: span.start, end: end > span.end ? end - lineBreak : layout.lineEnd(span.end) };
  });
}
