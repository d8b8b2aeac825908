import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { LineIndex } from '../../server/src/text/lines.ts';

describe('LineIndex', () => {
  const text = 'a\r\nbc\n\rd😀e';
  const cases: readonly [offset: number, line: number, character: number][] = [
    [0, 0, 0],
    [1, 0, 1],
    [3, 1, 0],
    [5, 1, 2],
    [6, 2, 0],
    [7, 3, 0],
    [8, 3, 1],
    [11, 3, 4],
  ];
  const lines = new LineIndex(text);

  for (const [offset, line, character] of cases) {
    it(`offset ${offset} is ${line}:${character}`, () => {
      assert.deepEqual(lines.positionAt(offset), { line, character });
      assert.equal(lines.offsetAt({ line, character }), offset);
    });
  }

  const outside: readonly [line: number, character: number, offset: number][] = [
    [-1, 0, 0],
    [0, -5, 0],
    [0, 99, 1],
    [1, 99, 5],
    [99, 0, text.length],
  ];
  for (const [line, character, offset] of outside) {
    it(`position ${line}:${character} is brought to offset ${offset}`, () =>
      assert.equal(lines.offsetAt({ line, character }), offset));
  }

  it('knows its lines without their breaks', () => {
    assert.deepEqual(
      [0, 1, 2, 3, 4].map(line => lines.lineText(line)),
      ['a', 'bc', '', 'd😀e', ''],
    );
  });
});
