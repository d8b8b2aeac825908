import type { Change } from '../model/edit.ts';
import type { Safety } from '../rules/draft.ts';
import type { Severity } from '../rules/rule.ts';
import type { Range } from '../text/lines.ts';

/** What the product says about a place in a file, in one language. */
export interface Finding {
  readonly rule: string;
  readonly severity: Severity;
  readonly message: string;
  readonly range: Range;
  readonly related: readonly RelatedPlace[];
  readonly fixes: readonly FixOffer[];
  /** Index of the piece that it is about, to which the fixes' addresses belong. */
  readonly piece: number;
}

export interface RelatedPlace {
  readonly file: string;
  readonly range: Range;
  readonly message: string;
}

export interface FixOffer {
  readonly title: string;
  readonly safety: Safety;
  readonly changes: readonly Change[];
}

/** Replace what is in the range by the text. */
export interface RangeEdit {
  readonly range: Range;
  readonly newText: string;
}

/** The same, in a file named by its path relative to the workspace. */
export interface FileEdit extends RangeEdit {
  readonly file: string;
}
