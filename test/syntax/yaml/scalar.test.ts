import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseDocument, type Scalar } from 'yaml';
import { decodeScalar } from '../../../server/src/syntax/yaml/scalarDecode.ts';
import { encodeEdit } from '../../../server/src/syntax/yaml/scalarEdit.ts';
import { chooseStyle, encodeScalar } from '../../../server/src/syntax/yaml/scalarEncode.ts';
import type { ScalarSite, ScalarStyle } from '../../../server/src/syntax/yaml/scalarSite.ts';
import { applyEdits } from '../../../server/src/text/edits.ts';
import { runsOf } from './scalarCases.ts';

/** The style of a source under a key at column 0. */
function styleOf(source: string): ScalarStyle {
  const first = { "'": 'single', '"': 'double', '|': 'literal', '>': 'folded' } as const;
  return first[source[0] as keyof typeof first] ?? 'plain';
}

const SITE: ScalarSite = { parentIndent: 0 };

/** What `yaml` reads behind `k: `. */
function yamlText(source: string): unknown {
  return (parseDocument(`k: ${source}`).get('k', true) as Scalar | undefined)?.source;
}

/** The runs of a scalar's map: `text` where it stands for itself, else `text<source`. */
function drawn(source: string): string[] {
  const { text, map } = decodeScalar(source, styleOf(source), SITE);
  return runsOf(map).map(({ decoded, source: from, verbatim }) => {
    const read = text.slice(decoded.start, decoded.end);
    return verbatim ? read : `${read}<${source.slice(from.start, from.end)}`;
  });
}

const DECODED: readonly (readonly [source: string, ...runs: string[]])[] = [
  // plain
  ['word', 'word'],
  ['two words', 'two words'],
  ['a\n  b', 'a', ' <\n', 'b'],
  ['a \t\n \t b', 'a', ' < \t\n', 'b'],
  ['a\r\n  b', 'a', ' <\r\n', 'b'],
  ['a\n\n  b', 'a', '\n<\n\n', 'b'],
  ['a\n\n\n  b', 'a', '\n<\n\n', '\n', 'b'],
  // single quotes
  ["''"],
  ["'a'", 'a'],
  ["'it''s'", 'it', "'<''", 's'],
  ["' a '", ' a '],
  ["'a\n  b'", 'a', ' <\n', 'b'],
  ["' \n '", ' < \n'],
  ["'a\r\n\r\n  ''b'''", 'a', '\n<\r\n\r\n', "'<''", 'b', "'<''"],
  // double quotes
  ['""'],
  ['"a\\nb"', 'a', '\n<\\n', 'b'],
  [
    '"\\0\\a\\b\\t\\n\\v\\f\\r\\e"',
    '\0<\\0',
    '\x07<\\a',
    '\b<\\b',
    '\t<\\t',
    '\n<\\n',
    '\v<\\v',
    '\f<\\f',
    '\r<\\r',
    '\x1b<\\e',
  ],
  [
    '"\\"\\/\\\\\\ \\N\\_\\L\\P"',
    '"<\\"',
    '/<\\/',
    '\\<\\\\',
    ' <\\ ',
    '\x85<\\N',
    '\xa0<\\_',
    '\u2028<\\L',
    '\u2029<\\P',
  ],
  ['"\\x41\\u00e9\\U0001F600"', 'A<\\x41', 'é<\\u00e9', '😀<\\U0001F600'],
  ['"\\ud83d\\ude00"', '\ud83d<\\ud83d', '\ude00<\\ude00'],
  ['"a  \n \t b"', 'a', ' <  \n', 'b'],
  ['"a\\\n   b"', 'a', 'b'],
  ['"a \\\r\n   b"', 'a ', 'b'],
  ['"a\\ \n  b"', 'a', ' <\\ ', ' <\n', 'b'],
  ['"a\n  \\  b"', 'a', ' <\n', ' <\\ ', ' b'],
  ['"a\n\n\n  b"', 'a', '\n<\n\n', '\n', 'b'],
  // literal
  ['|\n  a\n  b\n', 'a\n', 'b\n'],
  ['|-\n  a\n  b\n', 'a\n', 'b'],
  ['|+\n  a\n\n\n', 'a\n\n\n'],
  ['|\r\n  a\r\n  b\r\n', 'a', '\n<\r\n', 'b', '\n<\r\n'],
  ['| # note\n  a\n', 'a\n'],
  ['|2\n   a\n  b\n', ' a\n', 'b\n'],
  ['|2-\n    a', '  a'],
  ['|-2\n    a', '  a'],
  ['|\n\n  \n  a\n', '\n', '\n', 'a\n'],
  ['|\n  a\n\n    b\n', 'a\n\n', '  b\n'],
  ['|\n  a\n     \n  b\n', 'a\n', '   \n', 'b\n'],
  ['|\n  a', 'a', '\n<'],
  ['|-\n  a', 'a'],
  ['|\n'],
  ['|+\n\n\n', '\n\n'],
  ['|1\n \ta\n', '\ta\n'],
  // folded
  ['>\n  a\n  b\n', 'a', ' <\n', 'b\n'],
  ['>\n  a\n\n  b\n', 'a', '\n<\n\n', 'b\n'],
  ['>\n  a\n\n\n  b\n', 'a', '\n<\n\n', '\n', 'b\n'],
  ['>\n  a\n    b\n  c\n', 'a\n', '  b\n', 'c\n'],
  ['>\n  a\n\n    b\n\n  c\n', 'a\n\n', '  b\n\n', 'c\n'],
  ['>\n  a\n  \tb\n  c\n', 'a\n', '\tb\n', 'c\n'],
  ['>\n\n  a\n  b\n', '\n', 'a', ' <\n', 'b\n'],
  ['>-\r\n  a\r\n  b\r\n', 'a', ' <\r\n', 'b'],
  ['>+\n  a\n\n\n', 'a\n\n\n'],
  ['>2\n    a\n  b\n  c\n', '  a\n', 'b', ' <\n', 'c\n'],
];

