import { applyEdits, type TextEdit } from '../../text/edits.ts';
import type { Span } from '../../text/span.ts';
import { parseYaml } from './parse.ts';
import { encodeEdit } from './scalarEdit.ts';
import { chooseStyle, encodeScalar } from './scalarEncode.ts';
import type { ScalarSite } from './scalarSite.ts';
import {
  resolveScalar,
  siteOf,
  visibleEnd,
  type YamlEntry,
  type YamlMap,
  type YamlNode,
  type YamlScalar,
  type YamlSeq,
} from './tree.ts';

/** A value as JSON has it. */
export type YamlData = null | boolean | number | string | readonly YamlData[] | { readonly [key: string]: YamlData };

/** Keys and indices from the root of a document. */
export type YamlPath = readonly (string | number)[];

/**
 * What happens at a path. `set` replaces the value, or adds the entry: behind its sibling `after`, else behind the last.
 * `insert` puts a value into the list at the path, before its item `at`, else at the end. `remove` takes an entry or an
 * item out. `move` puts an item before the one that is now at `to`, counted without it.
 */
export type YamlChange =
  | { readonly op: 'set'; readonly value: YamlData; readonly after?: string }
  | { readonly op: 'insert'; readonly value: YamlData; readonly at?: number }
  | { readonly op: 'remove' }
  | { readonly op: 'move'; readonly to: number };

/** Why a change is not offered. `inexact`: the text cannot carry it without changing something else. */
export type Refusal = 'no such place' | 'shared by an alias' | 'from a template' | 'inexact';

export type YamlEdits = { readonly edits: readonly TextEdit[] } | { readonly refused: Refusal };

/**
 * The edits that make a change in a document's text. Comments, quotes, order, indentation, line endings and all else
 * stay. The result was read back: it says what the text said before, but for the change.
 */
export function editYaml(text: string, path: YamlPath, change: YamlChange): YamlEdits {
  const root = parseYaml(text).root;
  if (!root) return { refused: 'no such place' };
  const edits = new Editor(text, root).edit(path, change);
  if (typeof edits === 'string') return { refused: edits };
  const expected = changed(dataOf(root), path, change);
  const after = parseYaml(applyEdits(text, edits)).root;
  return after && sameData(dataOf(after), expected) ? { edits } : { refused: 'inexact' };
}

/** What a node says, as JSON data; a template's marks and aliases are compared by their text. */
export function dataOf(node: YamlNode): YamlData {
  switch (node.kind) {
    case 'map':
      return Object.fromEntries(node.entries.map(({ key, value }, i) => [keyOf(node.entries, key, i), dataOf(value)]));
    case 'seq':
      return node.items.map(({ value }) => dataOf(value));
    case 'alias':
      return { '*': node.target ? dataOf(node.target) : null };
    case 'scalar': {
      const resolved = resolveScalar(node);
      return resolved.type === 'refused' ? `!${node.text}` : resolved.type === 'null' ? null : resolved.value;
    }
  }
}

/** Entries of one name stay apart, as branches of a template give them. */
function keyOf(entries: readonly YamlEntry[], key: YamlNode, index: number): string {
  const name = (node: YamlNode) => (node.kind === 'scalar' ? node.text : JSON.stringify(dataOf(node)));
  const own = name(key);
  const later = entries.slice(index + 1).filter(entry => name(entry.key) === own).length;
  return later === 0 ? own : `${own} (${later} before the last)`;
}

function changed(data: YamlData, [step, ...rest]: YamlPath, change: YamlChange): YamlData {
  if (step === undefined) {
    if (change.op === 'set') return change.value;
    if (change.op !== 'insert') return data;
    const list = Array.isArray(data) ? [...data] : [];
    list.splice(change.at ?? list.length, 0, change.value);
    return list;
  }
  const last = rest.length === 0;
  if (typeof step === 'number') {
    const list = Array.isArray(data) ? [...(data as readonly YamlData[])] : [];
    if (last && change.op === 'remove') list.splice(step, 1);
    else if (last && change.op === 'move') list.splice(change.to, 0, ...list.splice(step, 1));
    else list[step] = changed(list[step] ?? null, rest, change);
    return list;
  }
  const map = typeof data === 'object' && data !== null && !Array.isArray(data) ? { ...data } : {};
  if (last && change.op === 'remove') delete (map as Record<string, YamlData>)[step];
  else (map as Record<string, YamlData>)[step] = changed((map as Record<string, YamlData>)[step] ?? null, rest, change);
  return map;
}

