import { applyEdits, minimal, type TextEdit } from '../../text/edits.ts';
import type { Span } from '../../text/span.ts';
import {
  type BlockScalar,
  blockContent,
  blockLines,
  contentStart,
  indented,
  indicators,
  lineAt,
  needsIndicator,
  parseBlockScalar,
} from './blockScalar.ts';
import { escapeDouble, escapeSingle, unfoldBreaks } from './flowScalar.ts';
import { blankLines, kindOf, readsBack } from './scalarCheck.ts';
import { decodeScalar } from './scalarDecode.ts';
import { canHold, encodeScalar } from './scalarEncode.ts';
import { INDENT_STEP, type ScalarSite, type ScalarStyle } from './scalarSite.ts';
import type { DecodedScalar } from './scalarText.ts';

/**
 * The edits of a scalar's source that make its text what `edit` makes of it: `edit` counts in the decoded text, the
 * result in the source (UTF-16). The style stays, and so does every character that need not change: first only what
 * the edit touches is written anew, then the whole scalar. Each attempt is parsed again, so what is returned is exact.
 *
 * `null` if the style cannot carry the new text at this site, or if Kubernetes would read it as another type.
 */
export function encodeEdit(source: string, style: ScalarStyle, site: ScalarSite, edit: TextEdit): TextEdit[] | null {
  const decoded = decodeScalar(source, style, site);
  const text = applyEdits(decoded.text, [edit]);
  if (text === decoded.text) return [];
  const smallest = tidy(decoded.text, edit);
  if (!canHold(smallest.newText, style)) return null;
  if (kindOf(text, style, site.tag) !== kindOf(decoded.text, style, site.tag)) return null;
  for (const attempt of attempts({ source, style, site, decoded, edit: smallest, text })) {
    const edits = attempt
      .map(each => tidy(source, each))
      .filter(({ span, newText }) => span.end > span.start || newText);
    if (readsBack(applyEdits(source, edits), style, text, site)) return edits;
  }
  return null;
}

interface Task {
  readonly source: string;
  readonly style: ScalarStyle;
  readonly site: ScalarSite;
  readonly decoded: DecodedScalar;
  /** In the decoded text. */
  readonly edit: TextEdit;
  /** The decoded text after the edit. */
  readonly text: string;
}

/** Ways to write the new text, the one that touches least first. None of them need be right. */
function* attempts(task: Task): Generator<TextEdit[]> {
  if (task.style === 'literal' || task.style === 'folded') yield* blockAttempts(task);
  else {
    yield [flowEdit(task, wholeRuns(task, task.edit))];
    yield [flowEdit(task, wholeRuns(task, withBlanksAround(task)))];
  }
  const whole = encodeScalar(task.text, task.style, task.site);
  if (whole !== null) yield [{ span: { start: 0, end: task.source.length }, newText: whole }];
}

/** The characters that `edit` replaces, written in the scalar's style. */
function flowEdit({ source, style, site, decoded }: Task, { span, newText }: TextEdit): TextEdit {
  return { span: decoded.map.spanToSource(span), newText: encodeFlow(newText, style, site, source) };
}

function encodeFlow(text: string, style: ScalarStyle, site: ScalarSite, source: string): string {
  if (style === 'double') return escapeDouble(text).replace(/^ | $/g, '\\ ');
  const continuation = /\n( *)[^\s]/.exec(source)?.[1]?.length ?? Math.max(0, site.parentIndent) + INDENT_STEP;
  const eol = source.includes('\r\n') ? '\r\n' : source.includes('\n') ? '\n' : (site.eol ?? '\n');
  return unfoldBreaks(style === 'single' ? escapeSingle(text) : text, eol, continuation);
}

/** The same edit over whole runs of the map: of an escape that stands for two units nothing less can be replaced. */
function wholeRuns({ decoded }: Task, { span, newText }: TextEdit): TextEdit {
  const start = runAround(decoded, span.start)?.start ?? span.start;
  const end = Math.max(start, span.end > span.start ? (runAround(decoded, span.end)?.end ?? span.end) : span.end);
  return widened(decoded.text, { span, newText }, start, end);
}

function runAround({ map }: DecodedScalar, offset: number): Span | null {
  const index = map.runAt(offset);
  if (index === map.runCount) return null;
  const { decoded, verbatim } = map.run(index);
  return !verbatim && decoded.start < offset ? decoded : null;
}

/** The same edit with the blanks beside it: written anew they cannot be lost to a line break. */
function withBlanksAround({ decoded: { text }, edit }: Task): TextEdit {
  let { start, end } = edit.span;
  while (start > 0 && /\s/.test(text[start - 1] ?? '')) start--;
  while (end < text.length && /\s/.test(text[end] ?? '')) end++;
  return widened(text, edit, start, end);
}

function widened(text: string, { span, newText }: TextEdit, start: number, end: number): TextEdit {
  return { span: { start, end }, newText: text.slice(start, span.start) + newText + text.slice(span.end, end) };
}

/** The edit without what it would replace by itself, but never ending within a CRLF or a surrogate pair: no caret can. */
function tidy(text: string, edit: TextEdit): TextEdit {
  const { span, newText } = minimal(text, edit);
  if (span.end === span.start && newText === '') return { span, newText };
  const start = /[\r\ud800-\udbff]/.test(text[span.start - 1] ?? '') ? span.start - 1 : span.start;
  const splits =
    /[\udc00-\udfff]/.test(text[span.end] ?? '') || (text[span.end] === '\n' && text[span.end - 1] === '\r');
  return widened(text, { span, newText }, start, splits ? span.end + 1 : span.end);
}

