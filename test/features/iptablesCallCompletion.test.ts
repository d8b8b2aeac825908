// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the variables are those of the shell
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { applyEdits } from '../../server/src/text/edits.ts';
import { LineIndex } from '../../server/src/text/lines.ts';
import { assertOffers, open } from './caret.ts';

/** The labels at the caret, and the text with one of them taken. */
function offered(file: string, withCaret: string) {
  const { core, text, position } = open(file, withCaret);
  const found = core.completions(file, position);
  const lines = new LineIndex(text);
  return {
    labels: found?.items.map(({ label }) => label) ?? [],
    taken(label: string): string {
      const item = found?.items.find(each => each.label === label);
      if (!found || !item) return '';
      const span = { start: lines.offsetAt(found.range.start), end: lines.offsetAt(found.range.end) };
      return applyEdits(text, [{ span, newText: item.insert }]);
    },
  };
}

describe('completion in a command of iptables offers', () => {
  const rows: readonly (readonly [script: string, wanted: readonly string[], unwanted: readonly string[]])[] = [
    ['iptables ¦', ['-A', '-C', '-S', '-t', '-w', '-N'], ['COMMIT', '-s']],
    ['iptables -¦', ['-A', '-t'], ['-s']],
    ['iptables -t ¦', ['raw', 'nat', 'filter'], ['INPUT']],
    ['iptables -t raw -w 5 ¦', ['-A', '-D'], ['-s']],
    ['iptables -w -t raw -A ¦', ['PREROUTING', 'OUTPUT'], ['INPUT']],
    ['sudo ip6tables -A ¦', ['INPUT', 'FORWARD', 'OUTPUT'], ['PREROUTING']],
    ['iptables -t raw -S ¦', ['PREROUTING'], ['INPUT']],
    ['iptables -P INPUT ¦', ['ACCEPT', 'DROP'], ['REJECT']],
    ['iptables -t raw -A PREROUTING -p tcp --dport 443 -j ¦', ['NOTRACK', 'CT', 'DROP'], ['REJECT', 'DNAT']],
    ['iptables -A INPUT -j ¦', ['REJECT', 'LOG'], ['NOTRACK']],
    ['ip6tables -A INPUT -p ipv6-icmp -m ¦', ['icmp6'], ['icmp']],
    ['iptables -A INPUT -p tcp --d¦', ['--dport', '--syn'], ['--ctstate']],
    ['iptables -A INPUT -m conntrack --ctstate NEW,EST¦', ['ESTABLISHED', 'UNTRACKED'], []],
    ['IPT="iptables -w -t nat"\n$IPT -A ¦\niptables -F', ['POSTROUTING'], ['FORWARD', 'raw']],
    ['iptables -N WEB\niptables -t raw -N OTHER\niptables -A INPUT -j ¦', ['WEB', 'ACCEPT'], ['OTHER']],
    ['if true; then\n\tiptables -A INPUT \\\n\t\t-p tcp \\\n\t\t-j ¦\nfi', ['ACCEPT'], []],
    ['iptables -A INPUT -m ¦ -j DROP\r\n', ['conntrack', 'mac'], ['owner']],
    ['for p in 80 443; do iptables -A INPUT -p tcp --dport $p -j ¦; done', ['DROP'], []],
    ['iptables -A "$chain" -j ¦', ['DROP', 'REJECT', 'MARK'], ['NOTRACK']],
    ["sh -c 'iptables -t raw -A ¦'", ['PREROUTING'], ['INPUT']],
    ['x=$(iptables -t raw -S ¦)', ['PREROUTING'], ['INPUT']],
    ["iptables-restore <<'EOF'\n*raw\n-A PREROUTING -j ¦\nCOMMIT\nEOF", ['NOTRACK'], ['REJECT']],
  ];
  for (const [script, wanted, unwanted] of rows) {
    it(script, () => {
      assertOffers(offered('a.sh', script).labels, wanted, unwanted);
    });
  }
});

