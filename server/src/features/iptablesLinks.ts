import type { Span } from '../text/span.ts';
import type { PieceAt } from '../workspace/workspace.ts';
import type { Links, Target } from './answers.ts';
import { chainAt, chainNames, iptablesAt } from './iptablesAt.ts';
import { chainInScript, scriptTables } from './iptablesScript.ts';

/**
 * Where the chain at a position is declared, and who adds to it or jumps to it: in all blocks of the same table, or in all commands on it.
 */
export function iptablesLinks(piece: PieceAt): Links | null {
  return inFile(piece) ?? inScript(piece);
}

function inFile(piece: PieceAt): Links | null {
  const at = iptablesAt(piece.entities, piece.offset);
  const found = at && chainAt(at);
  if (!at || !found) return null;
  const { text } = at;
  const same = text.tree.tables.filter(({ name }) => name.value === found.table.name.value);
  const places = same.flatMap(table => [...chainNames(table)]).filter(({ chain }) => chain === found.chain);
  return linksTo(
    places.map(({ word, declares }) => ({ span: text.placeOf(word).value, declares })),
    piece,
  );
}

/** Chains of a piece's scripts: what one declares, another may jump to. */
function inScript(piece: PieceAt): Links | null {
  const found = chainInScript(piece.entities, piece.offset);
  if (!found) return null;
  const places = scriptTables(piece.entities)
    .filter(({ family, table }) => family === found.family && table.name.value === found.table.name.value)
    .flatMap(({ text, table }) =>
      [...chainNames(table)]
        .filter(({ chain }) => chain === found.chain)
        .map(({ word, declares }) => ({ span: text.placeOf(word).value, declares })),
    );
  return linksTo(places, piece);
}

function linksTo(places: readonly { readonly span: Span; readonly declares: boolean }[], piece: PieceAt): Links {
  // A command in a loop names its chain once for each round.
  const once = [...new Map(places.map(place => [place.span.start, place])).values()];
  const target = ({ span }: (typeof places)[number]): Target => ({ file: piece.file, range: piece.rangeOf(span) });
  return {
    definitions: once.filter(({ declares }) => declares).map(target),
    references: once.filter(({ declares }) => !declares).map(target),
  };
}
