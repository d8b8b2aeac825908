import type { Span } from '../../text/span.ts';

/** Substitutions, compound commands and quotes within each other beyond this depth are not entered. */
const MAX_DEPTH = 60;

/** Arithmetic that is longer is not looked for, in UTF-16 offsets. */
const MAX_ARITHMETIC = 2000;

/** Something that reaches over the end of a line, or to the end of the text. */
export interface Crossing extends Span {
  /** Where its first line ends. */
  readonly line: number;
  /** True for what hides commands: a quote, not a substitution. */
  readonly hides: boolean;
}

/** A place in a script that is being read, and what is open around it. */
export class Cursor {
  readonly text: string;
  protected at = 0;
  /** No quote and no substitution that is being read goes further. */
  protected limit: number;
  private depth = 0;
  /** What reaches over line ends, in the order in which it ends. */
  readonly crossings: Crossing[] = [];
  /** True if something was still open at the end of the text. */
  open = false;

  constructor(text: string) {
    this.text = text;
    this.limit = text.length;
  }

  /** The character here, or so many further on; empty beyond the limit. */
  protected char(offset = 0): string {
    return this.at + offset < this.limit ? (this.text[this.at + offset] ?? '') : '';
  }

  protected startsWith(what: string): boolean {
    return this.at + what.length <= this.limit && this.text.startsWith(what, this.at);
  }

  /** What a sticky pattern matches here; nothing of it is read. */
  protected match(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.at;
    return this.at < this.limit ? pattern.exec(this.text) : null;
  }

  /** True if a backslash joins this line to the next one. A carriage return counts for nothing, though to bash it does. */
  protected continuation(): boolean {
    if (this.char() !== '\\') return false;
    const length = this.char(1) === '\n' ? 2 : this.char(1) === '\r' && this.char(2) === '\n' ? 3 : 0;
    this.at += length;
    return length > 0;
  }

  /** The offset of the parenthesis that closes what is open at `from`; -1 if none near by does. */
  protected closingParenthesis(from: number): number {
    let depth = 1;
    const end = Math.min(this.limit, from + MAX_ARITHMETIC);
    for (let at = from; at < end; at++) {
      const char = this.text[at];
      if (char === '(') depth++;
      else if (char === ')' && --depth === 0) return at;
    }
    return -1;
  }

  /** Goes one level deeper; false if that is too deep. */
  protected enter(): boolean {
    if (this.depth >= MAX_DEPTH) return false;
    this.depth++;
    return true;
  }

  protected leave(): void {
    this.depth--;
  }

  /** Notes what was read from `start` to here. */
  protected ended(start: number, closed: boolean, hides: boolean): void {
    const atEnd = !closed && this.limit === this.text.length;
    const feed = this.text.indexOf('\n', start);
    if (feed >= 0 && feed < this.at) this.crossings.push({ start, end: this.at, line: feed, hides });
    this.open ||= atEnd;
  }
}
