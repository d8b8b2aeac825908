import fc from 'fast-check';
import { type DocumentOptions, stringify, type ToStringOptions } from 'yaml';
import type { YamlData } from '../../../server/src/syntax/yaml/edit.ts';
import { readByYaml } from './changes.ts';

/** A manifest as people and programs write them, and what it says. */
export interface Manifest {
  readonly text: string;
  readonly data: YamlData;
}

const KEYS = [
  'name',
  'spec',
  'hostNetwork',
  'dnsPolicy',
  'args',
  'nginx.conf',
  'k8s.io/x',
  'yes',
  'a b',
  '"q"',
  'é',
  '0',
];
const WORDS = [
  '',
  'ClusterFirst',
  'yes',
  '0755',
  'null',
  '~',
  '- x',
  'a: b',
  'a # b',
  "it's",
  '"q"',
  '{',
  '*x',
  'é😀',
  ' pad ',
];
const TEXTS = [
  'line\n',
  'two\nlines\n',
  '  indented\nthen not\n',
  'no end\nof line',
  'kept\n\n',
  'a\n\n\nb\n',
  '\nfirst blank\n',
];

const scalar: fc.Arbitrary<YamlData> = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...WORDS) },
  { weight: 1, arbitrary: fc.constantFrom(...TEXTS) },
  { weight: 2, arbitrary: fc.constantFrom<YamlData>(true, false, null, 0, 42, -1.5) },
);

const { value } = fc.letrec<{ value: YamlData; map: YamlData; list: YamlData }>(tie => ({
  value: fc.oneof({ depthSize: 'small', withCrossShrink: true }, scalar, tie('map'), tie('list')),
  map: fc.dictionary(fc.constantFrom(...KEYS), tie('value'), { maxKeys: 5, noNullPrototype: true }),
  list: fc.array(tie('value'), { maxLength: 4 }),
}));

const data: fc.Arbitrary<YamlData> = fc
  .dictionary(fc.constantFrom(...KEYS), value, { minKeys: 1, maxKeys: 6, noNullPrototype: true })
  .map(map => map as YamlData);

type Style = DocumentOptions & ToStringOptions;

const styles: fc.Arbitrary<Style> = fc.record({
  indent: fc.constantFrom(2, 2, 4, 3),
  indentSeq: fc.boolean(),
  singleQuote: fc.constantFrom(null, true, false),
  lineWidth: fc.constantFrom(0, 0, 40),
  collectionStyle: fc.constantFrom<'any' | 'flow'>('any', 'any', 'any', 'flow'),
  flowCollectionPadding: fc.boolean(),
  blockQuote: fc.constantFrom<boolean | 'literal' | 'folded'>(true, 'literal', 'folded', false),
});

const yaml: fc.Arbitrary<Manifest> = fc
  .tuple(data, styles)
  .map(([said, style]) => ({ text: stringify(said, style), data: said }));

const json: fc.Arbitrary<Manifest> = fc
  .tuple(data, fc.constantFrom(undefined, 2, 4, '\t'))
  .map(([said, indent]) => ({ text: JSON.stringify(said, null, indent), data: said }));

/** Puts comments behind values, on lines of their own, and blank lines between: where they are no part of a value. */
function commented({ text, data: said }: Manifest, where: number): Manifest {
  if (/[|>]|^ *["'?]|["'][^"']*$/m.test(text)) return { text, data: said };
  const lines = text.split('\n').map((line, i) => {
    const indent = /^ */.exec(line)?.[0] ?? '';
    if ((i * 7 + where) % 5 === 0 && /^ *(?:- )*\w+: \w+$/.test(line)) return `${line} # comment`;
    if ((i * 7 + where) % 5 === 1 && /^ *(?:- )*\w+:/.test(line)) return `${indent}# comment\n${line}`;
    return (i * 7 + where) % 5 === 2 && /^ *\w+:/.test(line) ? `\n${line}` : line;
  });
  return { text: lines.join('\n'), data: said };
}

const dressed = (bare: fc.Arbitrary<Manifest>): fc.Arbitrary<Manifest> =>
  fc
    .tuple(
      bare,
      fc.nat(20),
      fc.constantFrom('\n', '\n', '\r\n'),
      fc.constantFrom('', '', '', '\uFEFF'),
      fc.constantFrom('', '', '---\n', '# a comment\n---\n'),
      fc.boolean(),
    )
    .map(([manifest, where, eol, bom, marker, ended]) => {
      const { text } = commented(manifest, where);
      const body = ended || /[|>]/.test(text) ? text : text.trimEnd();
      const written = bom + (marker + body).replaceAll('\n', eol);
      // Not the data that was written: `yaml` 2.9.1 indents by 4 below the indicator of `|2`.
      return { text: written, data: readByYaml(written) };
    });

/** Random data, written in a random style, with LF or CRLF, with and without byte order mark, marker and final line break. */
export const manifests = dressed(fc.oneof({ weight: 4, arbitrary: yaml }, { weight: 1, arbitrary: json }));

/** Those in block style alone. */
export const blockManifests = dressed(
  yaml.filter(({ text }) => !/[[{]/.test(text.replace(/\[\]|\{\}|'\{'|"\{"/g, ''))),
);
