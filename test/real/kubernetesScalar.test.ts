import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import fc from 'fast-check';
import { type KubernetesScalar, resolvePlain } from '../../server/src/syntax/yaml/kubernetesScalar.ts';
import { encodeScalar } from '../../server/src/syntax/yaml/scalarEncode.ts';
import type { ScalarStyle } from '../../server/src/syntax/yaml/scalarSite.ts';
import { PLAIN, REFUSED, TAGGED } from '../syntax/yaml/kubernetesScalarTable.ts';

const SEED = 20261122;
let folder = '';
before(() => {
  folder = mkdtempSync(join(tmpdir(), 'ingress-path-'));
});
after(() => rmSync(folder, { recursive: true }));

/** What Kubernetes' YAML reader makes of scalar sources, as JSON texts: numbers keep all their digits. */
function kubectl(sources: readonly string[]): string[] {
  const file = join(folder, 'scalars.yaml');
  const lines = sources.map((source, index) => `  k${index}: ${source}${source.endsWith('\n') ? '' : '\n'}`);
  writeFileSync(file, `kind: Any\napiVersion: v1\nmetadata: {name: any}\nv:\n${lines.join('')}`);
  const args = ['label', '--local', '-f', file, 'a=b', '-o', 'json'];
  const json = execFileSync('kubectl', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  const answers = [...json.matchAll(/^ {8}"k(\d+)": (.*?),?$/gm)];
  assert.equal(answers.length, sources.length);
  return answers.sort((a, b) => Number(a[1]) - Number(b[1])).map(([, , answer = '']) => answer);
}

/** Our answer as kubectl prints it: integers beyond int64 are floats in an untyped object. */
function printed(scalar: KubernetesScalar): string {
  switch (scalar.type) {
    case 'null':
      return 'null';
    case 'boolean':
      return String(scalar.value);
    case 'number':
      return /^-?\d+$/.test(scalar.text) && BigInt.asIntN(64, BigInt(scalar.text)) === BigInt(scalar.text)
        ? scalar.text
        : String(scalar.value);
    case 'string':
      return JSON.stringify(scalar.value);
    case 'refused':
      return `refused: ${scalar.reason}`;
  }
}

function sameJson(a: string, b: string): boolean {
  const number = /^-?\d/;
  if (number.test(a) && number.test(b)) return a === b || (/[.e]/i.test(a + b) && Number(a) === Number(b));
  return JSON.stringify(JSON.parse(a)) === JSON.stringify(JSON.parse(b));
}

/** Scalars that lie near the borders of what is a number, a boolean, null or a string. */
const plainScalars: fc.Arbitrary<string> = fc
  .oneof(
    fc.constantFrom(
      ...'y Y yes Yes YES yEs n N no No NO on On ON off Off OFF true True TRUE false False null Null ~ = <<'.split(' '),
    ),
    pieces('0', '1', '7', '9', '_', '-', '+', '.', 'e', 'E', 'x', 'b', 'o', 'f', ':'),
    pieces('0b', '0x', '0o', '1', '0', '_', '-', '+', '7', 'F'),
    fc
      .tuple(
        fc.constantFrom('', '-', '+'),
        fc.constantFrom('', '0x', '0o', '0b', '0'),
        fc.bigInt({ min: 0n, max: 2n ** 66n }),
      )
      .map(
        ([sign, base, value]) =>
          sign + base + value.toString(base === '0x' ? 16 : base === '0b' ? 2 : base === '' ? 10 : 8),
      ),
    fc.double().map(String),
    fc.tuple(fc.integer({ min: 1, max: 3000 }), fc.nat(14), fc.nat(33)).map(parts => parts.join('-')),
  )
  .filter(text => !/^[-?:](?:\s|$)|^[-+]?\.(?:inf|nan)$|:$|^[&*!|>%@`'"{[,\]}]|^---|^$/i.test(text));

function pieces(...alphabet: string[]): fc.Arbitrary<string> {
  return fc.array(fc.constantFrom(...alphabet), { minLength: 1, maxLength: 7 }).map(parts => parts.join(''));
}

test('2,000 generated plain scalars are read as kubectl reads them', () => {
  const scalars = fc.sample(plainScalars, { seed: SEED, numRuns: 2_000 });
  const answers = kubectl(scalars);
  const wrong = scalars
    .map((scalar, index) => ({ scalar, ours: printed(resolvePlain(scalar)), kubectl: answers[index] ?? '' }))
    .filter(({ ours, kubectl: theirs }) => !sameJson(ours, theirs));
  assert.deepEqual(wrong, []);
  const types = new Set(scalars.map(scalar => resolvePlain(scalar).type));
  assert.deepEqual([...types].sort(), ['boolean', 'null', 'number', 'string']);
});

test('the recorded tables are what kubectl answers', () => {
  const plain = Object.entries(PLAIN).flatMap(([json, scalars]) => scalars.map(scalar => ({ json, scalar })));
  const tagged = Object.entries(TAGGED).flatMap(([json, scalars]) => scalars.map(scalar => ({ json, scalar })));
  const all = [...plain, ...tagged];
  const answers = kubectl(all.map(({ scalar }) => scalar));
  assert.deepEqual(
    all.filter(
      ({ json, scalar }, index) => !sameJson(json === 'itself' ? JSON.stringify(scalar) : json, answers[index] ?? ''),
    ),
    [],
  );
});

test('what the tables call refused, kubectl refuses for the reason they give', () => {
  for (const [scalar, reason] of Object.entries(REFUSED))
    assert.throws(
      () => kubectl([scalar]),
      (error: Error & { stderr?: string }) => error.stderr?.includes(reason) === true,
      scalar,
    );
});

test('2,000 generated strings, written in every style that carries them, are that string for kubectl', () => {
  const parts = [
    'a',
    'b',
    ' ',
    '\n',
    '\t',
    ': ',
    '#',
    ' #',
    "'",
    '"',
    '\\',
    '- ',
    '1',
    'no',
    '.',
    '~',
    '<<',
    'é',
    '😀',
    '\x85',
    '\r',
    '\x01',
    '\u2028',
    '\ufeff',
    '{',
    ']',
    ',',
    '&',
    '*',
    '!',
    '|',
    '>',
    '%',
    '@',
    '?',
    '---',
  ];
  const strings = fc.sample(pieces(...parts), { seed: SEED, numRuns: 2_000 });
  const styles: ScalarStyle[] = ['plain', 'single', 'double', 'literal', 'folded'];
  const written = strings.flatMap(text =>
    styles.flatMap(style => {
      const source = encodeScalar(text, style, { parentIndent: 2 });
      return source === null ? [] : [{ text, source }];
    }),
  );
  assert.ok(written.length > 2 * strings.length);
  const answers = kubectl(written.map(({ source }) => source));
  assert.deepEqual(
    written.filter(({ text }, index) => !sameJson(JSON.stringify(text), answers[index] ?? '')),
    [],
  );
});
