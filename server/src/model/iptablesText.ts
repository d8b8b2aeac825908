import type { IpFamily } from '../facts/netfilter.ts';
import { checkIptables, type IptablesCheck } from '../syntax/iptables/check.ts';
import { parseIptables } from '../syntax/iptables/parse.ts';
import type { IptablesTree } from '../syntax/iptables/tree.ts';
import { placeholdersIn } from '../syntax/placeholders.ts';
import { mask } from '../syntax/template.ts';
import type { SourceMap } from '../text/sourceMap.ts';
import { overlaps, type Span } from '../text/span.ts';
import { hasOwnLines } from './nginxText.ts';
import type { Region } from './region.ts';
import type { Address, Place } from './value.ts';

/** A text for iptables-restore, wherever it is written. */
export class IptablesText {
  readonly is = 'iptablesText';
  /** Ends with the step into the text: edits count in its offsets. */
  readonly address: Address;
  /** Spans count in the text itself: `placeOf` finds them in the piece. */
  readonly tree: IptablesTree;
  /** As it is written, expressions of templates and all. */
  readonly text: string;
  /** True if statements of a template stand between its lines: which of them are rendered, nobody knows. */
  readonly hasOwnLines: boolean;
  readonly toPiece: SourceMap;
  private readonly unknown: readonly Span[];
  private checked: IptablesCheck | null = null;

  constructor({ address, text, toPiece }: Region, family: IpFamily) {
    const masked = mask(text, placeholdersIn(text, { braces: true }));
    this.address = [...address, { embedded: 'text', span: null }];
    this.text = text;
    this.tree = parseIptables(masked.text, { family, unknown: masked.statements });
    this.hasOwnLines = hasOwnLines(masked);
    this.toPiece = toPiece;
    this.unknown = masked.statements;
  }

  /** What iptables-restore and the kernel refuse of it, tables being flushed first. */
  get check(): IptablesCheck {
    this.checked ??= checkIptables(this.tree);
    return this.checked;
  }

  /** True if it is written for tables that hold something: commands that find nothing in tables that were just flushed. */
  get addsToTables(): boolean {
    return this.tree.tables.some(({ lines }) =>
      lines.some(line => line.is === 'rule' && NEEDS_CONTENTS.has(line.specification.command?.name ?? '')),
    );
  }

  placeOf(span: Span): Place {
    const there = this.toPiece.spanToSource(span);
    return { value: there, entry: there };
  }

  /** The offset in this text of one in the piece; null outside. */
  offsetOf(inPiece: number): number | null {
    return this.toPiece.toDecoded(inPiece);
  }

  /** True if a template prints part of the stretch. */
  isTemplated(span: Span): boolean {
    return this.unknown.some(each => overlaps(each, span));
  }

  /** What the workspace compares: positions and characters. */
  toJSON(): unknown {
    return { is: this.is, address: this.address, text: this.text };
  }
}

const NEEDS_CONTENTS: ReadonlySet<string> = new Set(['flush', 'delete', 'delete-chain', 'check', 'rename-chain']);
