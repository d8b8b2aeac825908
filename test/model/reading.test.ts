// biome-ignore-all lint/suspicious/noTemplateCurlyInString: they are what it is about
import assert from 'node:assert/strict';
import { describe, it, test } from 'node:test';
import { Reading } from '../../server/src/model/reading.ts';
import { parseYaml } from '../../server/src/syntax/yaml/parse.ts';

function read(text: string): Reading {
  return Reading.of(parseYaml(text));
}

/** A value in a word: what is known, `unknown` or `absent`. */
function say(reading: Reading): string {
  const text = reading.text();
  if (text.isAbsent) return 'absent';
  if (reading.isMap) return 'map';
  if (reading.isList) return 'list';
  return text.known === undefined ? 'unknown' : JSON.stringify(text.known);
}

/** A text, and what it says at paths. */
type Row = readonly [name: string, text: string, says: Readonly<Record<string, string>>];

const TABLES: Readonly<Record<string, readonly Row[]>> = {
  'a document': [
    ['of block style', 'a:\n  b: x\n', { a: 'map', 'a.b': '"x"', 'a.c': 'absent', 'a.b.c': 'absent', z: 'absent' }],
    ['of flow style', 'a: {b: x, "c": [y]}\n', { 'a.b': '"x"', 'a.c': 'list', 'a.d': 'absent' }],
    ['of JSON with tabs', '{\n\t"a": {\n\t\t"b": "x"\n\t}\n}\n', { 'a.b': '"x"', 'a.c': 'absent' }],
    ['of JSON on one line', '{"a":{"b":"x"},"c":null}', { 'a.b': '"x"', c: 'absent' }],
    ['with a byte order mark and CRLF', '\uFEFFa:\r\n  b: x\r\nc: y\r\n', { 'a.b': '"x"', c: '"y"' }],
    ['of nothing', '', { a: 'absent' }],
    ['of comments', '# a: b\n', { a: 'absent' }],
    ['of null', '---\n~\n', { a: 'absent' }],
    ['of a scalar', 'a\n', { a: 'absent' }],
    ['with nulls', 'a:\nb: ~\nc: null\n', { a: 'absent', b: 'absent', c: 'absent', 'a.x': 'absent' }],
    ['with explicit keys', '? a\n: x\n? b\n', { a: '"x"', b: 'absent' }],
    ['with a key that is a list', '? [a]\n: x\nb: y\n', { b: '"y"', c: 'unknown' }],
    ['with a pair in brackets', 'a: [b: x]\n', { a: 'list', 'a.0.b': '"x"' }],
    ['with tabs behind values', 'a: x\t# c\nb:\ty\n', { a: '"x"', b: '"y"' }],
    ['with equal keys: the last one counts', 'a: x\na: y\n', { a: '"y"' }],
  ],
  'aliases and merge keys': [
    ['an alias', 'a: &x {b: 1}\nc: *x\n', { 'c.b': '"1"', 'c.d': 'absent' }],
    ['an anchor declared again', 'a: &x 1\nb: *x\nc: &x 2\nd: *x\n', { b: '"1"', d: '"2"' }],
    [
      'an anchor that is declared nowhere, or below',
      'a: *x\nb: &x 1\nc: *y\n',
      { a: 'unknown', c: 'unknown', 'a.b': 'unknown' },
    ],
    ['an anchor of null', 'a: &x\nb: *x\n', { b: 'absent' }],
    ['an alias within what it stands for', 'a: &x\n  b: *x\n', { 'a.b': 'unknown', 'a.b.b': 'unknown' }],
    [
      'merged',
      'a: &x {b: 1, c: 2}\nd:\n  <<: *x\n  c: 3\n',
      { 'd.b': '"1"', 'd.c': '"3"', 'd.e': 'absent', 'd.<<': 'absent' },
    ],
    [
      'merged behind: readers differ in who wins',
      'a: &x {b: 1, c: 2}\nd:\n  c: 3\n  <<: *x\n',
      { 'd.b': '"1"', 'd.c': 'unknown' },
    ],
    ['merged behind, and the same', 'a: &x {c: 3}\nd:\n  c: 3\n  <<: *x\n', { 'd.c': '"3"' }],
    [
      'merged from a list: the first wins',
      'a: &x {b: 1}\nc: &y {b: 2, d: 3}\ne:\n  <<: [*x, *y]\n',
      { 'e.b': '"1"', 'e.d': '"3"' },
    ],
    ['merged twice', 'a: &x {b: 1}\nc: &y {b: 2, d: 3}\ne:\n  <<: *x\n  <<: *y\n', { 'e.b': 'unknown', 'e.d': '"3"' }],
    ['merged before and behind', 'a: &x {b: 1}\nc:\n  <<: *x\n  b: 2\n  <<: [*x]\n', { 'c.b': 'unknown' }],
    ['merged through another', 'a: &x {b: 1}\nc: &y {<<: *x}\nd:\n  <<: *y\n', { 'd.b': '"1"', 'd.c': 'absent' }],
    ['merged in place', 'd: {<<: {b: 1}, c: 2}\n', { 'd.b': '"1"', 'd.c': '"2"' }],
    ['merged from nowhere', 'd:\n  <<: *x\n  c: 3\n', { 'd.b': 'unknown', 'd.c': '"3"' }],
    ['merged from a scalar', 'd:\n  <<: x\n  c: 3\n', { 'd.b': 'unknown' }],
    ['a quoted merge key is a key', 'a: &x {b: 1}\nd:\n  "<<": *x\n', { 'd.b': 'absent', 'd.<<.b': '"1"' }],
    ['merged into itself', 'a: &x\n  <<: *x\n  b: 1\n', { 'a.b': '"1"', 'a.c': 'unknown' }],
  ],
  templates: [
    ['a value', 'a: {{ x }}\nb: y\n', { a: 'unknown', b: '"y"', 'a.c': 'unknown', c: 'absent' }],
    ['part of a value', 'a: "{{ x }}:1"\n', { a: 'unknown' }],
    ['a key', '{{ x }}: 1\nb: y\n', { b: '"y"', c: 'unknown' }],
    ['a part of a block scalar', 'a: |\n  b\n  {{ x }}\n  c\nd: e\n', { a: 'unknown', d: '"e"' }],
    ['a line of a block scalar', 'a: |\n  {{- .Files.Get "x" | nindent 2 }}\nd: e\n', { a: 'unknown', d: '"e"' }],
    ['the end of a conditional behind a block scalar', '{{ if x }}\na: |\n  b\n{{ end }}\n', { a: '"b\\n"' }],
    [
      'the value of a key',
      'a:\n  {{- toYaml x | nindent 2 }}\nb: y\n',
      { a: 'unknown', 'a.c': 'unknown', b: '"y"', c: 'absent' },
    ],
    [
      'more of a mapping',
      'a:\n  b: x\n  {{- toYaml x | nindent 2 }}\nb: y\n',
      { 'a.b': '"x"', 'a.c': 'unknown', c: 'absent' },
    ],
    [
      'more of the mapping around',
      'a:\n  b: x\n{{ toYaml x | indent 2 }}\n{{- include "y" . | nindent 0 }}\n',
      { 'a.c': 'unknown', c: 'unknown' },
    ],
    ['items or keys, at the column of both', 'a:\n- x\n{{- toYaml x | nindent 0 }}\n', { 'a.0': '"x"', b: 'unknown' }],
    ['whatever it prints', 'a:\n  b: x\n{{ include "y" . }}\nc: y\n', { 'a.d': 'unknown', d: 'unknown', 'a.b': '"x"' }],
    ['the end of one behind a scalar that keeps blank lines', '{{ if x }}\na: |+\n  b\n{{ end }}\n', { a: 'unknown' }],
    ['all of a document', '{{ include "x" . }}\n', { a: 'unknown' }],
    ['a conditional key', 'a: 1\n{{- if x }}\nb: 2\n{{- end }}\n', { a: '"1"', b: 'unknown', c: 'absent' }],
    ['a conditional document', '{{- if x }}\na:\n  b: 2\n{{- end }}\n', { 'a.b': '"2"', c: 'absent' }],
    ['a conditional value', 'a:\n  {{- if x }}\n  b: 2\n  {{- end }}\n', { 'a.b': 'unknown', 'a.c': 'absent' }],
    ['one of two', '{{- if x }}\na: 1\n{{- else }}\na: 2\n{{- end }}\nb: 1\n', { a: 'unknown', b: '"1"' }],
    ['the same in both', '{{- if x }}\na: 1\n{{- else }}\na: 1\n{{- end }}\nb: 1\n', { a: '"1"' }],
    [
      'the same in both, but there may be neither',
      '{{- if x }}\na: 1\n{{- else if y }}\na: 1\n{{- end }}\nb: 1\n',
      { a: 'unknown' },
    ],
    ['overridden in some case', 'a: 1\n{{- if x }}\na: 2\n{{- end }}\n', { a: 'unknown' }],
    ['overridden in any case', '{{- if x }}\na: 2\n{{- end }}\na: 1\n', { a: '"1"' }],
    [
      'a conflict',
      'a: 1\n<<<<<<< x\nb: 1\nc: 1\n=======\nb: 2\nc: 1\n>>>>>>> y\n',
      { a: '"1"', b: 'unknown', c: '"1"' },
    ],
    ['what is in a loop', 'a:\n{{- range x }}\n  b: 1\n{{- end }}\n', { 'a.b': 'unknown' }],
    ['substitution', 'a: ${B}\nc: $(D)\ne: "x${F:-y}"\n', { a: 'unknown', c: '"$(D)"', e: 'unknown' }],
    ['not in a region', 'a: |\n  set $x ${b};\n', { a: '"set $x ${b};\\n"' }],
  ],
  'broken text': [
    [
      'is unknown where it is',
      'a:\n  b: x\n  hostN\n  c: y\nd: z\n',
      { 'a.b': '"x"', 'a.c': '"y"', 'a.hostNetwork': 'unknown', e: 'absent' },
    ],
    ['and so is a document of nothing else', '"\n', { a: 'unknown' }],
  ],
};

