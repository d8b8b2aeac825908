import { lastAtMost } from './ordered.ts';
import type { Span } from './span.ts';

/**
 * A stretch of decoded text and the stretch of source that it was read from. A verbatim run maps unit by unit (both
 * stretches are equally long); an opaque one maps as a whole: an escape, a fold, a CRLF read as one line feed.
 */
export interface Run {
  readonly decoded: Span;
  readonly source: Span;
  readonly verbatim: boolean;
}

/**
 * Where each character of a decoded text (the value of a scalar, say) stands in its source. All offsets are UTF-16.
 *
 * Runs lie side by side in the decoded text and in order in the source; source between two runs stands for nothing
 * (indentation, a quote, an escaped line break). Immutable; every look-up is a binary search.
 */
export class SourceMap {
  /** Run `i` covers the decoded offsets from `decodedStarts[i]` to `decodedStarts[i + 1]`; one entry more than runs. */
  private readonly decodedStarts: Int32Array;
  private readonly sourceStarts: Int32Array;
  private readonly sourceEnds: Int32Array;
  private readonly opaque: Uint8Array;
  /** Added to every source offset. */
  private readonly shift: number;
  /** Where text is inserted when there is no character at all to stand beside. */
  private readonly anchor: number;

  constructor(
    decodedStarts: Int32Array,
    sourceStarts: Int32Array,
    sourceEnds: Int32Array,
    opaque: Uint8Array,
    anchor: number,
    shift: number,
  ) {
    this.decodedStarts = decodedStarts;
    this.sourceStarts = sourceStarts;
    this.sourceEnds = sourceEnds;
    this.opaque = opaque;
    this.anchor = anchor;
    this.shift = shift;
  }

  /** Length of the decoded text. */
  get length(): number {
    return at(this.decodedStarts, this.runCount);
  }

  get runCount(): number {
    return this.sourceStarts.length;
  }

  run(index: number): Run {
    return {
      decoded: { start: at(this.decodedStarts, index), end: at(this.decodedStarts, index + 1) },
      source: { start: at(this.sourceStarts, index) + this.shift, end: at(this.sourceEnds, index) + this.shift },
      verbatim: this.opaque[index] === 0,
    };
  }

  /** Index of the run that holds the decoded offset; `runCount` at the end of the text. */
  runAt(decodedOffset: number): number {
    return decodedOffset >= this.length ? this.runCount : lastAtMost(this.decodedStarts, Math.max(0, decodedOffset));
  }

  /**
   * The smallest stretch of source that holds all characters of `span`: from the first one's start to the last one's
   * end. An empty span gives the insertion point: before the character at that offset, at the end of the text after
   * the last one. Offsets outside the text are brought to its nearest end; half an opaque run counts as all of it.
   */
  spanToSource({ start, end }: Span): Span {
    const from = this.sourceStart(start);
    return { start: from, end: end > start ? Math.max(from, this.sourceEnd(end)) : from };
  }

  /**
   * The decoded offset of a caret in the source; `null` where no character stands (indentation, quotes, outside).
   * A caret just behind a character counts, so that completion works at the end of a value. Inside an opaque run it is
   * the run's start.
   */
  toDecoded(sourceOffset: number): number | null {
    const offset = sourceOffset - this.shift;
    if (this.runCount === 0) return offset === this.anchor ? 0 : null;
    let index = lastAtMost(this.sourceStarts, offset);
    if (index < 0) return null;
    const start = at(this.sourceStarts, index);
    const end = at(this.sourceEnds, index);
    if (offset > end) return null;
    if (offset === end && end > start) return at(this.decodedStarts, index + 1);
    while (index > 0 && this.sourceStarts[index - 1] === start && this.sourceEnds[index - 1] === end) index--;
    return at(this.decodedStarts, index) + (this.opaque[index] ? 0 : offset - start);
  }

  /** The same map for a source that stands `by` further on. */
  shiftedBy(by: number): SourceMap {
    return new SourceMap(
      this.decodedStarts,
      this.sourceStarts,
      this.sourceEnds,
      this.opaque,
      this.anchor,
      this.shift + by,
    );
  }

