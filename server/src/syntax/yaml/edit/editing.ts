import { insertion, type TextEdit } from '../../../text/edits.ts';
import type { Span } from '../../../text/span.ts';
import type { Arm } from '../../template.ts';
import type { YamlDocument } from '../parse.ts';
import { nodesOf, type Part, partsOf, type YamlNode } from '../tree.ts';
import type { YamlData } from './change.ts';
import { flowStyleOf } from './flowStyle.ts';
import { Layout } from './layout.ts';
import { flowAround, isInFlow, type Place } from './place.ts';
import { Writer } from './write.ts';

/** A document that is being changed: what all operations need to know of it. */
export class Editing {
  readonly text: string;
  readonly layout: Layout;
  readonly writer: Writer;
  /** The nodes that aliases stand for. */
  readonly shared: ReadonlySet<YamlNode>;
  private readonly document: YamlDocument;

  /** `cautious`: new strings are quoted, whatever they are. */
  constructor(document: YamlDocument, cautious: boolean) {
    const { text, root } = document;
    this.document = document;
    this.text = text;
    this.layout = new Layout(text, root);
    this.writer = new Writer(this.layout, cautious);
    this.shared = root ? sharedNodes(root) : new Set();
  }

  /** True if something in it has another place too. */
  isShared(node: YamlNode): boolean {
    return this.shared.size > 0 && some(node, inner => this.shared.has(inner));
  }

  /** A value on one line. */
  inline(place: Place, value: YamlData): string {
    const parentIndent = this.indentAround(place);
    if (!isInFlow(place) && typeof value === 'string') return this.writer.scalar(value, { parentIndent });
    return this.writer.flow(value, flowStyleOf(this.text, flowAround(place)), parentIndent);
  }

  /** Column of the innermost block collection around a place; -1 at the root. */
  indentAround({ holders }: Place): number {
    const block = holders.findLast(({ collection }) => !collection.flow);
    return block ? this.layout.column(block.collection.span.start) : -1;
  }

  /**
   * The edit that puts lines behind a part of a block collection: behind the comment on its last line, and behind what
   * a template prints into it. Null where a template's conditional begins or ends in between.
   */
  linesBehind({ span, value }: Part, column: number, lines: string): TextEdit | null {
    const indented = ' '.repeat(column) + lines;
    const end = this.layout.contentEnd(value);
    if (end > span.start && this.text[end - 1] === '\n') return insertion(end, indented + this.layout.eol);
    const at = this.behindOutputs(this.layout.lineEnd(Math.max(end, span.end)), span, column);
    return at === null ? null : insertion(at, this.layout.eol + indented);
  }

  private behindOutputs(lineEnd: number, { start }: Span, column: number): number | null {
    const { statements, outputs, arms } = this.document.template;
    const wanted = arms.at(start);
    let at = lineEnd;
    for (const statement of statements) {
      if (statement.start < at) continue;
      if (!this.layout.isBlank({ start: at, end: statement.start })) break;
      const output = outputs.find(other => other.start === statement.start);
      const isBelow = output && (output.column === null || output.column > column);
      if (!isBelow && sameArms(arms.at(at), wanted)) break;
      at = this.layout.lineEnd(statement.end);
    }
    return sameArms(arms.at(at), wanted) ? at : null;
  }
}

/** True if a template has a say in what the node, or its place, is. */
export function isTemplated(node: YamlNode): boolean {
  return some(node, inner => {
    if (inner.kind === 'scalar') return inner.templated;
    if (inner.kind === 'alias') return false;
    return inner.open || partsOf(inner).some(({ conditions }) => conditions.length > 0);
  });
}

function some(node: YamlNode, test: (inner: YamlNode) => boolean): boolean {
  for (const inner of nodesOf(node)) if (test(inner)) return true;
  return false;
}

/** The nodes that aliases stand for. */
export function sharedNodes(root: YamlNode): ReadonlySet<YamlNode> {
  const shared = new Set<YamlNode>();
  for (const node of nodesOf(root)) if (node.kind === 'alias' && node.target) shared.add(node.target);
  return shared;
}

function sameArms(a: readonly Arm[], b: readonly Arm[]): boolean {
  return a.length === b.length && a.every((arm, i) => arm === b[i]);
}
