import type { Position } from '../text/lines.ts';
import type { PieceAt, Workspace } from '../workspace/workspace.ts';
import type { Completions } from './answers.ts';
import { cipherListCompletion } from './cipherListCompletion.ts';
import { controllerCompletion } from './controllerCompletion.ts';
import { iptablesCallCompletion } from './iptablesCallCompletion.ts';
import { iptablesCompletion } from './iptablesCompletion.ts';
import { kubeProxyCompletion } from './kubeProxyCompletion.ts';
import { kubeProxyFlagCompletion } from './kubeProxyFlagCompletion.ts';
import { nginxCompletion } from './nginxCompletion.ts';
import { sysctlCompletion } from './sysctlCompletion.ts';

/** Who knows what can be written somewhere; the first that knows anything is heard. */
const COMPLETERS: readonly ((piece: PieceAt, workspace: Workspace) => Completions | null)[] = [
  cipherListCompletion,
  nginxCompletion,
  iptablesCompletion,
  iptablesCallCompletion,
  controllerCompletion,
  kubeProxyCompletion,
  kubeProxyFlagCompletion,
  sysctlCompletion,
];

/** What can be written at a position; null where nothing is known to belong. */
export function completions(workspace: Workspace, file: string, position: Position): Completions | null {
  const piece = workspace.pieceAt(file, position);
  if (!piece) return null;
  for (const complete of COMPLETERS) {
    const found = complete(piece, workspace);
    if (found) return found;
  }
  return null;
}
