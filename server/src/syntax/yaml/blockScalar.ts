/** Block scalars: literal `|` and folded `>` (YAML 1.2.2, chapter 8.1), read as the `yaml` package reads them. */
import { type DecodedScalar, type LineBreak, ScalarWriter } from './scalarText.ts';

/** What becomes of the line breaks at the end: stripped (`-`), kept (`+`), or clipped to one (no indicator). */
export type Chomping = '-' | '' | '+';

export interface BlockHeader {
  readonly folded: boolean;
  /** The indentation indicator, columns beyond the parent's; 0 without one: the first line decides. */
  readonly indicator: number;
  readonly chomping: Chomping;
  /** Length of the indicators alone, `|2-`. */
  readonly indicatorsLength: number;
  /** Length of the whole line, comment and line break included: where the content starts. */
  readonly length: number;
  /** The line break that ends the header; empty if the text ends first. */
  readonly eol: '' | '\n' | '\r\n';
}

/** A line of the content. Offsets in the scalar's source, in UTF-16 units. */
export interface BlockLine {
  readonly start: number;
  /** Behind the leading spaces. */
  readonly textStart: number;
  /** Before the line break. */
  readonly textEnd: number;
  /** Behind the line break. */
  readonly end: number;
}

export interface BlockScalar {
  readonly header: BlockHeader;
  readonly lines: readonly BlockLine[];
  /** How many of the lines are content; those behind are blank, and chomped. */
  readonly contentLines: number;
  /** Spaces that are taken from the front of each line. */
  readonly indent: number;
}

