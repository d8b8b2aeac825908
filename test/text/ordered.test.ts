import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { lastAtMost, OrderedSpans } from '../../server/src/text/ordered.ts';

const SEED = 20_261_127;

describe('stretches in order', () => {
  it('are looked up as a search through all of them would', () => {
    const ascending = fc.array(fc.integer({ min: 0, max: 20 })).map(all => all.sort((a, b) => a - b));
    fc.assert(
      fc.property(ascending, fc.integer({ min: -1, max: 21 }), (numbers, limit) => {
        assert.equal(
          lastAtMost(numbers, limit),
          numbers.findLastIndex(each => each <= limit),
        );
      }),
      { seed: SEED },
    );
  });
  it('touch and start where they do', () => {
    // Side by side, with gaps; none of them is empty.
    const spans = fc.array(fc.tuple(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 1, max: 3 }))).map(steps => {
      let at = 0;
      return steps.map(([gap, length]) => {
        const start = at + gap;
        at = start + length;
        return { start, end: at };
      });
    });
    const stretch = fc.tuple(fc.nat(20), fc.nat(4)).map(([start, length]) => ({ start, end: start + length }));
    fc.assert(
      fc.property(spans, stretch, (all, asked) => {
        const ordered = new OrderedSpans(all.toReversed());
        const inside = all.filter(({ start }) => asked.start <= start && start < asked.end);
        assert.deepEqual(ordered.startingIn(asked), inside);
        const shares = ({ start, end }: { start: number; end: number }) =>
          asked.start === asked.end ? start < asked.start && asked.start < end : start < asked.end && asked.start < end;
        assert.equal(ordered.touch(asked), all.some(shares));
      }),
      { seed: SEED },
    );
  });
});
