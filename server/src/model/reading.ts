import { canMeet } from '../syntax/template.ts';
import { parseYaml, type YamlDocument } from '../syntax/yaml/parse.ts';
import { decodeScalar } from '../syntax/yaml/scalarDecode.ts';
import { cutStream } from '../syntax/yaml/stream.ts';
import {
  dereference,
  resolveScalar,
  visibleEnd,
  type YamlEntry,
  type YamlMap,
  type YamlNode,
} from '../syntax/yaml/tree.ts';
import { compose, identityMap, offsetBy, type SourceMap } from '../text/sourceMap.ts';
import type { Span } from '../text/span.ts';
import { type Address, type Place, Value } from './value.ts';

/** Regions within regions beyond this depth are not entered. */
const MAX_DEPTH = 4;

/** `${NAME}`, as envsubst and Flux replace it: a plain `$(NAME)` is Kubernetes' own and stays. */
const SUBSTITUTION = /\$\{[A-Za-z_][^}]*\}/;

/** A YAML document, and how its offsets translate to those of the piece that carries it. */
interface Region {
  readonly document: YamlDocument;
  /** Null for the piece's own document. */
  readonly toPiece: SourceMap | null;
  readonly depth: number;
}

type Found =
  | { readonly state: 'here'; readonly node: YamlNode; readonly entry: Span | null }
  | { readonly state: 'unknown'; readonly entry: Span | null }
  | { readonly state: 'absent' };

/** Walks a YAML document as Kubernetes reads it: through aliases, merge keys and templates, never past what is known. */
export class Reading {
  readonly address: Address;
  private readonly region: Region;
  private readonly found: Found;

  private constructor(region: Region, address: Address, found: Found) {
    this.region = region;
    this.address = address;
    this.found = found;
  }

  /** The root of a document that is a piece of its own. */
  static of(document: YamlDocument): Reading {
    return Reading.root({ document, toPiece: null, depth: 0 }, []);
  }

  private static root(region: Region, address: Address): Reading {
    const root = region.document.root;
    return new Reading(region, address, root ? { state: 'here', node: root, entry: null } : { state: 'absent' });
  }

  /** The value of a key; unknown below what is unknown, absent below what is absent or no mapping. */
  get(name: string): Reading {
    const address = [...this.address, name];
    if (this.found.state !== 'here') return new Reading(this.region, address, this.found);
    const map = this.map;
    if (!map)
      return new Reading(this.region, address, this.isOpaque ? { state: 'unknown', entry: null } : { state: 'absent' });
    return new Reading(this.region, address, this.lookUp(map, name, 0));
  }

  /** The value at the end of several keys. */
  at(...names: readonly string[]): Reading {
    return names.reduce<Reading>((reading, name) => reading.get(name), this);
  }

  /** The keys that are written, in their order; keys that only rendering knows are left out. */
  entries(): { readonly name: string; readonly value: Reading }[] {
    const names = new Set(this.map?.entries.map(({ name }) => name).filter(name => name !== null));
    return [...names].map(name => ({ name, value: this.get(name) }));
  }

  /** The items of a list; empty for anything else. */
  items(): Reading[] {
    const node = this.node;
    if (node?.kind !== 'seq') return [];
    return node.items.map(
      ({ value, span }, index) =>
        new Reading(this.region, [...this.address, index], { state: 'here', node: value, entry: span }),
    );
  }

  /** True if there is a list here, or could be, with items that the text does not show. */
  get mayHaveMoreItems(): boolean {
    const node = this.node;
    return this.found.state === 'unknown' || this.isOpaque || (node?.kind === 'seq' && node.open);
  }

  get isMap(): boolean {
    return this.node?.kind === 'map';
  }

  get isList(): boolean {
    return this.node?.kind === 'seq';
  }

  get isAbsent(): boolean {
    return this.found.state === 'absent' || this.isNull;
  }

  get isUnknown(): boolean {
    return this.found.state === 'unknown' || this.isOpaque;
  }

  /** A string, or unknown for what is there and is none. */
  string(): Value<string> {
    return this.value(resolved => (resolved.type === 'string' ? resolved.value : undefined));
  }

  boolean(): Value<boolean> {
    return this.value(resolved => (resolved.type === 'boolean' ? resolved.value : undefined));
  }

  number(): Value<number> {
    return this.value(resolved => (resolved.type === 'number' ? resolved.value : undefined));
  }

