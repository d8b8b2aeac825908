import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { open } from './caret.ts';

/** What the hover at the caret says, without what it says of findings. */
function saidAt(script: string, language: 'en' | 'zh' = 'en', file = 'a.sh'): string {
  const { core, position } = open(file, script, language);
  return core.hover(file, position)?.markdown.split('\n\n---\n\n')[0] ?? '';
}

/** The lines that a command becomes. */
function hoverAt(script: string, language: 'en' | 'zh' = 'en', file = 'a.sh'): readonly string[] | null {
  const [runs] = /^\*\*.*\*\*\n\n```sh\n[\s\S]*?(?=\n```)/.exec(saidAt(script, language, file)) ?? [];
  return runs?.split('\n').filter(line => line !== '' && !line.startsWith('```')) ?? null;
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

describe('hover on a command of iptables', () => {
  const rows: readonly (readonly [about: string, script: string, said: RegExp])[] = [
    [
      'says the rule in plain words',
      'iptables -w -t raw -A OUTPUT -p tcp --sp¦ort 443 -j NOTRACK',
      /^Packets in OUTPUT of raw, over TCP, from port `443` are not tracked: conntrack makes no entry, and NAT does not touch them\.$/,
    ],
    [
      'calls a variable by its name',
      'iptables -w -I INPUT -s "$1" -p tcp --dp¦ort "$port" -j ACCEPT',
      /^Goes before the other rules of INPUT\. Packets in INPUT of filter, from `\$1`, over TCP, to port `\$port` are accepted/,
    ],
    [
      'says each rule of a loop',
      'for p in 80 443; do\n  ip6tables -w -A INPUT -p tcp --dport $p -j RE¦JECT\ndone',
      /^\*\*Runs 2 times\*\*[\s\S]*\n- [^\n]*port `80` are rejected with `icmp6-port-unreachable`\.\n- [^\n]*port `443` are rejected/,
    ],
    [
      'says what the chain under the caret is',
      'iptables -w -t raw -A PRE¦ROUTING -p tcp --dport 443 -j NOTRACK',
      /^\*\*PREROUTING\*\* of table raw: [^\n]*conntrack[^\n]*\n\nOthers write to this table too: [^\n]*\n\nPackets in PREROUTING of raw/,
    ],
    ['asks whether there is a rule', 'iptables -C INPUT -j DR¦OP', /^Asks whether INPUT has this rule\. /],
    ['says nothing of a listing', 'iptables -w -t raw -¦S', /^$/],
    ['says nothing where the table is not known', 'iptables -w -t "$T" -A OUTPUT -j NO¦TRACK', /^$/],
    ['says nothing of half a command', 'iptables -w -A¦', /^$/],
  ];
  for (const [about, script, said] of rows) it(about, () => assert.match(saidAt(script), said));

  it('is there in Chinese, and within YAML', () => {
    const script = 'runcmd:\n  - iptables -w -A INPUT -p udp --dp¦ort 53 -j DROP\n';
    assert.match(
      saidAt(script, 'zh', 'user-data.yaml'),
      /^filter 表 INPUT 链中的报文，协议为 UDP，目的端口为 `53`：丢弃/,
    );
  });
});
