import { type SourceMap, SourceMapBuilder } from '../../text/sourceMap.ts';
import type { Span } from '../../text/span.ts';

export type NginxQuote = '"' | "'";

const BACKSLASH = 0x5c;

/** A backslash and one of these stand for one character; before any other character the backslash stays. */
const ESCAPES: Readonly<Record<string, string>> = { '"': '"', "'": "'", '\\': '\\', t: '\t', r: '\r', n: '\n' };

/** A token that is no punctuation: the name of a directive, or an argument. A span: quotes are part of it. */
export class NginxWord implements Span {
  readonly start: number;
  readonly end: number;
  readonly quote: NginxQuote | null;
  /** False for a quoted word that nothing closes. */
  readonly closed: boolean;
  private readonly text: string;

  constructor(text: string, start: number, end: number, quote: NginxQuote | null, closed: boolean) {
    this.text = text;
    this.start = start;
    this.end = end;
    this.quote = quote;
    this.closed = closed;
  }

  /** What is between the quotes. */
  get inner(): Span {
    if (this.quote === null) return { start: this.start, end: this.end };
    return { start: this.start + 1, end: this.closed ? this.end - 1 : this.end };
  }

  /** What nginx reads, escapes resolved: ngx_conf_read_token, src/core/ngx_conf_file.c. */
  get value(): string {
    const { start, end } = this.inner;
    const raw = this.text.slice(start, end);
    return raw.includes('\\') ? raw.replace(/\\([\s\S])/g, (both, escaped: string) => ESCAPES[escaped] ?? both) : raw;
  }

  /** Where each character of `value` stands in the text. */
  map(): SourceMap {
    const builder = new SourceMapBuilder();
    const { start, end } = this.inner;
    let from = start;
    for (let at = start; at < end - 1; at++) {
      if (this.text.charCodeAt(at) !== BACKSLASH) continue;
      if (Object.hasOwn(ESCAPES, this.text[at + 1] ?? '')) {
        builder.verbatim(from, at);
        builder.opaque(1, at, at + 2);
        from = at + 2;
      }
      at++;
    }
    builder.verbatim(from, end);
    return builder.build(start);
  }
}
