import assert from 'node:assert/strict';
import { describe, it, test } from 'node:test';
import fc from 'fast-check';
import { parseDocument } from 'yaml';
import { parseYaml } from '../../../server/src/syntax/yaml/parse.ts';
import { Sound } from './damage.ts';
import { blockManifests } from './manifests.ts';

const MANIFEST = new Sound(`apiVersion: apps/v1
kind: Deployment
metadata:
  name: ingress
  labels:
    app: "web"
    tier: 'front'
spec:
  replicas: 2
  template:
    spec:
      hostNetwork: true
      # names
      dnsPolicy: ClusterFirst
      nodeSelector: {a: b, "c": d}
      containers:
        - name: controller
          image: "registry.k8s.io/c:v1"
          args: [--one, "--two", '--three']
          env:
            - name: A
              value: "1"
            - {name: B, value: x}
          script: |
            echo "a: b"
            exit 0
          ports:
          - containerPort: 80
            hostPort: 80
        - name: sidecar
          image: x
      volumes: []
status: done
`);

/** What people leave behind while they type, and what else ends up between the lines of a file. */
const GARBAGE = [
  ...[
    'hostN',
    '"',
    "'",
    '{',
    '[',
    '}',
    ']',
    '@',
    '%',
    '`',
    ': x',
    '\tx: y',
    'a: b: c',
    'key:value',
    'x:\ty',
    '"a',
    '---x',
  ],
  ...['x: "y', "x: 'y", 'x: [1', 'x: {a: 1', 'x: *', 'x: &', 'x: @a', 'x: `', 'x: %', '<<<<<<< HEAD', '!!', '&'],
  ...['{{ .Va', '{{- if x }}', 'a: {{ .b', '{% if', 'x: ]', 'x: }', 'x: "a" b', '- x: - y', '# comment'],
];

const isBroken = (text: string) => parseDocument(text, { logLevel: 'silent', uniqueKeys: false }).errors.length > 0;

describe('a damaged manifest keeps its meaning away from the damage', () => {
  it('after any line is deleted', () => {
    for (const [i, line] of MANIFEST.lines.entries()) {
      const damaged = MANIFEST.lines.toSpliced(i, 1).join('\n');
      assert.deepEqual(MANIFEST.lostIn(damaged, i, i), [], `without ${JSON.stringify(line)}`);
    }
  });

  it('after any character is deleted', () => {
    const { text } = MANIFEST;
    for (let at = 0, line = 0; at < text.length; at++) {
      const last = text[at] === '\n' ? line + 1 : line;
      const damaged = text.slice(0, at) + text.slice(at + 1);
      assert.deepEqual(MANIFEST.lostIn(damaged, line, last), [], `without character ${at} of line ${line + 1}`);
      line = last;
    }
  });

  for (const garbage of GARBAGE) {
    it(`with ${JSON.stringify(garbage)} between any two lines, in any column`, () => {
      for (const [i, line] of MANIFEST.lines.entries()) {
        const indent = /^ */.exec(line)?.[0] ?? '';
        for (const column of new Set(['', indent, `${indent} `, `${indent}  `, indent.slice(1)])) {
          const damaged = MANIFEST.lines.toSpliced(i, 0, column + garbage).join('\n');
          // What is valid YAML means something else now, to every reader.
          if (!isBroken(damaged)) continue;
          assert.deepEqual(
            MANIFEST.lostIn(damaged, i, i),
            [],
            `${JSON.stringify(column + garbage)} before line ${i + 1}`,
          );
        }
      }
    });
  }

  it('in generated manifests without a line, but for one scalar in fifty', () => {
    const count = { away: 0, lost: 0 };
    fc.assert(
      fc.property(blockManifests, fc.nat(), ({ text }, at) => {
        const sound = new Sound(text);
        const line = at % sound.lines.length;
        count.away += sound.awayFrom(line, line).length;
        count.lost += sound.lostIn(sound.lines.toSpliced(line, 1).join('\n'), line, line).length;
      }),
      { seed: 20261122, numRuns: 2000 },
    );
    assert.ok(count.away > 5000 && count.lost < count.away / 50, JSON.stringify(count));
  });
});

