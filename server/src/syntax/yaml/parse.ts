import {
  type Alias,
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Pair,
  parseDocument,
  type Scalar,
  visit,
  type YAMLError,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml';
import { overlaps, type Span } from '../../text/span.ts';
import { type Branch, mask } from '../template.ts';
import type { ScalarStyle } from './scalarSite.ts';
import { visibleEnd, type YamlEntry, type YamlMap, type YamlNode, type YamlSeq } from './tree.ts';

/** One YAML document. Offsets count in the text that was parsed. */
export interface YamlDocument {
  readonly text: string;
  /** Null for a document without content. */
  readonly root: YamlNode | null;
  readonly branches: readonly Branch[];
  readonly problems: readonly YamlProblem[];
}

export interface YamlProblem {
  readonly span: Span;
  readonly message: string;
}

type Node = YAMLMap | YAMLSeq | Scalar | Alias;

/** A broken line is taken out and the rest read again this often at most, for a text of this many characters. */
const REPAIRS = 8;
const REPAIR_BUDGET = 400_000;

const STYLES: Readonly<Record<string, ScalarStyle>> = {
  PLAIN: 'plain',
  QUOTE_SINGLE: 'single',
  QUOTE_DOUBLE: 'double',
  BLOCK_LITERAL: 'literal',
  BLOCK_FOLDED: 'folded',
};

/**
 * Parses one document of a stream; never throws. Template expressions are masked; a line that breaks the structure is
 * left out and reported, so that the lines around it keep their meaning.
 */
export function parseYaml(text: string): YamlDocument {
  const masked = mask(text);
  const problems: YamlProblem[] = [];
  const damaged: Span[] = [];
  let readable = masked.text;
  let document = parse(readable);
  const repairs = Math.min(REPAIRS, Math.max(1, Math.floor(REPAIR_BUDGET / (text.length + 1))));
  for (let i = 0; i < repairs; i++) {
    const broken = firstBrokenLines(document, readable);
    if (!broken) break;
    problems.push({ span: broken.span, message: broken.error.message.split('\n')[0] ?? '' });
    damaged.push(broken.span);
    readable = blank(readable, broken.span);
    document = parse(readable);
  }
  for (const error of document.errors) {
    const at = { start: error.pos[0], end: error.pos[1] };
    problems.push({ span: at, message: error.message.split('\n')[0] ?? '' });
    damaged.push(at);
  }
  const reader = new TreeReader(text, masked.expressions, [...masked.outputs, ...damaged]);
  return { text, root: reader.read(document), branches: masked.branches, problems };
}

function parse(text: string): Document.Parsed {
  return parseDocument(text, {
    schema: 'failsafe',
    keepSourceTokens: true,
    uniqueKeys: false,
    prettyErrors: false,
    logLevel: 'silent',
  });
}

function blank(text: string, { start, end }: Span): string {
  return text.slice(0, start) + text.slice(start, end).replace(/[^\r\n]/g, ' ') + text.slice(end);
}

/** The lines to do without, so that the first error that changes the structure goes away; null if none does. */
function firstBrokenLines(document: Document.Parsed, text: string): { span: Span; error: YAMLError } | null {
  for (const error of document.errors) {
    const span = brokenLines(document, text, error);
    if (span && /\S/.test(text.slice(span.start, span.end))) return { span, error };
  }
  return null;
}

function brokenLines(document: Document.Parsed, text: string, { code, pos, message }: YAMLError): Span | null {
  const lineStart = (offset: number) => text.lastIndexOf('\n', offset - 1) + 1;
  const lineEnd = (offset: number) => (text.indexOf('\n', offset) + 1 || text.length + 1) - 1;
  const line = (offset: number): Span => ({ start: lineStart(offset), end: lineEnd(offset) });

  const quoted = runawayQuote(document, text, lineStart(pos[0]), pos[0]);
  if (quoted) return line(quoted.start);
  switch (code) {
    case 'MULTILINE_IMPLICIT_KEY': {
      const last = lineStart(pos[1] - 1);
      const startsItsLine = /^[ \t]*(?:- +)*$/.test(text.slice(lineStart(pos[0]), pos[0]));
      if (last <= pos[0]) return line(pos[0]);
      // A key that began lines above its colon was half-typed; text pulled up behind a value was indented too far.
      return startsItsLine ? { start: lineStart(pos[0]), end: last - 1 } : { start: last, end: lineEnd(last) };
    }
    case 'BLOCK_AS_IMPLICIT_KEY':
    case 'TAB_AS_INDENT':
    case 'UNEXPECTED_TOKEN':
    case 'MISSING_CHAR':
      return message.startsWith('Flow') ? null : line(Math.min(pos[0], text.length - 1));
    default:
      return null;
  }
}

/** The quoted scalar of several lines that ends on the line of the error: most likely its first line lacks the quote. */
function runawayQuote(document: Document.Parsed, text: string, from: number, to: number): Span | null {
  let found: Span | null = null;
  visit(document, {
    Scalar(_, { type, range }) {
      if (!range || (type !== 'QUOTE_DOUBLE' && type !== 'QUOTE_SINGLE')) return;
      const [start, end] = range;
      if (start < from && end >= from && end <= to + 1 && text.slice(start, end).includes('\n')) found = { start, end };
    },
  });
  return found;
}

/** Turns the `yaml` package's nodes into ours: positions of all that an edit needs, nothing else. */
class TreeReader {
  private readonly anchors = new Map<string, YamlNode | null>();
  private readonly text: string;
  private readonly expressions: readonly Span[];
  private readonly gaps: readonly Span[];

  constructor(text: string, expressions: readonly Span[], gaps: readonly Span[]) {
    this.text = text;
    this.expressions = expressions;
    this.gaps = gaps;
  }

  read(document: Document.Parsed): YamlNode | null {
    const contents = document.contents as Node | null;
    if (!contents) return null;
    if (isMissing(contents)) return null;
    return this.node(contents, { from: 0, until: this.text.length, flow: false, parentIndent: -1 });
  }

  private node(node: Node, place: Place): YamlNode {
    if (isAlias(node)) {
      const { start, end } = spanOf(node);
      return { kind: 'alias', span: { start, end }, target: this.anchors.get(node.source) ?? null };
    }
    const anchor = node.anchor;
    if (anchor) this.anchors.set(anchor, null);
    const read = isMap(node) ? this.map(node, place) : isSeq(node) ? this.seq(node, place) : this.scalar(node, place);
    if (anchor) this.anchors.set(anchor, read);
    return read;
  }

  private map(node: YAMLMap, place: Place): YamlMap {
    const pairs = node.items as Pair<Node, Node | null>[];
    const flow = place.flow || node.flow === true;
    const indent = flow ? place.parentIndent : this.indentOf(node, place);
    const starts = pairs.map(pair => spanOf(pair.key).start);
    const entries = pairs.map((pair, i): YamlEntry => {
      const colon = colonOf(pair);
      const keyStart = starts[i] ?? place.from;
      const until = starts[i + 1] ?? place.until;
      const inside = { flow, parentIndent: indent };
      const key = this.node(pair.key, { ...inside, from: keyStart, until: colon ?? until });
      const after = (colon ?? key.span.end - 1) + 1;
      const value =
        pair.value && !isMissing(pair.value)
          ? this.node(pair.value, { ...inside, from: after, until })
          : this.missing(pair.value, after, { ...inside, from: after, until });
      const end = Math.max(visibleEnd(this.text, value.span), after);
      return {
        span: { start: keyStart, end },
        key,
        name: key.kind === 'scalar' && !key.templated ? key.text : null,
        colon,
        value,
      };
    });
    return {
      kind: 'map',
      span: this.collectionSpan(node, entries),
      flow: node.flow === true,
      entries,
      open: this.hasGap(place) || entries.some(entry => entry.name === null),
      tag: node.tag,
    };
  }

  private seq(node: YAMLSeq, place: Place): YamlSeq {
    const flow = place.flow || node.flow === true;
    const dashes = node.flow ? [] : dashesOf(node);
    const nodes = node.items as (Node | Pair<Node, Node | null>)[];
    const starts = nodes.map((item, i) => dashes[i] ?? spanOf('key' in item ? item.key : item).start);
    const indent = flow ? place.parentIndent : this.columnOf(starts[0] ?? spanOf(node).start);
    const items = nodes.map((item, i) => {
      const from = starts[i] ?? place.from;
      const until = starts[i + 1] ?? place.until;
      const after = dashes[i] === undefined ? from : from + 1;
      const inside = { flow, parentIndent: indent, from: after, until };
      // `[a: b]` is a pair without a map around it; none of the files this product reads is written so.
      const value =
        'key' in item || isMissing(item)
          ? this.missing('key' in item ? null : item, after, inside)
          : this.node(item, inside);
      return { span: { start: from, end: Math.max(visibleEnd(this.text, value.span), after) }, value };
    });
    return {
      kind: 'seq',
      span: this.collectionSpan(node, items),
      flow: node.flow === true,
      items,
      open: this.hasGap(place),
      tag: node.tag,
    };
  }

  private scalar(node: Scalar, { flow, parentIndent, from, until }: Place): YamlNode {
    const span = spanOf(node);
    return {
      kind: 'scalar',
      span,
      style: STYLES[node.type ?? 'PLAIN'] ?? 'plain',
      text: String(node.value),
      tag: node.tag,
      templated:
        this.expressions.some(e => overlaps(e, span)) || (span.start === span.end && this.hasGap({ from, until })),
      flow,
      parentIndent,
    };
  }

  /** A key or a dash without a value. */
  private missing(node: Scalar | null, at: number, place: Place): YamlNode {
    const empty: YamlNode = {
      kind: 'scalar',
      span: { start: at, end: at },
      style: 'plain',
      text: '',
      tag: node?.tag,
      templated: this.hasGap(place),
      flow: place.flow,
      parentIndent: place.parentIndent,
    };
    if (node?.anchor) this.anchors.set(node.anchor, empty);
    return empty;
  }

  private collectionSpan(node: YAMLMap | YAMLSeq, parts: readonly { readonly span: Span }[]): Span {
    const span = spanOf(node);
    if (node.flow) return span;
    return { start: parts[0]?.span.start ?? span.start, end: parts[parts.length - 1]?.span.end ?? span.end };
  }

  private hasGap({ from, until }: Pick<Place, 'from' | 'until'>): boolean {
    return this.gaps.some(gap => gap.start >= from && gap.start < Math.max(until, from + 1));
  }

  private indentOf(node: YAMLMap, place: Place): number {
    const first = node.items[0];
    return first ? this.columnOf(spanOf(first.key as Node).start) : place.parentIndent + 1;
  }

  private columnOf(offset: number): number {
    return (
      offset -
      (this.text.lastIndexOf('\n', offset - 1) + 1) -
      (this.text.startsWith('\uFEFF') && offset <= this.firstLine ? 1 : 0)
    );
  }

  private get firstLine(): number {
    const end = this.text.indexOf('\n');
    return end < 0 ? this.text.length : end;
  }
}

/** Where a node stands: the text that is its own, from its key or dash to the next sibling of it or of what is around it. */
interface Place {
  readonly from: number;
  readonly until: number;
  readonly flow: boolean;
  readonly parentIndent: number;
}

function spanOf(node: { range?: [number, number, number] | null | undefined }): Span {
  const [start, end] = node.range ?? [0, 0];
  return { start, end };
}

function isMissing(node: Node): node is Scalar {
  return isScalar(node) && (!node.srcToken || spanOf(node).start === spanOf(node).end);
}

function colonOf(pair: Pair<Node, Node | null>): number | undefined {
  return pair.srcToken?.sep?.find(token => token.type === 'map-value-ind')?.offset;
}

function dashesOf(node: YAMLSeq): number[] {
  const token = node.srcToken;
  if (token?.type !== 'block-seq') return [];
  return token.items.flatMap(item => item.start.find(({ type }) => type === 'seq-item-ind')?.offset ?? []);
}
