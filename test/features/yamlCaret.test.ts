import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { yamlCaret } from '../../server/src/features/yamlCaret.ts';
import { open } from './caret.ts';

const shown = (text: string) => {
  const { core, position, covered } = open('values.yaml', `${text}\n# hostNetwork`);
  const piece = core.pieceAt('values.yaml', position);
  const caret = piece && yamlCaret(piece);
  if (!caret) return null;
  const path = caret.target.address.map(step => (typeof step === 'object' ? '|' : step)).join('/');
  return `${caret.what} ${path} "${caret.word}" of "${covered(piece.rangeOf(caret.typed))}"${caret.hasColon ? ':' : ''}`;
};

describe('the caret in YAML is at', () => {
  const table: readonly [text: string, at: string | null][] = [
    ['a: 1\nbc¦', 'key  "bc" of "bc"'],
    ['a:\n  b: 1\n  ¦', 'key a "" of ""'],
    ['a:\n  b: 1\n  use-¦gzip: "x"\n', 'key a "use-" of "use-gzip":'],
    ['a:\n  ¦\n  b: 1', 'key a "" of ""'],
    ['a:\n  - b: 1\n    c¦', 'key a/0 "c" of "c"'],
    ['a:\n  - ¦', 'key a/0 "" of ""'],
    ['a: { b: 1, c¦ }', 'key a "c" of "c"'],
    ['a:\n  b: tr¦', 'value a/b "tr" of "tr"'],
    ['a:\n  b: ¦', 'value a/b "" of ""'],
    ['a:\n  b: "¦"', 'value a/b "" of ""'],
    ['a:\n  b: "x/y¦z"\n  c: 1', 'value a/b "x/y" of "x/yz"'],
    ['a: [b, c¦]', 'value a/1 "c" of "c"'],
    ['a: |\n  b:\n    c: 1\n    d¦\n', 'key a/|/b "d" of "d"'],
    ['a: |\n  b: ¦\n', 'value a/|/b "" of ""'],
    ['a: words and more¦', null],
    ['# a¦', null],
    ['a: |\n  free text ¦\n', null],
    ['a: { b: [c, d], e¦ }', null],
  ];
  for (const [text, at] of table) it(JSON.stringify(text), () => assert.equal(shown(text), at));
});