function sameData(a: YamlData, b: YamlData): boolean {
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return Object.is(a, b);
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const [x, y] = [a as Record<string, YamlData>, b as Record<string, YamlData>];
  const keys = Object.keys(x);
  return (
    keys.length === Object.keys(y).length &&
    keys.every(key => Object.hasOwn(y, key) && sameData(x[key] as YamlData, y[key] as YamlData))
  );
}

/** What of a path is there: the node, the holder of it, and the steps that lead to nothing yet. */
interface Located {
  readonly node: YamlNode;
  readonly holder: Holder | null;
  readonly missing: YamlPath;
}

type Holder = { readonly in: YamlMap; readonly index: number } | { readonly in: YamlSeq; readonly index: number };

class Editor {
  private readonly text: string;
  private readonly root: YamlNode;
  private readonly eol: '\n' | '\r\n';
  private readonly step: number;
  private readonly quote: 'single' | 'double';

  constructor(text: string, root: YamlNode) {
    this.text = text;
    this.root = root;
    this.eol = text.includes('\r\n') ? '\r\n' : '\n';
    this.step = indentationStep(root);
    this.quote = favouriteQuote(root);
  }

  edit(path: YamlPath, change: YamlChange): readonly TextEdit[] | Refusal {
    const located = this.locate(path);
    if (typeof located === 'string') return located;
    const { node, holder, missing } = located;
    switch (change.op) {
      case 'set':
        return missing.length === 0 ? this.replace(node, change.value) : this.add(node, missing, change);
      case 'insert':
        if (missing.length > 0) return this.add(node, missing, { value: [change.value] });
        return this.insert(node, change.value, change.at);
      case 'remove':
        return missing.length > 0 || !holder ? 'no such place' : this.remove(holder);
      case 'move':
        return missing.length > 0 || holder?.in.kind !== 'seq'
          ? 'no such place'
          : this.move(holder.in, holder.index, change.to);
    }
  }

  private locate(path: YamlPath): Located | Refusal {
    let node: YamlNode = this.root;
    let holder: Holder | null = null;
    for (const [depth, step] of path.entries()) {
      if (node.kind === 'alias') return 'shared by an alias';
      if (node.kind === 'scalar') {
        if (node.templated) return 'from a template';
        return isNull(node) ? { node, holder, missing: path.slice(depth) } : 'no such place';
      }
      const index: number =
        node.kind === 'map'
          ? node.entries.findLastIndex(({ name }) => name === step)
          : typeof step === 'number'
            ? step
            : -1;
      const found = node.kind === 'map' ? node.entries[index] : node.items[index];
      if (!found)
        return node.kind === 'map' && typeof step === 'string'
          ? { node, holder, missing: path.slice(depth) }
          : 'no such place';
      holder = { in: node, index } as Holder;
      node = found.value;
    }
    return { node, holder, missing: [] };
  }

  private replace(node: YamlNode, value: YamlData): readonly TextEdit[] | Refusal {
    if (node.kind === 'alias') return 'shared by an alias';
    if (node.kind === 'scalar' && node.templated) return 'from a template';
    if (node.kind === 'scalar' && typeof value === 'string') {
      const inPlace = this.rewrite(node, value);
      if (inPlace) return inPlace;
    }
    const { start } = node.span;
    const end = node.kind === 'scalar' ? this.endOf(node) : node.span.end;
    const flow = node.kind === 'scalar' ? node.flow : node.flow || this.isInFlow(node);
    if (flow || isInline(value)) {
      // A block collection stands on lines of its own; what replaces it goes behind the key, where the gap began.
      const from = flow || node.kind === 'scalar' ? start : this.startOfGap(start);
      const gap = from === start && node.span.start !== node.span.end ? '' : ' ';
      return [
        {
          span: { start: from, end },
          newText: gap + this.inline(value, flow, this.isJson(node), this.indentAround(node)),
        },
      ];
    }
    const indent = this.indentAround(node);
    const from = this.startOfGap(start);
    return [{ span: { start: from, end }, newText: this.nested(value, indent) }];
  }

  /** A string for a string, in the style that is there. */
  private rewrite(node: YamlScalar, value: string): readonly TextEdit[] | null {
    if (node.span.start === node.span.end) return null;
    const source = this.text.slice(node.span.start, node.span.end);
    const edits = encodeEdit(source, node.style, siteOf(this.text, node), {
      span: { start: 0, end: node.text.length },
      newText: value,
    });
    return (
      edits?.map(({ span, newText }) => ({
        span: { start: span.start + node.span.start, end: span.end + node.span.start },
        newText,
      })) ?? null
    );
  }

