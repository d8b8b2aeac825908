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
      /^\*\*PREROUTING\*\* of table raw: [^\n]*conntrack[^\n]*\n\n1 rule here\. Others write to this table too: [^\n]*\n\nPackets in PREROUTING of raw/,
    ],
    [
      "says what a chain of the script's own is",
      'iptables -N WEB\nfor p in 80 443; do\n  iptables -A WE¦B -p tcp --dport $p -j ACCEPT\ndone\niptables -A INPUT -j WEB\nip6tables -A WEB -j DROP',
      /\*\*WEB\*\*, a chain of one's own in table filter: 2 rules here\.\n\nJumped to from INPUT\. Its packets come from INPUT\./,
    ],
    [
      'says the policy that a script sets',
      'iptables -P INPUT DROP\niptables -A INP¦UT -j ACCEPT',
      /\n\n1 rule here, policy DROP\. Others/,
    ],
    [
      'says which way a packet of its connections goes, by the commands of the script',
      'VIP=192.0.2.10\niptables -P INPUT DROP\niptables -t raw -A PREROUTING -d $VIP -p tcp --dport 443 -j NO¦TRACK',
      /\*\*A connection with 192\.0\.2\.10:443, by these commands alone\*\*\n\nto this machine: \*\*times out\*\*[\s\S]*raw PREROUTING rule 1 NOTRACK → untracked → filter INPUT policy DROP/,
    ],
    [
      'says so where a variable holds the address',
      'for vip in $VIPS; do\n  iptables -t raw -A PREROUTING -d $vip -p tcp --dport 443 -j NO¦TRACK\ndone',
      /\*\*A connection with \$vip:443, by these commands alone\*\*/,
    ],
    ['asks whether there is a rule', 'iptables -C INPUT -j DR¦OP', /^Asks whether INPUT has this rule\. /],
    ['says nothing of a listing', 'iptables -w -t raw -¦S', /^$/],
    ['says nothing where the table is not known', 'iptables -w -t "$T" -A OUTPUT -j NO¦TRACK', /^$/],
    ['says nothing of half a command', 'iptables -w -A¦', /^$/],
  ];
  for (const [about, script, said] of rows) it(about, () => assert.match(saidAt(script), said));

  it('is there in a unit, a crontab, a list of words and a task', () => {
    const files: readonly (readonly [file: string, text: string])[] = [
      ['a.service', '[Service]\nExecStart=-/sbin/iptables -w -A INPUT -p udp --dp¦ort 53 -j DROP\n'],
      ['etc/cron.d/a', '@reboot root iptables -w -A INPUT -p udp --dp¦ort 53 -j DROP\n'],
      [
        'a.yaml',
        'kind: Pod\nspec:\n  containers:\n    - command: [iptables, -A, INPUT, -p, udp, "--dp¦ort", "53", -j, DROP]\n',
      ],
      ['a.yml', '- iptables:\n    chain: INPUT\n    protocol: udp\n    destination_port: 5¦3\n    jump: DROP\n'],
    ];
    for (const [file, text] of files)
      assert.match(saidAt(text, 'en', file), /^Packets in INPUT of filter, over UDP, to port `53` are dropped/, file);
  });

  it('is there in Chinese, and within YAML', () => {
    const script = 'runcmd:\n  - iptables -w -A INPUT -p udp --dp¦ort 53 -j DROP\n';
    assert.match(
      saidAt(script, 'zh', 'user-data.yaml'),
      /^filter 表 INPUT 链中的报文，协议为 UDP，目的端口为 `53`：丢弃/,
    );
  });
});
