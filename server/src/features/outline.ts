import type { Range } from '../text/lines.ts';
import type { FilePiece, Workspace } from '../workspace/workspace.ts';
import { iptablesOutline } from './iptablesOutline.ts';
import { nginxOutline } from './nginxOutline.ts';

/** What an item of the outline is: `text` is a whole text within YAML, `section` a block such as `http`. */
export type OutlineKind = 'text' | 'section' | 'server' | 'location' | 'upstream' | 'map' | 'lua' | 'block';

/** A block, or a whole text, as an outline shows it. */
export interface OutlineItem {
  readonly kind: OutlineKind;
  readonly name: string;
  readonly range: Range;
  /** Of its own first words; lies within the range. */
  readonly selection: Range;
  readonly children: readonly OutlineItem[];
}

const OUTLINERS: readonly ((piece: FilePiece) => readonly OutlineItem[])[] = [nginxOutline, iptablesOutline];

/** What a file's outline shows, in the order of the text. */
export function outline(workspace: Workspace, file: string): OutlineItem[] {
  return workspace.pieces(file).flatMap(piece => OUTLINERS.flatMap(itemsOf => itemsOf(piece)));
}
