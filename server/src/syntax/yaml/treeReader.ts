import {
  type Alias,
  isAlias,
  isMap,
  isPair,
  isScalar,
  isSeq,
  type Pair,
  type Scalar,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml';
import { lineStart } from '../../text/lineBreaks.ts';
import type { OrderedSpans } from '../../text/ordered.ts';
import type { Span } from '../../text/span.ts';
import type { Arm, ArmIndex, Output } from '../template.ts';
import type { Composed } from './compose.ts';
import { decodeScalar } from './scalarDecode.ts';
import type { ScalarStyle } from './scalarSite.ts';
import {
  type Part,
  SUBSTITUTION,
  visibleSpan,
  type YamlEntry,
  type YamlItem,
  type YamlMap,
  type YamlNode,
  type YamlScalar,
  type YamlSeq,
} from './tree.ts';

type Node = YAMLMap | YAMLSeq | Scalar | Alias;
type NodePair = Pair<Node, Node | null>;
type SourceToken = { readonly type: string; readonly offset: number; readonly source: string };

/** Where a node stands. */
interface Place {
  /** Where its own text starts: behind the colon or dash before it. */
  readonly from: number;
  /** Where the next sibling starts, of it or of what is around it. */
  readonly until: number;
  /** True between brackets or braces. */
  readonly flow: boolean;
  /** Column of the innermost block collection around it; -1 at the root. */
  readonly parentIndent: number;
  /** The tokens between `from` and the node: its anchor and tag are among them. */
  readonly before: readonly SourceToken[];
  /** Arms of template conditionals around what holds it. */
  readonly arms: readonly Arm[];
}

const STYLES: Readonly<Record<string, ScalarStyle>> = {
  PLAIN: 'plain',
  QUOTE_SINGLE: 'single',
  QUOTE_DOUBLE: 'double',
  BLOCK_LITERAL: 'literal',
  BLOCK_FOLDED: 'folded',
};

const NO_CONDITIONS: readonly Arm[] = [];

/** Turns the `yaml` package's nodes into ours: positions of all that an edit needs, and what templates leave open. */
export class TreeReader {
  private readonly anchors = new Map<string, YamlNode | null>();
  /** The masked text: expressions alone on their lines are blank in it. */
  private readonly text: string;
  private readonly templates: OrderedSpans;
  /** What prints or could have been lines of YAML. */
  private readonly gaps: OrderedSpans<Output>;
  private readonly armIndex: ArmIndex;
  private readonly firstLineEnd: number;

  constructor(text: string, templates: OrderedSpans, gaps: OrderedSpans<Output>, armIndex: ArmIndex) {
    this.text = text;
    this.templates = templates;
    this.gaps = gaps;
    this.armIndex = armIndex;
    this.firstLineEnd = text.startsWith('\uFEFF') ? (text.indexOf('\n') + 1 || text.length + 1) - 1 : -1;
  }

  /** Null for a document that says nothing. */
  read(document: Composed): YamlNode | null {
    const contents = document.contents as Node | null;
    if (!contents || isMissing(contents)) return null;
    const { start } = spanOf(contents);
    const end = visibleEnd(this.text, spanOf(contents));
    const around = this.armIndex.at(start).filter(({ span }) => span.end >= end);
    const place = { from: 0, until: this.text.length, flow: false, parentIndent: -1, before: [], arms: around };
    return this.node(contents, place);
  }

  private node(node: Node, place: Place): YamlNode {
    if (isAlias(node)) return { kind: 'alias', span: spanOf(node), target: this.anchors.get(node.source) ?? null };
    const { anchor } = node;
    // Within itself an anchor stands for nothing: go-yaml refuses a value that contains itself.
    if (anchor) this.anchors.set(anchor, null);
    const read = isMap(node) ? this.map(node, place) : isSeq(node) ? this.seq(node, place) : this.scalar(node, place);
    if (anchor) this.anchors.set(anchor, read);
    return read;
  }

  private map(node: YAMLMap, place: Place): YamlMap {
    const pairs = node.items as NodePair[];
    const flow = place.flow || node.flow === true;
    const starts = pairs.map(pair => startOfPair(pair));
    const indent = flow ? place.parentIndent : this.columnOf(starts[0] ?? spanOf(node).start);
    const entries = pairs.map((pair, i) => {
      const from = starts[i] ?? place.from;
      return this.entry(pair, { ...place, from, until: starts[i + 1] ?? place.until, flow, parentIndent: indent });
    });
    return {
      kind: 'map',
      span: node.flow ? spanOf(node) : spanOfParts(entries, node),
      flow: node.flow === true,
      entries,
      open: entries.some(({ name }) => name === null) || this.printsInto(entries, place, node.flow === true, indent),
      tag: node.tag,
      properties: propertiesIn(place.before),
    };
  }

  private entry(pair: NodePair, place: Place): YamlEntry {
    const colon = colonOf(pair);
    const { from, until } = place;
    const arms = this.armIndex.at(from);
    const key = this.node(pair.key, { ...place, until: colon ?? until, before: [], arms });
    const behindKey = (colon ?? key.span.end - 1) + 1;
    const before = (pair.srcToken?.sep ?? []) as readonly SourceToken[];
    const value = this.valueAt(pair.value, { ...place, from: behindKey, before, arms });
    return {
      span: { start: from, end: Math.max(visibleSpan(value).end, behindKey) },
      key,
      name: key.kind === 'scalar' && !key.templated && !SUBSTITUTION.test(key.text) ? key.text : null,
      colon,
      value,
      conditions: conditionsOf(arms, place.arms),
    };
  }

  private seq(node: YAMLSeq, place: Place): YamlSeq {
    const nodes = node.items as (Node | NodePair)[];
    const flow = place.flow || node.flow === true;
    const dashes = dashesOf(node);
    const starts = nodes.map((item, i) => dashes[i]?.offset ?? (isPair(item) ? startOfPair(item) : spanOf(item).start));
    const indent = flow ? place.parentIndent : this.columnOf(starts[0] ?? spanOf(node).start);
    const items = nodes.map((item, i): YamlItem => {
      const start = starts[i] ?? place.from;
      const from = dashes[i] ? start + 1 : start;
      const arms = this.armIndex.at(start);
      const before = dashes[i]?.before ?? [];
      const inside = { from, until: starts[i + 1] ?? place.until, flow, parentIndent: indent, before, arms };
      // `[a: b]` is a list of one mapping with one entry.
      const value = isPair(item) ? this.lonePair(item as NodePair, inside) : this.valueAt(item, inside);
      const end = Math.max(visibleSpan(value).end, from);
      return { span: { start, end }, value, conditions: conditionsOf(arms, place.arms) };
    });
    return {
      kind: 'seq',
      span: node.flow ? spanOf(node) : spanOfParts(items, node),
      flow: node.flow === true,
      items,
      open: this.printsInto(items, place, node.flow === true, indent),
      tag: node.tag,
      properties: propertiesIn(place.before),
    };
  }

  private lonePair(pair: NodePair, place: Place): YamlMap {
    const entry = this.entry(pair, place);
    const open = entry.name === null;
    return { kind: 'map', span: entry.span, flow: true, entries: [entry], open, tag: undefined, properties: null };
  }

  private valueAt(node: Node | null, place: Place): YamlNode {
    return node && !isMissing(node) ? this.node(node, place) : this.missing(node, place);
  }

  private scalar(node: Scalar, place: Place): YamlScalar {
    const style = STYLES[node.type ?? 'PLAIN'] ?? 'plain';
    const whole = spanOf(node);
    const end = visibleEnd(this.text, whole);
    const span = { start: whole.start, end: this.endBeforeTemplate(whole, end) };
    const { parentIndent } = place;
    const isCut = span.end < whole.end;
    const source = this.text.slice(span.start, span.end);
    const text = isCut ? decodeScalar(source, style, { parentIndent }).text : (node.source ?? String(node.value));
    return {
      kind: 'scalar',
      span,
      visibleEnd: end,
      style,
      text,
      tag: node.tag,
      properties: propertiesIn(place.before),
      templated:
        this.templates.touch({ start: span.start, end }) ||
        this.gaps.startingIn(whole).length > 0 ||
        // What keeps its blank lines keeps those that rendering leaves behind it.
        (isCut && /^[|>][1-9]?\+/.test(source)),
      flow: place.flow,
      parentIndent,
    };
  }

  /** The blank lines that are left of expressions behind a block scalar are none of its own. */
  private endBeforeTemplate({ end }: Span, visible: number): number {
    const behind = this.templates.startingIn({ start: visible, end })[0];
    return behind ? lineStart(this.text, behind.start) : end;
  }

  /** A key or a dash without a value. */
  private missing(node: Scalar | null, place: Place): YamlScalar {
    const { from, until, flow, parentIndent, before } = place;
    const properties = propertiesIn(before);
    const at = properties?.end ?? from;
    const printed = this.gaps.startingIn({ start: from, end: Math.max(until, from + 1) });
    const empty: YamlScalar = {
      kind: 'scalar',
      span: { start: at, end: at },
      visibleEnd: at,
      style: 'plain',
      text: '',
      tag: node?.tag,
      properties,
      templated: printed.some(({ column }) => column === null || column >= parentIndent),
      flow,
      parentIndent,
    };
    if (node?.anchor) this.anchors.set(node.anchor, empty);
    return empty;
  }

  /** True if an expression, or a broken line, within the place of a collection can be parts of this very collection. */
  private printsInto(parts: readonly Part[], { from, until }: Place, flow: boolean, indent: number): boolean {
    return this.gaps
      .startingIn({ start: from, end: Math.max(until, from + 1) })
      .some(
        ({ start, column }) => flow || column === null || column <= indent || !this.isTakenBelow(parts, start, column),
      );
  }

  /** True if lines at this offset and column belong to the value of the part before them. */
  private isTakenBelow(parts: readonly Part[], offset: number, column: number): boolean {
    const part = parts.findLast(({ span }) => span.start <= offset);
    if (!part) return false;
    const { value } = part;
    if (value.kind === 'scalar') return value.templated && offset >= part.span.start;
    if (value.kind === 'alias') return false;
    if (value.flow) return offset < value.span.end;
    return this.columnOf(value.span.start) <= column;
  }

  private columnOf(offset: number): number {
    return offset - lineStart(this.text, offset) - (offset <= this.firstLineEnd ? 1 : 0);
  }
}

/** The arms around a part that are not around its collection too. */
function conditionsOf(arms: readonly Arm[], around: readonly Arm[]): readonly Arm[] {
  if (arms.length === 0) return NO_CONDITIONS;
  return arms.filter(arm => !around.includes(arm));
}

function spanOf(node: { range?: [number, number, number] | null | undefined }): Span {
  const [start, end] = node.range ?? [0, 0];
  return { start, end };
}

function spanOfParts(parts: readonly Part[], node: YAMLMap | YAMLSeq): Span {
  const span = spanOf(node);
  return { start: parts[0]?.span.start ?? span.start, end: parts.at(-1)?.span.end ?? span.end };
}

function visibleEnd(text: string, { start, end }: Span): number {
  let last = end;
  while (last > start && /\s/.test(text[last - 1] ?? '')) last--;
  return last;
}

function isMissing(node: Node): node is Scalar {
  return isScalar(node) && (!node.srcToken || spanOf(node).start === spanOf(node).end);
}

/** A pair starts with the question mark of an explicit key, with the key's anchor or tag, or with the key. */
function startOfPair(pair: NodePair | Pair): number {
  const first = pair.srcToken?.start.find(
    ({ type }) => type === 'explicit-key-ind' || type === 'anchor' || type === 'tag',
  );
  return first?.offset ?? spanOf(pair.key as Node).start;
}

function colonOf(pair: NodePair): number | undefined {
  return pair.srcToken?.sep?.find(({ type }) => type === 'map-value-ind')?.offset;
}

function dashesOf(node: YAMLSeq): { readonly offset: number; readonly before: readonly SourceToken[] }[] {
  const token = node.srcToken;
  if (token?.type !== 'block-seq') return [];
  return token.items.flatMap(({ start }) => {
    const dash = start.find(({ type }) => type === 'seq-item-ind');
    return dash ? { offset: dash.offset, before: start } : [];
  });
}

function propertiesIn(tokens: readonly SourceToken[]): Span | null {
  const properties = tokens.filter(({ type }) => type === 'anchor' || type === 'tag');
  const [first, last] = [properties[0], properties.at(-1)];
  return first && last ? { start: first.offset, end: last.offset + last.source.length } : null;
}