  private add(
    node: YamlNode,
    missing: YamlPath,
    change: { readonly value: YamlData; readonly after?: string },
  ): readonly TextEdit[] | Refusal {
    const [key, ...rest] = missing;
    if (typeof key !== 'string') return 'no such place';
    const value = rest.reduceRight<YamlData>((inner, step) => ({ [step]: inner }), change.value);
    if (node.kind === 'map') return this.addEntry(node, key, value, change.after);
    return this.replace(node, { [key]: value });
  }

  private addEntry(
    map: YamlMap,
    key: string,
    value: YamlData,
    after: string | undefined,
  ): readonly TextEdit[] | Refusal {
    const neighbour = map.entries.findLast(({ name }) => name === after) ?? map.entries.at(-1);
    if (map.flow) {
      const json = this.isJson(map);
      const written = this.inlineEntry(key, value, json, this.indentAround(map));
      if (!neighbour) return [{ span: { start: map.span.start + 1, end: map.span.end - 1 }, newText: written }];
      const { start, end } = neighbour.span;
      const lineStart = this.startOfLine(start);
      const alone = /^[ \t]*$/.test(this.text.slice(lineStart, start));
      const gap = alone ? this.eol + this.text.slice(lineStart, start) : ' ';
      return [{ span: { start: end, end }, newText: `,${gap}${written}` }];
    }
    if (!neighbour) return 'no such place';
    const indent = this.columnOf(map.span.start);
    return this.addLines(neighbour, ' '.repeat(indent) + this.entry(key, value, indent));
  }

  private insert(node: YamlNode, value: YamlData, at: number | undefined): readonly TextEdit[] | Refusal {
    if (node.kind === 'alias') return 'shared by an alias';
    if (node.kind === 'scalar' && isNull(node) && !node.templated) return this.replace(node, [value]);
    if (node.kind !== 'seq') return 'no such place';
    const index = Math.min(at ?? node.items.length, node.items.length);
    const next = node.items[index];
    const previous = node.items[index - 1];
    if (node.flow) {
      const written = this.inline(value, true, this.isJson(node), this.indentAround(node));
      if (next) return [{ span: { start: next.span.start, end: next.span.start }, newText: `${written}, ` }];
      if (previous) return [{ span: { start: previous.span.end, end: previous.span.end }, newText: `, ${written}` }];
      return [{ span: { start: node.span.start + 1, end: node.span.end - 1 }, newText: written }];
    }
    const indent = this.columnOf(node.span.start);
    const item = this.item(value, indent);
    if (previous) return this.addLines(previous, ' '.repeat(indent) + item);
    const start = node.span.start;
    return [{ span: { start, end: start }, newText: `${item}${this.eol}${' '.repeat(indent)}` }];
  }

  /** Puts lines behind an entry or item, and behind the comment on its last line. */
  private addLines(neighbour: { readonly span: Span; readonly value: YamlNode }, lines: string): readonly TextEdit[] {
    const kept = neighbour.value.kind === 'scalar' && this.isKept(neighbour.value);
    const at = kept ? neighbour.value.span.end : this.endOfLine(neighbour.span.end);
    const newText = kept && this.text[at - 1] === '\n' ? lines + this.eol : this.eol + lines;
    return [{ span: { start: at, end: at }, newText }];
  }

