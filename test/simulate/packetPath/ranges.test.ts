import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import {
  intersection,
  portionIn,
  type Ranges,
  union,
  without,
} from '../../../server/src/simulate/packetPath/ranges.ts';

const SIZE = 24;

const set = fc
  .array(fc.tuple(fc.nat(SIZE - 1), fc.nat(5)), { maxLength: 6 })
  .map(parts => union(parts.map(([low, more]) => ({ low: BigInt(low), high: BigInt(low + more) }))));

const sets = fc.tuple(set, set);

function numbers(ranges: Ranges): number[] {
  return [...Array(SIZE + 5).keys()].filter(n => ranges.some(({ low, high }) => low <= n && n <= high));
}

describe('sets of numbers', () => {
  it('are cut and taken from each other as the numbers in them are', () => {
    fc.assert(
      fc.property(sets, ([a, b]) => {
        const inBoth = numbers(a).filter(n => numbers(b).includes(n));
        assert.deepEqual(numbers(intersection(a, b)), inBoth);
        assert.deepEqual(
          numbers(without(a, b)),
          numbers(a).filter(n => !numbers(b).includes(n)),
        );
        const portion = inBoth.length === 0 ? 'none' : inBoth.length === numbers(a).length ? 'all' : 'some';
        if (a !== b && numbers(a).length > 0) assert.equal(portionIn(a, b), portion);
      }),
      { seed: 20_260_726, numRuns: 2_000 },
    );
  });
});