for (const [source, ...runs] of DECODED)
  test(`decoded: ${JSON.stringify(source)}`, () => {
    assert.deepEqual(drawn(source), runs);
    assert.equal(decodeScalar(source, styleOf(source), SITE).text, yamlText(source));
  });

test('an indentation indicator counts from the parent', () => {
  assert.equal(decodeScalar('|2\n       a\n', 'literal', { parentIndent: 4 }).text, ' a\n');
  assert.equal(decodeScalar('|2\n   a\n', 'literal', { parentIndent: -1 }).text, ' a\n');
});

const BROKEN = [
  '"',
  '"a',
  '"a\\',
  '"\\q"',
  '"\\x4"',
  '"\\uZZZZ"',
  '"\\U00110000"',
  '"a\n  b',
  "'",
  "'a",
  "'a\n",
  '|',
  '>',
  '|x\n  a',
];
test('broken scalars are read as yaml reads them', () => {
  for (const source of BROKEN) assert.equal(decodeScalar(source, styleOf(source), SITE).text, yamlText(source), source);
});

/** Source, the edit `[what]` -> `to` in its text, the source afterwards; `null` where the style cannot carry the text. */
const EDITED: readonly (readonly [
  name: string,
  source: string,
  from: string,
  to: string,
  after: string | null,
  site?: Partial<ScalarSite>,
])[] = [
  // literal
  ['a word', '|\n  listen 80;\n', '80', '443', '|\n  listen 443;\n'],
  ['a line in front', '|\n  a\n  b\n', '^', 'new\n', '|\n  new\n  a\n  b\n'],
  ['a line between, CRLF', '|\r\n  a\r\n  b\r\n', 'b', 'new\nb', '|\r\n  a\r\n  new\r\n  b\r\n'],
  ['a line at the end', '|\n  a\n', '$', 'b\n', '|\n  a\n  b\n'],
  ['a line at the end, stripped', '|-\n  a\n', '$', '\nb', '|-\n  a\n  b\n'],
  ['a line at the end of a file without line break', '|\n  a', '$', 'b\n', '|\n  a\n  b'],
  ['a line removed', '|\n  a\n  b\n  c\n', 'b\n', '', '|\n  a\n  c\n'],
  ['all lines removed', '| # note\n  a\n  b\n', 'a\nb\n', '', '| # note\n'],
  ['the first text of an empty block', '|\n', '^', 'a\nb\n', '|\n  a\n  b\n'],
  ['the comment of a block of blank lines stays', '| # note\n    \n', '^', ' a\n', '|2 # note\n   a\n'],
  ['the first text of an empty block at the end of a file', '|', '^', 'a\n', '|\n  a'],
  ['the last line break', '|\n  a\n', '\n', '', '|-\n  a\n'],
  ['a last line break', '|- # note\n  a\n', '$', '\n', '| # note\n  a\n'],
  ['a blank line at the end', '|\n  a\n', '$', '\n', '|+\n  a\n\n'],
  ['a blank line at the end, where blank lines follow', '|\n  a\n', '$', '\n', null, { following: '\n\nb: 1\n' }],
  ['as many blank lines at the end as follow', '|\n  a\n', '$', '\n\n', '|+\n  a\n', { following: '\n\nb: 1\n' }],
  ['a blank in front', '|\n  a\n  b\n', '^', ' ', '|2\n   a\n  b\n'],
  ['a tab in front', '|-\n    a\n', '^', '\t', '|4-\n    \ta\n'],
  ['a blank line between keeps no indentation', '|\n  a\n  b\n', 'b', '\nb', '|\n  a\n\n  b\n'],
  ['odd blank lines elsewhere stay', '|\n  a\n \n  b\n  c\n', 'c', 'd', '|\n  a\n \n  b\n  d\n'],
  ['a control character', '|\n  a\n', 'a', '\x01', null],
  ['a line break only Windows and YAML 1.1 know', '|\n  a\n', 'a', 'a\r\nb', null],
  // folded
  ['a word', '>\n  a b\n  c\n', 'b', 'new', '>\n  a new\n  c\n'],
  ['over a fold', '>\n  a\n  b\n  c\n', 'a b', 'x', '>\n  x\n  c\n'],
  ['a line break', '>\n  a\n  b\n', 'b', 'b\nc', '>\n  a\n  b\n\n  c\n'],
  ['a more-indented line', '>\n  a\n', '$', '  b\n', '>\n  a\n    b\n'],
  ['the last line break', '>\n  a\n  b\n', '\n', '', '>-\n  a\n  b\n'],
  // double quotes
  ['a quote and a backslash', '"a b"', ' ', '"\\', '"a\\"\\\\b"'],
  ['a line break', '"a b"', ' ', '\n', '"a\\nb"'],
  ['a blank needs no escape within a line', '"a"', '$', ' b ', '"a b "'],
  ['an escape beside stays', '"\\x41 b"', 'b', 'c', '"\\x41 c"'],
  ['half of an escape', '"\\U0001F600"', '\ude00', '\ude01', '"😁"'],
  ['a blank before a line break', '"a\n  b"', 'a', 'a ', '"a\\ \n  b"'],
  ['the rest of a multi-line scalar stays', '"a\n  b\\\n  c"', 'a', 'x\ty', '"x\\ty\n  b\\\n  c"'],
  ['from nothing', '""', '^', 'a', '"a"'],
  // single quotes
  ['a quote', "'a'", '$', "'", "'a'''"],
  ['a line break', "'a b'", ' ', '\n', "'a\n\n  b'"],
  ['a line break behind a blank', "'a b'", ' b', ' \nb', null],
  ['a control character', "'a'", 'a', '\x01', null],
  // plain
  ['a word', 'a b', 'b', 'c', 'a c'],
  ['what would be a mapping', 'a', '$', ': b', null],
  ['a colon that is none', 'a', '$', ':b', 'a:b'],
  ['what would be a comment', 'a', '$', ' #b', null],
  ['what would be a boolean', 'yes sir', ' sir', '', null],
  ['what would be a boolean, were it not tagged', 'yes sir', ' sir', '', 'yes', { tag: '!!str' }],
  ['what would be a number', 'v12', 'v', '', null],
  ['a number for a number', '12', '2', '3', '13'],
  ['a comma', 'a', '$', ',b', 'a,b'],
  ['a comma inside []', 'a', '$', ',b', null, { flow: true }],
  ['a question mark inside [], which go-yaml ends at', 'a', '$', '?b', null, { flow: true }],
  ['a line break', 'a b', ' ', '\n', 'a\n\n  b'],
  ['a line break in a key', 'a b', ' ', '\n', null, { key: true }],
  ['everything', 'a', 'a', '', null],
];

