import assert from 'node:assert/strict';
import { describe, it, test } from 'node:test';
import fc from 'fast-check';
import { parseDocument } from 'yaml';
import { type Change, editPiece } from '../../server/src/model/edit.ts';
import type { Address } from '../../server/src/model/value.ts';
import type { YamlChange } from '../../server/src/syntax/yaml/edit.ts';
import { applyEdits } from '../../server/src/text/edits.ts';

const inside = (document = 0) => ({ embedded: 'yaml', document }) as const;

function edited(text: string, ...changes: readonly Change[]): string | { refused: string } {
  const result = editPiece(text, changes);
  return 'refused' in result ? result : applyEdits(text, result.edits);
}

const set = (value: string | number | boolean): YamlChange => ({ op: 'set', value });
const rename = (name: string): YamlChange => ({ op: 'rename', to: name });
const remove: YamlChange = { op: 'remove' };

const ROWS: readonly (readonly [name: string, before: string, address: Address, change: YamlChange, after: unknown])[] =
  [
    [
      'in a literal',
      'a: |\n  b: 1 # c\n  d: 2\nz: 1\n',
      ['a', inside(), 'b'],
      set(3),
      'a: |\n  b: 3 # c\n  d: 2\nz: 1\n',
    ],
    ['adding to a literal', 'a: |\n  b: 1\nz: 1\n', ['a', inside(), 'c'], set(true), 'a: |\n  b: 1\n  c: true\nz: 1\n'],
    ['adding at the end of the file', 'a: |\n  b: 1', ['a', inside(), 'c'], set(true), 'a: |\n  b: 1\n  c: true'],
    ['removing from a literal', 'a: |\n  b: 1\n  d: 2\nz: 1\n', ['a', inside(), 'b'], remove, 'a: |\n  d: 2\nz: 1\n'],
    [
      'in a literal with CRLF',
      'a: |\r\n  b: 1\r\n  d: 2\r\n',
      ['a', inside(), 'd'],
      set('x'),
      'a: |\r\n  b: 1\r\n  d: x\r\n',
    ],
    ['in a stripped literal', 'a: |-\n  b: 1\nz: 1\n', ['a', inside(), 'c'], set(2), 'a: |-\n  b: 1\n  c: 2\nz: 1\n'],
    [
      'in the second document',
      'a: |\n  b: 1\n  ---\n  b: 2\n',
      ['a', inside(1), 'b'],
      set(3),
      'a: |\n  b: 1\n  ---\n  b: 3\n',
    ],
    ['in double quotes', 'a: "b: 1\\nc: 2\\n"\n', ['a', inside(), 'b'], set('x"y'), 'a: "b: x\\"y\\nc: 2\\n"\n'],
    ['adding in double quotes', 'a: "b: 1\\n"\n', ['a', inside(), 'c'], set(2), 'a: "b: 1\\nc: 2\\n"\n'],
    ['in single quotes', "a: 'b: 1'\n", ['a', inside(), 'b'], set("it's"), "a: 'b: it''s'\n"],
    ['in a folded scalar', 'a: >\n  b: 1\n\n  c: 2\n', ['a', inside(), 'b'], set(3), 'a: >\n  b: 3\n\n  c: 2\n'],
    ['renaming a key', 'a:\n  b: 1 # c\n  d: 2\n', ['a', 'b'], rename('e'), 'a:\n  e: 1 # c\n  d: 2\n'],
    ['renaming a key in quotes', '{"a": {"b": |}}'.replace('|', '1'), ['a', 'b'], rename('e'), '{"a": {"e": 1}}'],
    ['renaming a key in a literal', 'a: |\n  b: 1\n', ['a', inside(), 'b'], rename('e'), 'a: |\n  e: 1\n'],
    ['not to a name that is there', 'a: 1\nb: 2\n', ['a'], rename('b'), { refused: 'inexact' }],
    ['not of a key that a template prints', '{{ .a }}x: 1\n', ['x'], rename('b'), { refused: 'no such place' }],
    ['in JSON in quotes', 'a: \'{"b": 1}\'\n', ['a', inside(), 'c'], set('x'), 'a: \'{"b": 1, "c": "x"}\'\n'],
    [
      'in quotes in a literal',
      'a: |\n  b: "c: 1"\n',
      ['a', inside(), 'b', inside(), 'c'],
      set(2),
      'a: |\n  b: "c: 2"\n',
    ],
    [
      'not in what a template prints',
      'a: |\n  b: {{ x }}\n',
      ['a', inside(), 'b'],
      set(2),
      { refused: 'from a template' },
    ],
    [
      'beside what a template prints',
      'a: |\n  b: {{ x }}\n  c: 1\n',
      ['a', inside(), 'c'],
      set(2),
      'a: |\n  b: {{ x }}\n  c: 2\n',
    ],
    ['not in what is not there', 'a: 1\n', ['b', inside(), 'c'], set(2), { refused: 'no such place' }],
    [
      'not in a document that is not there',
      'a: |\n  b: 1\n',
      ['a', inside(3), 'c'],
      set(2),
      { refused: 'no such place' },
    ],
    ['not in a mapping', 'a: {b: 1}\n', ['a', inside(), 'b'], set(2), { refused: 'no such place' }],
    [
      'not in what an alias stands for',
      'a: &x |\n  b: 1\nc: *x\n',
      ['a', inside(), 'b'],
      set(2),
      { refused: 'shared by an alias' },
    ],
  ];

