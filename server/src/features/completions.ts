import type { Range } from '../text/lines.ts';
import type { Span } from '../text/span.ts';
import type { PieceAt } from '../workspace/workspace.ts';

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

/** Items for what is typed in a piece; null if there are none. */
export function completionsOf(piece: PieceAt, typed: Span, items: readonly Completion[]): Completions | null {
  if (items.length === 0) return null;
  return { range: piece.rangeOf(typed), items: [...items].sort((a, b) => (a.label < b.label ? -1 : 1)) };
}
