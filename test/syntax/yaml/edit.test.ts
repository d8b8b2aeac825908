import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  editYaml,
  type Refusal,
  type YamlChange,
  type YamlData,
  type YamlPath,
} from '../../../server/src/syntax/yaml/edit.ts';
import { applyEdits } from '../../../server/src/text/edits.ts';

/** What is to happen, written as short as it is said: `a.b.0`. */
interface Case {
  readonly name: string;
  readonly before: string;
  readonly at: string;
  readonly change: YamlChange;
  readonly after: string | { readonly refused: Refusal };
}

const set = (value: YamlData, after?: string): YamlChange => ({ op: 'set', value, ...(after ? { after } : {}) });
const insert = (value: YamlData, at?: number): YamlChange => ({
  op: 'insert',
  value,
  ...(at === undefined ? {} : { at }),
});
const remove: YamlChange = { op: 'remove' };
const move = (to: number): YamlChange => ({ op: 'move', to });
const rename = (to: string): YamlChange => ({ op: 'rename', to });
const refused = (why: Refusal) => ({ refused: why });

type Row = readonly [name: string, before: string, at: string, change: YamlChange, after: Case['after']];

const TABLES: Readonly<Record<string, readonly Row[]>> = {
  'set a value': [
    ['plain', 'a: x\nb: 1\n', 'a', set('w'), 'a: w\nb: 1\n'],
    ['quoted: the quotes stay', `a: 'x'\nb: "y"\n`, 'a', set("it's"), `a: 'it''s'\nb: "y"\n`],
    ['with a comment behind', 'a: x  # why\n', 'a', set('w'), 'a: w  # why\n'],
    ['to what needs quotes: those of the document', "a: x\nb: 'y'\n", 'a', set('yes'), "a: 'yes'\nb: 'y'\n"],
    ['a number by a string that looks like one', 'a: 30\n', 'a', set('0755'), 'a: "0755"\n'],
    ['a string by a boolean', 'a: "yes" # c\n', 'a', set(true), 'a: true # c\n'],
    ['a boolean by itself', 'a: true\n', 'a', set(true), 'a: true\n'],
    ['empty', 'a:\nb: 1\n', 'a', set('x'), 'a: x\nb: 1\n'],
    ['empty, with a comment behind', 'a: # c\nb: 1\n', 'a', set('x'), 'a: x # c\nb: 1\n'],
    ['null', 'a: ~\n', 'a', set('x'), 'a: x\n'],
    ['anchored, where no alias uses it', 'a: &x 1\n', 'a', set(2), 'a: &x 2\n'],
    ['empty but anchored', 'a: &x\nb: 1\n', 'a', set(2), 'a: &x 2\nb: 1\n'],
    ['tagged: the tag goes, or it would give the type', 'a: !!str 1\n', 'a', set(2), 'a: 2\n'],
    ['to several lines', 'a: x\nb: 1\n', 'a', set('one\ntwo\n'), 'a: |\n  one\n  two\nb: 1\n'],
    [
      'to several lines, with CRLF',
      'a:\r\n  b: x\r\n',
      'a.b',
      set('one\ntwo\n'),
      'a:\r\n  b: |\r\n    one\r\n    two\r\n',
    ],
    ['literal: only what differs', 'a: |\n  one\n  two\n', 'a', set('one\n2\n'), 'a: |\n  one\n  2\n'],
    ['folded', 'a: >-\n  one\n  two\nb: 1\n', 'a', set('one three'), 'a: >-\n  one\n  three\nb: 1\n'],
    ['literal with kept lines by a number', 'a: |+\n  x\n\nb: 1\n', 'a', set(1), 'a: 1\n\nb: 1\n'],
    ['mapping by a scalar', 'a:\n  b: 1\n  c: 2\nd: 3\n', 'a', set('x'), 'a: x\nd: 3\n'],
    [
      'mapping by a scalar: comments above it stay',
      'a: # c\n  # d\n  b: 1\nd: 3\n',
      'a',
      set('x'),
      'a: x # c\n  # d\nd: 3\n',
    ],
    ['mapping by nothing', 'a:\n  b: 1\n', 'a', set({}), 'a: {}\n'],
    ['mapping by nothing, without final line break', 'a:\n  b: 1', 'a', set({}), 'a: {}'],
    ['mapping by a mapping', 'a:\n    b: 1\nd: 3\n', 'a', set({ x: 1, w: 2 }), 'a:\n    x: 1\n    w: 2\nd: 3\n'],
    ['list by a mapping', 'a:\n- b\nd: 3\n', 'a', set({ x: 1 }), 'a:\n  x: 1\nd: 3\n'],
    ['scalar by a list', 'a: x # c\nb:\n  - y\n', 'a', set(['z']), 'a: # c\n  - z\nb:\n  - y\n'],
    ['scalar by a list, lists as far left as here', 'a: x\nb:\n- y\n', 'a', set(['z']), 'a:\n- z\nb:\n- y\n'],
    ['item by a mapping', '- x\n- y\n', '0', set({ a: 1, b: 2 }), '- a: 1\n  b: 2\n- y\n'],
    ['item by a mapping, with a comment', '- x # c\n- y\n', '0', set({ a: 1 }), '- # c\n  a: 1\n- y\n'],
    ['compact mapping by a scalar', '- a: 1\n  b: 2\n- y\n', '0', set('x'), '- x\n- y\n'],
    ['within brackets', 'a: [x, y] # c\n', 'a.1', set('z w'), 'a: [x, z w] # c\n'],
    ['within braces', 'a: {b: 1, c: }\n', 'a.c', set([1]), 'a: {b: 1, c: [1] }\n'],
    ['a key without a colon', 'a: {b, c: 1}\n', 'a.b', set(1), 'a: {b: 1, c: 1}\n'],
    ['of equal keys: the last, that counts', 'a: 1\na: 2\n', 'a', set(3), 'a: 1\na: 3\n'],
    ['an explicit key', '? a\n: 1\nb: 2\n', 'a', set(3), '? a\n: 3\nb: 2\n'],
    ['behind a byte order mark', '\uFEFFa: 1\n', 'a', set(2), '\uFEFFa: 2\n'],
    ['the root', 'a: 1\n', '', set({ b: 2 }), 'b: 2\n'],
  ],
  'set what is not there': [
    ['behind the last', 'a: 1\nb: 2\n', 'c', set(3), 'a: 1\nb: 2\nc: 3\n'],
    ['behind a sibling', 'a: 1 # x\nb: 2\n', 'c', set(3, 'a'), 'a: 1 # x\nc: 3\nb: 2\n'],
    ['behind a sibling that is not there', 'a: 1\n', 'c', set(3, 'z'), 'a: 1\nc: 3\n'],
    ['without final line break', 'a: 1', 'c', set(3), 'a: 1\nc: 3'],
    ['with CRLF', 'a: 1\r\n', 'c', set(3), 'a: 1\r\nc: 3\r\n'],
    ['behind a mapping, at its parent', 'a:\n  b: 1 # x\n\nz: 1\n', 'c', set(3, 'a'), 'a:\n  b: 1 # x\nc: 3\n\nz: 1\n'],
    ['behind a literal', 'a:\n  b: |\n    x\n\nz: 1\n', 'a.c', set(3), 'a:\n  b: |\n    x\n  c: 3\n\nz: 1\n'],
    [
      'behind a literal that keeps its blank lines',
      'a:\n  b: |+\n    x\n\nz: 1\n',
      'a.c',
      set(3),
      'a:\n  b: |+\n    x\n\n  c: 3\nz: 1\n',
    ],
    [
      'behind one at its parent',
      'a:\n  b: |+\n    x\n\nz: 1\n',
      'c',
      set(3, 'a'),
      'a:\n  b: |+\n    x\n\nc: 3\nz: 1\n',
    ],
    ['in a compact mapping', '- a: 1\n- b: 2\n', '0.c', set(3), '- a: 1\n  c: 3\n- b: 2\n'],
    [
      'a mapping, indented as here',
      'a:\n    b: 1\n',
      'c',
      set({ d: { e: 1 } }),
      'a:\n    b: 1\nc:\n    d:\n        e: 1\n',
    ],
    ['deep', 'a: 1\n', 'b.c.d', set(true), 'a: 1\nb:\n  c:\n    d: true\n'],
    ['below null', 'a:\nb: 1\n', 'a.c', set(3), 'a:\n  c: 3\nb: 1\n'],
    ['below null, behind its comment', 'a: # x\nb: 1\n', 'a.c', set(3), 'a: # x\n  c: 3\nb: 1\n'],
    ['below a written null', 'a: null\nb: 1\n', 'a.c', set(3), 'a:\n  c: 3\nb: 1\n'],
    ['below nothing', 'a: {}\nb: 1\n', 'a.c', set(3), 'a:\n  c: 3\nb: 1\n'],
    ['below nothing, in a list', '- {} # x\n- 1\n', '0.c', set(3), '- # x\n  c: 3\n- 1\n'],
    ['between braces', 'a: {b: 1}\n', 'a.c', set('x, y'), 'a: {b: 1, c: "x, y"}\n'],
    ['between braces, in front', 'a: {b: 1, d: 1}\n', 'a.c', set(2, 'b'), 'a: {b: 1, c: 2, d: 1}\n'],
    [
      'between braces, a line each',
      'a: {\n  b: 1, # x\n  c: 2 # y\n}\n',
      'a.d',
      set(3),
      'a: {\n  b: 1, # x\n  c: 2, # y\n  d: 3\n}\n',
    ],
    ['in JSON on one line', '{"a":1,"b":{}}', 'b.c', set(['x']), '{"a":1,"b":{"c":["x"]}}'],
    [
      'in JSON on many lines',
      '{\n\t"a": 1,\n\t"b": 2\n}\n',
      'c',
      set({ d: 'x' }),
      '{\n\t"a": 1,\n\t"b": 2,\n\t"c": {"d": "x"}\n}\n',
    ],
    [
      'in JSON, behind a sibling',
      '{\n  "a": 1,\n  "b": 2\n}\n',
      'c',
      set(null, 'a'),
      '{\n  "a": 1,\n  "c": null,\n  "b": 2\n}\n',
    ],
    ['in a document of nothing', '', 'a.b', set(1), 'a:\n  b: 1\n'],
    ['in a document of comments', '# x\n---\n', 'a', set(1), '# x\n---\na: 1\n'],
    ['before the end of a document', '---\n...\n', 'a', set(1), '---\na: 1\n...\n'],
    ['below a scalar', 'a: x\n', 'a.b', set(1), refused('no such place')],
    ['below an item that is not there', 'a: [x]\n', 'a.3.b', set(1), refused('no such place')],
    ['below a key of an item that is not there', 'a: 1\n', 'b.0', set(1), refused('no such place')],
    ['a key that needs quotes', 'a: 1\n', 'x: y', set(1), 'a: 1\n"x: y": 1\n'],
    ['a key like a prototype', 'a: 1\n', '__proto__', set(1), 'a: 1\n__proto__: 1\n'],
  ],
  'insert an item': [
    ['at the end', 'a:\n  - x\nb: 1\n', 'a', insert('w'), 'a:\n  - x\n  - w\nb: 1\n'],
    ['at the end, without indentation', 'a:\n- x\nb: 1\n', 'a', insert('w'), 'a:\n- x\n- w\nb: 1\n'],
    ['first', 'a:\n  - x\n', 'a', insert('w', 0), 'a:\n  - w\n  - x\n'],
    [
      'between: the comment above the next one stays above it',
      '- x # 1\n# 2\n- z\n',
      '',
      insert('w', 1),
      '- x # 1\n- w\n# 2\n- z\n',
    ],
    [
      'a mapping',
      'a:\n  - b: 1\n    c: 2\n',
      'a',
      insert({ b: 2, c: [3] }),
      'a:\n  - b: 1\n    c: 2\n  - b: 2\n    c:\n      - 3\n',
    ],
    ['a list', '- - a\n- - b\n', '', insert(['c', 'd']), '- - a\n- - b\n- - c\n  - d\n'],
    ['several lines', '- x\n', '', insert('y\nz\n'), '- x\n- |\n  y\n  z\n'],
    ['between brackets', 'a: [x, y]\n', 'a', insert('z', 1), 'a: [x, z, y]\n'],
    ['between brackets, first', 'a: [x]\n', 'a', insert('z', 0), 'a: [z, x]\n'],
    ['between brackets, a line each', 'a: [\n  x,\n  y\n]\n', 'a', insert('z', 0), 'a: [\n  z,\n  x,\n  y\n]\n'],
    ['with quotes as in JSON', 'a: ["x"]\n', 'a', insert('w'), 'a: ["x", "w"]\n'],
    ['into nothing', 'a: []\n', 'a', insert('x'), 'a:\n- x\n'],
    ['into nothing in JSON', '{"a": []}', 'a', insert('x'), '{"a": ["x"]}'],
    ['into null', 'a:\nb: 1\n', 'a', insert('x'), 'a:\n- x\nb: 1\n'],
    ['into what is not there', 'a: 1\n', 'b.c', insert('x'), 'a: 1\nb:\n  c:\n  - x\n'],
    ['into a mapping', 'a: {b: 1}\n', 'a', insert('x'), refused('no such place')],
  ],
  remove: [
    ['first', 'a: 1 # x\nb: 2\n', 'a', remove, 'b: 2\n'],
    ['last', 'a: 1\nb: 2\n', 'b', remove, 'a: 1\n'],
    ['last, without final line break', 'a: 1\nb: 2', 'b', remove, 'a: 1'],
    ['only', 'a:\n  b: 1\nc: 2\n', 'a.b', remove, 'a: {}\nc: 2\n'],
    ['only item', 'a:\n- b\nc: 2\n', 'a.0', remove, 'a: []\nc: 2\n'],
    ['only entry of a document', 'a: 1\n', 'a', remove, '{}\n'],
    [
      'comments and blank lines around it stay',
      '# 1\na: 1\n\n# 2\nb: 2\n# 3\nc: 3\n',
      'b',
      remove,
      '# 1\na: 1\n\n# 2\n# 3\nc: 3\n',
    ],
    ['with all it holds', 'a:\n  b:\n    c: 1 # x\n  d: 2\n', 'a.b', remove, 'a:\n  d: 2\n'],
    ['literal', 'a: |\n  x\n\nb: 2\n', 'a', remove, '\nb: 2\n'],
    ['literal that keeps its blank lines', 'a: |+\n  x\n\nb: 2\n', 'a', remove, 'b: 2\n'],
    ['with CRLF', 'a: 1\r\nb: 2\r\n', 'a', remove, 'b: 2\r\n'],
    ['behind a byte order mark', '\uFEFFa: 1\nb: 2\n', 'a', remove, '\uFEFFb: 2\n'],
    ['first of a compact mapping', '- a: 1 # x\n  b: 2\n', '0.a', remove, '- b: 2\n'],
    [
      'first of a compact mapping, with a comment below',
      '- a: 1\n  # x\n  b: 2\n',
      '0.a',
      remove,
      '- \n  # x\n  b: 2\n',
    ],
    ['first of a list in a list', '- - a\n  - b\n', '0.0', remove, '- - b\n'],
    ['item', '- a\n- b: 1\n  c: 2\n- d\n', '1', remove, '- a\n- d\n'],
    ['between brackets, first', 'a: [x, y, z]\n', 'a.0', remove, 'a: [y, z]\n'],
    ['between brackets, last', 'a: [x, y, z]\n', 'a.2', remove, 'a: [x, y]\n'],
    ['between brackets, only', 'a: [x]\n', 'a.0', remove, 'a: []\n'],
    [
      'between brackets, a line each',
      'a: [\n  x, # 1\n  y, # 2\n  z # 3\n]\n',
      'a.1',
      remove,
      'a: [\n  x, # 1\n  z # 3\n]\n',
    ],
    ['between brackets, a line each, last', 'a: [\n  x, # 1\n  y # 2\n]\n', 'a.1', remove, 'a: [\n  x # 1\n]\n'],
    ['in JSON', '{\n  "a": 1,\n  "b": {"c": 1, "d": 2}\n}\n', 'b.c', remove, '{\n  "a": 1,\n  "b": {"d": 2}\n}\n'],
    ['in JSON, last', '{\n  "a": 1,\n  "b": 2\n}\n', 'b', remove, '{\n  "a": 1\n}\n'],
    ['of equal keys: all', 'a: 1\nb: 2\na: 3\n', 'a', remove, 'b: 2\n'],
    ['an explicit key', '? a\n: 1\nb: 2\n', 'a', remove, 'b: 2\n'],
    ['an alias', 'a: &x 1\nb: *x\nc: 2\n', 'b', remove, 'a: &x 1\nc: 2\n'],
    ['what is not there', 'a: 1\n', 'b', remove, refused('no such place')],
    ['the root', 'a: 1\n', '', remove, refused('no such place')],
  ],
  'rename a key': [
    ['plain', 'a: x # c\nb: 1\n', 'a', rename('c'), 'c: x # c\nb: 1\n'],
    ['quoted: the quotes stay', '"a": {b: 1}\n', 'a', rename('c'), '"c": {b: 1}\n'],
    ['of a mapping', 'a:\n  b:\n    c: 1\n', 'a.b', rename('d'), 'a:\n  d:\n    c: 1\n'],
    ['between braces', 'a: {b: 1, c: 2}\n', 'a.b', rename('d'), 'a: {d: 1, c: 2}\n'],
    ['with its anchored value', 'a: &x 1\nb: *x\n', 'a', rename('c'), 'c: &x 1\nb: *x\n'],
    ['to one that is there', 'a: 1\nb: 2\n', 'a', rename('b'), refused('inexact')],
    ['that is there twice', 'a: 1\na: 2\n', 'a', rename('b'), refused('inexact')],
    ['to what needs quotes', 'a: 1\n', 'a', rename('b: c'), '"b: c": 1\n'],
    ['of an item', '- a\n', '0', rename('b'), refused('no such place')],
    ['that is not there', 'a: 1\n', 'b', rename('c'), refused('no such place')],
    ['of a template', '{{ k }}: 1\nb: 2\n', 'b', rename('c'), '{{ k }}: 1\nc: 2\n'],
  ],
  'move an item': [
    ['to the front', '- a # 1\n- b # 2\n', '1', move(0), '- b # 2\n- a # 1\n'],
    ['to the end', '- a\n- b\n- c\n', '0', move(2), '- b\n- c\n- a\n'],
    ['of several lines', '- a: 1\n  b: 2\n- c\n', '1', move(0), '- c\n- a: 1\n  b: 2\n'],
    ['without final line break', '- a\n- b', '1', move(0), '- b\n- a'],
    ['between brackets', 'a: [x, "y", z]\n', 'a.2', move(0), 'a: [z, x, "y"]\n'],
    ['where it is', '- a\n- b\n', '1', move(1), '- a\n- b\n'],
    ['too far', '- a\n- b\n', '1', move(2), refused('no such place')],
    ['an entry', 'a: 1\nb: 2\n', 'b', move(0), refused('no such place')],
  ],
  'aliases are refused': [
    ['what an alias stands for', 'a: &x 1\nb: *x\n', 'a', set(2), refused('shared by an alias')],
    ['in what an alias stands for', 'a: &x {y: 1}\nb: *x\n', 'a.y', set(2), refused('shared by an alias')],
    ['what holds it', 'a:\n  y: &x 1\nb: *x\n', 'a', remove, refused('shared by an alias')],
    ['an alias', 'a: &x 1\nb: *x\n', 'b', set(2), refused('shared by an alias')],
    ['through an alias', 'a: &x {y: 1}\nb: *x\n', 'b.y', set(2), refused('shared by an alias')],
    [
      'adding to what is merged elsewhere',
      'a: &x {y: 1}\nb:\n  <<: *x\n',
      'a.z',
      set(2),
      refused('shared by an alias'),
    ],
    ['not beside it', 'a: &x 1\nb: *x\nc: 1\n', 'c', set(2), 'a: &x 1\nb: *x\nc: 2\n'],
    [
      'not an own key beside a merge',
      'a: &x {k: 1}\nb:\n  <<: *x\n',
      'b.k',
      set(2),
      'a: &x {k: 1}\nb:\n  <<: *x\n  k: 2\n',
    ],
    ['of aliases of aliases, at once', bomb(), 'z', set(2), bomb().replace('z: 1', 'z: 2')],
  ],
  'templates are refused where they are touched': [
    ['a value', 'a: {{ x }}\nb: 1\n', 'a', set(1), refused('from a template')],
    ['part of a value', 'a: "{{ x }}:1"\nb: 1\n', 'a', set('x'), refused('from a template')],
    ['not beside', 'a: {{ x }}\nb: 1\n', 'b', set(2), 'a: {{ x }}\nb: 2\n'],
    ['not behind', 'a: {{ x }}\n', 'b', set(2), 'a: {{ x }}\nb: 2\n'],
    [
      'what a template prints into',
      'a:\n  b: 1\n  {{- include "x" . | nindent 2 }}\n',
      'a.c',
      set(2),
      refused('from a template'),
    ],
    [
      'not its parent: behind what it prints',
      'a:\n  b: 1\n  {{- include "x" . | nindent 2 }}\n',
      'c',
      set(2),
      'a:\n  b: 1\n  {{- include "x" . | nindent 2 }}\nc: 2\n',
    ],
    [
      'removing what it prints into',
      'a:\n  {{- include "x" . | nindent 2 }}\nb: 1\n',
      'a',
      remove,
      refused('from a template'),
    ],
    [
      'removing what holds a conditional',
      'a:\n  b: 1\n  {{- if x }}\n  c: 1\n  {{- end }}\nd: 1\n',
      'a',
      remove,
      refused('from a template'),
    ],
    [
      'a key of two arms',
      '{{- if x }}\na: 1\n{{- else }}\na: 2\n{{- end }}\nb: 1\n',
      'a',
      set(3),
      refused('from a template'),
    ],
    [
      'not in a conditional',
      '{{- if x }}\na: 1\n{{- end }}\nb: 1\n',
      'a',
      set(3),
      '{{- if x }}\na: 3\n{{- end }}\nb: 1\n',
    ],
    [
      'what is added is there in any case',
      'b: 1\n{{- if x }}\na: 1\n{{- end }}\n',
      'c',
      set(3),
      'b: 1\nc: 3\n{{- if x }}\na: 1\n{{- end }}\n',
    ],
    [
      'also behind a conditional in its neighbour',
      'b:\n  {{- if x }}\n  a: 1\n  {{- end }}\n',
      'c',
      set(3),
      'b:\n  {{- if x }}\n  a: 1\n  {{- end }}\nc: 3\n',
    ],
    [
      'or it is not added',
      '{{- if x }}\na: 1\n{{- end }}\n{{- if y }}\nb: 1\n{{- end }}\n',
      'c',
      set(3),
      refused('from a template'),
    ],
    [
      'inserting between items of which some may not be there',
      '- a\n{{- if x }}\n- b\n{{- end }}\n- c\n',
      '',
      insert('d', 2),
      refused('from a template'),
    ],
    [
      'not at the end',
      '- a\n{{- if x }}\n- b\n{{- end }}\n- c\n',
      '',
      insert('d'),
      '- a\n{{- if x }}\n- b\n{{- end }}\n- c\n- d\n',
    ],
    [
      'moving items of which some may not be there',
      '- a\n{{- if x }}\n- b\n{{- end }}\n- c\n',
      '2',
      move(0),
      refused('from a template'),
    ],
    ['removing a comment that it prints into', 'a: 1 # {{ x }}\nb: 1\n', 'a', remove, refused('from a template')],
    ['a document that a template prints', '{{ include "x" . }}\n', 'a', set(1), refused('from a template')],
  ],
};

/** Nine lists of nine aliases of the one before: some 400 million scalars, to who unfolds them. */
function bomb(): string {
  const lists = [...'abcdefghi'].map(
    (name, i, all) => `${name}: &${name} [${i === 0 ? 'lol' : Array(9).fill(`*${all[i - 1]}`)}]`,
  );
  return `${lists.join('\n')}\nz: 1\n`;
}

function pathOf(at: string): YamlPath {
  if (at === '') return [];
  return at.split('.').map(step => (/^\d+$/.test(step) ? Number(step) : step));
}

for (const [title, rows] of Object.entries(TABLES)) {
  describe(title, () => {
    for (const [name, before, at, change, after] of rows) {
      it(name, () => {
        const result = editYaml(before, pathOf(at), change);
        assert.deepEqual('refused' in result ? result : applyEdits(before, result.edits), after);
      });
    }
  });
}
