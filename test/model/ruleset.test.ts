import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readPiece } from '../../server/src/model/pieces.ts';
import { halfTracked } from '../../server/src/model/ruleset/notrackFlows.ts';
import type { WrittenRuleset } from '../../server/src/model/ruleset/ruleset.ts';
import type { Chain, Match, Ruleset } from '../../server/src/simulate/packetPath/ruleset.ts';
import { generatedRuleset } from '../simulate/packetPath/generated.ts';
import { restoreText, ruleText } from '../simulate/packetPath/restoreText.ts';

function read(text: string, file = 'rules.v4'): WrittenRuleset {
  const ruleset = readPiece(file, 'iptables', text).find(entity => entity.is === 'ruleset');
  assert.ok(ruleset?.is === 'ruleset');
  return ruleset;
}

/** Each chain, its policy and its rules as they are understood, in order. */
function understood({ family, tables }: Ruleset): string[] {
  return Object.entries(tables).flatMap(([table, chains]) =>
    [...chains].flatMap(([name, { policy, rules }]) => [
      `${table} ${name} ${policy}`,
      ...rules.map(rule => `${table} ${name}${ruleText(rule, family)}`),
    ]),
  );
}

/** With the conditions of iptables itself before those of its matches: their order means nothing. */
function ownFirst({ family, tables }: Ruleset): Ruleset {
  const isOwn = ({ on }: Match) => ['source', 'destination', 'in', 'out', 'protocol'].includes(on);
  const sorted = ({ policy, rules }: Chain): Chain => ({
    policy,
    rules: rules.map(({ matches, target }) => ({
      target,
      matches: [...matches.filter(isOwn), ...matches.filter(match => !isOwn(match))],
    })),
  });
  const all = Object.entries(tables).map(([table, chains]) => [
    table,
    new Map([...chains].map(([name, chain]) => [name, sorted(chain)])),
  ]);
  return { family, tables: Object.fromEntries(all) };
}

const filter = (...lines: readonly string[]) => `*filter\n:INPUT DROP [0:0]\n${lines.join('\n')}\nCOMMIT\n`;

