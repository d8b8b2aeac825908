import { resolveScalar, type YamlMap, type YamlNode } from '../tree.ts';
import type { YamlChange, YamlData, YamlPath } from './change.ts';

/**
 * What a node says, in a form in which two readings can be compared: nothing is merged, equal keys stay apart, a
 * template's words stay as they are. What an alias stands for is shared, so that aliases of aliases cost nothing.
 */
export type Meaning = null | boolean | number | string | readonly Meaning[] | Mapping;

/** For each key, the values that it is given, in their order. */
type Mapping = ReadonlyMap<string, readonly Meaning[]>;

export function meaningOf(text: string, root: YamlNode): Meaning {
  const known = new Map<YamlNode, Meaning>();
  const shared = (node: YamlNode): Meaning => {
    const meaning = known.get(node) ?? read(node);
    known.set(node, meaning);
    return meaning;
  };
  const mapping = ({ entries }: YamlMap): Mapping => {
    const values = new Map<string, Meaning[]>();
    for (const { name, key, value } of entries) {
      const written = name ?? `? ${text.slice(key.span.start, key.span.end)}`;
      const equal = values.get(written);
      if (equal) equal.push(read(value));
      else values.set(written, [read(value)]);
    }
    return values;
  };
  const read = (node: YamlNode): Meaning => {
    switch (node.kind) {
      case 'map':
        return mapping(node);
      case 'seq':
        return node.items.map(({ value }) => read(value));
      case 'alias':
        return new Map([['*', [node.target && shared(node.target)]]]);
      case 'scalar': {
        if (node.templated) return `{{${text.slice(node.span.start, node.visibleEnd)}`;
        const resolved = resolveScalar(node);
        return resolved.type === 'refused' ? `!${node.text}` : resolved.type === 'null' ? null : resolved.value;
      }
    }
  };
  return read(root);
}

function meaningOfData(data: YamlData): Meaning {
  if (Array.isArray(data)) return (data as readonly YamlData[]).map(meaningOfData);
  if (typeof data !== 'object' || data === null) return data as Meaning;
  return new Map(Object.entries(data).map(([key, value]) => [key, [meaningOfData(value as YamlData)]]));
}

/** What a document must say after a change, and nothing else. */
export function changedMeaning(meaning: Meaning, [step, ...rest]: YamlPath, change: YamlChange): Meaning {
  if (step === undefined) {
    if (change.op === 'set') return meaningOfData(change.value);
    if (change.op !== 'insert') return meaning;
    const list = isList(meaning) ? meaning : [];
    const at = Math.min(change.at ?? list.length, list.length);
    return list.toSpliced(at, 0, meaningOfData(change.value));
  }
  return typeof step === 'number'
    ? changedList(isList(meaning) ? meaning : [], step, rest, change)
    : changedMapping(meaning instanceof Map ? meaning : new Map(), step, rest, change);
}

function changedList(list: readonly Meaning[], index: number, rest: YamlPath, change: YamlChange): Meaning {
  if (rest.length === 0 && change.op === 'remove') return list.toSpliced(index, 1);
  if (rest.length === 0 && change.op === 'move')
    return list.toSpliced(index, 1).toSpliced(change.to, 0, list[index] ?? null);
  return list.with(index, changedMeaning(list[index] ?? null, rest, change));
}

function changedMapping(mapping: Mapping, key: string, rest: YamlPath, change: YamlChange): Meaning {
  const changed = new Map(mapping);
  const values = mapping.get(key) ?? [];
  if (rest.length === 0 && change.op === 'remove') changed.delete(key);
  else if (rest.length === 0 && change.op === 'rename') {
    changed.delete(key);
    changed.set(change.to, values);
  } else changed.set(key, [...values.slice(0, -1), changedMeaning(values.at(-1) ?? null, rest, change)]);
  return changed;
}

export function sameMeaning(a: Meaning, b: Meaning): boolean {
  const equal = new Map<Meaning, Meaning>();
  const same = (x: Meaning, y: Meaning): boolean => {
    if (Object.is(x, y)) return true;
    if (typeof x !== 'object' || typeof y !== 'object' || x === null || y === null) return false;
    if (equal.get(x) === y) return true;
    const alike = isList(x) ? isList(y) && sameList(x, y) : !isList(y) && sameMapping(x, y);
    if (alike) equal.set(x, y);
    return alike;
  };
  const sameList = (x: readonly Meaning[], y: readonly Meaning[]): boolean =>
    x.length === y.length && x.every((item, i) => same(item, y[i] ?? null));
  const sameMapping = (x: Mapping, y: Mapping): boolean =>
    x.size === y.size && [...x].every(([key, values]) => sameList(values, y.get(key) ?? []));
  return same(a, b);
}

function isList(meaning: Meaning): meaning is readonly Meaning[] {
  return Array.isArray(meaning);
}