for (const [name, source, from, to, after, site] of EDITED)
  test(`edited: ${styleOf(source)}, ${name}`, () => {
    const where = { ...SITE, ...site };
    const { text } = decodeScalar(source, styleOf(source), where);
    const start = from === '^' ? 0 : from === '$' ? text.length : text.indexOf(from);
    const end = from === '^' || from === '$' ? start : start + from.length;
    assert.ok(start >= 0);
    const edits = encodeEdit(source, styleOf(source), where, { span: { start, end }, newText: to });
    assert.equal(edits && applyEdits(source, edits), after);
  });

test('an edit that changes nothing gives no edits', () => {
  assert.deepEqual(encodeEdit("'a'", 'single', SITE, { span: { start: 0, end: 1 }, newText: 'a' }), []);
});

test('edits never part a CRLF or a surrogate pair', () => {
  const source = '|-\r\n  😀\r\n  b\r\n';
  const edits = encodeEdit(source, 'literal', SITE, { span: { start: 0, end: 4 }, newText: '😁\nc' }) ?? [];
  assert.equal(applyEdits(source, edits), '|-\r\n  😁\r\n  c\r\n');
  for (const { start, end } of edits.map(edit => edit.span))
    for (const offset of [start, end])
      assert.doesNotMatch(source.slice(offset - 1, offset + 1), /^(?:\r\n|[\ud800-\udbff][\udc00-\udfff])$/);
});

