import type { KubernetesScalar } from '../syntax/yaml/kubernetesScalar.ts';
import { parseYaml, type YamlDocument } from '../syntax/yaml/parse.ts';
import { decodeScalar } from '../syntax/yaml/scalarDecode.ts';
import { cutStream } from '../syntax/yaml/stream.ts';
import {
  dereference,
  isMerge,
  isNull,
  resolveScalar,
  SUBSTITUTION,
  visibleSpan,
  type YamlMap,
  type YamlNode,
  type YamlScalar,
} from '../syntax/yaml/tree.ts';
import { compose, identityMap, offsetBy, type SourceMap } from '../text/sourceMap.ts';
import { overlaps, type Span } from '../text/span.ts';
import { ABSENT, type Found, lookUp, namesIn } from './lookUp.ts';
import { MAX_DEPTH, type Region } from './region.ts';
import { type Address, type Place, Value } from './value.ts';

/** A YAML document, and how its offsets translate to those of the piece that carries it. */
interface Carrier {
  readonly document: YamlDocument;
  /** Null for the piece's own document. */
  readonly toPiece: SourceMap | null;
  readonly depth: number;
}

/** A key, and what stands behind it. */
export interface OwnEntry {
  readonly name: string;
  readonly key: Place;
  readonly value: Reading;
  /** True if a template decides whether it is there. */
  readonly isConditional: boolean;
}

/** A scalar that Kubernetes does not take for a string. */
export interface NotString {
  readonly type: 'boolean' | 'number';
  /** A boolean by its name, a number as it is written. */
  readonly text: string;
  readonly written: string;
}

/** Walks a YAML document as Kubernetes reads it: through aliases, merge keys and templates, never past what is known. */
export class Reading {
  readonly address: Address;
  private readonly carrier: Carrier;
  private readonly found: Found;

  private constructor(carrier: Carrier, address: Address, found: Found) {
    this.carrier = carrier;
    this.address = address;
    this.found = found;
  }

  /** The root of a document that is a piece of its own. */
  static of(document: YamlDocument): Reading {
    return Reading.root({ document, toPiece: null, depth: 0 }, []);
  }

  /** The roots of the documents of a YAML stream within a piece. */
  static stream({ text, toPiece, address, depth }: Region): Reading[] {
    return cutStream(text).map(({ start, end }, index) =>
      Reading.root(
        {
          document: parseYaml(text.slice(start, end)),
          toPiece: compose(toPiece, offsetBy(identityMap(end - start), start)),
          depth,
        },
        [...address, { embedded: 'yaml', document: index }],
      ),
    );
  }

  private static root(carrier: Carrier, address: Address): Reading {
    const { root, template, problems } = carrier.document;
    if (root) return new Reading(carrier, address, { state: 'here', node: root, entry: null });
    const isEmpty = template.outputs.length === 0 && problems.length === 0;
    return new Reading(carrier, address, isEmpty ? ABSENT : { state: 'unknown', entry: null });
  }

  /** The value of a key; unknown below what is unknown, absent below what is absent or no mapping. */
  get(name: string): Reading {
    const address = [...this.address, name];
    if (this.found.state !== 'here') return new Reading(this.carrier, address, this.found);
    const { map } = this;
    if (map) return new Reading(this.carrier, address, lookUp(map, name));
    return new Reading(this.carrier, address, this.isOpaque ? { state: 'unknown', entry: null } : ABSENT);
  }

  /** The value at the end of several keys. */
  at(...names: readonly string[]): Reading {
    return names.reduce<Reading>((reading, name) => reading.get(name), this);
  }

  /** The keys that are written or merged in, each once, in their order; those that only rendering knows are left out. */
  entries(): { readonly name: string; readonly value: Reading }[] {
    const { map } = this;
    return map ? namesIn(map).map(name => ({ name, value: this.get(name) })) : [];
  }

  /** The keys that stand in this mapping itself, each where it counts, with the place of the key alone. */
  ownEntries(): OwnEntry[] {
    const { map } = this;
    const own = new Map(map?.entries.filter(entry => !isMerge(entry)).map(entry => [entry.name, entry]));
    return [...own].flatMap(([name, { key, conditions }]) =>
      name === null
        ? []
        : [
            {
              name,
              key: this.placeOf(key.span, key.span),
              value: this.get(name),
              isConditional: conditions.length > 0,
            },
          ],
    );
  }

