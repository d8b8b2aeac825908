import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { applyEdits, conflict, minimal, type TextEdit } from '../../server/src/text/edits.ts';

const edit = (start: number, end: number, newText: string): TextEdit => ({ span: { start, end }, newText });

describe('edits', () => {
  it('count in the text before any of them, in whatever order they come', () => {
    assert.equal(applyEdits('abcdef', [edit(4, 5, 'E'), edit(1, 2, ''), edit(1, 1, 'x'), edit(1, 1, 'y')]), 'axycdEf');
  });

  it('refuse to overlap', () => {
    assert.throws(() => applyEdits('abcdef', [edit(1, 3, ''), edit(2, 4, '')]), RangeError);
  });

  const pairs: readonly [a: TextEdit, b: TextEdit, conflicts: boolean][] = [
    [edit(0, 2, ''), edit(2, 3, ''), false],
    [edit(0, 2, ''), edit(1, 3, ''), true],
    [edit(1, 1, 'x'), edit(1, 1, 'y'), true],
    [edit(1, 1, 'x'), edit(1, 2, 'y'), true],
    [edit(1, 1, 'x'), edit(2, 3, 'y'), false],
  ];
  for (const [a, b, conflicts] of pairs) {
    it(`${JSON.stringify(a)} and ${JSON.stringify(b)} ${conflicts ? 'conflict' : 'can both be made'}`, () => {
      assert.equal(conflict([a], [b]), conflicts);
      assert.equal(conflict([b], [a]), conflicts);
    });
  }

  it('shrink to the characters that change, and still say the same', () => {
    const letters = fc.string({ unit: fc.constantFrom('a', 'b', '\n') });
    fc.assert(
      fc.property(letters, letters, letters, letters, (before, old, replacement, after) => {
        const text = before + old + after;
        const whole = edit(before.length, before.length + old.length, replacement);
        const small = minimal(text, whole);
        assert.equal(applyEdits(text, [small]), applyEdits(text, [whole]));
        assert.ok(small.newText.length <= replacement.length);
        if (old === replacement) assert.deepEqual([small.span.end - small.span.start, small.newText], [0, '']);
      }),
      { seed: 1, numRuns: 2000 },
    );
  });
});