/** Text, then the style and source that a new value gets. */
const CHOSEN: readonly (readonly [text: string, source: string, site?: Partial<ScalarSite>])[] = [
  ['word', 'word'],
  ['two words', 'two words'],
  ["it's", "it's"],
  ['', '""'],
  [' a', '" a"'],
  ['a ', '"a "'],
  ['yes', '"yes"'],
  ['~', '"~"'],
  ['0755', '"0755"'],
  ['1e3', '"1e3"'],
  ['1:30', '"1:30"'],
  ['2001-01-01', '"2001-01-01"'],
  ['1e400', '"1e400"'],
  ['10s', '10s'],
  ['10.0.0.0/8', '10.0.0.0/8'],
  ['1.15.1', '"1.15.1"'],
  ['a: b', '"a: b"'],
  ['a #b', '"a #b"'],
  ['*', '"*"'],
  ['{{ x }}', '"{{ x }}"'],
  ['a, b', 'a, b'],
  ['a, b', '"a, b"', { flow: true }],
  ['a?b', '"a?b"', { flow: true }],
  ['"q"', '"\\"q\\""'],
  ['tab\there', 'tab\there'],
  ['\x00\x85\u2028\ufeff', '"\\u0000\\u0085\\u2028\\uFEFF"'],
  ['a\nb\n', '|\n  a\n  b\n'],
  ['a\nb', '|-\n  a\n  b\n'],
  ['a\n\n', '|+\n  a\n\n'],
  [' a\nb\n', '|2\n   a\n  b\n'],
  ['a\nb\n', '|\r\n      a\r\n      b\r\n', { parentIndent: 4, eol: '\r\n' }],
  ['a\nb\n', '"a\\nb\\n"', { flow: true }],
  ['a\nb\n', '"a\\nb\\n"', { key: true }],
  ['a\r\nb', '"a\\r\\nb"'],
];

for (const [text, source, site] of CHOSEN)
  test(`written: ${JSON.stringify(text)}${site ? ` at ${JSON.stringify(site)}` : ''}`, () => {
    const where = { ...SITE, ...site };
    assert.equal(encodeScalar(text, chooseStyle(text, where), where), source);
  });

test('the neighbours choose the quotes where they can', () => {
  assert.equal(chooseStyle('yes', SITE, { quote: 'single' }), 'single');
  assert.equal(chooseStyle('a\x01', SITE, { quote: 'single' }), 'double');
});

test('a long scalar takes milliseconds', () => {
  const line = '    proxy_set_header Host $host; # as the client sent it\n';
  const sources = {
    literal: `|\n${line.repeat(2000)}`,
    folded: `>\n${line.repeat(2000)}`,
    single: `'${line.repeat(2000)}''x'`,
    double: `"${line.repeat(2000).replaceAll('$', '\\x24')}"`,
    plain: `a${'\n    \t a b'.repeat(12_000)}`,
  };
  for (const [style, source] of Object.entries(sources)) {
    const took = [1, 2, 3, 4, 5].map(() => {
      const before = performance.now();
      decodeScalar(source, style as ScalarStyle, SITE);
      return performance.now() - before;
    });
    assert.ok(Math.min(...took) < 50, `${style}: ${took}`);
  }
});
