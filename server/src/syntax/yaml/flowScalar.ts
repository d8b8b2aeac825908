/** Flow scalars: plain, single-quoted and double-quoted (YAML 1.2.2, chapter 7.3), read as the `yaml` package reads them. */
import { type DecodedScalar, type LineBreak, ScalarWriter } from './scalarText.ts';

/** Decodes a plain scalar: from its first to its last character, over all its lines. */
export function decodePlain(source: string): DecodedScalar {
  const writer = new ScalarWriter(source);
  foldLines(writer, source, 0, source.length, (from, to) => writer.copy(from, to));
  return writer.finish(0);
}

/** Decodes a single-quoted scalar, quotes included. Without its closing quote the last character counts as one. */
export function decodeSingleQuoted(source: string): DecodedScalar {
  const writer = new ScalarWriter(source);
  const end = Math.max(1, source.length - 1);
  foldLines(writer, source, 1, end, (from, to) => copyQuoted(writer, source, from, to));
  return writer.finish(Math.min(1, source.length));
}

/** In single quotes only the quote is escaped, by a second one. */
function copyQuoted(writer: ScalarWriter, source: string, start: number, end: number): void {
  let from = start;
  for (const { index } of source.slice(start, end).matchAll(/''/g)) {
    writer.copy(from, start + index);
    writer.put("'", start + index, start + index + 2);
    from = start + index + 2;
  }
  writer.copy(from, end);
}

/**
 * Line folding of plain and single-quoted scalars: white space around line breaks is dropped, except before the first
 * line's text and behind the last line's. `text` takes what remains of each line.
 */
function foldLines(
  writer: ScalarWriter,
  source: string,
  start: number,
  end: number,
  text: (from: number, to: number) => void,
): void {
  let breaks: LineBreak[] = [];
  let lineStart = start;
  for (
    let feed = indexWithin(source, '\n', lineStart, end);
    feed >= 0;
    feed = indexWithin(source, '\n', lineStart, end)
  ) {
    const lineEnd = source[feed - 1] === '\r' && feed > lineStart ? feed - 1 : feed;
    const from = lineStart === start ? start : skipBlanks(source, lineStart, lineEnd);
    const to = trimBlanks(source, from, lineEnd);
    if (to > from || lineStart === start) {
      writer.fold(breaks);
      text(from, to);
      breaks = [];
    }
    breaks.push({ start: to, end: feed + 1 });
    lineStart = feed + 1;
  }
  writer.fold(breaks);
  text(lineStart === start ? start : skipBlanks(source, lineStart, end), end);
}

function indexWithin(source: string, char: string, from: number, end: number): number {
  const index = source.indexOf(char, from);
  return index < end ? index : -1;
}

function isBlank(char: string | undefined): boolean {
  return char === ' ' || char === '\t';
}

/** The first offset from `from` on that holds no blank, at most `end`. */
function skipBlanks(source: string, from: number, end: number): number {
  let offset = from;
  while (offset < end && isBlank(source[offset])) offset++;
  return offset;
}

/** The offset behind the last character before `end` that is no blank, at least `start`. */
function trimBlanks(source: string, start: number, end: number): number {
  let offset = end;
  while (offset > start && isBlank(source[offset - 1])) offset--;
  return offset;
}

/** One-letter escapes of double-quoted scalars (YAML 1.2.2, 5.7); a tab and a space may be escaped as themselves. */
const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['0', '\0'],
  ['a', '\x07'],
  ['b', '\b'],
  ['t', '\t'],
  ['\t', '\t'],
  ['n', '\n'],
  ['v', '\v'],
  ['f', '\f'],
  ['r', '\r'],
  ['e', '\x1b'],
  [' ', ' '],
  ['"', '"'],
  ['/', '/'],
  ['\\', '\\'],
  ['N', '\x85'],
  ['_', '\xa0'],
  ['L', '\u2028'],
  ['P', '\u2029'],
]);

/** Hexadecimal digits behind the letter of an escape that names a code point. */
const CODE_POINT_DIGITS: ReadonlyMap<string, number> = new Map([
  ['x', 2],
  ['u', 4],
  ['U', 8],
]);

const SPECIAL = /[\\\n]/g;

