import { lineFeed } from '../../text/lineBreaks.ts';
import type { Span } from '../../text/span.ts';

/** An assignment of a unit file, or of a file of environment variables. */
export interface UnitAssignment {
  /** The section that it stands in, without brackets; '' before the first. */
  readonly section: string;
  readonly key: string;
  /** Behind the `=`, to the end of its last line. */
  readonly value: Span;
  /** The words of the value; of a value in quotes the words within them. */
  readonly words: readonly UnitWord[];
}

/** A word as systemd splits a command line. */
export interface UnitWord extends Span {
  /** Without quotes and escapes; null where they, a `%` specifier or a template make of it what the text does not show. */
  readonly text: string | null;
}

const SECTION = /^\s*\[([^\]\r\n]*)\]\s*$/;
const ASSIGNMENT = /^(\s*(?:export\s+)?)([A-Za-z_][\w-]*)([ \t]*=[ \t]*)/;
const COMMENT = /^\s*[#;]/;

/**
 * The assignments of a unit file (systemd.syntax) or of an environment file (systemd.exec, EnvironmentFile): lines that end in a
 * backslash go on, comments between them are left out. Never throws; what is no assignment is passed over.
 */
export function parseUnit(text: string): UnitAssignment[] {
  const found: UnitAssignment[] = [];
  let section = '';
  let offset = 0;
  while (offset < text.length) {
    const lineEnd = lineFeed(text, offset);
    const line = text.slice(offset, lineEnd);
    const [whole = '', , key = ''] = ASSIGNMENT.exec(line) ?? [];
    section = SECTION.exec(line)?.[1] ?? section;
    if (key === '' || COMMENT.test(line)) {
      offset = lineEnd + 1;
      continue;
    }
    const start = offset + whole.length;
    const end = endOfValue(text, start);
    found.push({ section, key, value: { start, end }, words: wordsIn(text, { start, end }) });
    offset = end + 1;
  }
  return found;
}

/** Behind the last line that the value goes on in. */
function endOfValue(text: string, from: number): number {
  let end = lineFeed(text, from);
  let isComment = false;
  while (end < text.length && (isComment || /\\\r?$/.test(text.slice(from, end)))) {
    const next = lineFeed(text, end + 1);
    isComment = COMMENT.test(text.slice(end + 1, next));
    if (isComment && next >= text.length) break;
    end = next;
  }
  return end;
}

const SPACE = /(?:[ \t\r\n]|\\\r?\n(?:[ \t]*[#;][^\n]*\n)*)+/y;
const EXPRESSION = /\{\{[\s\S]*?\}\}|\{%[\s\S]*?%\}/y;

function wordsIn(text: string, { start, end }: Span): UnitWord[] {
  const quote = text[start];
  const isQuoted = (quote === '"' || quote === "'") && closingQuote(text, start, end) === lastOf(text, start, end);
  return isQuoted ? split(text, { start: start + 1, end: lastOf(text, start, end) }) : split(text, { start, end });
}

/** The offset of the last character that is no blank. */
function lastOf(text: string, start: number, end: number): number {
  return start + text.slice(start, end).trimEnd().length - 1;
}

function closingQuote(text: string, start: number, end: number): number {
  for (let at = start + 1; at < end; at++) {
    if (text[at] === '\\') at++;
    else if (text[at] === text[start]) return at;
  }
  return -1;
}

function split(text: string, { start, end }: Span): UnitWord[] {
  const words: UnitWord[] = [];
  let at = start;
  while (at < end) {
    SPACE.lastIndex = at;
    at += SPACE.exec(text)?.[0].length ?? 0;
    if (at >= end) break;
    const word = readWord(text, at, end);
    if (word.end === at) break;
    words.push(word);
    at = word.end;
  }
  return words;
}

function readWord(text: string, start: number, end: number): UnitWord {
  let value = '';
  let isPlain = true;
  let quote = '';
  let at = start;
  for (; at < end; at++) {
    const character = text[at] ?? '';
    EXPRESSION.lastIndex = at;
    const expression = character === '{' ? EXPRESSION.exec(text)?.[0] : undefined;
    if (expression) {
      isPlain = false;
      at += expression.length - 1;
    } else if (character === '\\') {
      const next = text[at + 1] ?? '';
      if (quote === '' && /[\r\n]/.test(next)) break;
      if (/[\\"' ]/.test(next)) value += next;
      else isPlain = false;
      at++;
    } else if (quote === '' ? character === '"' || character === "'" : character === quote) {
      quote = quote === '' ? character : '';
    } else if (quote === '' && /\s/.test(character)) break;
    else {
      if (character === '%' && text[at + 1] === '%') at++;
      else if (character === '%') isPlain = false;
      value += character;
    }
  }
  return { start, end: Math.min(at, end), text: isPlain ? value : null };
}
