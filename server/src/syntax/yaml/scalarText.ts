import { type SourceMap, SourceMapBuilder } from '../../text/sourceMap.ts';

/** A scalar's value, and where each of its characters stands in the scalar's source (UTF-16 offsets from its start). */
export interface DecodedScalar {
  readonly text: string;
  readonly map: SourceMap;
}

/** A line break in a source: LF, or CRLF as one. Offsets are UTF-16. */
export interface LineBreak {
  readonly start: number;
  readonly end: number;
}

/** Writes a decoded text from left to right, and with it the map back to its source. */
export class ScalarWriter {
  private readonly source: string;
  private readonly parts: string[] = [];
  private readonly map = new SourceMapBuilder();

  constructor(source: string) {
    this.source = source;
  }

  get length(): number {
    return this.map.length;
  }

  /** The characters of the source between the two offsets stand for themselves. */
  copy(start: number, end: number): void {
    if (end <= start) return;
    this.parts.push(this.source.slice(start, end));
    this.map.verbatim(start, end);
  }

  /** The whole stretch of source stands for `text`. */
  put(text: string, start: number, end: number): void {
    if (text === this.source.slice(start, end)) this.copy(start, end);
    else {
      this.parts.push(text);
      this.map.opaque(text.length, start, end);
    }
  }

  /**
   * Line folding (YAML 1.2.2, 6.5): one line break is read as a space; of several the first is discarded and the others
   * are line feeds. The discarded one counts to the line feed behind it.
   */
  fold(breaks: readonly LineBreak[]): void {
    const [first, second] = breaks;
    if (!first) return;
    if (!second) this.put(' ', first.start, first.end);
    else {
      this.put('\n', first.start, second.end);
      this.lineFeeds(breaks.slice(2));
    }
  }

  /** Every line break is read as a line feed. */
  lineFeeds(breaks: readonly LineBreak[]): void {
    for (const { start, end } of breaks) this.put('\n', start, end);
  }

  /** `anchor`: where text goes in the source if there is none yet. */
  finish(anchor: number): DecodedScalar {
    return { text: this.parts.join(''), map: this.map.build(anchor) };
  }
}
