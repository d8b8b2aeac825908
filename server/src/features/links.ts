import type { Position } from '../text/lines.ts';
import type { PieceAt, Workspace } from '../workspace/workspace.ts';
import type { Links } from './answers.ts';
import { controllerLinks } from './controllerLinks.ts';
import { iptablesLinks } from './iptablesLinks.ts';
import { tlsErrorLinks } from './tlsErrorText.ts';

/** Who knows what a word of a piece names. */
const LINKERS: readonly ((piece: PieceAt, workspace: Workspace) => Links | null)[] = [
  tlsErrorLinks,
  controllerLinks,
  iptablesLinks,
];

/**
 * What the word at a position names, and who else names it; null where it names nothing. In another workspace `around` it, only
 * errors name anything.
 */
export function links(workspace: Workspace, file: string, position: Position, around = workspace): Links | null {
  const piece = workspace.pieceAt(file, position);
  if (!piece) return null;
  if (around !== workspace) return tlsErrorLinks(piece, around);
  for (const link of LINKERS) {
    const found = link(piece, workspace);
    if (found) return found;
  }
  return null;
}
