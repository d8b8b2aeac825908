import type { PieceLanguage } from '../model/pieces.ts';
import type { FilePiece, Workspace } from '../workspace/workspace.ts';
import type { Fold } from './answers.ts';
import { nginxFolds } from './nginxFolds.ts';

/** For YAML none: an editor that gets an answer for a file folds by it alone, and would lose what it folds by indentation. */
const FOLDERS: Readonly<Partial<Record<PieceLanguage, (piece: FilePiece) => readonly Fold[]>>> = { nginx: nginxFolds };

/** What of a file can be folded, in the order of the text; null if that is left to its indentation. */
export function folds(workspace: Workspace, file: string): Fold[] | null {
  const pieces = workspace.pieces(file).filter(({ language }) => FOLDERS[language]);
  if (pieces.length === 0) return null;
  const found = pieces.flatMap(piece => FOLDERS[piece.language]?.(piece) ?? []);
  return found.sort((a, b) => a.startLine - b.startLine);
}