function parseBlockHeader(source: string): BlockHeader {
  const indicators = /^[|>][^ \t\r\n#]*/.exec(source)?.[0] ?? '';
  const feed = source.indexOf('\n');
  return {
    folded: source[0] === '>',
    indicator: Number(/[1-9]/.exec(indicators)?.[0] ?? 0),
    chomping: (/[-+]/.exec(indicators)?.[0] ?? '') as Chomping,
    indicatorsLength: indicators.length,
    length: feed < 0 ? source.length : feed + 1,
    eol: feed < 0 ? '' : source[feed - 1] === '\r' ? '\r\n' : '\n',
  };
}

/** `parentIndent`: columns of the collection that holds the scalar; needed where an indentation indicator counts from it. */
export function parseBlockScalar(source: string, parentIndent: number): BlockScalar {
  const header = parseBlockHeader(source);
  const lines = splitLines(source, header.length);
  const written = lastIndex(lines, line => line.textEnd > line.textStart) + 1;
  const indent = detectIndent(lines.slice(0, written), header, Math.max(0, parentIndent));
  const spaced = lastIndex(lines, line => line.textStart - line.start > indent) + 1;
  return { header, lines, indent, contentLines: written === 0 ? 0 : Math.max(written, spaced) };
}

/** Content lines; one that is empty and has no line break is none. */
function splitLines(source: string, from: number): BlockLine[] {
  const lines: BlockLine[] = [];
  for (let start = from; start < source.length; ) {
    const feed = source.indexOf('\n', start);
    const end = feed < 0 ? source.length : feed + 1;
    let textStart = start;
    while (source[textStart] === ' ') textStart++;
    let textEnd = feed < 0 ? end : feed;
    if (textEnd > textStart && source[textEnd - 1] === '\r') textEnd--;
    lines.push({ start, textStart, textEnd, end: feed < 0 ? textEnd : end });
    start = end;
  }
  return lines;
}

function lastIndex<T>(items: readonly T[], test: (item: T) => boolean): number {
  let index = items.length - 1;
  while (index >= 0 && !test(items[index] as T)) index--;
  return index;
}

function detectIndent(lines: readonly BlockLine[], { indicator }: BlockHeader, parentIndent: number): number {
  if (indicator > 0) return parentIndent + indicator;
  const first = lines.find(line => line.textEnd > line.textStart);
  return first ? first.textStart - first.start : parentIndent;
}

/** Decodes a block scalar: from its indicator to its end, header and comment included. */
export function decodeBlock(source: string, parentIndent: number): DecodedScalar {
  const block = parseBlockScalar(source, parentIndent);
  const writer = new ScalarWriter(source);
  if (block.header.folded) writeFolded(writer, source, block);
  else writeLiteral(writer, block);
  writer.lineFeeds(chomp(block, source.length));
  const first = block.lines[0];
  return writer.finish(first ? contentStart(first, block) : source.length);
}

/** Each line stands for itself. */
function writeLiteral(writer: ScalarWriter, block: BlockScalar): void {
  for (let index = 0; index < block.contentLines; index++) {
    const line = lineAt(block, index);
    writer.copy(contentStart(line, block), line.textEnd);
    if (index < block.contentLines - 1) writer.lineFeeds([breakOf(line)]);
  }
}

/** Line breaks between two lines of text fold; those at the start and around more-indented lines stay as they are. */
function writeFolded(writer: ScalarWriter, source: string, block: BlockScalar): void {
  let breaks: LineBreak[] = [];
  let afterText = false;
  for (let index = 0; index < block.contentLines; index++) {
    const line = lineAt(block, index);
    const start = contentStart(line, block);
    if (line.textEnd > start) {
      const isText = source[start] !== ' ' && source[start] !== '\t';
      if (afterText && isText) writer.fold(breaks);
      else writer.lineFeeds(breaks);
      writer.copy(start, line.textEnd);
      breaks = [];
      afterText = isText;
    }
    breaks.push(breakOf(line));
  }
}

/** The line breaks behind the content that chomping leaves. The last line's is implied where the text ends without. */
function chomp(block: BlockScalar, sourceLength: number): LineBreak[] {
  const { header, lines, contentLines } = block;
  if (header.chomping === '-' || (header.chomping === '' && contentLines === 0)) return [];
  const written = lines.slice(Math.max(0, contentLines - 1)).map(breakOf);
  const breaks = written.filter(({ start, end }) => end > start);
  if (breaks.length === 0 && lines.length > 0) return [{ start: sourceLength, end: sourceLength }];
  return header.chomping === '+' ? breaks : breaks.slice(0, 1);
}

/** Where a line's own characters start: behind the block's indentation, or before that where it is less indented. */
export function contentStart(line: BlockLine, block: BlockScalar): number {
  return Math.min(line.start + block.indent, line.textStart);
}

function breakOf(line: BlockLine): LineBreak {
  return { start: line.textEnd, end: line.end };
}

export function lineAt(block: BlockScalar, index: number): BlockLine {
  return block.lines[index] ?? NO_LINE;
}

/**
 * What a block scalar must say to hold `text`: its chomping indicator, and its content lines with the line breaks
 * between them literal. `current` is kept where it fits.
 */
export function blockContent(text: string, current: Chomping): { chomping: Chomping; content: string | null } {
  if (text === '') return { chomping: current, content: null };
  if (!text.endsWith('\n')) return { chomping: '-', content: text };
  const content = text.slice(0, -1);
  const blankEnd = content === '' || content.endsWith('\n');
  return { chomping: blankEnd || current === '+' ? '+' : '', content };
}

/** Content as source lines without indentation. Folded: one line for each line of text, and the blank ones folding eats. */
export function blockLines(content: string | null, folded: boolean): string[] {
  if (content === null) return [];
  const lines = content.split('\n');
  return folded ? unfold(lines) : lines;
}

function unfold(lines: readonly string[]): string[] {
  const unfolded: string[] = [];
  let afterText = false;
  let blank = 0;
  for (const line of lines) {
    if (line === '') blank++;
    else {
      const isText = line[0] !== ' ' && line[0] !== '\t';
      if (afterText && isText) blank++;
      pushBlank(unfolded, blank);
      unfolded.push(line);
      afterText = isText;
      blank = 0;
    }
  }
  pushBlank(unfolded, blank);
  return unfolded;
}

function pushBlank(lines: string[], count: number): void {
  for (let index = 0; index < count; index++) lines.push('');
}

/** A first line that starts with a blank would be taken for indentation. */
export function needsIndicator(lines: readonly string[]): boolean {
  return /^[ \t]/.test(lines.find(line => line !== '') ?? '');
}

/** The indicators of a header, `|2-`; `null` where the indentation is none that an indicator can name. */
export function indicators(folded: boolean, indicator: number, chomping: Chomping): string | null {
  if (indicator < 0 || indicator > 9) return null;
  return `${folded ? '>' : '|'}${indicator || ''}${chomping}`;
}

/** Blank lines carry no indentation. */
export function indented(lines: readonly string[], indent: number): string[] {
  const pad = ' '.repeat(indent);
  return lines.map(line => (line === '' ? '' : pad + line));
}

const NO_LINE: BlockLine = { start: 0, textStart: 0, textEnd: 0, end: 0 };
