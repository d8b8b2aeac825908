// biome-ignore-all lint/suspicious/noTemplateCurlyInString: they are what it is about
import assert from 'node:assert/strict';
import { describe, it, test } from 'node:test';
import fc from 'fast-check';
import { mask } from '../../server/src/syntax/template.ts';

/** A text and what a YAML parser gets to see of it. */
const MASKED: Readonly<Record<string, readonly (readonly [name: string, text: string, masked: string])[]>> = {
  'an expression within a line is a word': [
    ['value', 'a: {{ .b }}\n', 'a: xxxxxxxx\n'],
    ['key', '{{ .a }}: b\n', 'xxxxxxxx: b\n'],
    ['part of a value', 'a: "v{{ .b }}-c"\n', 'a: "vxxxxxxxx-c"\n'],
    ['two in one value', 'a: {{ .b }}:{{ .c }}\n', 'a: xxxxxxxx:xxxxxxxx\n'],
    ['item', '- {{ .b }}\n', '- xxxxxxxx\n'],
    ['conditional', 'a: {{ if .b }}c{{ end }}\n', 'a: xxxxxxxxxxxcxxxxxxxxx\n'],
    ['of two lines', 'a: {{ b |\n  c }}\nd: 1\n', 'a: xxxxxxxxxxxxx\nd: 1\n'],
    ['in a comment', '# {{ .a }}\n', '# xxxxxxxx\n'],
    ['Jinja', "a: {{ b | default('c') }}\n", 'a: xxxxxxxxxxxxxxxxxxxxxx\n'],
    ['ERB', 'a: <%= @b %>\n', 'a: xxxxxxxxx\n'],
    ['Handlebars', 'a: {{{ b }}}\n', 'a: xxxxxxxxx\n'],
  ],
  'an expression alone on its line is blank': [
    ['control', '{{- if .a }}\nb: 1\n{{- end }}\n', '            \nb: 1\n          \n'],
    ['output', 'a:\n  {{- include "b" . | nindent 2 }}\n', `a:\n  ${' '.repeat(32)}\n`],
    ['several', '  {{ if a }}{{ if b }}\nc: 1\n', `  ${' '.repeat(20)}\nc: 1\n`],
    ['comment', '{{/* a: {{ b }} */}}\nc: 1\n', `${' '.repeat(20)}\nc: 1\n`],
    ['comment of several lines', '{{- /*\n a: 1\n*/ -}}\nc: 1\n', '      \n     \n      \nc: 1\n'],
    ['Jinja', '{% if a %}\nb: 1\n{% endif %}\n', '          \nb: 1\n           \n'],
    ['Jinja comment', '{# a: {{ b }} #}\n{% if a %}\n', '                \n          \n'],
    ['ERB', '<% if a -%>\nb: 1\n', '           \nb: 1\n'],
    ['Terraform', '%{ if a ~}\nb: 1\n%{ endif ~}\n', '          \nb: 1\n           \n'],
    ['with CRLF', '{{ if a }}\r\nb: 1\r\n', '          \r\nb: 1\r\n'],
    ['behind a byte order mark', '\uFEFF{{ if a }}\nb: 1\n', '\uFEFF          \nb: 1\n'],
    [
      'conflict',
      '<<<<<<< HEAD\na: 1\n=======\na: 2\n>>>>>>> b\n',
      `${' '.repeat(12)}\na: 1\n       \na: 2\n         \n`,
    ],
    [
      'conflict with its base',
      '<<<<<<< a\n||||||| b\n=======\n>>>>>>> c\n',
      `${' '.repeat(9)}\n         \n       \n         \n`,
    ],
  ],
  'an expression ends where its language says': [
    ['not in a string', 'a: {{ "}}" }}\n', 'a: xxxxxxxxxx\n'],
    ['not in a raw string', 'a: {{ `}}` }}\n', 'a: xxxxxxxxxx\n'],
    ['not in a dictionary', "a: {{ {'b': {'c': 1}} }}\n", 'a: xxxxxxxxxxxxxxxxxxxxx\n'],
    ['half-typed with its line', 'a: {{ .Val\nb: {{ .c }}\n', 'a: xxxxxxx\nb: xxxxxxxx\n'],
    ['half-typed with one brace', 'a: {{ .b }\nc: {{ .d }}\n', 'a: xxxxxxx\nc: xxxxxxxx\n'],
    ['half-typed at the end', 'a: {{ .b', 'a: xxxxx'],
    ['half-typed statement', '{% if a\nb: 1\n{% endif %}\n', '       \nb: 1\n           \n'],
    ['half-typed comment', '{{/* a\nb: 1\n', '      \nb: 1\n'],
  ],
  'what looks alike stays': [
    ['plain YAML', 'a: {b: {c: 1}}\n', 'a: {b: {c: 1}}\n'],
    ['JSON', '{"a":{"b":{}}}', '{"a":{"b":{}}}'],
    ['envsubst', 'a: ${B}\n', 'a: ${B}\n'],
    ['a variable of Apache', 'a: "%{if-modified}i"\n', 'a: "%{if-modified}i"\n'],
    ['nginx', 'a: |\n  set $a ${b}c;\n', 'a: |\n  set $a ${b}c;\n'],
    ['length in the shell', 'a: {{ .b }}\nc: ${#d[@]} #}\n', 'a: xxxxxxxx\nc: ${#d[@]} #}\n'],
    ['length in Lua, beside Helm', 'a: {{ .b }}\nc: {#t, #}\n', 'a: xxxxxxxx\nc: {#t, #}\n'],
    ['length in Lua', 'c: {#t, #}\n', 'c: {#t, #}\n'],
    ['tables in Lua', 'c: |\n  {{1,2},{3,4}}\n', 'c: |\n  {{1,2},{3,4}}\n'],
    ['percent behind a brace', 'a: "{%d}"\n', 'a: "{%d}"\n'],
    ['a heading', 'a: |\n  b\n=======\n', 'a: |\n  b\n=======\n'],
    ['a heredoc', 'a: cat <<< b\n', 'a: cat <<< b\n'],
  ],
};

