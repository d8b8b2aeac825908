import type { FilePiece, Workspace } from '../workspace/workspace.ts';
import type { OutlineItem } from './answers.ts';
import { iptablesOutline } from './iptablesOutline.ts';
import { nginxOutline } from './nginxOutline.ts';

const OUTLINERS: readonly ((piece: FilePiece) => readonly OutlineItem[])[] = [nginxOutline, iptablesOutline];

/** What a file's outline shows, in the order of the text. */
export function outline(workspace: Workspace, file: string): OutlineItem[] {
  return workspace.pieces(file).flatMap(piece => OUTLINERS.flatMap(itemsOf => itemsOf(piece)));
}
