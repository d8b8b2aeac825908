import type { Masked } from '../syntax/template.ts';
import { OrderedSpans } from '../text/ordered.ts';
import type { Span } from '../text/span.ts';
import { placeIn, type Region } from './region.ts';
import type { Address, Embedded, Place } from './value.ts';

/** A text in a language of lines, wherever it is written: what all such languages share. Spans count in the text itself. */
export abstract class RegionText {
  abstract readonly is: string;
  /** The text as it is written, expressions of templates and all, and where it stands. */
  readonly region: Region;
  /** Ends with the step into the text: edits count in its offsets. */
  readonly address: Address;
  /** True if statements of a template stand between its lines: which of them are rendered, nobody knows. */
  readonly hasOwnLines: boolean;
  /** True if a line more cannot simply be written below one of its lines: they stand in values, or behind keys. */
  readonly isSparse: boolean;
  /** Stretches that a template, or systemd, prints. */
  protected readonly printed: readonly Span[];
  private ordered: OrderedSpans | null = null;

  constructor(
    region: Region,
    { statements, hasOwnLines }: Pick<Masked, 'statements' | 'hasOwnLines'>,
    step: Embedded = { embedded: 'text', span: null },
    isSparse = false,
  ) {
    this.region = region;
    this.address = [...region.address, step];
    this.hasOwnLines = hasOwnLines;
    this.isSparse = isSparse;
    this.printed = statements;
  }

  get text(): string {
    return this.region.text;
  }

  placeOf(span: Span): Place {
    return placeIn(this.region, span);
  }

  /** The offset in this text of one in the piece; null outside. */
  offsetOf(inPiece: number): number | null {
    return this.region.toPiece.toDecoded(inPiece);
  }

  /** True if a template, or systemd, prints part of the stretch. */
  isTemplated(span: Span): boolean {
    this.ordered ??= new OrderedSpans(this.printed);
    return this.ordered.touch(span);
  }

  /** What the workspace compares: positions and characters. */
  toJSON(): unknown {
    return { is: this.is, address: this.address, text: this.text };
  }
}