describe('a change in a region', () => {
  for (const [name, before, address, change, after] of ROWS)
    it(name, () => assert.deepEqual(edited(before, { address, change }), after));
});

describe('several changes', () => {
  it('are made at once', () => {
    const changes = [
      { address: ['a'], change: set(2) },
      { address: ['b', inside(), 'c'], change: set(3) },
    ];
    assert.equal(edited('a: 1\nb: |\n  c: 1\n', ...changes), 'a: 2\nb: |\n  c: 3\n');
  });
  it('at one place are made one after the other', () => {
    const changes = [
      { address: ['b'], change: set(2) },
      { address: ['c'], change: set(3) },
      { address: ['a'], change: remove },
    ];
    assert.equal(edited('a: 1\n', ...changes), 'b: 2\nc: 3\n');
  });
  it('in one region', () => {
    const changes = [
      { address: ['a', inside(), 'b'], change: set(2) },
      { address: ['a', inside(), 'c'], change: set(3) },
    ];
    assert.equal(edited('a: |\n  b: 1\n', ...changes), 'a: |\n  b: 2\n  c: 3\n');
  });
  it('are all made, or none', () => {
    const changes = [
      { address: ['a'], change: set(2) },
      { address: ['a', 'b'], change: remove },
    ];
    assert.deepEqual(edited('a: 1\n', ...changes), { refused: 'no such place' });
  });
});

type Style = 'literal' | 'double' | 'single' | 'folded';

/** The text as the value of `r`, in one of the styles, and what the scalar is wrapped in. */
function wrapped(text: string, style: Style, eol: string): string | null {
  const lines = text.split('\n');
  switch (style) {
    case 'double':
      return `r: ${JSON.stringify(text)}${eol}z: 1${eol}`;
    case 'single':
      return text.includes('\n') ? null : `r: '${text.replaceAll("'", "''")}'${eol}z: 1${eol}`;
    case 'literal':
    case 'folded': {
      const folded =
        style === 'folded' && !/^\s/m.test(text) ? lines.slice(0, -1).join('\n\n') : lines.slice(0, -1).join('\n');
      if (!text.endsWith('\n') || (style === 'folded' && folded === lines.slice(0, -1).join('\n') && lines.length > 2))
        return null;
      return `r: ${style === 'literal' ? '|' : '>'}\n${folded.replace(/^(?=.)/gm, '  ')}\nz: 1\n`.replaceAll('\n', eol);
    }
  }
}

const dataIn = (text: string, depth: number): unknown => {
  const data = parseDocument(text, { logLevel: 'silent' }).toJS() as { r: string; z: unknown };
  return depth === 0 ? data : dataIn(data.r, depth - 1);
};

