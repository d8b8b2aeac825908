import type { Span } from '../../text/span.ts';
import { type KubernetesScalar, resolvePlain, resolveTagged } from './kubernetesScalar.ts';
import type { ScalarSite, ScalarStyle } from './scalarSite.ts';

export type YamlNode = YamlMap | YamlSeq | YamlScalar | YamlAlias;

export interface YamlMap {
  readonly kind: 'map';
  readonly span: Span;
  readonly flow: boolean;
  readonly entries: readonly YamlEntry[];
  /** True if keys may be there that the text does not show: a template prints into it, or part of it is broken. */
  readonly open: boolean;
  readonly tag: string | undefined;
}

export interface YamlEntry {
  /** From the key to the end of the value; comments and line breaks behind it are outside. */
  readonly span: Span;
  readonly key: YamlNode;
  /** The key as text; null where only rendering knows it, or where it is no scalar. */
  readonly name: string | null;
  /** Offset of the `:`; undefined in a flow map's key without value. */
  readonly colon: number | undefined;
  readonly value: YamlNode;
}

export interface YamlSeq {
  readonly kind: 'seq';
  readonly span: Span;
  readonly flow: boolean;
  readonly items: readonly YamlItem[];
  /** True if items may be there that the text does not show. */
  readonly open: boolean;
  readonly tag: string | undefined;
}

export interface YamlItem {
  /** From the `-`, in block style, to the end of the value. */
  readonly span: Span;
  readonly value: YamlNode;
}

export interface YamlScalar {
  readonly kind: 'scalar';
  /** Quotes, and a block scalar's indicator and line breaks, included; empty for a value that is not there. */
  readonly span: Span;
  readonly style: ScalarStyle;
  readonly text: string;
  readonly tag: string | undefined;
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
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  return { parentIndent, flow, eol, following: text.slice(span.end), ...(tag === undefined ? {} : { tag }) };
}

/** What Kubernetes reads the scalar as. */
export function resolveScalar({ tag, style, text }: YamlScalar): KubernetesScalar {
  if (tag !== undefined) return resolveTagged(tag, text);
  return style === 'plain' ? resolvePlain(text) : { type: 'string', value: text };
}

/** Where the visible part of a node ends: a block scalar's closing line breaks are not part of it. */
export function visibleEnd(text: string, { start, end }: Span): number {
  let last = end;
  while (last > start && /\s/.test(text[last - 1] ?? '')) last--;
  return last;
}
