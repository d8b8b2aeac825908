import type { NginxText } from '../model/nginxText.ts';
import { holdsEntries } from '../syntax/nginx/context.ts';
import { walk } from '../syntax/nginx/tree.ts';
import type { NginxWord } from '../syntax/nginx/word.ts';
import type { Position } from '../text/lines.ts';
import type { Span } from '../text/span.ts';
import type { FilePiece, Workspace } from '../workspace/workspace.ts';
import { nginxTexts } from './nginxAt.ts';
import { variablesIn } from './nginxVariable.ts';

/** What words are coloured as: `keyword` opens a block, `function` is any other directive. */
export const COLOURS = ['keyword', 'function', 'variable', 'string', 'number', 'comment'] as const;
export type Colour = (typeof COLOURS)[number];

/** A stretch of one line. */
export interface ColouredWord {
  readonly colour: Colour;
  readonly start: Position;
  /** In UTF-16 units. */
  readonly length: number;
}

interface Coloured extends Span {
  readonly colour: Colour;
}

/** A number with one of nginx's units of time, size, share or rate, or several of time. */
const NUMBER = /^-?\d+(?:\.\d+)?(?:%|r\/[sm]|[kKmMgG]|(?:ms|[smhdwMy])(?:\d+(?:ms|[smhdwMy]))*)?$/;

/**
 * The words of a file's nginx texts, in the order of the text and without overlaps. Lua, and what a template prints, is left to the
 * editor's grammars.
 */
export function colouredWords(workspace: Workspace, file: string): ColouredWord[] {
  return workspace.pieces(file).flatMap(piece => {
    const coloured = nginxTexts(piece.entities).flatMap(text =>
      [...colour(text)]
        .filter(span => !text.isTemplated(span))
        .map(each => ({ ...text.placeOf(each).value, colour: each.colour })),
    );
    return inLines(coloured, piece);
  });
}

function* colour(text: NginxText): Generator<Coloured> {
  const { tree } = text;
  for (const { start, end } of tree.comments) yield { start, end, colour: 'comment' };
  for (const { name, arguments: words, context, block } of walk(tree)) {
    if (holdsEntries(context)) yield* colourWord(name, tree.text);
    else yield { start: name.start, end: name.end, colour: block ? 'keyword' : 'function' };
    for (const word of words) yield* colourWord(word, tree.text);
  }
}

/** Its variables, and what is between them. */
function* colourWord(word: NginxWord, text: string): Generator<Coloured> {
  const rest = word.quote === null && NUMBER.test(text.slice(word.start, word.end)) ? 'number' : 'string';
  let from = word.start;
  for (const { start, end } of variablesIn(text, word)) {
    if (start > from) yield { start: from, end: start, colour: rest };
    yield { start, end, colour: 'variable' };
    from = end;
  }
  if (word.end > from) yield { start: from, end: word.end, colour: rest };
}

/** Many editors take no word that goes over several lines. */
function inLines(coloured: Coloured[], { rangeOf, text }: FilePiece): ColouredWord[] {
  const words: ColouredWord[] = [];
  for (const { start, end, colour } of coloured.sort((a, b) => a.start - b.start)) {
    for (const line of text.slice(start, end).matchAll(/[^\r\n]+/g)) {
      const from = start + line.index;
      const { length } = line[0];
      words.push({ colour, start: rangeOf({ start: from, end: from }).start, length });
    }
  }
  return words;
}