for (const [title, rows] of Object.entries(MASKED)) {
  describe(title, () => {
    for (const [name, text, masked] of rows) it(name, () => assert.equal(mask(text).text, masked));
  });
}

/** What prints lines, and at which column, if that can be told. */
const OUTPUTS: readonly (readonly [name: string, text: string, columns: readonly (number | null)[]])[] = [
  ['nindent', '    {{- include "a" . | nindent 8 }}\n', [8]],
  ['indent', '{{ include "a" . | indent 4 }}\n', [4]],
  ['the column it stands in', '    {{ include "a" . }}\n', [4]],
  ['trimmed: behind what comes before', '    {{- include "a" . }}\n', [null]],
  ['at the margin: indentation may be brought along', '{{ include "a" . }}\n', [null]],
  ['Jinja', '  {{ a | to_nice_yaml }}\n  {% include "a" %}\n', [2, 2]],
  [
    'nothing: control, comments, variables',
    '{{ if a }}\n{{ $a := 1 }}\n{{/* a */}}\n{{ end }}\n{% set a = 1 %}\n{# a #}\n',
    [],
  ],
  ['nothing: within a line', 'a: {{ include "a" . }}\n', []],
];

describe('outputs', () => {
  for (const [name, text, columns] of OUTPUTS)
    it(name, () =>
      assert.deepEqual(
        mask(text).outputs.map(({ column }) => column),
        columns,
      ),
    );
});

/** Lines marked by letters, and the arms they stand in: group and arm, and how many arms cover all cases. */
const ARMS: readonly (readonly [name: string, text: string, arms: Record<string, string>])[] = [
  ['if', 'A\n{{ if x }}\nB\n{{ end }}\nC', { A: '', B: '0.0', C: '' }],
  ['if and else', '{{ if x }}\nA\n{{ else }}\nB\n{{ end }}\nC', { A: '0.0/2', B: '0.1/2', C: '' }],
  ['else if', '{{ if x }}\nA\n{{ else if y }}\nB\n{{ end }}', { A: '0.0', B: '0.1' }],
  [
    'else if and else',
    '{% if x %}\nA\n{% elif y %}\nB\n{% else %}\nC\n{% endif %}',
    { A: '0.0/3', B: '0.1/3', C: '0.2/3' },
  ],
  ['nested', '{{ if x }}\n{{ range y }}\nA\n{{ end }}\nB\n{{ end }}', { A: '0.0 1.0', B: '0.0' }],
  ['loops of Ruby', '<% x.each do |y| %>\nA\n<% end %>\nB', { A: '0.0', B: '' }],
  ['blocks of Jinja', '{% set x %}\nA\n{% endset %}\nB\n{% set y = 1 %}\nC', { A: '0.0', B: '', C: '' }],
  ['a conflict', '<<<<<<< a\nA\n=======\nB\n>>>>>>> b\nC', { A: '0.0/2', B: '0.1/2', C: '' }],
  ['never ended', '{{ if x }}\nA', { A: '0.0' }],
  ['begun in an earlier document', 'A\n{{ else }}\nB\n{{ end }}\nC', { A: '0.0/2', B: '0.1/2', C: '' }],
];

describe('arms', () => {
  it('are told apart however deep they are nested, and whether they end or not', () => {
    const many = 50_000;
    const { arms } = mask('{% if a %}'.repeat(many));
    assert.equal(arms.at(10 * many - 1).length, many - 1);
    assert.equal(arms.at(25).length, 2);
  });

  for (const [name, text, expected] of ARMS) {
    it(name, () => {
      const { arms } = mask(text);
      const seen = Object.keys(expected).map(letter => [
        letter,
        arms
          .at(text.search(new RegExp(`^${letter}`, 'm')))
          .map(({ group, arm, arms: all }) => `${group}.${arm}${all ? `/${all}` : ''}`)
          .join(' '),
      ]);
      assert.deepEqual(Object.fromEntries(seen), expected);
    });
  }
});

test('masking keeps the length and every line break outside of expressions, and what it leaves is left by itself', () => {
  const parts = [
    '{{',
    '}}',
    '{%',
    '%}',
    '{#',
    '#}',
    '<%',
    '%>',
    '{',
    '}',
    '"',
    "'",
    '`',
    'a',
    ' ',
    '\n',
    '\r\n',
    'if',
    'end',
    '.b',
    '/*',
    '*/',
    ': ',
    '<<<<<<< a\n',
  ];
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...parts), { maxLength: 30 }), pieces => {
      const text = pieces.join('');
      const masked = mask(text);
      assert.equal(masked.text.length, text.length);
      let from = 0;
      for (const { start, end } of masked.statements) {
        assert.ok(start >= from && end > start);
        assert.equal(masked.text.slice(from, start), text.slice(from, start));
        from = end;
      }
      assert.equal(masked.text.slice(from), text.slice(from));
    }),
    { seed: 20261122, numRuns: 5000 },
  );
});
