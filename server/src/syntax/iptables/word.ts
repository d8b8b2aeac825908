import type { Span } from '../../text/span.ts';

/** One word of a command. A span: quotes are part of it. */
export interface IptablesWord extends Span {
  /** What the program gets; null if only rendering, or a running shell, could tell. */
  readonly value: string | null;
  readonly quoted: boolean;
}

/** A word of a file: there are many, and what most of them hold is never asked for. */
class RestoreWord implements IptablesWord {
  readonly start: number;
  readonly end: number;
  readonly quoted: boolean;
  private readonly text: string;
  /** Where its quotes open; beyond its end if it has none. */
  private readonly open: number;

  constructor(text: string, start: number, end: number, open: number, closed: boolean) {
    this.text = text;
    this.start = start;
    this.end = end;
    this.open = open;
    this.quoted = closed;
  }

  get value(): string {
    const { text, start, end, open } = this;
    if (open > end) return text.slice(start, end);
    const within = text.slice(open + 1, this.quoted ? end - 1 : end);
    const plain = within.includes('\\') ? within.replace(/\\(.|$)/gs, '$1') : within;
    return `${text.slice(start, open)}${plain}${this.quoted ? '' : '\n'}`;
  }
}

/** Where words are gathered: a list that grows by itself would keep more room than it needs. */
const SCRATCH: IptablesWord[] = [];

/** Beyond every text: where a word without quotes has them. */
const NOWHERE = 0x3fffffff;

const TAB = 0x09;
const RETURN = 0x0d;
const SPACE = 0x20;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/**
 * The words of one line as iptables-restore parts it (add_param_to_argv of iptables/xshared.c, 1.8.9): blanks part, double
 * quotes hold together, a backslash means something within them alone, and what follows a closing quote is a word of its own. A quote that
 * nothing closes takes the rest of the line, with its end. `end` is where the line's break stands.
 */
export function restoreWords(text: string, from: number, end: number): IptablesWord[] {
  const words = SCRATCH;
  let count = 0;
  let at = from;
  while (at < end) {
    const code = text.charCodeAt(at);
    if (code === SPACE || code === TAB) {
      at++;
      continue;
    }
    const start = at;
    for (; at < end; at++) {
      const next = text.charCodeAt(at);
      if (next === SPACE || next === TAB || next === QUOTE) break;
    }
    if (at >= end || text.charCodeAt(at) !== QUOTE) {
      words[count++] = new RestoreWord(text, start, at, NOWHERE, false);
      continue;
    }
    const open = at++;
    at = closingQuote(text, at, end);
    const closed = at < end;
    at = closed ? at + 1 : end;
    words[count++] = new RestoreWord(text, start, at, open, closed);
  }
  return words.slice(0, count);
}

/** Where the next quote stands that no backslash takes; at the end, or beyond it, if there is none. */
function closingQuote(text: string, from: number, end: number): number {
  for (let at = from; ; ) {
    const quote = text.indexOf('"', at);
    if (quote < 0 || quote >= end) return end;
    let backslashes = 0;
    while (text.charCodeAt(quote - 1 - backslashes) === BACKSLASH && quote - 1 - backslashes >= from) backslashes++;
    if (backslashes % 2 === 0) return quote;
    at = quote + 1;
  }
}

/** The word without its quotes, or without what stands before its first `from` characters. */
export function partOf(word: IptablesWord, from: number): IptablesWord {
  return { start: word.start + from, end: word.end, value: word.value?.slice(from) ?? null, quoted: word.quoted };
}

/** True for a word whose end is not where its line seems to end: Windows ends lines with one character more. */
export function endsWithReturn(text: string, from: number, end: number): boolean {
  return end > from && text.charCodeAt(end - 1) === RETURN;
}
