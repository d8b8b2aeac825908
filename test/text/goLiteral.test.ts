import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { formatGoDuration, parseGoDuration } from '../../server/src/text/goDuration.ts';
import { parseGoBoolean, parseGoInt } from '../../server/src/text/goLiteral.ts';

/** As `kubectl create deployment x --image=a --replicas=… --dry-run=client` reads them, which hands them to strconv too. */
const INTEGERS: readonly (readonly [text: string, value: bigint | null])[] = [
  ['0', 0n],
  ['+5', 5n],
  ['-12', -12n],
  ['010', 8n],
  ['0_7', 7n],
  ['0o17', 15n],
  ['0x1F', 31n],
  ['0b11', 3n],
  ['1_000', 1000n],
  ['18446744073709551616', 18446744073709551616n],
  ['', null],
  ['08', null],
  ['1__0', null],
  ['_1', null],
  ['1_', null],
  ['0x', null],
  ['1.0', null],
  [' 1', null],
];

describe('integers of Go', () => {
  for (const [text, value] of INTEGERS) it(text || 'nothing', () => assert.equal(parseGoInt(text), value));
});

describe('booleans of Go', () => {
  it('in five spellings each', () => {
    assert.deepEqual(['1', 't', 'T', 'TRUE', 'true', 'True'].map(parseGoBoolean), Array(6).fill(true));
    assert.deepEqual(['0', 'f', 'F', 'FALSE', 'false', 'False'].map(parseGoBoolean), Array(6).fill(false));
  });
  it('and in no other', () => {
    assert.deepEqual(['', 'tRUE', 'on', 'yes', 'y', ' true', '01'].map(parseGoBoolean), Array(7).fill(null));
  });
});

const DURATIONS: readonly (readonly [text: string, seconds: number | null])[] = [
  ['0', 0],
  ['1h0m0s', 3600],
  ['-1.5s', -1.5],
  ['.5s', 0.5],
  ['1.s', 1],
  ['250ms', 0.25],
  ['2562047h', 9223369200],
  ['2562048h', null],
  ['60', null],
  ['', null],
  ['1d', null],
  ['1 h', null],
];

describe('durations of Go', () => {
  for (const [text, seconds] of DURATIONS) it(text || 'nothing', () => assert.equal(parseGoDuration(text), seconds));
  it('are written as Go writes them', () => {
    assert.deepEqual([0, 59, 60, 3600, 86_461].map(formatGoDuration), ['0s', '59s', '1m0s', '1h0m0s', '24h1m1s']);
  });
});