for (const [title, rows] of Object.entries(TABLES)) {
  describe(title, () => {
    for (const [name, text, says] of rows) {
      it(name, () => {
        const root = read(text);
        const said = Object.keys(says).map(path => [path, say(follow(root, path))]);
        assert.deepEqual(Object.fromEntries(said), says);
      });
    }
  });
}

function follow(root: Reading, path: string): Reading {
  return path
    .split('.')
    .reduce(
      (reading, step) => (/^\d$/.test(step) ? (reading.items()[Number(step)] ?? reading.get(step)) : reading.get(step)),
      root,
    );
}

describe('types are those of Kubernetes', () => {
  const root = read('a: yes\nb: "yes"\nc: 0755\nd: 1:30\ne: !!str 1\n');
  it('booleans', () =>
    assert.deepEqual([root.get('a').boolean().known, root.get('b').boolean().known], [true, undefined]));
  it('numbers', () => assert.deepEqual([root.get('c').number().known, root.get('d').number().known], [493, undefined]));
  it('strings', () =>
    assert.deepEqual(
      ['a', 'b', 'd', 'e'].map(key => root.get(key).string().known),
      [undefined, 'yes', '1:30', '1'],
    ));
  it('what is of another type is unknown, not absent', () =>
    assert.deepEqual([root.get('a').string().isUnknown, root.get('a').string().isAbsent], [true, false]));
});

