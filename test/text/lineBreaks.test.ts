import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eolOf, lineEnd, lineFeed, lineStart, nextLine } from '../../server/src/text/lineBreaks.ts';

/** The line of the offset under `|`: where it starts, its break, its line feed, the next line. */
const CASES: readonly (readonly [text: string, start: number, end: number, feed: number, next: number])[] = [
  ['|', 0, 0, 0, 0],
  ['|\n', 0, 0, 0, 1],
  ['|\nb', 0, 0, 0, 1],
  ['\n|b', 1, 2, 2, 2],
  ['a|b\nc', 0, 2, 2, 3],
  ['a|b\r\nc', 0, 2, 3, 4],
  ['ab|\r\nc', 0, 2, 3, 4],
  // Behind the carriage return there is but the line feed.
  ['ab\r|\nc', 0, 3, 3, 4],
  ['a\rb|c', 0, 4, 4, 4],
  ['a\nbc|\r', 2, 5, 5, 5],
];

for (const [marked, start, end, feed, next] of CASES) {
  test(`the line around ${JSON.stringify(marked)}`, () => {
    const offset = marked.indexOf('|');
    const text = marked.replace('|', '');
    const found = [lineStart(text, offset), lineEnd(text, offset), lineFeed(text, offset), nextLine(text, offset)];
    assert.deepEqual(found, [start, end, feed, next]);
  });
}

test('a text with any CRLF is written with CRLF', () => {
  assert.deepEqual(['', 'a\nb', 'a\r\nb\n', 'a\rb'].map(eolOf), ['\n', '\n', '\r\n', '\n']);
});
