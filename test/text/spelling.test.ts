import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { distance, nameMeant } from '../../server/src/text/spelling.ts';

const SEED = 20_261_127;

const DISTANCES: readonly (readonly [a: string, b: string, letters: number])[] = [
  ['', '', 0],
  ['', 'abc', 3],
  ['abc', 'abc', 0],
  ['abc', 'abd', 1],
  ['abc', 'ab', 1],
  ['abc', 'bac', 1],
  ['timeout', 'tiemout', 1],
  ['kitten', 'sitting', 3],
];

describe('the letters between two words', () => {
  for (const [a, b, letters] of DISTANCES) {
    it(`${a || 'nothing'} and ${b || 'nothing'}`, () => assert.equal(distance(a, b), letters));
  }
  it('are the same both ways, none only for the same word, and never more than the longer one has', () => {
    const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 8 });
    fc.assert(
      fc.property(word, word, (a, b) => {
        const letters = distance(a, b);
        assert.equal(letters, distance(b, a));
        assert.equal(letters === 0, a === b);
        assert.ok(letters >= Math.abs(a.length - b.length) && letters <= Math.max(a.length, b.length));
      }),
      { seed: SEED },
    );
  });
});

const NAMES = ['maxPerCore', 'min', 'udpTimeout', 'udpStreamTimeout', 'tcpCloseWaitTimeout'];

const MEANT: readonly (readonly [word: string, name: string | null])[] = [
  ['max_per_core', 'maxPerCore'],
  ['MAXPERCORE', 'maxPerCore'],
  ['maxPerCor', 'maxPerCore'],
  ['udpTimout', 'udpTimeout'],
  ['tcpCloseWaitTimeuot', 'tcpCloseWaitTimeout'],
  // Two letters of five would be another word.
  ['mni', null],
  ['udpTime', null],
  ['something', null],
];

describe('the name that was meant', () => {
  for (const [word, name] of MEANT) it(word, () => assert.equal(nameMeant(word, NAMES), name));
  it('is none where two are as close', () => assert.equal(nameMeant('timeoutx', ['timeouta', 'timeoutb']), null));
  it('is none where two differ in case alone', () => assert.equal(nameMeant('a-b', ['ab', 'a_b']), null));
});