describe('lists', () => {
  it('give their items, and their addresses', () => {
    const items = read('a:\n- x\n- b: y\n').get('a').items();
    assert.deepEqual(
      items.map(item => item.address),
      [
        ['a', 0],
        ['a', 1],
      ],
    );
    assert.deepEqual(items.map(say), ['"x"', 'map']);
  });
  it('have no more items than are written', () => assert.equal(read('a: [x]\n').get('a').mayHaveMoreItems, false));
  it('unless a template prints into them', () => {
    const list = read('a:\n  - x\n  {{- toYaml x | nindent 2 }}\nb: 1\n');
    assert.deepEqual([list.get('a').mayHaveMoreItems, list.get('b').mayHaveMoreItems], [true, false]);
  });
  it('or is all of them', () => assert.equal(read('a: {{ x }}\n').get('a').mayHaveMoreItems, true));
  it('do not know items that a template may leave out', () => {
    const items = read('a:\n- x\n{{- if y }}\n- z\n{{- end }}\n').get('a').items();
    assert.deepEqual(items.map(say), ['"x"', 'unknown']);
  });
  it('hold the objects of a List', () => {
    const objects = read('kind: List\nitems:\n- kind: A\n- {"kind": "B"}\n').get('items').items();
    assert.deepEqual(
      objects.map(object => object.get('kind').string().known),
      ['A', 'B'],
    );
  });
});

describe('entries', () => {
  const names = (text: string, ...path: string[]) =>
    read(text)
      .at(...path)
      .entries()
      .map(({ name, value }) => `${name} ${say(value)}`);
  it('are the keys in their order', () => assert.deepEqual(names('b: 1\na: 2\n'), ['b "1"', 'a "2"']));
  it('are each there once', () => assert.deepEqual(names('b: 1\na: 2\nb: 3\n'), ['b "3"', 'a "2"']));
  it('are those of mappings merged in too, where they are merged in', () =>
    assert.deepEqual(names('x: &x {b: 1, c: 2}\ny:\n  a: 0\n  <<: *x\n  c: 3\n', 'y'), ['a "0"', 'b "1"', 'c "3"']));
  it('are those through an alias', () => assert.deepEqual(names('x: &x {b: 1}\ny: *x\n', 'y'), ['b "1"']));
  it('are not what only rendering names', () => assert.deepEqual(names('{{ x }}: 1\nb: 2\n'), ['b "2"']));
  it('are none of a list', () => assert.deepEqual(names('- a\n'), []));
});

