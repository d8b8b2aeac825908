import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { compose, identityMap, offsetBy, type SourceMap, SourceMapBuilder } from '../../server/src/text/sourceMap.ts';
import type { Span } from '../../server/src/text/span.ts';

/** `ab` as it stands, an escape of four units read as `c`, a gap of two units, then `de`: source `ab\x63··de`. */
function sample(): SourceMap {
  const builder = new SourceMapBuilder();
  builder.verbatim(0, 2);
  builder.opaque(1, 2, 6);
  builder.verbatim(8, 10);
  return builder.build(0);
}

test('spans of the decoded text and the source they cover', () => {
  const table: [Span, Span, string][] = [
    [{ start: 0, end: 2 }, { start: 0, end: 2 }, 'verbatim'],
    [{ start: 1, end: 2 }, { start: 1, end: 2 }, 'part of a verbatim run'],
    [{ start: 2, end: 3 }, { start: 2, end: 6 }, 'an escape is one whole'],
    [{ start: 1, end: 4 }, { start: 1, end: 9 }, 'over the gap'],
    [{ start: 2, end: 2 }, { start: 2, end: 2 }, 'insert before the escape'],
    [{ start: 3, end: 3 }, { start: 8, end: 8 }, 'insert behind the gap'],
    [{ start: 5, end: 5 }, { start: 10, end: 10 }, 'insert at the end'],
    [{ start: -3, end: 99 }, { start: 0, end: 10 }, 'brought to the nearest ends'],
  ];
  for (const [decoded, source, name] of table) {
    assert.deepEqual(sample().spanToSource(decoded), source, name);
    assert.deepEqual(offsetBy(sample(), 100).spanToSource(decoded), {
      start: source.start + 100,
      end: source.end + 100,
    });
  }
});

test('carets in the source and where they stand in the decoded text', () => {
  const table: [number, number | null, string][] = [
    [-1, null, 'before the source'],
    [0, 0, 'first character'],
    [2, 2, 'before the escape'],
    [4, 2, 'inside the escape'],
    [6, 3, 'just behind the escape'],
    [7, null, 'in the gap'],
    [8, 3, 'behind the gap'],
    [10, 5, 'behind the last character'],
    [11, null, 'past the end'],
  ];
  for (const [source, decoded, name] of table) {
    assert.equal(sample().toDecoded(source), decoded, name);
    assert.equal(offsetBy(sample(), 100).toDecoded(source + 100), decoded, name);
  }
});

test('an empty text has a place to insert at', () => {
  const empty = offsetBy(new SourceMapBuilder().build(1), 10);
  assert.deepEqual(empty.spanToSource({ start: 0, end: 0 }), { start: 11, end: 11 });
  assert.equal(empty.toDecoded(11), 0);
  assert.equal(empty.toDecoded(10), null);
  assert.deepEqual(compose(identityMap(20), empty).spanToSource({ start: 0, end: 0 }), { start: 11, end: 11 });
});

test('a character that no source stands for is inserted where its source would be', () => {
  const builder = new SourceMapBuilder();
  builder.verbatim(0, 1);
  builder.opaque(1, 1, 1);
  const map = builder.build(0);
  assert.deepEqual(map.spanToSource({ start: 1, end: 2 }), { start: 1, end: 1 });
  assert.equal(map.toDecoded(1), 1);
});

test('half of an escape, seen through a second map, is the whole escape', () => {
  const astral = new SourceMapBuilder();
  astral.opaque(2, 1, 11);
  const map = compose(astral.build(1), identityMap(1));
  assert.deepEqual(map.spanToSource({ start: 0, end: 1 }), { start: 1, end: 11 });
  assert.equal(map.toDecoded(11), 1);
});

test('neighbouring runs that continue each other are one', () => {
  const builder = new SourceMapBuilder();
  for (let offset = 0; offset < 1000; offset++) builder.verbatim(offset, offset + 1);
  assert.equal(builder.build(0).runCount, 1);
});

/** Runs as [decoded length, source length, gap before, verbatim], at most as long as the text they lead to. */
const maps: fc.Arbitrary<SourceMap> = fc
  .array(fc.tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 5 }), fc.nat(2), fc.boolean()), {
    maxLength: 8,
  })
  .map(runs => {
    const builder = new SourceMapBuilder();
    let offset = 0;
    for (const [length, sourceLength, gap, verbatim] of runs) {
      offset += gap;
      if (verbatim) builder.verbatim(offset, offset + length);
      else builder.opaque(length, offset, offset + sourceLength);
      offset += verbatim ? length : sourceLength;
    }
    return builder.build(0);
  });

/** The part of `map` whose source lies within a text of this length. */
function within(map: SourceMap, length: number): SourceMap {
  const builder = new SourceMapBuilder();
  for (let index = 0; index < map.runCount; index++) {
    const { decoded, source, verbatim } = map.run(index);
    if (source.end > length) break;
    if (verbatim) builder.verbatim(source.start, source.end);
    else builder.opaque(decoded.end - decoded.start, source.start, source.end);
  }
  return builder.build(0);
}

test('a composed map gives what one map after the other gives', () => {
  fc.assert(
    fc.property(maps, maps, fc.nat(30), fc.nat(10), (outer, wide, start, length) => {
      const inner = within(wide, outer.length);
      const composed = compose(outer, inner);
      assert.equal(composed.length, inner.length);
      const span = { start: Math.min(start, inner.length), end: Math.min(start + length, inner.length) };
      if (span.end === span.start) return;
      const middle = inner.spanToSource(span);
      if (middle.end > middle.start) assert.deepEqual(composed.spanToSource(span), outer.spanToSource(middle));
    }),
    { seed: 20261122, numRuns: 10_000 },
  );
});

test('composing is associative, and the identity changes nothing', () => {
  fc.assert(
    fc.property(maps, maps, maps, fc.nat(20), (a, wideB, wideC, offset) => {
      const b = within(wideB, a.length);
      const c = within(wideC, b.length);
      const left = compose(compose(a, b), c);
      const right = compose(a, compose(b, c));
      assert.deepEqual(
        left.spanToSource({ start: offset, end: offset + 1 }),
        right.spanToSource({ start: offset, end: offset + 1 }),
      );
      const through = compose(a, identityMap(a.length));
      assert.deepEqual(
        through.spanToSource({ start: offset, end: offset + 2 }),
        a.spanToSource({ start: offset, end: offset + 2 }),
      );
    }),
    { seed: 20261122, numRuns: 10_000 },
  );
});
