// biome-ignore-all lint/suspicious/noTemplateCurlyInString: they are what it is about
import assert from 'node:assert/strict';
import { describe, it, test } from 'node:test';
import fc from 'fast-check';
import { parseIptables } from '../../../server/src/syntax/iptables/parse.ts';
import { optionsOf, type Specification } from '../../../server/src/syntax/iptables/specification.ts';
import { chainsOf, rulesOf, tokens } from '../../../server/src/syntax/iptables/tree.ts';

/** The rule in words: options by name, what they belong to, their arguments. */
function said({ options, certain }: Specification): string {
  const each = options.map(({ name, not, argument, more, loaded, known }) => {
    const of = loaded ? `${loaded.extension.name}.` : known ? '' : '?';
    const words = [argument, ...more].filter(word => word !== null).map(({ value }) => value ?? '…');
    return [`${not ? '!' : ''}${of}${name}`, ...words].join(' ');
  });
  return each.join(' | ') + (certain ? '' : ' | …');
}

function ruleOf(line: string, chains = ''): string {
  const { tables } = parseIptables(`*filter\n${chains}${line}\nCOMMIT\n`, { family: 'ipv4' });
  const rules = tables[0] ? rulesOf(tables[0]) : [];
  return rules.map(({ specification }) => said(specification)).join(' / ');
}

const RULES: Readonly<Record<string, readonly (readonly [line: string, said: string])[]>> = {
  'options of iptables, long and short': [
    ['-A INPUT -s 10.0.0.0/8 -j ACCEPT', 'append INPUT | source 10.0.0.0/8 | jump ACCEPT'],
    [
      '--append INPUT --src 10.0.0.1 --dst 10.0.0.2 --jump DROP',
      'append INPUT | source 10.0.0.1 | destination 10.0.0.2 | jump DROP',
    ],
    ['-A INPUT -ptcp -ieth0 -jACCEPT', 'append INPUT | protocol tcp | in-interface eth0 | jump ACCEPT'],
    ['-A INPUT --protocol=tcp --in-interface=eth0', 'append INPUT | protocol tcp | in-interface eth0'],
    ['-A INPUT --proto tcp --in-i eth0', 'append INPUT | protocol tcp | in-interface eth0'],
    ['-I INPUT 3 -fv', 'insert INPUT 3 | fragments | verbose'],
    ['-P INPUT DROP', 'policy INPUT DROP'],
    ['-F', 'flush'],
    ['-F INPUT', 'flush INPUT'],
    ['-A A -g B', 'append A | goto B'],
    ['-A A -c 10 20', 'append A | set-counters 10 20'],
  ],
  'negation belongs to what follows': [
    ['-A INPUT ! -s 10.0.0.1 ! -i lo -j DROP', 'append INPUT | !source 10.0.0.1 | !in-interface lo | jump DROP'],
    ['-A INPUT -m conntrack ! --ctstate NEW', 'append INPUT | match conntrack | !conntrack.ctstate NEW'],
  ],
  'options of matches and targets': [
    ['-A INPUT -m multiport --destination-ports 80,443', 'append INPUT | match multiport | multiport.dports 80,443'],
    ['-A INPUT -p tcp --dport 80', 'append INPUT | protocol tcp | tcp.dport 80'],
    ['-A INPUT -p 6 --sport 80', 'append INPUT | protocol 6 | tcp.sport 80'],
    ['-A INPUT -p UDP --destination-port 53', 'append INPUT | protocol UDP | udp.dport 53'],
    ['-A INPUT -p tcp --tcp-flags SYN,ACK SYN', 'append INPUT | protocol tcp | tcp.tcp-flags SYN,ACK SYN'],
    ['-A INPUT -m set --match-set bad src', 'append INPUT | match set | set.match-set bad src'],
    ['-A INPUT -j LOG --log-prefix "in: "', 'append INPUT | jump LOG | LOG.log-prefix in: '],
    [
      '-A INPUT -m mark --mark 1 -m connmark --mark 2',
      'append INPUT | match mark | mark.mark 1 | match connmark | connmark.mark 2',
    ],
    ['-A INPUT -j CT --notrack', 'append INPUT | jump CT | CT.notrack'],
  ],
  'what nothing knows is kept with its words': [
    ['-A INPUT --dport 80 -j ACCEPT', 'append INPUT | ?dport 80 | jump ACCEPT'],
    ['-A INPUT -m nonesuch --foo a b -j ACCEPT', 'append INPUT | match nonesuch | ?foo a b | jump ACCEPT'],
  ],
  'words of templates and variables may be anything': [
    ['-A INPUT -s ${NET} -j ACCEPT', 'append INPUT | source … | jump ACCEPT'],
    ['-A INPUT $MATCH --dport 80', 'append INPUT | ?dport 80 | …'],
    ['-A INPUT -p $PROTO --dport 80', 'append INPUT | protocol … | ?dport 80 | …'],
  ],
  'quotes as iptables-restore reads them': [
    ['-A INPUT -m comment --comment "a \\"b\\" c"', 'append INPUT | match comment | comment.comment a "b" c'],
    ['-A INPUT -m comment --comment a"b"-j DROP', 'append INPUT | match comment | comment.comment ab | jump DROP'],
    ['-A INPUT -m comment --comment ""', 'append INPUT | match comment | comment.comment '],
  ],
};

for (const [name, cases] of Object.entries(RULES))
  describe(name, () => {
    for (const [line, expected] of cases) it(line, () => assert.equal(ruleOf(line), expected));
  });

