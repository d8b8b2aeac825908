import type { Range } from '../text/lines.ts';
import type { Span } from '../text/span.ts';
import type { PieceAt } from '../workspace/workspace.ts';

/** Markdown, and the stretch of the piece that it is about. */
export interface Shown {
  readonly markdown: string;
  readonly span: Span;
}

/** A worked-out value, by its offset in the piece. */
export interface HintInPiece {
  readonly offset: number;
  readonly label: string;
  readonly tooltip: string;
}

/** A place in a file of the workspace. */
export interface Target {
  readonly file: string;
  readonly range: Range;
}

/** Where something is defined, and where it is used. */
export interface Links {
  readonly definitions: readonly Target[];
  readonly references: readonly Target[];
}

/** What words are coloured as: `keyword` opens a block, `function` is any other directive or command. */
export const COLOURS = [
  'keyword',
  'function',
  'variable',
  'string',
  'number',
  'comment',
  'operator',
  'parameter',
] as const;
export type Colour = (typeof COLOURS)[number];

/** A stretch of a piece. */
export interface Coloured extends Span {
  readonly colour: Colour;
}

/** Lines that can be folded into the first of them; zero-based, the last one included. */
export interface Fold {
  readonly kind: 'block' | 'comment';
  readonly startLine: number;
  readonly endLine: number;
}

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

/** What can be written at a position. */
export interface Completions {
  /** What is typed of the word so far. */
  readonly range: Range;
  /** In the order of their labels. */
  readonly items: readonly Completion[];
}

/** Each kind has a picture of its own in editors. */
export type CompletionKind = 'directive' | 'block' | 'value' | 'variable' | 'key' | 'option';

export interface Completion {
  readonly kind: CompletionKind;
  readonly label: string;
  /** One line, without markup: whose it is. */
  readonly detail: string;
  /** One line of Markdown; empty where there is nothing to say. */
  readonly documentation: string;
  /** Plain text for the range; nothing in it needs to be escaped in YAML. */
  readonly insert: string;
}

/** An item that inserts its label, and needs no more words. */
export function plain(kind: Completion['kind'], label: string, detail: string): Completion {
  return { kind, label, detail, documentation: '', insert: label };
}

/** Items for what is typed in a piece; null if there are none. */
export function completionsOf(piece: PieceAt, typed: Span, items: readonly Completion[]): Completions | null {
  if (items.length === 0) return null;
  return { range: piece.rangeOf(typed), items: [...items].sort((a, b) => (a.label < b.label ? -1 : 1)) };
}
