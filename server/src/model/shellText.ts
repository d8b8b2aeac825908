import { parseShell } from '../syntax/shell/script.ts';
import type { ShellScript } from '../syntax/shell/tree.ts';
import { mask } from '../syntax/template.ts';
import { OrderedSpans } from '../text/ordered.ts';
import { contains, overlaps, type Span } from '../text/span.ts';
import type { Region } from './region.ts';
import { RegionText } from './regionText.ts';
import type { Invocation } from './shell/invocation.ts';
import { invocationsOf } from './shell/invocations.ts';
import type { Address } from './value.ts';

/** What carries commands of a shell. */
export interface ShellCarrier {
  /** `container`: what a container runs. `unit`: an `Exec…=` line of systemd. `word`: what `sh -c` gets in another script. */
  readonly kind: 'file' | 'container' | 'configMap' | 'unit' | 'cloudInit' | 'ansible' | 'word';
  /** What is known to run it again while the rules of its last run are still there; null if nothing is. */
  readonly again: Again | null;
}

/** `hook`: postStart and probes, each time a container starts, or again and again. */
export type Again = 'cron' | 'unit' | 'container' | 'hook' | 'playbook';

/** What a text says that its words do not: stretches of it, in order. */
export interface Untold {
  /** What nobody knows: what systemd puts in place of a specifier. */
  readonly unknown?: readonly Span[];
  /** What only a shell would understand, where none reads the command: the program gets it as an argument. */
  readonly operators?: readonly Span[];
  /** Command lines that no shell reads. */
  readonly unread?: readonly Span[];
  /** True if a line more cannot simply be written below one of its lines. */
  readonly isSparse?: boolean;
}

/** Commands of a shell, wherever they are written. */
export class ShellText extends RegionText {
  readonly is = 'shellText';
  readonly carrier: ShellCarrier;
  /** What a template prints reads as some word. */
  readonly script: ShellScript;
  /** What only a shell would understand, where none reads the command. */
  readonly operators: OrderedSpans;
  /** Command lines that no shell reads. */
  readonly unread: readonly Span[];
  private ran: readonly Invocation[] | null = null;

  constructor(
    carrier: ShellCarrier,
    region: Region,
    { unknown = [], operators = [], unread = [], isSparse }: Untold = {},
  ) {
    const { text } = region;
    const masked = mask(text);
    super(region, { ...masked, statements: [...masked.statements, ...unknown, ...operators] }, undefined, isSparse);
    this.carrier = carrier;
    this.script = { ...parseShell(asWords(masked.text, operators)), text };
    this.operators = new OrderedSpans(operators);
    this.unread = unread;
  }

  /** What it runs, in the order of the text. */
  get invocations(): readonly Invocation[] {
    this.ran ??= invocationsOf(this.script, this.printed);
    return this.ran;
  }

  /** Where the part stands that holds the stretch, of a text that is put together of several. */
  addressAt(span: Span): Address | null {
    const { address } = this.region;
    const step = address.at(-1);
    const parts = typeof step === 'object' && step.embedded === 'text' ? (step.parts ?? []) : [];
    const part = parts.find(each => contains(each, span));
    return part ? [...address.slice(0, -1), ...part.path] : null;
  }

  /** True if each word here is an item of a list. */
  isWordOfList(at: number): boolean {
    return isWordOfList(this.region.address, at);
  }

  /** False for a command that is started without a shell, which can neither ask first nor ignore a failure. */
  isReadByShell(span: Span): boolean {
    return !this.unread.some(each => overlaps(each, span));
  }

  override toJSON(): unknown {
    return { is: this.is, address: this.address, carrier: this.carrier, text: this.region.text };
  }
}

/** The text with letters for each character of the stretches, which are in order. */
function asWords(text: string, stretches: readonly Span[]): string {
  const done: string[] = [];
  let from = 0;
  for (const { start, end } of stretches) {
    done.push(text.slice(from, start), 'x'.repeat(end - start));
    from = end;
  }
  return done.join('') + text.slice(from);
}

function isWordOfList(address: Address, at: number): boolean {
  const step = address.at(-1);
  const parts = typeof step === 'object' && step.embedded === 'text' ? (step.parts ?? []) : [];
  const part = parts.find(({ start, end }) => start <= at && at <= end);
  return part !== undefined && (part.itemOf === 'words' || isWordOfList(part.path, at - part.start));
}