  private sourceStart(decodedOffset: number): number {
    if (this.runCount === 0) return this.anchor + this.shift;
    const index = this.runAt(decodedOffset);
    if (index === this.runCount) return at(this.sourceEnds, index - 1) + this.shift;
    const inside = this.opaque[index] ? 0 : Math.max(0, decodedOffset) - at(this.decodedStarts, index);
    return at(this.sourceStarts, index) + inside + this.shift;
  }

  private sourceEnd(decodedOffset: number): number {
    if (this.runCount === 0) return this.anchor + this.shift;
    const last = Math.min(Math.max(1, decodedOffset), this.length) - 1;
    const index = this.runAt(last);
    if (this.opaque[index]) return at(this.sourceEnds, index) + this.shift;
    return at(this.sourceStarts, index) + last + 1 - at(this.decodedStarts, index) + this.shift;
  }
}

/** Collects the runs of a map from left to right and joins neighbours that continue each other. */
export class SourceMapBuilder {
  private readonly decodedStarts: number[] = [0];
  private readonly sourceStarts: number[] = [];
  private readonly sourceEnds: number[] = [];
  private readonly opaques: number[] = [];

  /** Length of the decoded text so far. */
  get length(): number {
    return at(this.decodedStarts, this.sourceStarts.length);
  }

  /** The next decoded characters are those of the source between the two offsets. */
  verbatim(start: number, end: number): void {
    if (end <= start) return;
    const last = this.sourceStarts.length - 1;
    if (last >= 0 && this.opaques[last] === 0 && this.sourceEnds[last] === start) {
      this.sourceEnds[last] = end;
      this.decodedStarts[last + 1] = at(this.decodedStarts, last + 1) + end - start;
    } else this.push(end - start, start, end, 0);
  }

  /** The next `length` decoded units were read from the whole stretch of source, which may be empty. */
  opaque(length: number, start: number, end: number): void {
    if (length > 0) this.push(length, start, end, 1);
  }

  /** `anchor`: the source offset where text goes if the decoded text is empty. */
  build(anchor: number): SourceMap {
    return new SourceMap(
      Int32Array.from(this.decodedStarts),
      Int32Array.from(this.sourceStarts),
      Int32Array.from(this.sourceEnds),
      Uint8Array.from(this.opaques),
      anchor,
      0,
    );
  }

  private push(length: number, start: number, end: number, opaque: number): void {
    this.decodedStarts.push(this.length + length);
    this.sourceStarts.push(start);
    this.sourceEnds.push(end);
    this.opaques.push(opaque);
  }
}

/** A text that is its own source. */
export function identityMap(length: number): SourceMap {
  const builder = new SourceMapBuilder();
  builder.verbatim(0, length);
  return builder.build(0);
}

/** The map of a source that stands `by` UTF-16 units further on in a larger text. Shares the runs; costs nothing. */
export function offsetBy(map: SourceMap, by: number): SourceMap {
  return map.shiftedBy(by);
}

/** `inner` maps c to b, `outer` maps b to a: the map from c to a. */
export function compose(outer: SourceMap, inner: SourceMap): SourceMap {
  const builder = new SourceMapBuilder();
  for (let index = 0; index < inner.runCount; index++) {
    const { decoded, source, verbatim } = inner.run(index);
    if (verbatim) append(builder, outer, source);
    else {
      const { start, end } = outer.spanToSource(source);
      builder.opaque(decoded.end - decoded.start, start, end);
    }
  }
  return builder.build(outer.spanToSource(inner.spanToSource({ start: 0, end: 0 })).start);
}

/** A stretch of a decoded text goes on what is built, with the source that it has in a map. */
export function append(builder: SourceMapBuilder, outer: SourceMap, { start, end }: Span): void {
  for (let index = outer.runAt(start); index < outer.runCount; index++) {
    const { decoded, source, verbatim } = outer.run(index);
    if (decoded.start >= end) return;
    const from = Math.max(start, decoded.start);
    const to = Math.min(end, decoded.end);
    if (verbatim) builder.verbatim(source.start + from - decoded.start, source.start + to - decoded.start);
    else builder.opaque(to - from, source.start, source.end);
  }
}

function at(numbers: ArrayLike<number>, index: number): number {
  return numbers[index] ?? 0;
}
