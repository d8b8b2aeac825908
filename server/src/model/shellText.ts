import { parseShell } from '../syntax/shell/script.ts';
import type { ShellScript } from '../syntax/shell/tree.ts';
import { mask } from '../syntax/template.ts';
import { overlaps, type Span } from '../text/span.ts';
import type { Region } from './region.ts';
import type { Invocation } from './shell/invocation.ts';
import { invocationsOf } from './shell/invocations.ts';
import type { Place } from './value.ts';

/** What carries commands of a shell. */
export interface ShellCarrier {
  /** `container`: what a container runs. `unit`: an `Exec…=` line of systemd. `word`: what `sh -c` gets in another script. */
  readonly kind: 'file' | 'container' | 'configMap' | 'unit' | 'cloudInit' | 'word';
  /** What is known to run it again while the rules of its last run are still there; null if nothing is. */
  readonly again: Again | null;
}

/** `hook`: postStart and probes, each time a container starts, or again and again. */
export type Again = 'cron' | 'unit' | 'container' | 'hook';

/** Commands of a shell, wherever they are written. */
export class ShellText {
  readonly is = 'shellText';
  readonly carrier: ShellCarrier;
  /** The text, and where it stands. */
  readonly region: Region;
  /** Spans count in the text itself: `placeOf` finds them in the piece. What a template prints reads as some word. */
  readonly script: ShellScript;
  private readonly unknown: readonly Span[];
  private ran: readonly Invocation[] | null = null;

  constructor(carrier: ShellCarrier, region: Region) {
    const { text } = region;
    const masked = mask(text);
    this.carrier = carrier;
    this.region = region;
    this.script = { ...parseShell(masked.text), text };
    this.unknown = masked.statements;
  }

  /** What it runs, in the order of the text. */
  get invocations(): readonly Invocation[] {
    this.ran ??= invocationsOf(this.script, this.unknown);
    return this.ran;
  }

  placeOf(span: Span): Place {
    const there = this.region.toPiece.spanToSource(span);
    return { value: there, entry: there };
  }

  /** The offset in this text of one in the piece; null outside. */
  offsetOf(inPiece: number): number | null {
    return this.region.toPiece.toDecoded(inPiece);
  }

  /** True if a template prints part of the stretch. */
  isTemplated(span: Span): boolean {
    return this.unknown.some(each => overlaps(each, span));
  }

  /** What the workspace compares: positions and characters. */
  toJSON(): unknown {
    return { is: this.is, address: this.region.address, carrier: this.carrier, text: this.script.text };
  }
}
