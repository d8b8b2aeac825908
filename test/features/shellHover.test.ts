import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { open } from './caret.ts';

/** The lines of the hover at the caret, without its fences. */
function hoverAt(script: string, language: 'en' | 'zh' = 'en', file = 'a.sh'): readonly string[] | null {
  const { core, position } = open(file, script, language);
  const [first = ''] = core.hover(file, position)?.markdown.split('\n\n---\n\n') ?? [];
  return first.startsWith('**') ? first.split('\n').filter(line => line !== '' && !line.startsWith('```')) : null;
}

describe('hover on a command of a script', () => {
  const rows: readonly (readonly [about: string, script: string, lines: readonly string[] | null])[] = [
    [
      'with a variable',
      'IPT="iptables -w 5"\n$IPT -A INP¦UT -s "$1" -j ACCEPT',
      ['**Runs as**', 'iptables -w 5 -A INPUT -s "$1" -j ACCEPT'],
    ],
    [
      'in a loop',
      'for port in 80 443; do\n  iptables -w -A INPUT -p tcp --dport $po¦rt -j ACCEPT\ndone',
      [
        '**Runs 2 times**',
        'iptables -w -A INPUT -p tcp --dport 80 -j ACCEPT',
        'iptables -w -A INPUT -p tcp --dport 443 -j ACCEPT',
      ],
    ],
    [
      'in a function',
      'add() {\n  ¦iptables -w -t raw -A "$@" -j NOTRACK\n}\nadd OUTPUT -s "$vip"\nadd OUTPUT --comment "two words"',
      [
        '**Runs 2 times**',
        `iptables -w -t raw -A OUTPUT -s "$vip" -j NOTRACK`,
        "iptables -w -t raw -A OUTPUT --comment 'two words' -j NOTRACK",
      ],
    ],
    ['as it is written', 'iptables -w -A INP¦UT -s "$1" -j ACCEPT', null],
    ['between commands', 'P=80\niptables -w -A INPUT --dport $P\n¦\n', null],
  ];
  for (const [about, script, lines] of rows) it(about, () => assert.deepEqual(hoverAt(script), lines));

  it('in Chinese, and within YAML', () => {
    const script = 'runcmd:\n  - for p in 80 443; do iptables -w -A INPUT -p tcp --dport $¦p; done\n';
    assert.deepEqual(hoverAt(script, 'zh', 'user-data.yaml')?.[0], '**执行 2 次**');
  });

  it('ends after some lines', () => {
    const ports = Array.from({ length: 20 }, (_, i) => i + 1).join(' ');
    const lines = hoverAt(`for p in ${ports}; do iptables -w -A INPUT --dport $¦p; done`);
    assert.equal(lines?.length, 14);
    assert.equal(lines?.at(-1), '# and 8 more');
  });
});