  /** The items of a list; empty for anything else. Those that a template may leave out are unknown. */
  items(): Reading[] {
    const { node } = this;
    if (node?.kind !== 'seq') return [];
    return node.items.map(({ value, span, conditions }, index) => {
      const found: Found =
        conditions.length > 0 ? { state: 'unknown', entry: span } : { state: 'here', node: value, entry: span };
      return new Reading(this.carrier, [...this.address, index], found);
    });
  }

  /** True if there is a list here, or could be, with items that the text does not show. */
  get mayHaveMoreItems(): boolean {
    const node = this.node;
    return this.found.state === 'unknown' || this.isOpaque || (node?.kind === 'seq' && node.open);
  }

  /** True if there is a mapping here, or could be, with keys that the text does not show. */
  get mayHaveMoreKeys(): boolean {
    const { map } = this;
    return this.isUnknown || (map !== null && lookUp(map, '').state === 'unknown');
  }

  get isMap(): boolean {
    return this.node?.kind === 'map';
  }

  get isList(): boolean {
    return this.node?.kind === 'seq';
  }

  get isAbsent(): boolean {
    return this.found.state === 'absent' || (this.node !== null && isNull(this.node));
  }

  get isUnknown(): boolean {
    return this.found.state === 'unknown' || this.isOpaque;
  }

  /** What Kubernetes reads a scalar as; null for what is none, is not there, or only rendering knows. */
  scalar(): KubernetesScalar | null {
    const { node } = this;
    return node?.kind === 'scalar' && !this.isOpaque ? resolveScalar(node) : null;
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

  /** What a template of Helm prints for a scalar; unknown for a number of a million or more, which some print as `1e+06`. */
  printed(): Value<string> {
    return this.value(resolved => {
      if (resolved.type === 'string') return resolved.value;
      if (resolved.type === 'boolean') return String(resolved.value);
      return resolved.type === 'number' && Math.abs(resolved.value) < 1e6 ? String(resolved.value) : undefined;
    });
  }

  /** What stands here instead of the string that Kubernetes wants; null for strings, and for what is no scalar. */
  notString(): NotString | null {
    const [boolean, number] = [this.boolean().known, this.number().known];
    if (boolean === undefined && number === undefined) return null;
    const written = this.text().known ?? '';
    return boolean === undefined
      ? { type: 'number', text: written, written }
      : { type: 'boolean', text: String(boolean), written };
  }

  /** The characters of a string as a text of its own; null for anything else, or too deep down. */
  embeddedText(): Region | null {
    const { node, carrier, address } = this;
    const { document, toPiece, depth } = carrier;
    if (node?.kind !== 'scalar' || depth >= MAX_DEPTH) return null;
    // A line that was left out of a broken document may end up behind a block scalar, as part of its text.
    if (document.problems.some(({ span }) => overlaps(span, node.span))) return null;
    const source = document.text.slice(node.span.start, node.span.end);
    const { text, map } = decodeScalar(source, node.style, node);
    const inDocument = offsetBy(map, node.span.start);
    return { text, toPiece: toPiece ? compose(toPiece, inDocument) : inDocument, address, depth: depth + 1 };
  }

  /** The documents of the YAML stream that a string holds; none for anything else, or too deep down. */
  embeddedYaml(): Reading[] {
    const embedded = this.node?.kind === 'scalar' && this.node.style !== 'plain' ? this.embeddedText() : null;
    return embedded ? Reading.stream(embedded) : [];
  }

  /** Where this is written; null if nothing of it is. */
  get place(): Place | null {
    if (this.found.state === 'absent') return null;
    if (this.found.state === 'unknown') return this.found.entry && this.placeOf(this.found.entry, this.found.entry);
    const { node, entry } = this.found;
    const value = visibleSpan(node);
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
    if (node?.kind !== 'scalar') return false;
    return node.templated || (!isBlockScalar(node) && SUBSTITUTION.test(node.text));
  }

  private value<T>(pick: (resolved: ReturnType<typeof resolveScalar>) => T | undefined): Value<T> {
    if (this.isAbsent) return Value.absent(this.address);
    const { node, place } = this;
    if (node?.kind !== 'scalar' || this.isOpaque || !place) return Value.unknown(this.address, place);
    const value = pick(resolveScalar(node));
    return value === undefined ? Value.unknown(this.address, place) : Value.known(this.address, value, place);
  }

  private placeOf(value: Span, entry: Span): Place {
    const { toPiece } = this.carrier;
    return toPiece ? { value: toPiece.spanToSource(value), entry: toPiece.spanToSource(entry) } : { value, entry };
  }
}

/** A region of its own, in which `${}` can be anything's: what is in it says so itself. */
function isBlockScalar({ style }: YamlScalar): boolean {
  return style === 'literal' || style === 'folded';
}
