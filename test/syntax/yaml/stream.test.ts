import assert from 'node:assert/strict';
import { describe, it, test } from 'node:test';
import fc from 'fast-check';
import { cutStream } from '../../../server/src/syntax/yaml/stream.ts';

/** A stream as the documents that it is cut into. */
const STREAMS: readonly (readonly [name: string, ...documents: string[]])[] = [
  ['nothing', ''],
  ['one document', 'a: 1\n'],
  ['one behind a marker', '---\na: 1\n'],
  ['two', 'a: 1\n', '---\nb: 2\n'],
  ['without final line break', 'a: 1\n', '---\nb: 2'],
  ['with CRLF', 'a: 1\r\n', '---\r\nb: 2\r\n'],
  ['with a byte order mark', '\uFEFF---\na: 1\n', '---\nb: 2\n'],
  ['comments before the first marker belong to it', '# licence\n\n---\na: 1\n', '---\nb: 2\n'],
  ['many comments with CRLF before it', `${'# licence\r\n\r\n'.repeat(40)}---\r\na: 1\r\n`],
  ['directives before a marker belong to it', '%YAML 1.1\n---\na: 1\n...\n', '%YAML 1.2\n---\nb: 2\n'],
  ['a byte order mark and a comment', '\uFEFF# c\n---\na: 1\n'],
  ['comments behind a document belong to it', 'a: 1\n# about b\n', '---\nb: 2\n'],
  ['the end of a document', 'a: 1\n...\n', '---\nb: 2\n'],
  ['the end of a document, and comments', 'a: 1\n...\n', '# about b\n---\nb: 2\n'],
  ['the end of a document, and a bare one', 'a: 1\n...\n', 'b: 2\n'],
  ['the end of the last', '---\na: 1\n...\n'],
  ['documents of nothing', '---\n', '---\n', '---\n'],
  ['a document of comments', 'a: 1\n', '---\n# nothing\n', '---\nb: 2\n'],
  ['content behind the marker', '--- a\n', '--- {b: 1}\n', '---\tc\n'],
  ['a marker in a block scalar ends it', 'a: |\n  b\n', '---\n  c\n'],
  ['indented it is text', 'a: |\n  ---\n  b\n'],
  ['a longer line is none', 'a: 1\n----\n---b\n....\n'],
  ['a marker behind U+2028, which is no line break', 'a: "\u2028--- "\n'],
  ['JSON', '{\n  "a": "---",\n  "b": 1\n}\n'],
  ['JSON, twice', '{"a": 1}\n', '---\n{"b": 1}\n'],
  ['a conditional around a document', '{{- if x }}\n', '---\na: 1\n{{- end }}\n'],
];

describe('a stream is cut', () => {
  for (const [name, ...documents] of STREAMS) {
    it(name, () => {
      const text = documents.join('');
      assert.deepEqual(
        cutStream(text).map(({ start, end }) => text.slice(start, end)),
        documents,
      );
    });
  }
});

test('whatever the text, the documents make it up, and each but the first begins at a marker or behind one', () => {
  const lines = fc.constantFrom('---', '...', 'a: 1', '# c', '%D', '', '--- x', '\r', '\uFEFF', ' ---', '{');
  fc.assert(
    fc.property(fc.array(lines), fc.constantFrom('\n', '\r\n'), (parts, eol) => {
      const text = parts.join(eol);
      const documents = cutStream(text).map(({ start, end }) => text.slice(start, end));
      assert.equal(documents.join(''), text);
      for (const [i, document] of documents.entries())
        assert.ok(i === 0 || /^---\s|^---$/.test(document) || /(?:^|\n)\.\.\.[^\n]*\n$/.test(documents[i - 1] ?? ''));
    }),
    { seed: 20261122, numRuns: 2000 },
  );
});
