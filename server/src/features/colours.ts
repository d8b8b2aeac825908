import type { Position } from '../text/lines.ts';
import type { FilePiece, Workspace } from '../workspace/workspace.ts';
import type { Colour, Coloured } from './answers.ts';
import { iptablesColours } from './iptablesColours.ts';
import { nginxColours } from './nginxColours.ts';

/** A stretch of one line. */
export interface ColouredWord {
  readonly colour: Colour;
  readonly start: Position;
  /** In UTF-16 units. */
  readonly length: number;
}

const COLOURISTS: readonly ((piece: FilePiece) => readonly Coloured[])[] = [nginxColours, iptablesColours];

/** The words of a file that the editor's grammars cannot tell, in the order of the text and without overlaps. */
export function colouredWords(workspace: Workspace, file: string): ColouredWord[] {
  return workspace.pieces(file).flatMap(piece =>
    inLines(
      COLOURISTS.flatMap(colour => colour(piece)),
      piece,
    ),
  );
}

/** Many editors take no word that goes over several lines. */
function inLines(coloured: Coloured[], { rangeOf, text }: FilePiece): ColouredWord[] {
  const words: ColouredWord[] = [];
  for (const { start, end, colour } of coloured.sort((a, b) => a.start - b.start)) {
    const word = text.slice(start, end);
    if (!/[\r\n]/.test(word)) {
      if (word !== '') words.push({ colour, start: rangeOf({ start, end: start }).start, length: word.length });
      continue;
    }
    for (const line of word.matchAll(/[^\r\n]+/g)) {
      const from = start + line.index;
      const { length } = line[0];
      words.push({ colour, start: rangeOf({ start: from, end: from }).start, length });
    }
  }
  return words;
}