  /** The scalar's characters whatever type Kubernetes gives them: what a template engine such as Helm's prints. */
  text(): Value<string> {
    const node = this.node;
    return this.value(() => (node?.kind === 'scalar' ? node.text : undefined));
  }

  /** The documents of the YAML stream that a string holds; none for anything else, or too deep down. */
  embeddedYaml(): Reading[] {
    const node = this.node;
    if (node?.kind !== 'scalar' || node.style === 'plain' || this.region.depth >= MAX_DEPTH) return [];
    const source = this.region.document.text.slice(node.span.start, node.span.end);
    const { text, map } = decodeScalar(source, node.style, node);
    const inRegion = offsetBy(map, node.span.start);
    const toPiece = this.region.toPiece ? compose(this.region.toPiece, inRegion) : inRegion;
    return cutStream(text).map(({ start, end }, index) =>
      Reading.root(
        {
          document: parseYaml(text.slice(start, end)),
          toPiece: compose(toPiece, offsetBy(identityMap(end - start), start)),
          depth: this.region.depth + 1,
        },
        [...this.address, { embedded: 'yaml', document: index }],
      ),
    );
  }

  /** Where this is written; null if nothing of it is. */
  get place(): Place | null {
    if (this.found.state === 'absent') return null;
    if (this.found.state === 'unknown') return this.found.entry && this.placeOf(this.found.entry, this.found.entry);
    const { node, entry } = this.found;
    const value = { start: node.span.start, end: visibleEnd(this.region.document.text, node.span) };
    return this.placeOf(value, entry ?? value);
  }

  private get node(): Exclude<YamlNode, { kind: 'alias' }> | null {
    return this.found.state === 'here' ? dereference(this.found.node) : null;
  }

  private get map(): YamlMap | null {
    const node = this.node;
    return node?.kind === 'map' ? node : null;
  }

  /** True for a value that only rendering knows. */
  private get isOpaque(): boolean {
    const node = this.node;
    if (this.found.state === 'here' && !node) return true;
    return node?.kind === 'scalar' && (node.templated || SUBSTITUTION.test(node.text));
  }

  private get isNull(): boolean {
    const node = this.node;
    return node?.kind === 'scalar' && !node.templated && resolveScalar(node).type === 'null';
  }

  private value<T>(pick: (resolved: ReturnType<typeof resolveScalar>) => T | undefined): Value<T> {
    if (this.isAbsent) return Value.absent(this.address);
    const { node, place } = this;
    if (node?.kind !== 'scalar' || this.isOpaque || !place) return Value.unknown(this.address, place);
    const value = pick(resolveScalar(node));
    return value === undefined ? Value.unknown(this.address, place) : Value.known(this.address, value, place);
  }

  private placeOf(value: Span, entry: Span): Place {
    const { toPiece } = this.region;
    return toPiece ? { value: toPiece.spanToSource(value), entry: toPiece.spanToSource(entry) } : { value, entry };
  }

  /** A key's value as go-yaml v2 finds it: the last of equal keys, else what the merge key brings. */
  private lookUp(map: YamlMap, name: string, depth: number): Found {
    const entries = map.entries.filter(entry => entry.name === name);
    const last = entries.at(-1);
    if (last) {
      if (entries.some(entry => !this.agrees(entry, last))) return { state: 'unknown', entry: last.span };
      return { state: 'here', node: last.value, entry: last.span };
    }
    let found: Found = map.open ? { state: 'unknown', entry: null } : { state: 'absent' };
    for (const { name: key, value } of map.entries) {
      if (key !== '<<' || depth > 16) continue;
      const target = dereference(value);
      const merged = target?.kind === 'seq' ? target.items.map(item => dereference(item.value)) : [target];
      for (const source of merged) {
        if (source?.kind !== 'map') found = { state: 'unknown', entry: null };
        else {
          const inherited = this.lookUp(source, name, depth + 1);
          if (inherited.state === 'here') return inherited;
          if (inherited.state === 'unknown') found = inherited;
        }
      }
    }
    return found;
  }

  /** False for a key that exclusive branches give different values: which one counts, only rendering knows. */
  private agrees(entry: YamlEntry, last: YamlEntry): boolean {
    if (entry === last || canMeet(this.region.document.branches, entry.span.start, last.span.start)) return true;
    const [a, b] = [entry.value, last.value];
    return a.kind === 'scalar' && b.kind === 'scalar' && a.text === b.text && a.style === b.style;
  }
}
