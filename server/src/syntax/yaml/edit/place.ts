import { isNull, type Part, partsOf, type YamlMap, type YamlNode, type YamlSeq } from '../tree.ts';
import type { Refusal, YamlPath } from './change.ts';

/** A part of a collection on the way to a node. */
export interface Holder {
  readonly collection: YamlMap | YamlSeq;
  readonly index: number;
  readonly part: Part;
}

/** A place in a document that a path leads to. */
export interface Place {
  readonly node: YamlNode;
  /** What holds it, from the root down; empty for the root itself. */
  readonly holders: readonly Holder[];
  /** The steps that lead on to what is not there yet. */
  readonly missing: YamlPath;
}

/** `shared`: the nodes that aliases stand for. They, and what is in them, mean more than one place. */
export function placeAt(root: YamlNode, path: YamlPath, shared: ReadonlySet<YamlNode>): Place | Refusal {
  const holders: Holder[] = [];
  let node = root;
  for (const [depth, step] of path.entries()) {
    if (node.kind === 'alias' || shared.has(node)) return 'shared by an alias';
    if (node.kind === 'scalar') {
      if (node.templated) return 'from a template';
      return isNull(node) ? { node, holders, missing: path.slice(depth) } : 'no such place';
    }
    if (isUndecided(node, step)) return 'from a template';
    const index = indexOf(node, step);
    const part = partsOf(node)[index];
    if (!part) return isAddable(node, step) ? { node, holders, missing: path.slice(depth) } : 'no such place';
    holders.push({ collection: node, index, part });
    node = part.value;
  }
  return { node, holders, missing: [] };
}

function indexOf(collection: YamlMap | YamlSeq, step: string | number): number {
  if (collection.kind === 'map') return collection.entries.findLastIndex(({ name }) => name === step);
  return typeof step === 'number' ? step : -1;
}

/** True for a key that stands in several arms of a template's conditional. */
function isUndecided(collection: YamlMap | YamlSeq, step: string | number): boolean {
  if (collection.kind === 'seq') return false;
  const equal = collection.entries.filter(({ name }) => name === step);
  return equal.length > 1 && equal.some(({ conditions }) => conditions.length > 0);
}

function isAddable(collection: YamlMap | YamlSeq, step: string | number): boolean {
  return collection.kind === 'map' && typeof step === 'string';
}

/** The outermost `[]` or `{}` that the place lies in, or is. */
export function flowAround({ node, holders }: Place): YamlMap | YamlSeq | null {
  const around = holders.find(({ collection }) => collection.flow)?.collection;
  if (around) return around;
  return (node.kind === 'map' || node.kind === 'seq') && node.flow ? node : null;
}

/** True between brackets or braces. */
export function isInFlow({ holders }: Place): boolean {
  return holders.some(({ collection }) => collection.flow);
}

/** The offset behind the colon or dash, the anchor and the tag before the value; null where nothing stands before it. */
export function slotStart({ node, holders }: Place): number | null {
  if (node.kind !== 'alias' && node.properties) return node.properties.end;
  const holder = holders.at(-1);
  if (!holder) return null;
  const { collection, part, index } = holder;
  if (collection.kind === 'seq') return collection.flow ? null : part.span.start + 1;
  const entry = collection.entries[index];
  return entry?.colon === undefined ? null : entry.colon + 1;
}
