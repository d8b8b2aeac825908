import type { Span } from '../../text/span.ts';

/** One word of a command. A span: quotes are part of it. */
export interface IptablesWord extends Span {
  /** What the program gets; null if only rendering, or a running shell, could tell. */
  readonly value: string | null;
  readonly quoted: boolean;
}

/** A word that reads as it is written: most are, and a file has many. */
class PlainWord implements IptablesWord {
  readonly start: number;
  readonly end: number;
  private readonly text: string;

  constructor(text: string, start: number, end: number) {
    this.text = text;
    this.start = start;
    this.end = end;
  }

  get value(): string {
    return this.text.slice(this.start, this.end);
  }

  get quoted(): boolean {
    return false;
  }
}

/** Where words are gathered: a list that grows by itself would keep more room than it needs. */
const SCRATCH: IptablesWord[] = [];

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
      words[count++] = new PlainWord(text, start, at);
      continue;
    }
    const open = at++;
    let value = text.slice(start, open);
    let piece = at;
    for (; at < end; at++) {
      const next = text.charCodeAt(at);
      if (next === QUOTE) break;
      if (next !== BACKSLASH) continue;
      value += text.slice(piece, at);
      piece = ++at;
    }
    const closed = at < end;
    value += text.slice(piece, Math.min(at, end));
    at = closed ? at + 1 : end;
    words[count++] = { start, end: at, value: closed ? value : `${value}\n`, quoted: closed };
  }
  return words.slice(0, count);
}

/** The word without its quotes, or without what stands before its first `from` characters. */
export function partOf(word: IptablesWord, from: number): IptablesWord {
  return { start: word.start + from, end: word.end, value: word.value?.slice(from) ?? null, quoted: word.quoted };
}

/** True for a word whose end is not where its line seems to end: Windows ends lines with one character more. */
export function endsWithReturn(text: string, from: number, end: number): boolean {
  return end > from && text.charCodeAt(end - 1) === RETURN;
}