  private remove({ in: collection, index }: Holder): readonly TextEdit[] | Refusal {
    const parts: readonly { readonly span: Span; readonly value: YamlNode }[] =
      collection.kind === 'map' ? collection.entries : collection.items;
    const part = parts[index];
    if (!part) return 'no such place';
    const { start } = part.span;
    const next = parts[index + 1];
    if (parts.length === 1) {
      if (collection.flow)
        return [{ span: { start: collection.span.start + 1, end: collection.span.end - 1 }, newText: '' }];
      return this.replace(collection, collection.kind === 'map' ? {} : []);
    }
    if (collection.flow) {
      const previous = parts[index - 1];
      if (previous) return [{ span: { start: previous.span.end, end: part.span.end }, newText: '' }];
      return [{ span: { start, end: next?.span.start ?? part.span.end }, newText: '' }];
    }
    const end = part.value.kind === 'scalar' && this.isKept(part.value) ? part.value.span.end : part.span.end;
    const lineStart = this.startOfLine(start);
    if (/\S/.test(this.text.slice(lineStart, start).replace('\uFEFF', ''))) {
      // The first of a collection that begins behind a dash: what follows moves up, unless a comment stands between.
      const between = this.text.slice(end, next?.span.start);
      return [{ span: { start, end: between.includes('#') ? end : (next?.span.start ?? end) }, newText: '' }];
    }
    if (end > start && this.text[end - 1] === '\n') return [{ span: { start: lineStart, end }, newText: '' }];
    const lineEnd = this.endOfLine(end);
    const lineBreak = /^\r?\n/.exec(this.text.slice(lineEnd, lineEnd + 2))?.[0].length ?? 0;
    if (lineBreak > 0)
      return [{ span: { start: start - this.columnOf(start), end: lineEnd + lineBreak }, newText: '' }];
    const before = /\r?\n$/.exec(this.text.slice(0, lineStart))?.[0].length ?? 0;
    return [{ span: { start: lineStart - before, end: lineEnd }, newText: '' }];
  }

  /** The items change places; what stands between them, line breaks and commas, stays where it is. */
  private move(list: YamlSeq, from: number, to: number): readonly TextEdit[] | Refusal {
    const parts = list.items.map(({ span, value }) => {
      const kept = value.kind === 'scalar' && this.isKept(value);
      return { start: span.start, end: list.flow ? span.end : kept ? value.span.end : this.endOfLine(span.end) };
    });
    if (to < 0 || to >= parts.length) return 'no such place';
    const order = parts.map((_, index) => index);
    order.splice(to, 0, ...order.splice(from, 1));
    return parts.flatMap((span, slot) => {
      const source = parts[order[slot] ?? slot];
      if (!source || source === span) return [];
      return [{ span, newText: this.text.slice(source.start, source.end) }];
    });
  }

  private entry(key: string, value: YamlData, indent: number): string {
    return `${this.string(key, { parentIndent: indent, key: true })}:${this.nested(value, indent)}`;
  }

  /** What follows a key's colon: ` value`, or lines below it. */
  private nested(value: YamlData, indent: number): string {
    if (isInline(value)) return ` ${this.scalar(value, { parentIndent: indent })}`;
    if (Array.isArray(value)) {
      const column = Math.max(indent, 0);
      return value.map(item => `${this.eol}${' '.repeat(column)}${this.item(item, column)}`).join('');
    }
    const column = indent < 0 ? 0 : indent + this.step;
    return Object.entries(value as object)
      .map(([key, inner]) => `${this.eol}${' '.repeat(column)}${this.entry(key, inner as YamlData, column)}`)
      .join('');
  }

  private item(value: YamlData, indent: number): string {
    if (isInline(value)) return `- ${this.scalar(value, { parentIndent: indent })}`;
    const inner = this.nested(value, indent + 2 - (Array.isArray(value) ? 0 : this.step));
    return `- ${inner.slice(this.eol.length).trimStart()}`;
  }

  private scalar(value: YamlData, site: ScalarSite): string {
    return typeof value === 'string' ? this.string(value, site) : JSON.stringify(value);
  }

  /** A new string, quoted as the document quotes, without a block's last line break: that of the line serves. */
  private string(value: string, around: ScalarSite): string {
    const site = { eol: this.eol, ...around };
    const style = chooseStyle(value, site, { quote: this.quote });
    const written = encodeScalar(value, style, site, { indentStep: this.step }) ?? JSON.stringify(value);
    return style === 'literal' ? written.replace(/\r?\n$/, '') : written;
  }

  private inline(value: YamlData, flow: boolean, json: boolean, parentIndent: number): string {
    if (json) return JSON.stringify(value);
    if (Array.isArray(value)) return `[${value.map(item => this.inline(item, true, false, parentIndent)).join(', ')}]`;
    if (typeof value !== 'object' || value === null) return this.scalar(value, { parentIndent, flow });
    const entries = Object.entries(value).map(([key, inner]) => this.inlineEntry(key, inner, false, parentIndent));
    return `{${entries.join(', ')}}`;
  }

  private inlineEntry(key: string, value: YamlData, json: boolean, parentIndent: number): string {
    if (json) return `${JSON.stringify(key)}: ${JSON.stringify(value)}`;
    return `${this.string(key, { parentIndent, flow: true, key: true })}: ${this.inline(value, true, false, parentIndent)}`;
  }

