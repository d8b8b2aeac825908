import type { NginxContext } from '../facts/nginx.ts';
import type { Span } from '../text/span.ts';

/**
 * Enters the text that a scalar, a stretch of a text or a whole piece holds: document `document`, counted from 0, of a YAML
 * stream; nginx directives, of which each further step is an index; a stretch of a text whose parts are told by their
 * offsets, null for all of it; `decoded` if what is read there is not what is written, so that nothing can be edited; `parts` if it is put
 * together of several texts.
 */
export type Embedded =
  | { readonly embedded: 'yaml'; readonly document: number }
  | { readonly embedded: 'nginx'; readonly context: NginxContext | null }
  | {
      readonly embedded: 'text';
      readonly span: Span | null;
      readonly decoded?: true;
      readonly parts?: readonly Part[];
    };

/** A stretch of a text that is put together, and where it is written: from the address of the whole on. */
export interface Part extends Span {
  readonly path: readonly Step[];
  /** `words`: an item of a list of words, so that a word behind it is another item. `lines`: an item of a list of commands. */
  readonly itemOf: 'words' | 'lines' | null;
}

/** A mapping's key, a list's index, or the way into an embedded text. */
export type Step = string | number | Embedded;

/** Where a value is, or would be, within its piece. */
export type Address = readonly Step[];

/** Where a value is written, in offsets of its piece. */
export interface Place {
  /** The value alone. */
  readonly value: Span;
  /** The value with its key; the value alone where it has none. */
  readonly entry: Span;
}

type State<T> =
  | { readonly state: 'known'; readonly value: T; readonly place: Place }
  | { readonly state: 'unknown'; readonly place: Place | null }
  | { readonly state: 'absent' };

/**
 * What a file says of one setting. Unknown: only rendering, another file or a real cluster could tell. Absent: the
 * setting is certainly not there (a null counts as absent, as it does to Kubernetes).
 */
export class Value<T> {
  readonly address: Address;
  private readonly reading: State<T>;

  private constructor(address: Address, reading: State<T>) {
    this.address = address;
    this.reading = reading;
  }

  static known<T>(address: Address, value: T, place: Place): Value<T> {
    return new Value(address, { state: 'known', value, place });
  }

  static unknown<T>(address: Address, place: Place | null): Value<T> {
    return new Value<T>(address, { state: 'unknown', place });
  }

  static absent<T>(address: Address): Value<T> {
    return new Value<T>(address, { state: 'absent' });
  }

  /** The value, if it is known. */
  get known(): T | undefined {
    return this.reading.state === 'known' ? this.reading.value : undefined;
  }

  get isUnknown(): boolean {
    return this.reading.state === 'unknown';
  }

  get isAbsent(): boolean {
    return this.reading.state === 'absent';
  }

  /** Null if nothing of it is written. */
  get place(): Place | null {
    return this.reading.state === 'absent' ? null : this.reading.place;
  }

  /** The same setting in another form: what `read` makes of it, unknown where it makes nothing of it. */
  map<U>(read: (value: T) => U | null): Value<U> {
    const { address, reading } = this;
    if (reading.state === 'absent') return Value.absent(address);
    const value = reading.state === 'known' ? read(reading.value) : null;
    return value === null || reading.state !== 'known'
      ? Value.unknown(address, reading.place)
      : Value.known(address, value, reading.place);
  }

  /** True if the value is known and one of these. */
  is(...values: readonly T[]): boolean {
    return this.reading.state === 'known' && values.includes(this.reading.value);
  }
}
