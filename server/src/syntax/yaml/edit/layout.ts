import { eolOf, lineEnd, lineStart, nextLine } from '../../../text/lineBreaks.ts';
import type { Span } from '../../../text/span.ts';
import { nodesOf, visibleSpan, type YamlMap, type YamlNode, type YamlSeq } from '../tree.ts';

/** The lines of a document, and the habits of its author. Offsets and columns count UTF-16 units. */
export class Layout {
  readonly text: string;
  readonly eol: '\n' | '\r\n';
  /** Columns by which a mapping is indented below its key. */
  readonly mapStep: number;
  /** Columns by which a list is indented below its key. */
  readonly listStep: number;
  readonly quote: 'single' | 'double';

  constructor(text: string, root: YamlNode | null) {
    this.text = text;
    this.eol = eolOf(text);
    const habits = root ? this.habitsOf(root) : { map: [], list: [], quotes: 0 };
    this.mapStep = habits.map[0] ?? 2;
    this.listStep = habits.list[0] ?? 0;
    this.quote = habits.quotes > 0 ? 'single' : 'double';
  }

  /** Offset of the first character of a line, behind a byte order mark. */
  lineStart(offset: number): number {
    const start = lineStart(this.text, offset);
    return start === 0 && this.text.startsWith('\uFEFF') ? Math.min(1, offset) : start;
  }

  /** Offset of the line break that ends a line. */
  lineEnd(offset: number): number {
    return lineEnd(this.text, offset);
  }

  /** Offset behind the line break that ends a line. */
  nextLine(offset: number): number {
    return nextLine(this.text, offset);
  }

  column(offset: number): number {
    return offset - this.lineStart(offset);
  }

  /** True if nothing but blanks stands before it on its line. */
  startsLine(offset: number): boolean {
    return this.isBlank({ start: this.lineStart(offset), end: offset });
  }

  isBlank({ start, end }: Span): boolean {
    return /^\s*$/.test(this.text.slice(start, end));
  }

  /** The whole lines of a stretch. Where the last one has no line break, the one before the first goes with them. */
  linesOf({ start, end }: Span): Span {
    const from = this.lineStart(start);
    const to = end > start && this.text[end - 1] === '\n' ? end : this.nextLine(end);
    if (to < this.text.length || this.text.endsWith('\n')) return { start: from, end: to };
    const before = /\r?\n$/.exec(this.text.slice(0, from))?.[0].length ?? 0;
    return { start: from - before, end: to };
  }

  /**
   * Where the lines of a node end. Blank lines behind a block scalar that keeps them are part of it; a comment on the
   * last line of any other is behind.
   */
  contentEnd(node: YamlNode): number {
    const last = lastLeaf(node);
    return this.keepsBlankLines(last) ? last.span.end : visibleSpan(node).end;
  }

  private keepsBlankLines(node: YamlNode): boolean {
    if (node.kind !== 'scalar' || (node.style !== 'literal' && node.style !== 'folded')) return false;
    return /^[|>][0-9]?\+/.test(this.text.slice(node.span.start, node.span.start + 3));
  }

  private habitsOf(root: YamlNode): { map: number[]; list: number[]; quotes: number } {
    const habits = { map: [] as number[], list: [] as number[], quotes: 0 };
    for (const node of nodesOf(root)) {
      if (node.kind === 'scalar') habits.quotes += node.style === 'single' ? 1 : node.style === 'double' ? -1 : 0;
      if (node.kind !== 'map' || node.flow) continue;
      for (const { value } of node.entries) {
        if ((value.kind !== 'map' && value.kind !== 'seq') || value.flow || !this.startsLine(value.span.start))
          continue;
        const step = this.column(value.span.start) - this.column(node.span.start);
        if (value.kind === 'seq') habits.list.push(step);
        else if (step > 0) habits.map.push(step);
      }
    }
    return habits;
  }
}

/** The node that is written last within a node: itself, if it is no block collection. */
function lastLeaf(node: YamlNode): YamlNode {
  let last = node;
  while (isBlock(last)) {
    const value = (last.kind === 'map' ? last.entries : last.items).at(-1)?.value;
    if (!value) break;
    last = value;
  }
  return last;
}

export function isBlock(node: YamlNode): node is YamlMap | YamlSeq {
  return (node.kind === 'map' || node.kind === 'seq') && !node.flow;
}
