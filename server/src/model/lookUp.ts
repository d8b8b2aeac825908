import { isMerge, mergeSources, type YamlEntry, type YamlMap, type YamlNode } from '../syntax/yaml/tree.ts';
import type { Span } from '../text/span.ts';

/** What there is for a key or an index. `entry`: where it is written, key and all. */
export type Found =
  | { readonly state: 'here'; readonly node: YamlNode; readonly entry: Span | null }
  | { readonly state: 'unknown'; readonly entry: Span | null }
  | { readonly state: 'absent' };

export const ABSENT: Found = { state: 'absent' };

/** The value of a key, through merge keys and the conditionals of templates. */
export function lookUp(map: YamlMap, name: string): Found {
  return find(map, name, new Map());
}

/** The keys that are written in a mapping or merged into it, each once, in their order. */
export function namesIn(map: YamlMap): string[] {
  return [...new Set(namesOf(map, new Set()))];
}

/** What is found in a mapping. Each is looked through once, however often it is merged in. */
function find(map: YamlMap, name: string, known: Map<YamlMap, Found>): Found {
  const before = known.get(map);
  if (before) return before;
  // Within itself a mapping brings nothing.
  known.set(map, ABSENT);
  const found = findAnew(map, name, known);
  known.set(map, found);
  return found;
}

/**
 * A key's value. Of equal keys the last one counts, and the mapping's own before those merged in; but go-yaml v2 lets a
 * merge key that stands behind them win, and others do not, so that such a value is not known.
 */
function findAnew(map: YamlMap, name: string, known: Map<YamlMap, Found>): Found {
  const own: YamlEntry[] = [];
  let before: Found = map.open ? { state: 'unknown', entry: null } : ABSENT;
  let behind: Found = ABSENT;
  for (const entry of entriesFor(map, name)) {
    if (isMerge(entry)) {
      const merged = inherited(entry, name, known);
      if (own.length === 0) before = joined(before, merged);
      else behind = joined(behind, merged);
    } else {
      if (entry.conditions.length === 0) {
        own.length = 0;
        behind = ABSENT;
      }
      own.push(entry);
    }
  }
  return own.length === 0 ? before : joined(decided(own), behind);
}

/** What equal keys say. Templates decide which of them there are: those that may be there must agree. */
function decided(equal: readonly YamlEntry[]): Found {
  const last = equal.at(-1);
  if (!last) return ABSENT;
  const certain = equal[0]?.conditions.length === 0 || coverAllArms(equal);
  const agree = equal.every(({ value }) => sameScalar(value, last.value));
  return certain && agree ? here(last) : { state: 'unknown', entry: last.span };
}

/** True if one of the entries is there whichever arm of a conditional is rendered. */
function coverAllArms(entries: readonly YamlEntry[]): boolean {
  const alone = entries.flatMap(({ conditions }) => (conditions.length === 1 ? conditions : []));
  return alone.some(({ group, arms }) => {
    const covered = new Set(alone.filter(other => other.group === group).map(({ arm }) => arm));
    return arms !== null && covered.size === arms;
  });
}

/** What a merge key brings. Of several mappings the first that has the key counts. */
function inherited(entry: YamlEntry, name: string, known: Map<YamlMap, Found>): Found {
  for (const source of mergeSources(entry)) {
    if (!source) return { state: 'unknown', entry: null };
    const found = find(source, name, known);
    if (found.state !== 'absent' && entry.conditions.length > 0) return { state: 'unknown', entry: found.entry };
    if (found.state !== 'absent') return found;
  }
  return ABSENT;
}

/** Two that may both say something: what they agree on. */
function joined(first: Found, second: Found): Found {
  if (first.state === 'absent') return second;
  if (second.state === 'absent') return first;
  const agree = first.state === 'here' && second.state === 'here' && sameScalar(first.node, second.node);
  return agree ? first : { state: 'unknown', entry: first.entry };
}

function sameScalar(a: YamlNode, b: YamlNode): boolean {
  if (a === b) return true;
  if (a.kind !== 'scalar' || b.kind !== 'scalar' || a.templated || b.templated) return false;
  return a.text === b.text && a.tag === b.tag && (a.style === 'plain') === (b.style === 'plain');
}

function here({ value, span }: YamlEntry): Found {
  return { state: 'here', node: value, entry: span };
}

/** The keys of a mapping and of those merged into it. */
function* namesOf(map: YamlMap, visited: Set<YamlMap>): Iterable<string> {
  visited.add(map);
  for (const entry of map.entries) {
    if (isMerge(entry)) {
      for (const source of mergeSources(entry)) if (source && !visited.has(source)) yield* namesOf(source, visited);
    } else if (entry.name !== null) yield entry.name;
  }
}

const indices = new WeakMap<YamlMap, EntryIndex>();

interface EntryIndex {
  readonly byName: ReadonlyMap<string, readonly YamlEntry[]>;
  readonly merges: readonly YamlEntry[];
}

/** The entries that have a say in what a key's value is, in the order of the text. */
function entriesFor(map: YamlMap, name: string): readonly YamlEntry[] {
  const { byName, merges } = indices.get(map) ?? indexOf(map);
  const named = byName.get(name) ?? [];
  return merges.length === 0 ? named : [...named, ...merges].sort((a, b) => a.span.start - b.span.start);
}

function indexOf(map: YamlMap): EntryIndex {
  const { entries } = map;
  const byName = new Map<string, YamlEntry[]>();
  for (const entry of entries) {
    if (entry.name === null || isMerge(entry)) continue;
    const equal = byName.get(entry.name);
    if (equal) equal.push(entry);
    else byName.set(entry.name, [entry]);
  }
  const index = { byName, merges: entries.filter(isMerge) };
  indices.set(map, index);
  return index;
}
