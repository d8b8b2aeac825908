import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type KubernetesScalar,
  resolvePlain,
  resolveTagged,
} from '../../../server/src/syntax/yaml/kubernetesScalar.ts';
import { PLAIN, REFUSED, TAGGED } from './kubernetesScalarTable.ts';

function json(scalar: KubernetesScalar): string {
  if (scalar.type === 'null') return 'null';
  if (scalar.type === 'refused') return `refused: ${scalar.reason}`;
  return scalar.type === 'number' ? scalar.text : JSON.stringify(scalar.value);
}

/** A tagged scalar of the tables as its tag and decoded text. */
function untag(scalar: string): [string, string] {
  const [tag = '', text = ''] = scalar.split(/ (.*)/s);
  return [tag, text.startsWith('"') ? JSON.parse(text) : text];
}

for (const [expected, scalars] of Object.entries(PLAIN))
  test(`plain, read as ${expected}`, () => {
    for (const scalar of scalars) {
      const read = json(resolvePlain(scalar));
      if (/^-?\d/.test(expected)) assert.equal(Number(read), Number(expected), scalar);
      else assert.equal(read, expected === 'itself' ? JSON.stringify(scalar) : expected, scalar);
    }
  });

test('whole numbers keep all their digits', () => {
  for (const [written, text] of [
    ['9007199254740993', '9007199254740993'],
    ['-0x8000000000000000', '-9223372036854775808'],
    ['0xFFFFFFFFFFFFFFFF', '18446744073709551615'],
    ['18446744073709551616', '18446744073709552000'],
    ['1e3', '1000'],
    ['1.', '1'],
    ['1e21', '1e+21'],
  ] as const)
    assert.equal(json(resolvePlain(written)), text);
});

test('tagged', () => {
  for (const [expected, scalars] of Object.entries(TAGGED))
    for (const scalar of scalars) {
      const read = json(resolveTagged(...untag(scalar)));
      if (/^-?\d/.test(expected)) assert.equal(Number(read), Number(expected), scalar);
      else assert.equal(read, expected, scalar);
    }
  assert.deepEqual(resolveTagged('tag:yaml.org,2002:int', '12'), { type: 'number', value: 12, text: '12' });
  assert.deepEqual(resolveTagged('!<tag:yaml.org,2002:int>', '12'), { type: 'number', value: 12, text: '12' });
});

test('refused', () => {
  for (const [scalar, reason] of Object.entries(REFUSED)) {
    const read = scalar.startsWith('!') ? resolveTagged(...untag(scalar)) : resolvePlain(scalar);
    assert.deepEqual(read, { type: 'refused', reason }, scalar);
  }
});
