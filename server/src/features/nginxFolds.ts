import type { NginxText } from '../model/nginxText.ts';
import { type NginxDirective, walk } from '../syntax/nginx/tree.ts';
import { lineStart } from '../text/lineBreaks.ts';
import type { FilePiece } from '../workspace/workspace.ts';
import type { Fold } from './answers.ts';
import { nginxTexts } from './nginxAt.ts';

/** The blocks and comments of an nginx file. */
export function nginxFolds(piece: FilePiece): Fold[] {
  return nginxTexts(piece.entities).flatMap(text => [...blocksOf(text, piece), ...commentsOf(text, piece)]);
}

function* blocksOf(text: NginxText, piece: FilePiece): Generator<Fold> {
  for (const directive of walk(text.tree)) {
    if (!directive.block) continue;
    const startLine = lineAt(directive.block.open ?? directive.start, text, piece);
    const endLine = lastLineOf(directive, text, piece);
    if (endLine > startLine) yield { kind: 'block', startLine, endLine };
  }
}

/** The line before that of the `}`, which stays to be seen. */
function lastLineOf({ block, end }: NginxDirective, text: NginxText, piece: FilePiece): number {
  const close = block?.close ?? null;
  return close === null ? lineAt(end, text, piece) : lineAt(close, text, piece) - 1;
}

/** Comments on neighbouring lines, with nothing before them. */
function* commentsOf(text: NginxText, piece: FilePiece): Generator<Fold> {
  const alone = text.tree.comments.filter(({ start }) => /^[ \t]*$/.test(lineBefore(text.tree.text, start)));
  const lines = alone.map(({ start }) => lineAt(start, text, piece));
  for (let from = 0; from < lines.length; ) {
    let to = from;
    while (lines[to + 1] === (lines[to] ?? 0) + 1) to++;
    const [startLine = 0, endLine = 0] = [lines[from], lines[to]];
    if (to > from) yield { kind: 'comment', startLine, endLine };
    from = to + 1;
  }
}

function lineBefore(text: string, offset: number): string {
  return text.slice(lineStart(text, offset), offset);
}

function lineAt(offset: number, text: NginxText, piece: FilePiece): number {
  const there = text.placeOf({ start: offset, end: offset }).value;
  return piece.rangeOf(there).start.line;
}
