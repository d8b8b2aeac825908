export type ScalarStyle = 'plain' | 'single' | 'double' | 'literal' | 'folded';

/** Where a scalar stands: what reading and writing it needs to know beyond its own source. */
export interface ScalarSite {
  /**
   * Column of the innermost block collection that holds the scalar: of its keys, or of its dashes. -1 at the root of a
   * document. This is `indent` of the block scalar's token in the CST of `yaml`.
   */
  readonly parentIndent: number;
  /** Inside `[]` or `{}`. */
  readonly flow?: boolean;
  /** A key of a mapping (not an explicit `? key`): it must stay on one line. */
  readonly key?: boolean;
  /** The tag in front, as written; under `!!str` a plain `yes` is a string. */
  readonly tag?: string;
  /** The file's line ending, for scalars that have none of their own. LF if not given. */
  readonly eol?: '\n' | '\r\n';
  /**
   * Source behind the scalar, at least its blank lines: they would join a block scalar whose line breaks are kept.
   * Needed by `encodeEdit` alone; more of it does no harm.
   */
  readonly following?: string;
}

/** What most Kubernetes files indent by. */
export const INDENT_STEP = 2;
