import { compose, identityMap, offsetBy, type SourceMap } from '../text/sourceMap.ts';
import type { Span } from '../text/span.ts';
import type { Entity } from './entity.ts';
import type { Address } from './value.ts';

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

/** A stretch of a region that is a text of its own, such as a here-document. */
export function stretchOf({ text, toPiece, address, depth }: Region, span: Span): Region {
  return {
    text: text.slice(span.start, span.end),
    toPiece: compose(toPiece, offsetBy(identityMap(span.end - span.start), span.start)),
    address: [...address, { embedded: 'text', span }],
    depth: depth + 1,
  };
}
