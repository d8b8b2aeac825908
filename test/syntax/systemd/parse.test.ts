import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { parseUnit } from '../../../server/src/syntax/systemd/parse.ts';

const shown = (text: string) =>
  parseUnit(text).map(
    ({ section, key, words }) =>
      `${section}.${key}: ${words.map(word => word.text ?? `?${text.slice(word.start, word.end)}`).join('|')}`,
  );

describe('unit files', () => {
  const cases: readonly [what: string, text: string, said: string[]][] = [
    [
      'a command line',
      '[Service]\nExecStart=/usr/bin/kube-proxy --a=1 --b 2\n',
      ['Service.ExecStart: /usr/bin/kube-proxy|--a=1|--b|2'],
    ],
    [
      'lines that go on, with comments between them',
      '[Unit]\nAfter=x\n[Service]\nExecStart=p \\\n  --a=1 \\\n# no\n  --b=2\nType=simple\n',
      ['Unit.After: x', 'Service.ExecStart: p|--a=1|--b=2', 'Service.Type: simple'],
    ],
    ['CRLF', '[Service]\r\nExecStart=p \\\r\n --a\r\nType=x\r\n', ['Service.ExecStart: p|--a', 'Service.Type: x']],
    ['quotes and escapes', `[Service]\nExecStart=p "a b" 'c' d\\ e f"g h"\n`, ['Service.ExecStart: p|a b|c|d e|fg h']],
    [
      'what the text does not show',
      '[Service]\nExecStart=p --x=%i %%y {{ a b }} \\x41\n',
      ['Service.ExecStart: p|?--x=%i|%y|?{{ a b }}|?\\x41'],
    ],
    ['comments and what is no assignment', '# A=b\n; C=d\nword\n[Service\n=x\n', []],
    ['nothing behind the sign', '[Service]\nExecStart=\nExecStart=p', ['Service.ExecStart: ', 'Service.ExecStart: p']],
    [
      'variables, in quotes or without',
      `A="--a=1 --b"\nexport B=--c\nC='--d \\\n  --e'\n`,
      ['.A: --a=1|--b', '.B: --c', '.C: --d|--e'],
    ],
  ];
  for (const [what, text, said] of cases) it(what, () => assert.deepEqual(shown(text), said));

  it('are read whatever is in them, word behind word', () => {
    const line = fc.string({ unit: fc.constantFrom(...'[]=\\\n\r"\'#; %{}aA-'), maxLength: 80 });
    fc.assert(
      fc.property(line, text => {
        let from = 0;
        for (const { value, words } of parseUnit(text)) {
          assert.ok(from <= value.start && value.end <= text.length);
          for (const word of words) {
            assert.ok(from <= word.start && word.start < word.end && word.end <= text.length, JSON.stringify(word));
            from = word.end;
          }
        }
      }),
      { seed: 20261127, numRuns: 2000 },
    );
  });
});
