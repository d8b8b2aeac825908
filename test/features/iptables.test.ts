import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { applyEdits } from '../../server/src/text/edits.ts';
import { LineIndex } from '../../server/src/text/lines.ts';
import { assertOffers, open } from './caret.ts';

const FILE = 'etc/iptables/rules.v4';

const RULES = `*raw
:PREROUTING ACCEPT [0:0]
-A PREROUTING -d 192.0.2.10 -p tcp -m tcp --dport 443 -j NOTRACK
COMMIT
*filter
:INPUT DROP [0:0]
:WEB - [0:0]
-A INPUT ! -i lo -m conntrack --ctstate NEW -j WEB
-A WEB -p tcp -m multiport --dports 80,443 -j ACCEPT
-A WEB -s 203.0.113.0/24 -j REJECT --reject-with icmp-host-prohibited
COMMIT
`;

/** What a hover says with the caret before the first occurrence of `at` behind `after`. */
function hoverAt(at: string, after = '', language: 'en' | 'zh' = 'en'): string {
  const index = RULES.indexOf(at, RULES.indexOf(after));
  const { core, position } = open(FILE, `${RULES.slice(0, index)}¦${RULES.slice(index)}`, language);
  return core.hover(FILE, position)?.markdown ?? '';
}

describe('hovers of iptables', () => {
  it('say a rule in plain words', () => {
    assert.match(
      hoverAt('--dports'),
      /^Packets in WEB of filter, over TCP, to one of the ports `80,443` are accepted: no further rule of this table is asked\.$/,
    );
    assert.match(
      hoverAt('--ctstate'),
      /Packets in INPUT of filter, except those that come in by `lo`, whose connection is `NEW` are handed to chain WEB/,
    );
    assert.match(hoverAt('--reject-with'), /from `203\.0\.113\.0\/24` are rejected with `icmp-host-prohibited`\.$/);
    assert.match(
      hoverAt('--dports', '', 'zh'),
      /^filter 表 WEB 链中的报文，协议为 TCP，目的端口为 `80,443` 之一：放行：不再检查此表的其他规则。$/,
    );
  });

  it('say what a built-in chain is, in which order its hook goes, and who else writes to its table', () => {
    const said = hoverAt('PREROUTING');
    assert.match(
      said,
      /^\*\*PREROUTING\*\* of table raw: every packet that comes in, before it is routed, priority -300: \*\*raw\*\* → conntrack → mangle → nat\.\n\n1 rule here, policy ACCEPT\./,
    );
    assert.match(hoverAt('INPUT DROP'), /Others write to this table too: kube-proxy/);
    assert.match(hoverAt('INPUT DROP'), /mangle → \*\*filter\*\* → security → nat/);
  });

  it("say where a chain of one's own is reached from", () => {
    assert.equal(
      hoverAt('WEB - '),
      "**WEB**, a chain of one's own in table filter: 2 rules here.\n\nJumped to from INPUT. Its packets come from INPUT.",
    );
  });

  it('take no verdict, and no target of another package, for a chain', () => {
    assert.match(hoverAt('ACCEPT\n-A WEB -s'), /^Packets in WEB of filter.* are accepted/);
    const foreign = '*filter\n:INPUT ACCEPT [0:0]\n-A INPUT -p tcp --dport 25 -j TAR¦PIT\nCOMMIT\n';
    const { core, position } = open(FILE, foreign);
    assert.doesNotMatch(core.hover(FILE, position)?.markdown ?? '', /one's own/);
  });

  it('are there in a ConfigMap', () => {
    const text = [
      'apiVersion: v1',
      'kind: ConfigMap',
      'metadata: { name: firewall }',
      'data:',
      '  rules.v4: |',
      '    *filter',
      '    -A INPUT -p udp --dp¦ort 53 -j DROP',
      '    COMMIT',
      '',
    ].join('\n');
    const { core, position, covered } = open('cm.yaml', text);
    const shown = core.hover('cm.yaml', position);
    assert.match(shown?.markdown ?? '', /over UDP, to port `53` are dropped/);
    assert.equal(shown && covered(shown.range), '-A INPUT -p udp --dport 53 -j DROP');
  });
});

describe('the outline of iptables', () => {
  it('has tables with their chains', () => {
    const { core, covered } = open(FILE, RULES);
    const shown = core
      .outline(FILE)
      .flatMap(({ name, children }) => [
        name,
        ...children.map(child => `  ${child.name} [${covered(child.selection)}]`),
      ]);
    assert.deepEqual(shown, [
      '*raw',
      '  PREROUTING ACCEPT (1) [PREROUTING]',
      '*filter',
      '  INPUT DROP (1) [INPUT]',
      '  WEB (2) [WEB]',
    ]);
  });
});

describe('links of iptables', () => {
  it('lead from a jump to the chain, and to all who name it', () => {
    const index = RULES.indexOf('WEB', RULES.indexOf('-j WEB'));
    const { core, position } = open(FILE, `${RULES.slice(0, index)}¦${RULES.slice(index)}`);
    const found = core.links(FILE, position);
    assert.deepEqual(
      found?.definitions.map(({ range }) => range.start.line),
      [6],
    );
    assert.deepEqual(
      found?.references.map(({ range }) => range.start.line),
      [7, 8, 9],
    );
  });

  it('lead nowhere from a target or a verdict', () => {
    for (const name of ['NOTRACK', 'ACCEPT\n-A WEB']) {
      const index = RULES.indexOf(name);
      const { core, position } = open(FILE, `${RULES.slice(0, index)}¦${RULES.slice(index)}`);
      assert.equal(core.links(FILE, position), null);
    }
  });
});

describe('the colours of iptables', () => {
  it('tell options, names, numbers and what is negated', () => {
    const { core, text } = open(
      FILE,
      '*filter\n:A - [0:0]\n# note\n[1:2] -A A ! -s 10.0.0.0/8 -p tcp -j ACCEPT\nCOMMIT\n',
    );
    const lines = new LineIndex(text);
    const shown = core.colouredWords(FILE).map(({ colour, start, length }) => {
      const from = lines.offsetAt(start);
      return `${text.slice(from, from + length)} ${colour}`;
    });
    assert.deepEqual(shown, [
      ...[
        '*filter keyword',
        ':A function',
        '- keyword',
        '[0:0] number',
        '# note comment',
        '[1:2] number',
        '-A parameter',
        'A function',
      ],
      ...[
        '! operator',
        '-s parameter',
        '10.0.0.0/8 number',
        '-p parameter',
        'tcp variable',
        '-j parameter',
        'ACCEPT keyword',
        'COMMIT keyword',
      ],
    ]);
  });
});

/** The labels at the caret of a line in a table, and what is typed. */
function offered(line: string, table = 'filter', rest = ''): { labels: string[]; taken: (label: string) => string } {
  const { core, text, position } = open(FILE, `*${table}\n:INPUT DROP [0:0]\n:WEB - [0:0]\n${line}${rest}\nCOMMIT\n`);
  const found = core.completions(FILE, position);
  const lines = new LineIndex(text);
  return {
    labels: found?.items.map(({ label }) => label) ?? [],
    taken: label => {
      const item = found?.items.find(each => each.label === label);
      if (!found || !item) return '';
      const span = { start: lines.offsetAt(found.range.start), end: lines.offsetAt(found.range.end) };
      return applyEdits(text, [{ span, newText: item.insert }]).split('\n')[3] ?? '';
    },
  };
}

describe('completion of iptables', () => {
  const has = (line: string, wanted: readonly string[], unwanted: readonly string[] = [], table = 'filter') => {
    assertOffers(offered(line, table).labels, wanted, unwanted);
  };

  it('offers commands, chains of the table, and policies', () => {
    has('¦', ['-A', '-I', 'COMMIT']);
    has('-A ¦', ['INPUT', 'WEB', 'FORWARD'], ['PREROUTING']);
    has(':¦', [':INPUT', ':OUTPUT'], [':PREROUTING']);
    has(':INPUT ¦', ['ACCEPT', 'DROP']);
  });

  it('offers targets and matches that the table and the chain allow', () => {
    has('-A INPUT -j ¦', ['ACCEPT', 'DROP', 'REJECT', 'LOG', 'WEB'], ['NOTRACK', 'DNAT', 'MASQUERADE']);
    has('-A PREROUTING -j ¦', ['NOTRACK', 'CT'], ['REJECT', 'DNAT'], 'raw');
    has('-A POSTROUTING -j ¦', ['MASQUERADE', 'SNAT'], ['DNAT', 'DROP'], 'nat');
    has('-A INPUT -m ¦', ['conntrack', 'mac'], ['owner']);
    has('-A OUTPUT -m ¦', ['owner'], ['mac']);
  });

  it('offers options of iptables and of what is loaded', () => {
    has('-A INPUT ¦', ['-s', '-i', '-m', '-j'], ['-o']);
    has('-A OUTPUT ¦', ['-o'], ['-i']);
    has('-A INPUT -p tcp --d¦', ['--dport', '--syn']);
    has('-A INPUT -m conntrack --ct¦', ['--ctstate', '--ctdir'], ['--dport']);
    has('-A INPUT -j LOG ¦', ['--log-prefix', '--log-level']);
    has('-A INPUT -m conntrack --ctstate NEW,¦', ['ESTABLISHED', 'UNTRACKED']);
    has('-A INPUT -p ¦', ['tcp', 'udp']);
  });

  it('writes what was chosen in the place of what was typed', () => {
    assert.equal(offered('-A INPUT -p tcp --dp¦').taken('--dport'), '-A INPUT -p tcp --dport ');
    assert.equal(
      offered('-A INPUT -m conntrack --ctstate NEW,EST¦').taken('ESTABLISHED'),
      '-A INPUT -m conntrack --ctstate NEW,ESTABLISHED',
    );
    assert.equal(offered('-A INPUT -j NO¦', 'raw').taken('NOTRACK'), '-A INPUT -j NOTRACK');
  });

  it('offers nothing in comments, in quotes and for addresses', () => {
    assert.deepEqual(offered('# -A ¦').labels, []);
    assert.deepEqual(offered('-A INPUT -m comment --comment "-¦').labels, []);
    assert.deepEqual(offered('-A INPUT -s ¦').labels, []);
  });
});
