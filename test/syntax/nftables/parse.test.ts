import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { parseNft } from '../../../server/src/syntax/nftables/parse.ts';

const SAMPLE = `#!/usr/sbin/nft -f
define vip = 1.2.15.21
table inet fast {
  set ports { type inet_service; elements = { 80, 443 } }
  chain incoming {
    type filter hook prerouting priority raw - 5; policy accept;
    ip daddr $vip tcp dport @ports counter notrack comment "a { b"
    tcp dport vmap { 22 : accept, \\
      23 : jump other }
  }
  chain other { notrack; }
}
add chain ip6 t out { type filter hook output priority -300 ; }
add rule ip6 t out tcp sport 443 notrack
`;

describe('parseNft', () => {
  it('reads chains, nested and as commands', () => {
    const told = parseNft(SAMPLE).chains.map(({ family, table, name, base, rules }) => ({
      chain: `${family} ${table} ${name}`,
      base: base && `${base.hook} ${base.priority.text} ${SAMPLE.slice(base.priority.start, base.priority.end)}`,
      rules: rules.map(({ words }) => words.map(({ text }) => text).join(' ')),
    }));
    assert.deepEqual(told, [
      {
        chain: 'inet fast incoming',
        base: 'prerouting raw - 5 raw - 5',
        rules: [
          'ip daddr $vip tcp dport @ports counter notrack comment "a { b"',
          'tcp dport vmap 22 : accept, 23 : jump other',
        ],
      },
      { chain: 'inet fast other', base: null, rules: ['notrack'] },
      { chain: 'ip6 t out', base: 'output -300 -300', rules: ['tcp sport 443 notrack'] },
    ]);
  });

  it('knows what maps lead to, and what later lines take away', () => {
    const chain = '{ chain c { notrack; }\n}\n';
    for (const [text, chains, mapped, includes] of [
      [`table inet t ${chain}`, ['t c'], [], false],
      [`table inet t ${chain}include "more.nft"\n`, ['t c'], [], true],
      ['table t { map m { type mark : verdict; elements = { 1 : jump a, 2 : goto b } }\n}\n', [], ['a', 'b'], false],
      ['add element inet t m { 1 : jump a }\n', [], ['a'], false],
      [`table t ${chain}flush ruleset\ntable ip u ${chain}`, ['u c'], [], false],
      [`table t ${chain}table ip6 t ${chain}flush ruleset ip6\n`, ['t c'], [], false],
      [`table inet t ${chain}delete table inet t\n`, [], [], false],
      [`table t ${chain}table u ${chain}destroy table ip t\n`, ['u c'], [], false],
    ] as const) {
      const tree = parseNft(text);
      assert.deepEqual(
        [tree.chains.map(each => `${each.table} ${each.name}`), [...tree.mapped], tree.includes],
        [chains, mapped, includes],
        text,
      );
    }
  });

  it('ends, and keeps what it has, wherever the text breaks off', () => {
    for (let end = 0; end <= SAMPLE.length; end++) {
      const { chains } = parseNft(SAMPLE.slice(0, end));
      assert.ok(chains.length <= 4);
    }
  });

  it('ends whatever the text is', () => {
    const words = fc.constantFrom(
      'table',
      'chain',
      'inet',
      't',
      'add',
      'rule',
      'type',
      'hook',
      'priority',
      'notrack',
      '{',
      '}',
      ';',
      '\n',
      '"',
      '#',
      '\\',
      '\\\n',
      '\r\n',
    );
    fc.assert(
      fc.property(fc.array(words, { maxLength: 40 }), parts => {
        parseNft(parts.join(' '));
      }),
      { seed: 7, numRuns: 2000 },
    );
  });
});