/** Decodes a double-quoted scalar, quotes included. Without its closing quote the last character counts as one. */
export function decodeDoubleQuoted(source: string): DecodedScalar {
  const writer = new ScalarWriter(source);
  const end = Math.max(1, source.length - 1);
  let from = 1;
  while (from < end) {
    SPECIAL.lastIndex = from;
    const special = SPECIAL.exec(source)?.index ?? end;
    if (special >= end) {
      writer.copy(from, source[end] === '"' ? end : unclosedEnd(source, from, end));
      break;
    }
    if (source[special] === '\n') from = foldBreaks(writer, source, from, special);
    else {
      writer.copy(from, special);
      from = readEscape(writer, source, special);
    }
  }
  return writer.finish(Math.min(1, source.length));
}

/** Where `yaml` lets the text end if the closing quote is missing: blanks at `end` go or stay together. */
function unclosedEnd(source: string, from: number, end: number): number {
  const last = source.startsWith('\r\n', end - 1) ? end - 1 : end;
  const blanksEnd = last > from && isBlank(source[last - 1]) ? skipBlanks(source, last, source.length) : last;
  return /\r?\n/y.test(source.slice(blanksEnd, blanksEnd + 2)) ? trimBlanks(source, from, blanksEnd) : blanksEnd;
}

/** Reads the text from `from` up to the line break at `feed`, and that with all the line breaks and blanks behind it. */
function foldBreaks(writer: ScalarWriter, source: string, from: number, feed: number): number {
  const lineEnd = trimBlanks(source, from, source[feed - 1] === '\r' && feed > from ? feed - 1 : feed);
  writer.copy(from, lineEnd);
  const breaks: LineBreak[] = [{ start: lineEnd, end: feed + 1 }];
  for (let offset = feed + 1; ; offset++) {
    const char = source[offset];
    const crlf = char === '\r' && source[offset + 1] === '\n';
    if (char === '\n') breaks.push({ start: source[offset - 1] === '\r' ? offset - 1 : offset, end: offset + 1 });
    else if (!isBlank(char) && !crlf) {
      writer.fold(breaks);
      return offset;
    }
  }
}

/** Reads the escape sequence at `start` and returns the offset behind it. An invalid one stands for itself. */
function readEscape(writer: ScalarWriter, source: string, start: number): number {
  const letter = source[start + 1] ?? '';
  const single = ESCAPES.get(letter);
  if (single !== undefined) {
    writer.put(single, start, start + 2);
    return start + 2;
  }
  const breakLength = letter === '\n' ? 1 : letter === '\r' && source[start + 2] === '\n' ? 2 : 0;
  if (breakLength > 0) return skipBlanks(source, start + 1 + breakLength, source.length);
  const end = start + 2 + (CODE_POINT_DIGITS.get(letter) ?? 0);
  const digits = source.slice(start + 2, end);
  const code = digits.length === end - start - 2 && /^[0-9a-fA-F]+$/.test(digits) ? Number.parseInt(digits, 16) : -1;
  if (code >= 0 && code <= 0x10ffff) writer.put(String.fromCodePoint(code), start, end);
  else writer.copy(start, Math.min(end, source.length));
  return end;
}

/** Escapes that JSON has too: a JSON manifest stays JSON. */
const WRITTEN_ESCAPES: ReadonlyMap<string, string> = new Map(
  [...'btnfr"\\'].map(letter => [ESCAPES.get(letter) ?? '', `\\${letter}`]),
);

/** What double quotes hold only as an escape: quotes, backslashes, and what YAML 1.2.2 does not count as printable (5.1). */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what it is about
const NEEDS_ESCAPE = /["\\\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]/g;

/** The text for between double quotes, on one line. */
export function escapeDouble(text: string): string {
  return text.replace(NEEDS_ESCAPE, char => WRITTEN_ESCAPES.get(char) ?? codeUnitEscape(char));
}

function codeUnitEscape(char: string): string {
  return `\\u${char.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`;
}

/** The text for between single quotes, line breaks still as they are. */
export function escapeSingle(text: string): string {
  return text.replaceAll("'", "''");
}

/** Line feeds as plain and single-quoted scalars hold them: n of them are n + 1 line breaks, before an indented line. */
export function unfoldBreaks(text: string, eol: string, indent: number): string {
  return text.replace(/\n+/g, feeds => eol.repeat(feeds.length + 1) + ' '.repeat(indent));
}