describe('completion in a script offers nothing', () => {
  const rows = [
    'iptables -F\n¦',
    'iptables -F; ¦',
    'iptables -F && ¦',
    '# iptables -A ¦\niptables -F',
    'iptables -A INPUT -s ¦',
    'iptables -A INPUT -m comment --comment "-¦',
    "iptables -A INPUT -m comment --comment '-j ¦",
    'iptables -t "$T¦',
    'iptables -A INPUT -j ${¦',
    'iptables-save ¦',
    'echo iptables -A ¦',
    'ip netns exec a iptables -A ¦',
    `iptables -A ${'x'.repeat(5000)}¦`,
  ];
  for (const script of rows) it(script.slice(0, 60), () => assert.deepEqual(offered('a.sh', script).labels, []));
});

describe('what was chosen is written where it belongs', () => {
  const rows: readonly (readonly [file: string, text: string, label: string, taken: string])[] = [
    ['a.sh', 'iptables -t raw -A PRE¦ -j NOTRACK', 'PREROUTING', 'iptables -t raw -A PREROUTING -j NOTRACK'],
    [
      'a.service',
      '[Service]\nExecStart=-/sbin/iptables -t raw -A OUTPUT -j NO¦',
      'NOTRACK',
      '[Service]\nExecStart=-/sbin/iptables -t raw -A OUTPUT -j NOTRACK',
    ],
    [
      'user-data',
      '#cloud-config\nruncmd:\n  - iptables -t raw ¦\n  - echo\n',
      '-A',
      '#cloud-config\nruncmd:\n  - iptables -t raw -A \n  - echo\n',
    ],
    [
      'user-data',
      '#cloud-config\nruncmd:\n  - |\n    iptables -t raw -A OUTPUT -j ¦\n',
      'NOTRACK',
      '#cloud-config\nruncmd:\n  - |\n    iptables -t raw -A OUTPUT -j NOTRACK\n',
    ],
    [
      'a.yaml',
      'kind: Pod\nspec:\n  containers:\n    - command: ["iptables", "-t", "raw", "-¦"]\n',
      '-A',
      'kind: Pod\nspec:\n  containers:\n    - command: ["iptables", "-t", "raw", "-A"]\n',
    ],
    [
      'a.yaml',
      'kind: Pod\nspec:\n  containers:\n    - command: ["sh", "-c", "iptables -t raw -A OUTPUT -j ¦"]\n',
      'NOTRACK',
      'kind: Pod\nspec:\n  containers:\n    - command: ["sh", "-c", "iptables -t raw -A OUTPUT -j NOTRACK"]\n',
    ],
    [
      'a.json',
      '{"kind": "Pod", "spec": {"containers": [{"command": ["sh", "-c", "set -e\\niptables -A INPUT -j ¦\\ntrue"]}]}}',
      'DROP',
      '{"kind": "Pod", "spec": {"containers": [{"command": ["sh", "-c", "set -e\\niptables -A INPUT -j DROP\\ntrue"]}]}}',
    ],
    [
      'tasks.yml',
      '- ansible.builtin.iptables:\n    table: raw\n    chain: OUTPUT\n    jump: NO¦\n',
      'NOTRACK',
      '- ansible.builtin.iptables:\n    table: raw\n    chain: OUTPUT\n    jump: NOTRACK\n',
    ],
    ['tasks.yml', '- shell: iptables -t raw -A ¦\n', 'OUTPUT', '- shell: iptables -t raw -A OUTPUT\n'],
    ['etc/cron.d/x', '* * * * * root iptables -t raw -A ¦\n', 'OUTPUT', '* * * * * root iptables -t raw -A OUTPUT\n'],
  ];
  for (const [file, text, label, taken] of rows) it(text, () => assert.equal(offered(file, text).taken(label), taken));

  it('but not where an item of a list would get two words', () => {
    const { labels } = offered('a.yaml', 'kind: Pod\nspec:\n  containers:\n    - command: [iptables, -t, raw ¦]\n');
    assert.deepEqual(labels, []);
  });
});
