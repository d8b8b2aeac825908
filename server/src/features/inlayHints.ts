import type { Position, Range } from '../text/lines.ts';
import type { FilePiece, Workspace } from '../workspace/workspace.ts';
import type { HintInPiece } from './answers.ts';
import { controllerHints } from './controllerHints.ts';
import { kubeProxyHints } from './kubeProxyHints.ts';
import { tlsHints } from './tlsHint.ts';

/** A worked-out value, shown behind what it belongs to. */
export interface InlayHint {
  readonly position: Position;
  readonly label: string;
  /** Markdown; empty where the label says it all. */
  readonly tooltip: string;
}

/** Who works something out for a piece of a file. */
const HINTERS: readonly ((piece: FilePiece, workspace: Workspace) => Iterable<HintInPiece>)[] = [
  tlsHints,
  controllerHints,
  kubeProxyHints,
];

/** The hints of the lines that a range touches, in the order of the text. */
export function inlayHints(workspace: Workspace, file: string, { start, end }: Range): InlayHint[] {
  const hints = workspace.pieces(file).flatMap(piece =>
    HINTERS.flatMap(hint =>
      [...hint(piece, workspace)].map(({ offset, ...rest }) => ({
        position: piece.rangeOf({ start: offset, end: offset }).start,
        ...rest,
      })),
    ),
  );
  return hints.filter(({ position }) => start.line <= position.line && position.line <= end.line);
}
