import type { PieceAt } from '../workspace/workspace.ts';
import type { Links } from './answers.ts';
import { chainAt, chainNames, iptablesAt } from './iptablesAt.ts';

/** Where the chain at a position is declared, and who adds to it or jumps to it: in all blocks of the same table. */
export function iptablesLinks(piece: PieceAt): Links | null {
  const at = iptablesAt(piece.entities, piece.offset);
  const found = at && chainAt(at);
  if (!at || !found) return null;
  const { text } = at;
  const same = text.tree.tables.filter(({ name }) => name.value === found.table.name.value);
  const places = same.flatMap(table => [...chainNames(table)]).filter(({ chain }) => chain === found.chain);
  const target = ({ word }: (typeof places)[number]) => ({
    file: piece.file,
    range: piece.rangeOf(text.placeOf(word).value),
  });
  return {
    definitions: places.filter(({ declares }) => declares).map(target),
    references: places.filter(({ declares }) => !declares).map(target),
  };
}