test('up to four regions deep, in any styles, a value set in the innermost is read there, and all else as before', () => {
  const styles = fc.array(fc.constantFrom<Style>('literal', 'literal', 'double', 'single', 'folded'), {
    minLength: 1,
    maxLength: 4,
  });
  const values = fc.constantFrom<string | number | boolean>(
    7,
    true,
    'x',
    "it's",
    '"q"',
    'a: b',
    'two\nlines\n',
    'é😀',
    '\\',
    'tab\t',
    ' pad ',
  );
  const count = { tried: 0, refused: 0 };
  fc.assert(
    fc.property(
      styles,
      values,
      fc.constantFrom('k', 'new'),
      fc.constantFrom('\n', '\r\n'),
      (order, value, key, eol) => {
        let text: string | null = 'k: 1\nl: 2\n';
        for (const style of order) text = text && wrapped(text.replaceAll('\r\n', '\n'), style, eol);
        fc.pre(text !== null);
        const address: Address = [...order.flatMap(() => ['r', inside()]), key];
        const after = edited(text, { address, change: set(value) });
        count.tried++;
        if (typeof after !== 'string') count.refused++;
        else {
          assert.deepEqual(dataIn(after, order.length), { k: 1, l: 2, [key]: value });
          for (let depth = 0; depth < order.length; depth++)
            assert.equal((dataIn(after, depth) as { z: unknown }).z, 1);
        }
      },
    ),
    { seed: 20261122, numRuns: 2000 },
  );
  assert.ok(count.tried > 1000 && count.refused < count.tried / 10, JSON.stringify(count));
});

describe('edits in the offsets of a text', () => {
  const all = { embedded: 'text', span: null } as const;
  const at = (text: string, word: string, newText: string): Change['change'] => {
    const start = text.indexOf(word);
    return { op: 'edit', edits: [{ span: { start, end: start + word.length }, newText }] };
  };
  const script = 'iptables -A INPUT\ncat >x <<E\nserver {\n    listen 80;\n}\nE\n';
  const block = (text: string) => `run: |\n  ${text.trimEnd().replaceAll('\n', '\n  ')}\nz: 1\n`;
  const nginx = script.slice(script.indexOf('server'), script.lastIndexOf('E'));
  const hereDocument = {
    embedded: 'text',
    span: { start: script.indexOf('server'), end: script.lastIndexOf('E') },
  } as const;
  const listen = [{ embedded: 'nginx', context: null }, 0, 0] as const;
  const arguments443 = { op: 'arguments', words: ['443'] } as const;

  const rows: readonly [what: string, before: string, address: Address, change: Change['change'], after: unknown][] = [
    ['a whole piece', script, [all], at(script, '-A', '-I'), script.replace('-A', '-I')],
    ['a scalar', block(script), ['run', all], at(script, '-A', '-I'), block(script.replace('-A', '-I'))],
    ['a stretch', script, [hereDocument, all], at(nginx, '80', '443'), script.replace('80', '443')],
    [
      'another language in a stretch of a scalar',
      block(script),
      ['run', hereDocument, ...listen],
      arguments443,
      block(script.replace('80', '443')),
    ],
    [
      'lines in a scalar',
      block(script),
      ['run', all],
      at(script, 'cat', 'set -e\ncat'),
      block(script.replace('cat', 'set -e\ncat')),
    ],
  ];
  for (const [what, before, address, change, after] of rows) {
    it(what, () => assert.equal(edited(before, { address, change }), after));
  }

  it('are made where one puts something behind what the other replaces', () => {
    const end = script.indexOf('-A') + 2;
    const put = { op: 'edit', edits: [{ span: { start: end, end }, newText: ' -w' }] } as const;
    const [one, other] = [at(script, '-A', '-I'), put].map(change => ({ address: [all], change }));
    assert.ok(one && other);
    assert.equal(edited(script, one, other), script.replace('-A', '-I -w'));
    assert.equal(edited(script, other, one), script.replace('-A', '-I -w'));
  });

  it('are not made where two touch the same characters', () => {
    const change = at(script, '-A', '-I');
    assert.deepEqual(edited(script, { address: [all], change }, { address: [all], change }), { refused: 'inexact' });
  });
});
