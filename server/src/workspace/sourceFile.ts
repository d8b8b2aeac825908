import type { Cluster } from '../model/cluster.ts';
import type { Entity } from '../model/entity.ts';
import { cutPieces, languageOf, mayBeYaml, type PieceLanguage, readPiece } from '../model/pieces.ts';
import type { Read } from '../model/recording.ts';
import type { Draft } from '../rules/draft.ts';
import type { AnyRule } from '../rules/index.ts';
import { LineIndex } from '../text/lines.ts';
import type { Span } from '../text/span.ts';
import { EMPTY_SETTINGS_FILE, readSettingsFile, SETTINGS_FILE, type SettingsFile } from './settingsFile.ts';
import { readSuppressions, SUPPRESSION_WORD, type Suppression } from './suppressions.ts';

/** One piece of a file, read once for its text. */
export interface Piece {
  readonly text: string;
  readonly entities: readonly Entity[];
  checked: Checked | null;
}

/** What the rules made of a piece, and the cluster for which that is known to hold. */
export interface Checked {
  readonly drafts: readonly { readonly rule: AnyRule; readonly draft: Draft }[];
  readonly reads: readonly Read[];
  cluster: Cluster;
}

/** A file, and all that its text alone tells. */
export interface SourceFile {
  readonly language: PieceLanguage;
  readonly text: string;
  readonly lines: LineIndex;
  /** Where its pieces stand; they cover the text. */
  readonly spans: readonly Span[];
  readonly pieces: readonly Piece[];
  readonly suppressions: readonly Suppression[];
  readonly settings: SettingsFile;
}

/**
 * Reads a file; null for one of no interest. Pieces whose text was there before are taken over, with what the rules made
 * of them.
 */
export function readSourceFile(file: string, text: string, before: SourceFile | undefined): SourceFile | null {
  const isOurs = file === SETTINGS_FILE || (text.includes(SUPPRESSION_WORD) && mayBeYaml(file));
  const language = languageOf(file, text) ?? (isOurs ? 'yaml' : null);
  if (!language) return null;
  const spans = cutPieces(language, text);
  const known = new Map(before?.language === language ? before.pieces.map(piece => [piece.text, piece]) : []);
  const pieces = spans.map(({ start, end }): Piece => {
    const own = text.slice(start, end);
    return known.get(own) ?? { text: own, entities: readPiece(file, language, own), checked: null };
  });
  const lines = new LineIndex(text);
  const settings = file === SETTINGS_FILE ? readSettingsFile(text) : EMPTY_SETTINGS_FILE;
  return { language, text, lines, spans, pieces, suppressions: readSuppressions(text, lines), settings };
}

/** True if the rest of the workspace cannot tell one from the other. */
export function saySame(before: SourceFile | undefined, after: SourceFile | undefined): boolean {
  const [a, b] = [before?.pieces ?? [], after?.pieces ?? []];
  const isSilent = (piece: Piece | undefined) => !piece || piece.entities.length === 0;
  const count = Math.max(a.length, b.length);
  return Array.from({ length: count }).every((_, i) => a[i] === b[i] || (isSilent(a[i]) && isSilent(b[i])));
}