describe('a name that is declared as a chain is no target', () => {
  it('LOG', () =>
    assert.equal(ruleOf('-A INPUT -j LOG --log-level 4', ':LOG - [0:0]\n'), 'append INPUT | jump LOG | ?log-level 4'));
});

test('options of one match can be had by it', () => {
  const { tables } = parseIptables(
    '*raw\n-A OUTPUT -p tcp -m tcp --sport 80 -m mark --mark 1 -j CT --notrack\nCOMMIT\n',
    { family: 'ipv4' },
  );
  const [rule] = tables.flatMap(rulesOf);
  assert.ok(rule);
  const { specification } = rule;
  assert.deepEqual(
    specification.matches.map(match => optionsOf(specification, match).map(({ name }) => name)),
    [['sport'], ['mark']],
  );
  assert.equal(specification.target?.extension.name, 'CT');
});

/** A file, its tables with their chains and numbers of rules, and what is refused on which line. */
const FILES: readonly (readonly [name: string, text: string, tables: string, problems: string])[] = [
  ['saved', '# Generated\n*raw\n:OUTPUT ACCEPT [1:2]\n-A OUTPUT -j CT --notrack\nCOMMIT\n', 'raw(OUTPUT ACCEPT) 1', ''],
  [
    'counters before rules',
    '*raw\n:OUTPUT ACCEPT [1:2]\n[0:0] -A OUTPUT -j CT --notrack\nCOMMIT\n',
    'raw(OUTPUT ACCEPT) 1',
    '',
  ],
  ['no chain lines', '*filter\n-A INPUT -j DROP\nCOMMIT\n', 'filter() 1', ''],
  ['two blocks', '*filter\nCOMMIT\n*filter\n-A INPUT -j DROP\nCOMMIT\n', 'filter() 0, filter() 1', ''],
  ['blanks before a rule', '*filter\n  -A INPUT -j DROP\nCOMMIT\n', 'filter() 1', ''],
  ['chain without counters', '*filter\n:A -\nCOMMIT\n', 'filter(A -) 0', ''],
  ['empty', '', '', ''],
  ['no line feed at the end', '*filter\nCOMMIT', 'filter() 0', '2 commitWithoutLineFeed'],
  ['no COMMIT', '*filter\n-A INPUT -j DROP\n', 'filter() 1', '2 missingCommit'],
  ['no COMMIT before the next table', '*nat\n*filter\nCOMMIT\n', 'nat() 0, filter() 0', '1 missingCommit'],
  ['a blank behind COMMIT', '*filter\nCOMMIT \n', 'filter() 0', '2 commitLine'],
  ['rule outside', '-A INPUT -j DROP\n', '', '1 outsideTable'],
  ['comment behind a rule', '*filter\n-A INPUT -j DROP # no\nCOMMIT\n', 'filter() 1', '2 inlineComment'],
  ['table that is none', '*flter\nCOMMIT\n', 'flter() 0', '1 unknownTable'],
  ['line of blanks', '*filter\n  \nCOMMIT\n', 'filter() 0', '2 noCommand'],
  ['CRLF', '*filter\r\n-A INPUT -j DROP\r\nCOMMIT\r\n', 'filter() 1', '1 carriageReturn'],
  ['byte order mark', '\uFEFF*filter\nCOMMIT\n', 'filter() 0', '1 byteOrderMark'],
  [
    'command line words',
    '*filter\niptables -A INPUT -t filter -j DROP\nCOMMIT\n',
    'filter() 1',
    '2 badArgument, 2 notInFile',
  ],
  ['counters without end', '*filter\n[0:0 -A INPUT -j DROP\nCOMMIT\n', 'filter() 1', '2 badCounters'],
];

describe('files', () => {
  for (const [name, text, tables, problems] of FILES)
    it(name, () => {
      const tree = parseIptables(text, { family: 'ipv4' });
      const shown = tree.tables.map(table => {
        const chains = chainsOf(table).map(({ name: chain, policy }) => `${chain.value} ${policy?.value}`);
        return `${table.name.value}(${chains.join()}) ${rulesOf(table).length}`;
      });
      assert.equal(shown.join(', '), tables);
      const lines = tree.problems.map(({ code, span }) => `${text.slice(0, span.start).split('\n').length} ${code}`);
      assert.equal(lines.join(', '), problems);
    });
});

const fragment = fc.constantFrom(
  ...[
    '*filter',
    '*raw',
    ':INPUT ACCEPT [0:0]',
    ':A -',
    'COMMIT',
    '\n',
    '\n',
    '\n',
    '\r\n',
    ' ',
    ' ',
    '\t',
    '-A',
    'INPUT',
    '-p',
    'tcp',
    '!',
  ],
  ...[
    '--dport',
    '--dport=80',
    '-m',
    'multiport',
    '-j',
    'LOG',
    '--',
    '-',
    '"',
    '\\',
    '#',
    '[0:0]',
    '[',
    ']',
    ':',
    '${A}',
    '--tcp-flags',
    'é',
  ],
);

test('every character but white space is in one token, in order, whatever the text', () => {
  fc.assert(
    fc.property(fc.array(fragment, { maxLength: 40 }), pieces => {
      const text = pieces.join('');
      const tree = parseIptables(text, { family: 'ipv4' });
      let from = 0;
      for (const { start, end } of tokens(tree)) {
        assert.ok(start >= from, `${start} follows ${from}`);
        assert.match(text.slice(from, start), /^\s*$/);
        from = end;
      }
      assert.match(text.slice(from), /^\s*$/);
    }),
    { seed: 7, numRuns: 3000 },
  );
});