/** Each half-typed text, and what must still be read in it. */
const HALF_TYPED: readonly (readonly [name: string, text: string, rest: Record<string, string>])[] = [
  ['a key', 'a: 1\nhostN\nb: 2\n', { a: '1', b: '2' }],
  ['a key at the end', 'a: 1\nb: 2\nhostN', { a: '1', b: '2' }],
  ['a key without a blank behind its colon', 'a: 1\nx:1\nb: 2\n', { a: '1', b: '2' }],
  ['an unclosed double quote', 'a: 1\nx: "y\nb: 2\nc: "d"\n', { a: '1', b: '2', c: 'd' }],
  ['an unclosed single quote', "a: 1\nx: 'y\nb: 2\nc: 'd'\n", { a: '1', b: '2', c: 'd' }],
  ['an unclosed quote, the only one', 'a: 1\nx: "y\nb: 2\n', { a: '1', b: '2' }],
  ['an unclosed bracket', 'a: 1\nx: [y, z\nb: 2\n', { a: '1', b: '2' }],
  ['an unclosed brace', 'a: 1\nx: {y: 1\nb: 2\n', { a: '1', b: '2' }],
  ['a bracket too many', 'a: 1\nx: y]\nz: ]\nb: 2\n', { a: '1', x: 'y]', b: '2' }],
  ['a tab for indentation', 'a: 1\nx:\n\ty: 1\nb: 2\n', { a: '1', b: '2' }],
  ['a mapping in a value', 'a: 1\nx: y: z\nb: 2\n', { a: '1', b: '2' }],
  ['a line indented too far', 'a: 1\n   x: 2\nb: 2\n', { a: '1', b: '2' }],
  ['a conflict', 'a: 1\n<<<<<<< HEAD\nx: 1\n=======\nx: 2\n>>>>>>> main\nb: 2\n', { a: '1', b: '2' }],
  ['a line of prose', 'a: 1\nRemember the milk, please.\nb: 2\n', { a: '1', b: '2' }],
  ['a value with a reserved character', 'a: 1\nx: @y\nb: 2\n', { a: '1', b: '2' }],
];

describe('half-typed', () => {
  for (const [name, text, rest] of HALF_TYPED) {
    it(name, () => {
      const { root } = parseYaml(text);
      assert.equal(root?.kind, 'map');
      const read = root?.kind === 'map' ? root.entries.map(entry => [entry.name, textOf(entry.value)]) : [];
      for (const [key, value] of Object.entries(rest))
        assert.deepEqual(
          read.find(entry => entry[0] === key),
          [key, value],
        );
    });
  }

  it('keeps what is certain certain: the mapping that a broken line stands in is open, those around it are not', () => {
    const { root } = parseYaml('a:\n  b:\n    c: 1\n    bro\n    d: 1\nz: 1\n');
    const maps = [];
    for (let node = root; node?.kind === 'map'; node = node.entries[0]?.value ?? null) maps.push(node.open);
    assert.deepEqual(maps, [false, false, true]);
  });
});

function textOf(node: { readonly kind: string; readonly text?: string }): string | undefined {
  return node.text;
}

test('parsing any text at all gives a document, and never throws', () => {
  const pieces = [
    ...GARBAGE,
    '\n',
    '\n  ',
    ': ',
    '- ',
    '|',
    '>-',
    '&a',
    '*a',
    '<<: *a',
    '\r\n',
    '\uFEFF',
    '---',
    '...',
    '{{',
    '}}',
  ];
  const texts = fc
    .array(fc.oneof(fc.constantFrom(...pieces), fc.string({ maxLength: 4 })))
    .map(parts => parts.join(''));
  fc.assert(
    fc.property(texts, text => {
      const document = parseYaml(text);
      assert.equal(document.text, text);
    }),
    { seed: 20261122, numRuns: 3000 },
  );
});

describe('what would exhaust a reader', () => {
  const DEEP = 10_000;
  for (const [name, text] of [
    ['brackets', '['.repeat(DEEP)],
    ['closed brackets', '['.repeat(DEEP) + ']'.repeat(DEEP)],
    ['braces', '{a: '.repeat(DEEP)],
    ['lists in lists', '- '.repeat(DEEP)],
    ['explicit keys', '? '.repeat(DEEP)],
  ] as const) {
    it(`${DEEP} ${name} are refused, not followed`, () => {
      const { root, problems } = parseYaml(text);
      assert.equal(root, null);
      assert.deepEqual(
        problems.map(({ message }) => message),
        ['Nested too deeply'],
      );
    });
  }

  it('reads what is nested as deeply as any file is', () => {
    assert.deepEqual(parseYaml(`${'['.repeat(200)}1${']'.repeat(200)}`).problems, []);
  });

  it('takes time in proportion to the length: templates, comments, brackets, blank lines, conflicts', () => {
    const timeOf = (unit: string, count: number) => {
      const text = unit.repeat(count);
      const start = performance.now();
      parseYaml(text);
      return performance.now() - start;
    };
    for (const unit of [
      '{{ if a }}\nb: 1\n{{ end }}\n',
      '{{ a\n',
      '{{/* \n',
      '# c\r\n',
      'k: [a]\n',
      '\r\n',
      '`{{ "\n',
      '<<<<<<< a\n',
    ])
      assert.ok(timeOf(unit, 8000) < 40 * Math.max(3, timeOf(unit, 1000)), JSON.stringify(unit));
  });
});