describe('rulesets', () => {
  for (const [name, lines, expected] of [
    [
      'a rule for several addresses',
      ['-A INPUT -s 10.0.0.1,10.0.0.2 -p tcp --dport 80 -j ACCEPT'],
      [' -s 10.0.0.1 -p tcp --dport 80 -j ACCEPT', ' -s 10.0.0.2 -p tcp --dport 80 -j ACCEPT'],
    ],
    [
      'long options, names and masks',
      ['--append INPUT --source 10.1.2.3/255.255.0.0 --protocol TCP --destination-port https --jump ACCEPT'],
      [' -s 10.1.0.0/16 -p tcp --dport 443 -j ACCEPT'],
    ],
    [
      'negations',
      ['-A INPUT ! -s 0.0.0.0/1 ! -i eth+ -p tcp ! --dport 22 -j ACCEPT'],
      [' -s 128.0.0.0/1 ! -i eth+ -p tcp ! --dport 22 -j ACCEPT'],
    ],
    [
      'states, in either match and any case',
      ['-A INPUT -m state --state new,Established -j ACCEPT', '-A INPUT -m conntrack ! --ctstate INVALID -j ACCEPT'],
      [' -m conntrack --ctstate NEW,ESTABLISHED -j ACCEPT', ' -m conntrack ! --ctstate INVALID -j ACCEPT'],
    ],
    [
      'flags',
      ['-A INPUT -p tcp --syn -j ACCEPT', '-A INPUT -p tcp --tcp-flags ALL NONE -j DROP'],
      [
        ' -p tcp -m tcp --tcp-flags SYN,RST,ACK,FIN SYN -j ACCEPT',
        ' -p tcp -m tcp --tcp-flags SYN,ACK,FIN,RST,URG,PSH  -j DROP',
      ],
    ],
    [
      'ranges of ports and of addresses',
      ['-A INPUT -p udp -m multiport --dports 53,1000:1010 -m iprange --src-range 10.0.0.0-10.0.0.3 -j ACCEPT'],
      [' -p udp -m multiport --dports 53,1000:1010 -s 10.0.0.0/30 -j ACCEPT'],
    ],
    [
      'what is not followed',
      [
        '-A INPUT -m set --match-set bad src -m comment --comment "as is" -j LOG --log-prefix x',
        '-A INPUT -s host.example.com -j ACCEPT',
        '-A INPUT -p tcp --dport nosuch -j ACCEPT',
      ],
      [' -m set --match-set bad src', ' -s host.example.com -j ACCEPT', ' -p tcp --dport nosuch -j ACCEPT'],
    ],
    [
      'translations whose ports are many, or by name',
      [
        '-A INPUT -p tcp -j REDIRECT --to-ports 8443',
        '-A INPUT -p tcp -j REDIRECT --to-ports 80-90',
        '-A INPUT -p tcp -j REDIRECT --to-ports https',
      ],
      [' -p tcp -j REDIRECT --to-ports 8443', ' -p tcp -j REDIRECT --to-ports 80', ' -p tcp -j REDIRECT --to-ports 0'],
    ],
    [
      'what iptables-restore does line by line',
      [
        '-A INPUT -j ACCEPT',
        '-I INPUT -j DROP',
        '-I INPUT 2 -j RETURN',
        '-D INPUT -j ACCEPT',
        '-P INPUT ACCEPT',
        '-A INPUT -g OTHER',
        '-F OTHER',
      ],
      [' -j DROP', ' -j RETURN', ' -g OTHER'],
    ],
    [
      'words that only rendering could tell',
      ['-A INPUT -s $NET -p tcp --dport $PORT -j $VERDICT'],
      [' -s ? -p tcp --dport ? ? ?'],
    ],
  ] as const) {
    it(`reads ${name}`, () => {
      const rules = understood(read(filter(...lines)).ruleset).filter(
        line => !/ (?:DROP|ACCEPT|null)$/.test(line) || / -/.test(line),
      );
      assert.deepEqual(
        rules.map(line => line.replace(/^filter INPUT/, '')),
        expected,
      );
    });
  }

  it('reads back what generated rulesets are written as', () => {
    for (let seed = 1; seed <= 100; seed++) {
      const text = restoreText(ownFirst(generatedRuleset(seed)));
      assert.equal(restoreText(read(text).ruleset), text);
    }
  });

  it('knows where each rule is written', () => {
    const text = filter('# one', '-A INPUT -s 10.0.0.1 -j ACCEPT', '[1:2] -I INPUT -j DROP');
    const places = [...read(text).rulesOf('filter')].map(
      ({ at, written }) => `${at.index} ${text.slice(written.start, written.end)}`,
    );
    assert.deepEqual(places, ['0 [1:2] -I INPUT -j DROP', '1 -A INPUT -s 10.0.0.1 -j ACCEPT']);
  });

  it('tells IPv6 by the name of the file, or by the text', () => {
    assert.equal(read(filter('-A INPUT -j ACCEPT'), 'rules.v6').family, 'ipv6');
    assert.equal(read(filter('-A INPUT -s 2001:db8::1 -j ACCEPT'), 'firewall').family, 'ipv6');
    assert.equal(read(filter('-A INPUT -s 10.0.0.1 -j ACCEPT'), 'firewall').family, 'ipv4');
  });
});

describe('the flows of NOTRACK rules', () => {
  it('are told in time where there are many: a node has a rule for each address that it answers to', () => {
    const rules = Array.from(
      { length: 1_000 },
      (_, i) => `-A PREROUTING -d 10.0.${i >> 7}.${2 * (i & 127)} -p tcp --dport 443 -j NOTRACK`,
    );
    const written = read(['*raw', ...rules, 'COMMIT', ''].join('\n'));
    const placed = [...written.rulesOf('raw')].slice(0, 200);
    const start = performance.now();
    assert.equal(placed.filter(each => halfTracked(written, each).length > 0).length, 200);
    assert.ok(performance.now() - start < 5_000, `${performance.now() - start} ms`);
  });
});