describe('places', () => {
  /** The stretches of text that a place names: the value, and the entry. */
  const places = (text: string, reading: Reading) => {
    const place = reading.place;
    return place && [place.value, place.entry].map(({ start, end }) => text.slice(start, end));
  };
  const rows: readonly (readonly [name: string, text: string, path: string, expected: readonly string[] | null])[] = [
    ['a value and its key', 'a: x # c\nb: 1\n', 'a', ['x', 'a: x']],
    ['quotes are part of it', 'a: "x"\n', 'a', ['"x"', 'a: "x"']],
    ['a literal without its last line breaks', 'a: |\n  x\n\nb: 1\n', 'a', ['|\n  x', 'a: |\n  x']],
    ['a mapping', 'a:\n  b: 1\n  c: 2 # d\n', 'a', ['b: 1\n  c: 2', 'a:\n  b: 1\n  c: 2']],
    ['an item', 'a:\n- x\n', 'a.0', ['x', '- x']],
    ['nothing', 'a: 1\n', 'b', null],
    ['an alias where it is used', 'a: &x 1\nb: *x\n', 'b', ['*x', 'b: *x']],
    ['what is merged where it is written', 'a: &x {c: 1}\nb:\n  <<: *x\n', 'b.c', ['1', 'c: 1']],
    ['a template', 'a: {{ x }}\n', 'a', ['{{ x }}', 'a: {{ x }}']],
    ['one of two', '{{ if x }}\na: 1\n{{ else }}\na: 2\n{{ end }}\nb: 1\n', 'a', ['a: 2', 'a: 2']],
    ['with a byte order mark', '\uFEFFa: x\n', 'a', ['x', 'a: x']],
    ['behind an anchor and a tag', 'a: &b !!str x\n', 'a', ['x', 'a: &b !!str x']],
  ];
  for (const [name, text, path, expected] of rows)
    it(name, () => assert.deepEqual(places(text, follow(read(text), path)), expected));

  it('lie in the file, four regions deep', () => {
    const text = nested(4, 'leaf: x\n');
    let reading = read(text);
    for (let depth = 0; depth < 4; depth++) reading = reading.get('r').embeddedYaml()[0] ?? reading;
    const place = reading.get('leaf').string().place;
    assert.equal(text.slice(place?.entry.start, place?.entry.end), 'leaf: x');
    assert.equal(reading.get('leaf').address.length, 9);
  });

  it('and no deeper', () => {
    let reading = read(nested(5, 'leaf: x\n'));
    for (let depth = 0; depth < 4; depth++) reading = reading.get('r').embeddedYaml()[0] ?? reading;
    assert.deepEqual(reading.get('r').embeddedYaml(), []);
  });
});

/** YAML in a literal block scalar in YAML. */
function nested(depth: number, text: string): string {
  if (depth === 0) return text;
  const inner = nested(depth - 1, text);
  return `r: |\n${inner.replace(/^(?=.)/gm, '  ')}`;
}

describe('embedded YAML', () => {
  it('is read from every style but plain, document by document', () => {
    const root = read('a: |\n  b: 1\n  ---\n  b: 2\nc: "b: 3\\n"\nd: \'b: 4\'\ne: >-\n  b:\n\n  f: 5\ng: plain\n');
    const values = ['a', 'c', 'd', 'g'].map(key =>
      root
        .get(key)
        .embeddedYaml()
        .map(inner => inner.get('b').text().known),
    );
    assert.deepEqual(values, [['1', '2'], ['3'], ['4'], []]);
    assert.equal(root.get('e').embeddedYaml()[0]?.get('f').text().known, '5');
  });
  it('is read around templates', () => {
    const [inner] = read('a: |\n  b: {{ x }}\n  c: 1\n').get('a').embeddedYaml();
    assert.deepEqual([inner?.get('b').text().isUnknown, inner?.get('c').text().known], [true, '1']);
  });
});

describe('what would exhaust a reader', () => {
  const lists = [...'abcdefghij'].map(
    (name, i, all) => `${name}: &${name} {k${i}: 1, <<: [${i === 0 ? '{l: 1}' : Array(9).fill(`*${all[i - 1]}`)}]}`,
  );
  const root = read(`${lists.join('\n')}\n`);

  test('billions of merges are followed once each', () => {
    assert.equal(root.at('j', 'l').text().known, '1');
    assert.equal(root.at('j', 'none').isAbsent, true);
    assert.equal(root.get('j').entries().length, 11);
  });

  test('20,000 keys are looked up without looking at all for each', () => {
    const wide = read(Array.from({ length: 20_000 }, (_, i) => `key${i}: ${i}\n`).join(''));
    const start = performance.now();
    assert.equal(wide.entries().filter(({ value, name }) => value.text().known === name.slice(3)).length, 20_000);
    assert.ok(performance.now() - start < 2000);
  });
});
