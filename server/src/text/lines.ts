/** Zero-based line, and UTF-16 offset within that line: a position as the Language Server Protocol counts it. */
export interface Position {
  readonly line: number;
  readonly character: number;
}

export interface Range {
  readonly start: Position;
  readonly end: Position;
}

/** Translates between offsets into one text and positions. Lines end with LF, CRLF or a lone CR, as in the protocol. */
export class LineIndex {
  private readonly starts: number[] = [0];
  private readonly text: string;

  constructor(text: string) {
    this.text = text;
    const breaks = /\r\n|\n|\r/g;
    for (let found = breaks.exec(text); found; found = breaks.exec(text)) this.starts.push(breaks.lastIndex);
  }

  get lineCount(): number {
    return this.starts.length;
  }

  /** Offset of the first character of the line; the text's length for a line past the end. */
  startOf(line: number): number {
    return this.starts[line] ?? this.text.length;
  }

  /** The line without its line break. */
  lineText(line: number): string {
    return this.text.slice(this.startOf(line), this.startOf(line + 1)).replace(/[\r\n]+$/, '');
  }

  lineAt(offset: number): number {
    let low = 0;
    let high = this.starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  /** Offsets outside the text are brought to its nearest end. */
  positionAt(offset: number): Position {
    const inside = Math.max(0, Math.min(offset, this.text.length));
    const line = this.lineAt(inside);
    return { line, character: inside - this.startOf(line) };
  }

  /** Positions outside the text are brought to the end of their line, or of the text. */
  offsetAt({ line, character }: Position): number {
    if (line < 0) return 0;
    if (line >= this.starts.length) return this.text.length;
    const start = this.startOf(line);
    return Math.min(start + Math.max(0, character), start + this.lineText(line).length);
  }

  rangeOf({ start, end }: { readonly start: number; readonly end: number }): Range {
    return { start: this.positionAt(start), end: this.positionAt(end) };
  }
}
