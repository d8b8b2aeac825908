import { append, compose, identityMap, offsetBy, type SourceMap, SourceMapBuilder } from '../text/sourceMap.ts';
import type { Span } from '../text/span.ts';
import type { Entity } from './entity.ts';
import type { Address, Part, Place } from './value.ts';

/** Regions within regions beyond this depth are not entered. */
export const MAX_DEPTH = 4;

/** A text in one language: a whole piece, the string that a scalar holds, a stretch of another text. */
export interface Region {
  readonly text: string;
  /** Where each of its characters stands in the piece. */
  readonly toPiece: SourceMap;
  /** Of the text as a whole; what its language addresses in it follows. */
  readonly address: Address;
  /** How many texts are around it. */
  readonly depth: number;
}

/** What a text says, whatever language it turns out to be in; `file` is the name of the file that holds it or will. */
export type ReadText = (file: string, region: Region) => Iterable<Entity>;

/** A piece as a region. */
export function wholePiece(text: string): Region {
  return { text, toPiece: identityMap(text.length), address: [], depth: 0 };
}

/** Where a stretch of a region stands in the piece. */
export function placeIn({ toPiece }: Pick<Region, 'toPiece'>, span: Span): Place {
  const there = toPiece.spanToSource(span);
  return { value: there, entry: there };
}

/** A stretch of a region that is a text of its own, such as a here-document. */
export function stretchOf({ text, toPiece, address, depth }: Region, span: Span): Region {
  return {
    text: text.slice(span.start, span.end),
    toPiece: compose(toPiece, offsetBy(identityMap(span.end - span.start), span.start)),
    address: [...address, { embedded: 'text', span }],
    depth: depth + 1,
  };
}

/** The region with blanks for all that stands elsewhere than in the stretches, which are in order: offsets stay. */
export function onlyIn(region: Region, stretches: readonly Span[]): Region {
  const { text } = region;
  const blank = (start: number, end: number) => text.slice(start, end).replace(/[^\r\n]/g, ' ');
  let kept = '';
  let from = 0;
  for (const { start, end } of stretches) {
    kept += blank(from, start) + text.slice(start, end);
    from = end;
  }
  return { ...region, text: kept + blank(from, text.length) };
}

/** Regions below one address as one text, each from a line of its own; what is not written behind the one before it is left out. */
export function joined(
  whole: Address,
  regions: readonly Region[],
  itemOf: 'lines' | null,
): Region & { readonly parts: readonly Part[] } {
  const builder = new SourceMapBuilder();
  const parts: Part[] = [];
  let text = '';
  let behind = 0;
  for (const region of regions) {
    const { start, end } = region.toPiece.spanToSource({ start: 0, end: region.text.length });
    if (start < behind) continue;
    if (parts.length > 0 && !text.endsWith('\n')) {
      text += '\n';
      builder.opaque(1, behind, behind);
    }
    const path = region.address.slice(whole.length);
    parts.push({
      path,
      itemOf: path.length === 1 ? itemOf : null,
      start: text.length,
      end: text.length + region.text.length,
    });
    append(builder, region.toPiece, { start: 0, end: region.text.length });
    text += region.text;
    behind = end;
  }
  const depth = Math.max(0, ...regions.map(region => region.depth));
  const address = [...whole, { embedded: 'text', span: null, parts } as const];
  return { text, toPiece: builder.build(behind), address, depth, parts };
}