/** Lines to replace in a block scalar's source, and the lines to put there, without indentation. */
interface LinesEdit {
  readonly first: number;
  readonly end: number;
  readonly lines: readonly string[];
}

function* blockAttempts(task: Task): Generator<TextEdit[]> {
  const block = parseBlockScalar(task.source, task.site.parentIndent);
  const attempt = rewriteLines(task, block);
  if (attempt) yield attempt;
}

function rewriteLines(task: Task, block: BlockScalar): TextEdit[] | null {
  const { header } = block;
  const { chomping, content } = blockContent(task.text, header.chomping);
  const before = blockContent(task.decoded.text, header.chomping).content;
  const joins = chomping === '+' && header.chomping !== '+' ? blankLines(task.site.following ?? '') : '';
  const change = header.folded
    ? foldedLinesEdit(task, block, before, withoutFollowing(content, joins))
    : literalLinesEdit(task, before, withoutFollowing(content, joins));
  if (change === null) return null;
  const indent = lineIndent(block, task.site);
  const needed = header.indicator === 0 && needsIndicator(blockLines(content, header.folded));
  const indicator = needed ? indent - Math.max(0, task.site.parentIndent) : header.indicator;
  const newHeader = indicators(header.folded, indicator, chomping);
  if (newHeader === null || (needed && indicator < 1)) return null;
  const sameHeader = chomping === header.chomping && indicator === header.indicator;
  const bodyEdit = linesToText(task, block, change, indent);
  return sameHeader ? [bodyEdit] : [{ span: { start: 0, end: header.indicatorsLength }, newText: newHeader }, bodyEdit];
}

function withoutFollowing(content: string | null, following: string): string | null | undefined {
  const breaks = following.split('\n').length - 1;
  if (breaks === 0) return content;
  return content?.endsWith('\n'.repeat(breaks)) ? content.slice(0, -breaks) : undefined;
}

function lineIndent(block: BlockScalar, { parentIndent }: ScalarSite): number {
  return block.contentLines > 0 || block.header.indicator > 0 ? block.indent : Math.max(0, parentIndent) + INDENT_STEP;
}

/** In a literal each line of text is a line of source. */
function literalLinesEdit(task: Task, before: string | null, after: string | null | undefined): LinesEdit | null {
  if (after === undefined) return null;
  const oldLines = blockLines(before, false);
  const newLines = blockLines(after, false);
  const { start, end } = task.edit.span;
  const first = Math.min(countBreaks(task.decoded.text, 0, start), oldLines.length, newLines.length);
  const untouched = oldLines.length - 1 - countBreaks(task.decoded.text, 0, end);
  let same = 0;
  const limit = Math.min(untouched, oldLines.length - first, newLines.length - first);
  while (same < limit && oldLines[oldLines.length - 1 - same] === newLines[newLines.length - 1 - same]) same++;
  return { first, end: oldLines.length - same, lines: newLines.slice(first, newLines.length - same) };
}

function countBreaks(text: string, from: number, to: number): number {
  let count = 0;
  for (let feed = text.indexOf('\n', from); feed >= 0 && feed < to; feed = text.indexOf('\n', feed + 1)) count++;
  return count;
}

/** In a folded scalar the source lines that the edit touches are written anew, each of their folds undone. */
function foldedLinesEdit(
  { decoded, edit }: Task,
  block: BlockScalar,
  before: string | null,
  after: string | null | undefined,
): LinesEdit | null {
  if (after === undefined || after === null || before === null) return null;
  let first = 0;
  let from = 0;
  let end = block.lines.length;
  let to = before.length;
  for (let index = 0; index < block.contentLines; index++) {
    const line = lineAt(block, index);
    const start = contentStart(line, block);
    if (line.textEnd <= start) continue;
    const decodedStart = decoded.map.toDecoded(start) ?? 0;
    const decodedEnd = decodedStart + line.textEnd - start;
    if (decodedStart <= edit.span.start) {
      first = index;
      from = decodedStart;
    }
    if (decodedEnd >= edit.span.end && decodedEnd >= edit.span.start) {
      end = index + 1;
      to = decodedEnd;
      break;
    }
  }
  return { first, end, lines: blockLines(after.slice(from, after.length - (before.length - to)), true) };
}

/** Whole lines of source in the block's indentation and its own line ending; the last one ends as the source ends. */
function linesToText(
  { source, site }: Task,
  block: BlockScalar,
  { first, end, lines }: LinesEdit,
  indent: number,
): TextEdit {
  const eol = block.header.eol || site.eol || '\n';
  const start = block.lines[first]?.start ?? source.length;
  const stop = end > first ? lineAt(block, end - 1).end : start;
  const written = indented(lines, indent);
  const openEnd = stop === source.length && !source.endsWith('\n');
  if (!openEnd) return { span: { start, end: stop }, newText: written.map(line => line + eol).join('') };
  const lead = start === source.length && written.length > 0 ? eol : '';
  return { span: { start, end: stop }, newText: lead + written.join(eol) };
}
