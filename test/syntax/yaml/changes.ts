import fc from 'fast-check';
import { parseDocument } from 'yaml';
import { mask } from '../../../server/src/syntax/template.ts';
import type { YamlChange, YamlData, YamlPath } from '../../../server/src/syntax/yaml/edit.ts';

/** A change that somebody could want somewhere in a document. */
export interface RandomChange {
  readonly path: YamlPath;
  readonly change: YamlChange;
}

/** What the `yaml` package, not this project, reads in a document: YAML 1.2 core types, of equal keys the last one. */
export function readByYaml(text: string): YamlData {
  const document = parseDocument(mask(text).text, { uniqueKeys: false, logLevel: 'silent' });
  return document.toJS({ maxAliasCount: -1 }) as YamlData;
}

/** The same data after the change. Knows nothing of YAML. */
export function changedData(data: YamlData, [step, ...rest]: YamlPath, change: YamlChange): YamlData {
  if (step === undefined) {
    if (change.op === 'set') return change.value;
    if (change.op !== 'insert') throw new Error('only values can be put at the root');
    const list = Array.isArray(data) ? (data as YamlData[]) : [];
    return list.toSpliced(change.at ?? list.length, 0, change.value);
  }
  if (typeof step === 'number') {
    const list = data as YamlData[];
    if (rest.length === 0 && change.op === 'remove') return list.toSpliced(step, 1);
    if (rest.length === 0 && change.op === 'move')
      return list.toSpliced(step, 1).toSpliced(change.to, 0, list[step] as YamlData);
    return list.with(step, changedData(list[step] as YamlData, rest, change));
  }
  const map = new Map(Object.entries(isMap(data) ? data : {}));
  if (rest.length === 0 && change.op === 'remove') map.delete(step);
  else if (rest.length === 0 && change.op === 'rename') {
    map.delete(step);
    map.set(change.to, data === null ? null : ((data as YamlMapData)[step] ?? null));
  } else map.set(step, changedData(map.get(step) ?? null, rest, change));
  return Object.fromEntries(map);
}

type YamlMapData = { readonly [key: string]: YamlData };

function isMap(data: YamlData): data is YamlMapData {
  return typeof data === 'object' && data !== null && !Array.isArray(data);
}

interface Addressed {
  readonly path: YamlPath;
  readonly data: YamlData;
}

export function* addressesIn(data: YamlData, path: YamlPath = []): Iterable<Addressed> {
  yield { path, data };
  if (Array.isArray(data)) for (const [i, item] of data.entries()) yield* addressesIn(item, [...path, i]);
  else if (isMap(data)) for (const [key, value] of Object.entries(data)) yield* addressesIn(value, [...path, key]);
}

export type Operation = 'set' | 'add' | 'insert' | 'remove' | 'move' | 'rename';
export const OPERATIONS: readonly Operation[] = ['set', 'add', 'insert', 'remove', 'move', 'rename'];

const STRINGS = [
  'ClusterFirstWithHostNet',
  'yes',
  '0755',
  '',
  'a: b # c',
  "it's",
  'two\nlines\n',
  'two\nlines',
  '- x',
  '\n\n',
  ' x ',
  '{',
  '@x',
];
const SCALARS: readonly YamlData[] = [...STRINGS, ...STRINGS, true, 42, -1.5, null];
const VALUES: readonly YamlData[] = [
  ...SCALARS,
  [],
  {},
  ['x', 'y'],
  [{ name: 'ndots', value: '1' }, { name: 'x' }],
  { a: 1, b: ['x', { c: null }], d: { e: 'f\ng\n' } },
  [['x'], []],
];

/** Changes of one kind at random addresses of the data; none if it has no such addresses. */
export function changesOf(operation: Operation, data: YamlData): fc.Arbitrary<RandomChange> | null {
  const addresses = [...addressesIn(data)];
  const below = addresses.filter(({ path }) => path.length > 0);
  const lists = addresses.filter(({ data: list }) => Array.isArray(list));
  const value = fc.constantFrom(...VALUES);
  switch (operation) {
    case 'set':
      return at(below, path => value.map(to => ({ path, change: { op: 'set', value: to } })));
    case 'add': {
      const maps = addresses.filter(({ data: map }) => isMap(map));
      const missing = fc.constantFrom(['added'], ['added', 'deep', 'deeper'], ['needs: quotes']);
      return at(maps, (path, map) =>
        fc
          .tuple(missing, value, fc.constantFrom(undefined, ...Object.keys(map as YamlMapData)))
          .map(([keys, to, after]) => ({
            path: [...path, ...keys],
            change: { op: 'set', value: to, ...(after === undefined ? {} : { after }) },
          })),
      );
    }
    case 'insert':
      return at(lists, (path, list) =>
        fc.tuple(value, fc.nat((list as YamlData[]).length)).map(([to, index]) => ({
          path,
          change: { op: 'insert', value: to, at: index },
        })),
      );
    case 'remove':
      return at(below, path => fc.constant({ path, change: { op: 'remove' } }));
    case 'rename':
      return at(
        below.filter(({ path }) => typeof path.at(-1) === 'string'),
        path => fc.constantFrom('added', 'needs: quotes', 'it’s').map(to => ({ path, change: { op: 'rename', to } })),
      );
    case 'move': {
      const items = lists.flatMap(({ path, data: list }) => {
        const { length } = list as YamlData[];
        return Array.from({ length }, (_, i) => ({ path: [...path, i], data: length }));
      });
      return at(items, (path, length) =>
        fc.nat((length as number) - 1).map(to => ({ path, change: { op: 'move', to } })),
      );
    }
  }
}

function at(
  addresses: readonly Addressed[],
  change: (path: YamlPath, data: YamlData) => fc.Arbitrary<RandomChange>,
): fc.Arbitrary<RandomChange> | null {
  if (addresses.length === 0) return null;
  return fc.constantFrom(...addresses).chain(({ path, data }) => change(path, data));
}
