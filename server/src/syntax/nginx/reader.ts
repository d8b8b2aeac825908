import { lineFeed } from '../../text/lineBreaks.ts';
import type { Span } from '../../text/span.ts';
import { type NginxQuote, NginxWord } from './word.ts';

const TAB = 0x09;
const LF = 0x0a;
const CR = 0x0d;
const SPACE = 0x20;
const DOUBLE_QUOTE = 0x22;
const HASH = 0x23;
const DOLLAR = 0x24;
const SINGLE_QUOTE = 0x27;
const CLOSING_PARENTHESIS = 0x29;
const SEMICOLON = 0x3b;
const BACKSLASH = 0x5c;
const OPEN = 0x7b;
const CLOSE = 0x7d;

/** Bytes that nginx can hold of one word or comment: NGX_CONF_BUFFER, src/core/ngx_conf_file.c. */
export const BUFFER = 4096;

/** No text of fewer UTF-16 units than this has more bytes than the buffer. */
const SHORT = BUFFER / 3;

/** What a statement ends with: its punctuation, or what stands where that should be. */
export type Ending = ';' | '{' | '}' | 'end of text';

/** What the reader stumbles over inside a statement. */
export interface Snag {
  readonly code: 'unexpectedCharacter' | 'tooLong' | 'unclosedQuote';
  /** Index of the word that it concerns, which may be the next one. */
  readonly word: number;
  readonly offset: number;
}

/**
 * Reads tokens as ngx_conf_read_token does (src/core/ngx_conf_file.c, the same from nginx 1.11 to 1.30): quotes matter only at the start of a
 * word, `}` and `#` only there, `${` keeps its brace, a backslash protects any character.
 */
export class NginxReader {
  readonly text: string;
  /** Of the next character to read. */
  position: number;
  readonly comments: Span[] = [];

  /** The statement that is being read, or was read last. */
  words: NginxWord[] = [];
  ending: Ending = 'end of text';
  /** Indices of the words after the first that are the first on their line; null if there are none. */
  lineStarts: number[] | null = null;
  /** What the reader paused at. */
  snag: Snag | null = null;

  /** True if a line has begun since the last word. */
  private newLine = false;
  /** Where a quoted word is made to end, by its start: the parser decided that its closing quote is missing. */
  private readonly cuts = new Map<number, number>();

  constructor(text: string, position: number) {
    this.text = text;
    this.position = position;
  }

  startStatement(): void {
    this.words = [];
    this.lineStarts = null;
    this.newLine = false;
  }

  /**
   * Reads the words of the statement, and true, up to a `;`, `{`, `}` or the end: `position` is then behind a `;` or `{`, and at a
   * `}`. False if there is a snag; the next call goes on behind it.
   */
  readWords(): boolean {
    const { text, words } = this;
    this.snag = null;
    while (this.snag === null) {
      const code = text.charCodeAt(this.position);
      switch (code) {
        case LF:
          this.newLine = true;
          this.position++;
          continue;
        case SPACE:
        case TAB:
        case CR:
          this.position++;
          continue;
        case HASH:
          this.skipComment();
          continue;
        case SEMICOLON:
          this.position++;
          this.ending = ';';
          return true;
        case OPEN:
          this.position++;
          this.ending = '{';
          return true;
        case CLOSE:
          this.ending = '}';
          return true;
      }
      if (Number.isNaN(code)) {
        this.ending = 'end of text';
        return true;
      }
      if (this.newLine && words.length > 0) {
        if (this.lineStarts) this.lineStarts.push(words.length);
        else this.lineStarts = [words.length];
      }
      this.newLine = false;
      words.push(code === DOUBLE_QUOTE || code === SINGLE_QUOTE ? this.readQuoted(code) : this.readBare());
    }
    return false;
  }

