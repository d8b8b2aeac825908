import { eolOf } from '../../text/lineBreaks.ts';
import type { Span } from '../../text/span.ts';
import type { Arm } from '../template.ts';
import { type KubernetesScalar, resolvePlain, resolveTagged } from './kubernetesScalar.ts';
import type { ScalarSite, ScalarStyle } from './scalarSite.ts';

/** `${NAME}`, as envsubst and Flux replace it: a plain `$(NAME)` is Kubernetes' own and stays. */
export const SUBSTITUTION = /\$\{[A-Za-z_][^}]*\}/;

/** Offsets are UTF-16 and count in the text that was parsed. */
export type YamlNode = YamlMap | YamlSeq | YamlScalar | YamlAlias;

export interface YamlMap {
  readonly kind: 'map';
  /** From its first key, or brace, to the end of its last value, or brace. */
  readonly span: Span;
  readonly flow: boolean;
  readonly entries: readonly YamlEntry[];
  /** True if keys may be there that the text does not show: a template prints into it, or part of it is broken. */
  readonly open: boolean;
  readonly tag: string | undefined;
  readonly properties: Span | null;
}

export interface YamlEntry extends Part {
  readonly key: YamlNode;
  /** The key as text; null where only rendering knows it, or where it is no scalar. */
  readonly name: string | null;
  /** Offset of the `:`; undefined in a flow map's key without value. */
  readonly colon: number | undefined;
}

export interface YamlSeq {
  readonly kind: 'seq';
  /** From its first dash, or bracket, to the end of its last value, or bracket. */
  readonly span: Span;
  readonly flow: boolean;
  readonly items: readonly YamlItem[];
  /** True if items may be there that the text does not show. */
  readonly open: boolean;
  readonly tag: string | undefined;
  readonly properties: Span | null;
}

export type YamlItem = Part;

/** An entry of a mapping or an item of a list. */
export interface Part {
  /** From the key (or its `?`) or the `-`, to the end of the value; comments and line breaks behind it are outside. */
  readonly span: Span;
  readonly value: YamlNode;
  /** The arms of a template's conditionals it stands in, and its collection does not; empty if it is there in any case. */
  readonly conditions: readonly Arm[];
}

export interface YamlScalar {
  readonly kind: 'scalar';
  /** Quotes, and a block scalar's indicator and line breaks, included; empty for a value that is not there. */
  readonly span: Span;
  /** Where its last visible character ends: a block scalar's closing line breaks are behind it. */
  readonly visibleEnd: number;
  readonly style: ScalarStyle;
  readonly text: string;
  readonly tag: string | undefined;
  /** Where its anchor and tag are written. */
  readonly properties: Span | null;
  /** True if a template expression or broken text is part of it. */
  readonly templated: boolean;
  /** True between brackets or braces, where plain scalars carry fewer characters. */
  readonly flow: boolean;
  /** Columns that the collection around it is indented by: what a block scalar's indentation counts from. */
  readonly parentIndent: number;
}

export interface YamlAlias {
  readonly kind: 'alias';
  readonly span: Span;
  /** The nearest node before it that declares the anchor; null where there is none, or where it contains the alias. */
  readonly target: YamlNode | null;
}

/** The node that an alias stands for; any other node as it is. */
export function dereference(node: YamlNode): Exclude<YamlNode, YamlAlias> | null {
  let target: YamlNode | null = node;
  while (target?.kind === 'alias') target = target.target;
  return target;
}

export function partsOf(collection: YamlMap | YamlSeq): readonly Part[] {
  return collection.kind === 'map' ? collection.entries : collection.items;
}

/** The nodes of a document, keys too, each before what it holds; what aliases stand for is not entered. */
export function* nodesOf(node: YamlNode): Iterable<YamlNode> {
  const pending = [node];
  for (let next = pending.pop(); next; next = pending.pop()) {
    yield next;
    if (next.kind !== 'map' && next.kind !== 'seq') continue;
    for (const { value } of partsOf(next).toReversed()) pending.push(value);
    if (next.kind === 'map') for (const { key } of next.entries) if (key.kind !== 'scalar') pending.push(key);
  }
}

/** True for the key by which a mapping takes in others. Quoted, it is a key like any other (go-yaml's `isMerge`). */
export function isMerge({ key }: YamlEntry): boolean {
  if (key.kind !== 'scalar' || key.text !== '<<' || key.templated) return false;
  return key.tag === undefined ? key.style === 'plain' : /merge$/.test(key.tag);
}

/** What a merge key takes in, null for what is no mapping; of equal keys the first one's counts. */
export function mergeSources({ value }: YamlEntry): (YamlMap | null)[] {
  const target = dereference(value);
  const sources = target?.kind === 'seq' ? target.items.map(item => dereference(item.value)) : [target];
  return sources.map(source => (source?.kind === 'map' ? source : null));
}

/** The node at the end of a path that passes no alias; null if there is none. */
export function nodeAt(root: YamlNode, path: readonly (string | number)[]): YamlNode | null {
  let node: YamlNode | undefined = root;
  for (const step of path) {
    if (node?.kind === 'map') node = node.entries.findLast(({ name }) => name === step)?.value;
    else if (node?.kind === 'seq' && typeof step === 'number') node = node.items[step]?.value;
    else return null;
  }
  return node ?? null;
}

/** What writing the scalar anew in its document needs to know. */
export function siteOf(text: string, { span, parentIndent, flow, tag }: YamlScalar): ScalarSite {
  return {
    parentIndent,
    flow,
    eol: eolOf(text),
    following: text.slice(span.end),
    ...(tag === undefined ? {} : { tag }),
  };
}

/** What Kubernetes reads the scalar as. */
export function resolveScalar({ tag, style, text }: YamlScalar): KubernetesScalar {
  if (tag !== undefined) return resolveTagged(tag, text);
  return style === 'plain' ? resolvePlain(text) : { type: 'string', value: text };
}

/** True for a value that is null, or not there, in every rendering. */
export function isNull(node: YamlNode): boolean {
  return node.kind === 'scalar' && !node.templated && resolveScalar(node).type === 'null';
}

/** The part of a node that can be seen: without a block scalar's closing line breaks. */
export function visibleSpan(node: YamlNode): Span {
  return node.kind === 'scalar' ? { start: node.span.start, end: node.visibleEnd } : node.span;
}