  /** Column of the block collection that holds the node. */
  private indentAround(node: YamlNode): number {
    const within = (outer: YamlNode, indent: number): number | null => {
      if (outer === node) return indent;
      if (outer.kind !== 'map' && outer.kind !== 'seq') return null;
      const own = outer.flow ? indent : this.columnOf(outer.span.start);
      const parts = outer.kind === 'map' ? outer.entries : outer.items;
      for (const { value } of parts) {
        const found = within(value, own);
        if (found !== null) return found;
      }
      return null;
    };
    return within(this.root, -1) ?? -1;
  }

  /** True for flow collections written as JSON is: with quoted keys. */
  private isJson(node: YamlNode): boolean {
    const keys = (inner: YamlNode): readonly YamlEntry[] =>
      inner.kind === 'map' && inner.flow
        ? inner.entries
        : inner.kind === 'seq' && inner.flow
          ? inner.items.flatMap(({ value }) => keys(value))
          : [];
    const own = keys(node);
    const near = own.length > 0 ? own : keys(this.root);
    return near.length > 0 && near.every(({ key }) => key.kind === 'scalar' && key.style === 'double');
  }

  private isInFlow(node: YamlNode): boolean {
    const within = (outer: YamlNode): boolean => {
      if (outer === node) return false;
      if (outer.kind !== 'map' && outer.kind !== 'seq') return false;
      if (outer.flow && outer.span.start < node.span.start && node.span.end < outer.span.end) return true;
      const parts = outer.kind === 'map' ? outer.entries : outer.items;
      return parts.some(
        ({ value }) => value.span.start <= node.span.start && node.span.end <= value.span.end && within(value),
      );
    };
    return within(this.root);
  }

  /** True for a block scalar that keeps the blank lines behind it: they are part of its value. */
  private isKept(node: YamlScalar): boolean {
    return (
      (node.style === 'literal' || node.style === 'folded') &&
      /^[|>]\d?\+/.test(this.text.slice(node.span.start, node.span.start + 3))
    );
  }

  private endOf(node: YamlScalar): number {
    return this.isKept(node) ? node.span.end : visibleEnd(this.text, node.span);
  }

  /** Offset behind the colon or dash before a value: white space and line breaks between belong to the value. */
  private startOfGap(offset: number): number {
    let start = offset;
    while (start > 0 && /\s/.test(this.text[start - 1] ?? '')) start--;
    return start;
  }

  private startOfLine(offset: number): number {
    return this.text.lastIndexOf('\n', offset - 1) + 1;
  }

  private endOfLine(offset: number): number {
    const end = this.text.indexOf('\n', offset);
    if (end < 0) return this.text.length;
    return this.text[end - 1] === '\r' ? end - 1 : end;
  }

  private columnOf(offset: number): number {
    return (
      offset - this.startOfLine(offset) - (this.startOfLine(offset) === 0 && this.text.startsWith('\uFEFF') ? 1 : 0)
    );
  }
}

function isNull(node: YamlScalar): boolean {
  return resolveScalar(node).type === 'null';
}

function isInline(value: YamlData): boolean {
  return typeof value !== 'object' || value === null || Object.keys(value).length === 0;
}

/** The nodes of a document, each before what it holds. */
function* nodesOf(node: YamlNode): Iterable<YamlNode> {
  yield node;
  if (node.kind === 'map') for (const { value } of node.entries) yield* nodesOf(value);
  if (node.kind === 'seq') for (const { value } of node.items) yield* nodesOf(value);
}

/** Columns by which a mapping is indented below its key, as the first one in the document is; else two. */
function indentationStep(root: YamlNode): number {
  for (const node of nodesOf(root)) {
    if (node.kind !== 'map' || node.flow) continue;
    for (const { key, value } of node.entries) {
      const inner = value.kind === 'map' && !value.flow ? value.entries[0]?.key : undefined;
      if (key.kind !== 'scalar' || inner?.kind !== 'scalar') continue;
      if (inner.parentIndent > key.parentIndent) return inner.parentIndent - key.parentIndent;
    }
  }
  return 2;
}

/** The quotes that the document uses most; double where it uses none. */
function favouriteQuote(root: YamlNode): 'single' | 'double' {
  let balance = 0;
  for (const node of nodesOf(root)) {
    if (node.kind === 'scalar') balance += node.style === 'single' ? 1 : node.style === 'double' ? -1 : 0;
  }
  return balance > 0 ? 'single' : 'double';
}