  /** Makes a quoted word of the statement end at `end`; the next call of `readWords` begins with it. */
  cutQuote(index: number, end: number): void {
    const start = this.words[index]?.start ?? this.position;
    this.cuts.set(start, end);
    this.position = start;
    this.words.length = index;
    this.newLine = false;
    for (let line = this.lineStarts?.at(-1) ?? -1; line >= index; line = this.lineStarts?.at(-1) ?? -1) {
      this.newLine = line === index;
      this.lineStarts?.pop();
    }
    this.dropComments(start);
  }

  /** Forgets the comments from the offset on: they are to be read again, or are none. */
  dropComments(from: number): void {
    while ((this.comments.at(-1)?.start ?? -1) >= from) this.comments.pop();
  }

  /** True if `cutQuote` ended the quoted word at `start`. */
  isCut(start: number): boolean {
    return this.cuts.has(start);
  }

  private readBare(): NginxWord {
    const { text } = this;
    const start = this.position;
    let at = start;
    for (; ; at++) {
      const code = text.charCodeAt(at);
      if (code > OPEN) continue;
      if (code === BACKSLASH) at++;
      else if (code === DOLLAR) while (text.charCodeAt(at + 1) === OPEN) at++;
      else if (code === OPEN || code === SEMICOLON || code === SPACE || code === LF || code === TAB || code === CR)
        break;
      else if (Number.isNaN(code)) break;
    }
    this.position = Math.min(at, text.length);
    if (at - start > SHORT) this.measure(start, this.position);
    return new NginxWord(text, start, this.position, null, true);
  }

  private readQuoted(quote: number): NginxWord {
    const { text } = this;
    const start = this.position;
    const cut = this.cuts.get(start);
    let at = start + 1;
    if (cut !== undefined) at = cut;
    else
      for (; at < text.length; at++) {
        const code = text.charCodeAt(at);
        if (code === BACKSLASH) at++;
        else if (code === quote) break;
      }
    const end = Math.min(at, text.length);
    if (end - start > SHORT) this.measure(start + 1, end);
    const closed = cut === undefined && at < text.length;
    this.position = closed ? end + 1 : end;
    const next = text.charCodeAt(this.position);
    if (cut !== undefined) return new NginxWord(text, start, this.position, quote === DOUBLE_QUOTE ? '"' : "'", false);
    if (!closed) this.stumble('unclosedQuote', text.length);
    else if (!endsQuoted(next)) this.stumble('unexpectedCharacter', this.position);
    const kind: NginxQuote = quote === DOUBLE_QUOTE ? '"' : "'";
    return new NginxWord(text, start, this.position, kind, closed);
  }

  private skipComment(): void {
    const start = this.position;
    this.position = lineFeed(this.text, start);
    const last = this.position - (this.text.charCodeAt(this.position - 1) === CR ? 1 : 0);
    this.comments.push({ start, end: last });
    if (last - start > SHORT) this.measure(start, this.position);
  }

  /** True of a word whose end is not among the first 4096 bytes, unless the file ends there as well. */
  private measure(start: number, end: number): void {
    let bytes = 0;
    let at = start;
    while (at < end && bytes < BUFFER) bytes += bytesOf(this.text.charCodeAt(at++));
    if (bytes >= BUFFER && at < this.text.length) this.stumble('tooLong', start);
  }

  private stumble(code: Snag['code'], offset: number): void {
    this.snag ??= { code, word: this.words.length, offset };
  }
}

/** True of what nginx takes after a closing quote; NaN, the end of the text, is noticed when the statement ends. */
function endsQuoted(code: number): boolean {
  switch (code) {
    case SPACE:
    case TAB:
    case CR:
    case LF:
    case SEMICOLON:
    case OPEN:
    case CLOSING_PARENTHESIS:
      return true;
    default:
      return Number.isNaN(code);
  }
}

/** Bytes in UTF-8; each half of a surrogate pair counts for two. */
function bytesOf(unit: number): number {
  if (unit < 0x80) return 1;
  if (unit < 0x800 || (unit >= 0xd800 && unit < 0xe000)) return 2;
  return 3;
}
