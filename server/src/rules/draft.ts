import type { Located } from '../model/cluster.ts';
import type { Change } from '../model/edit.ts';
import type { Entity } from '../model/entity.ts';
import type { Region } from '../model/region.ts';
import type { Place, Value } from '../model/value.ts';
import type { TextEdit } from '../text/edits.ts';
import type { Severity } from './rule.ts';

/** What a message can name: strings and numbers of the file. */
export type Params = Readonly<Record<string, string | number>>;

/** safe: it does what the author plainly meant. unsafe: it changes behaviour that the author may want. */
export type Safety = 'safe' | 'unsafe';

/** What would mend a finding. Becomes text edits only when somebody asks for them. */
export interface Fix<Key extends string = string> {
  readonly title: Key;
  readonly safety: Safety;
  readonly changes: readonly Change[];
}

/** The piece that something stands in. */
type Origin = Pick<Located<Entity>, 'file' | 'piece'>;

/** Another place that belongs to a finding. */
export interface Related<Key extends string = string> {
  readonly message: Key;
  readonly place: Place;
  /** Null for a place in the finding's own piece. */
  readonly elsewhere: Origin | null;
}

/** A finding as a rule yields it: places, message keys and figures, but no text. */
export class Draft<Key extends string = string> {
  readonly place: Place;
  readonly message: Key;
  readonly params: Params;
  readonly fixes: readonly Fix<Key>[];
  readonly related: readonly Related<Key>[];
  /** Null for the rule's own. */
  readonly severity: Severity | null;

  constructor(
    place: Place,
    message: Key,
    params: Params,
    fixes: readonly Fix<Key>[] = [],
    related: readonly Related<Key>[] = [],
    severity: Severity | null = null,
  ) {
    this.place = place;
    this.message = message;
    this.params = params;
    this.fixes = fixes;
    this.related = related;
    this.severity = severity;
  }

  /** The same with another severity than the rule usually has. */
  as(severity: Severity): Draft<Key> {
    return new Draft(this.place, this.message, this.params, this.fixes, this.related, severity);
  }

  /** The same with one more fix; *fix all* takes the first safe one. */
  fix<Title extends string>(title: Title, safety: Safety, ...changes: readonly Change[]): Draft<Key | Title> {
    const fixes = [...this.fixes, { title, safety, changes }];
    return new Draft<Key | Title>(this.place, this.message, this.params, fixes, this.related, this.severity);
  }

  /** The same with one more place, unless nothing is written there; in the same piece if `elsewhere` is left out. */
  seeAlso<Note extends string>(message: Note, place: Place | null, elsewhere?: Origin): Draft<Key | Note> {
    if (!place) return this;
    const related = [...this.related, { message, place, elsewhere: elsewhere ?? null }];
    return new Draft<Key | Note>(this.place, this.message, this.params, this.fixes, related, this.severity);
  }
}

/** Begins a finding at a value that is written. Throws a RangeError for one that is not: there is no place to show it at. */
export function at<Key extends string>(value: Value<unknown>, message: Key, params: Params = {}): Draft<Key> {
  if (!value.place) throw new RangeError(`nothing is written at ${JSON.stringify(value.address)}`);
  return new Draft(value.place, message, params);
}

/** Begins a finding at a place that is no single value: a directive, a word of a list. */
export function atPlace<Key extends string>(place: Place, message: Key, params: Params = {}): Draft<Key> {
  return new Draft(place, message, params);
}

/** Gives a setting a value where it is written, else where it belongs: behind its sibling `after`, if that is there. */
export function set(target: Value<unknown>, value: string | number | boolean, after?: string): Change {
  return { address: target.address, change: { op: 'set', value, ...(after === undefined ? {} : { after }) } };
}

/** Edits of a text whose language has no addresses of its own, such as a shell script: in offsets of that text. */
export function edit({ address }: Pick<Region, 'address'>, ...edits: readonly TextEdit[]): Change {
  return { address: [...address, { embedded: 'text', span: null }], change: { op: 'edit', edits } };
}

/** The same change, in the piece that another entity stands in. */
export function inPieceOf({ file, piece }: Located<Entity>, change: Change): Change {
  return { ...change, elsewhere: { file, piece } };
}
