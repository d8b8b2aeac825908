import type { NginxText } from '../model/nginxText.ts';
import { holdsEntries } from '../syntax/nginx/context.ts';
import { walk } from '../syntax/nginx/tree.ts';
import type { NginxWord } from '../syntax/nginx/word.ts';
import type { FilePiece } from '../workspace/workspace.ts';
import type { Coloured } from './answers.ts';
import { nginxTexts } from './nginxAt.ts';
import { variablesIn } from './nginxVariable.ts';

/** A number with one of nginx's units of time, size, share or rate, or several of time. */
const NUMBER = /^-?\d+(?:\.\d+)?(?:%|r\/[sm]|[kKmMgG]|(?:ms|[smhdwMy])(?:\d+(?:ms|[smhdwMy]))*)?$/;

/** The words of a piece's nginx texts. Lua, and what a template prints, is left to the editor's grammars. */
export function nginxColours({ entities }: FilePiece): Coloured[] {
  return nginxTexts(entities).flatMap(text =>
    [...colour(text)]
      .filter(span => !text.isTemplated(span))
      .map(each => ({ ...text.placeOf(each).value, colour: each.colour })),
  );
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
