import type { TextEdit } from '../../text/edits.ts';
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
import { blankLines } from './scalarCheck.ts';
import type { ScalarEdit } from './scalarEdit.ts';
import { INDENT_STEP, type ScalarSite } from './scalarSite.ts';

/** Lines to replace in a block scalar's source, and the lines to put there, without indentation. */
interface LinesEdit {
  readonly first: number;
  readonly end: number;
  readonly lines: readonly string[];
}

/**
 * Ways to write an edit into a block scalar: the lines that it touches are replaced, else all lines; and the header's
 * indicators where the text now needs another chomping or an indentation indicator. The header's comment stays.
 */
export function* editBlock(task: ScalarEdit): Generator<readonly TextEdit[]> {
  const block = parseBlockScalar(task.source, task.site.parentIndent);
  const { folded, chomping: oldChomping } = block.header;
  const { chomping, content } = blockContent(task.text, oldChomping);
  const joining = chomping === '+' && oldChomping !== '+' ? countBreaks(blankLines(task.site.following ?? '')) : 0;
  if (joining > 0 && !content?.endsWith('\n'.repeat(joining))) return;
  const after = joining > 0 ? (content?.slice(0, -joining) ?? null) : content;
  const indent = lineIndent(block, task.site);
  const header = headerEdit(task, block, indent);
  if (!header) return;
  const touched = folded ? foldedLines(task, block, after) : literalLines(task, block, after);
  yield [header, linesInSource(task, block, touched, indent)];
  const all = { first: 0, end: block.lines.length, lines: blockLines(after, folded) };
  yield [header, linesInSource(task, block, all, indent)];
}

/** Columns of the block's lines; of its first ones, if it has none yet. */
function lineIndent(block: BlockScalar, { parentIndent }: ScalarSite): number {
  return block.contentLines > 0 || block.header.indicator > 0 ? block.indent : Math.max(0, parentIndent) + INDENT_STEP;
}

/** The indicators that the new text needs; `null` if no indicator can name the block's indentation. */
function headerEdit({ source, site, text }: ScalarEdit, { header }: BlockScalar, indent: number): TextEdit | null {
  const { chomping, content } = blockContent(text, header.chomping);
  const isNew = header.indicator === 0 && needsIndicator(blockLines(content, header.folded));
  const indicator = isNew ? indent - Math.max(0, site.parentIndent) : header.indicator;
  const span = { start: 0, end: header.indicatorsLength };
  if (indicator === header.indicator && chomping === header.chomping)
    return { span, newText: source.slice(0, header.indicatorsLength) };
  const newText = isNew && indicator < 1 ? null : indicators(header.folded, indicator, chomping);
  return newText === null ? null : { span, newText };
}

/** In a literal each line of text is a line of source: lines before and behind the edit are not looked at. */
function literalLines({ decoded, edit }: ScalarEdit, { header }: BlockScalar, after: string | null): LinesEdit {
  const oldLines = blockLines(blockContent(decoded.text, header.chomping).content, false);
  const newLines = blockLines(after, false);
  const fewer = Math.min(oldLines.length, newLines.length);
  const first = Math.min(countBreaks(decoded.text.slice(0, edit.span.start)), fewer);
  const behind = oldLines.length - 1 - countBreaks(decoded.text.slice(0, edit.span.end));
  const most = Math.min(behind, fewer - first);
  let same = 0;
  while (same < most && oldLines.at(-1 - same) === newLines.at(-1 - same)) same++;
  return { first, end: oldLines.length - same, lines: newLines.slice(first, newLines.length - same) };
}

/** In a folded scalar the source lines that the edit touches are written anew, and so the folds between them undone. */
function foldedLines({ decoded, edit }: ScalarEdit, block: BlockScalar, after: string | null): LinesEdit {
  const before = blockContent(decoded.text, block.header.chomping).content ?? '';
  const touched = { first: 0, end: block.lines.length, from: 0, to: before.length };
  for (let index = 0; index < block.contentLines; index++) {
    const line = lineAt(block, index);
    const start = contentStart(line, block);
    if (line.textEnd <= start) continue;
    const from = decoded.map.toDecoded(start) ?? 0;
    const to = from + line.textEnd - start;
    if (from <= edit.span.start) Object.assign(touched, { first: index, from });
    if (to >= edit.span.end) {
      Object.assign(touched, { end: index + 1, to });
      break;
    }
  }
  const rewritten = after?.slice(touched.from, after.length - (before.length - touched.to)) ?? null;
  return { first: touched.first, end: touched.end, lines: blockLines(rewritten, true) };
}

/** Whole lines of source in the block's indentation and its own line ending; the last one ends as the source ends. */
function linesInSource(
  { source, site }: ScalarEdit,
  block: BlockScalar,
  { first, end, lines }: LinesEdit,
  indent: number,
): TextEdit {
  const eol = block.header.eol || site.eol || '\n';
  const start = block.lines[first]?.start ?? source.length;
  const stop = end > first ? lineAt(block, end - 1).end : start;
  const written = indented(lines, indent);
  const endsOpen = stop === source.length && !source.endsWith('\n');
  if (!endsOpen) return { span: { start, end: stop }, newText: written.map(line => line + eol).join('') };
  const lead = start === source.length && written.length > 0 ? eol : '';
  return { span: { start, end: stop }, newText: lead + written.join(eol) };
}

function countBreaks(text: string): number {
  let count = 0;
  for (let feed = text.indexOf('\n'); feed >= 0; feed = text.indexOf('\n', feed + 1)) count++;
  return count;
}
