import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { Core } from '../../server/src/core.ts';
import { codeBlock, section } from '../../server/src/features/page.ts';
import { BACKENDS, inNamespace } from './shellRuns.ts';

const PORTS_15 = Array.from({ length: 15 }, (_, i) => i + 1).join(',');

/** Commands, each run alone where no rule is yet, and whether both backends refuse it. */
const COMMANDS: readonly (readonly [command: string, refused: boolean])[] = [
  ['iptables -A PREROUTING -j NOTRACK', true],
  ['iptables -t raw -A PREROUTING -j NOTRACK', false],
  ['iptables -A OUTPUT -j NOTRACK', true],
  ['iptables -t raw -A POSTROUTING -j NOTRACK', true],
  ['iptables -t raw -I INPUT -p udp', true],
  ['iptables -t mangle -A PREROUTING -j CT --notrack', true],
  ['iptables -t NAT -A POSTROUTING -j MASQUERADE', true],
  ['iptables -A OUTPUT -i eth0 -j ACCEPT', true],
  ['iptables -A OUTPUT -o eth0 -j ACCEPT', false],
  ['iptables -t nat -A POSTROUTING -i eth0 -j MASQUERADE', true],
  ['iptables -t nat -A PREROUTING -j MASQUERADE', true],
  ['iptables -t nat -A OUTPUT -p tcp -j REDIRECT --to-ports 80', false],
  ['iptables -A INPUT --dport 80 -j ACCEPT', true],
  ['iptables -A INPUT -p tcp --dport 80 -j ACCEPT', false],
  ['iptables -A INPUT -p tcp --dport 80,443 -j ACCEPT', true],
  ['iptables -A INPUT -p tcp --dports 80,443 -j ACCEPT', true],
  [`iptables -A INPUT -p tcp -m multiport --dports ${PORTS_15} -j ACCEPT`, false],
  [`iptables -A INPUT -p tcp -m multiport --dports ${PORTS_15},16 -j ACCEPT`, true],
  ['iptables -A INPUT -i a-very-long-interface -j ACCEPT', true],
  ['iptables -A INPUT -s 10.0.0.0/33 -j ACCEPT', true],
  ['iptables -A INPUT -s 2001:db8::1 -j ACCEPT', true],
  ['ip6tables -A INPUT -s 10.0.0.0/8 -j DROP', true],
  ['ip6tables -A INPUT -s 2001:db8::/32 -j DROP', false],
  ['iptables -A INPUT -p tcp -s ! 192.0.2.1 -j DROP', true],
  ['iptables -A INPUT -n -j DROP', true],
  ['iptables -A INPUT -j OUTPUT', true],
  ['iptables -t nat -A PREROUTING -j DROP', true],
  ['iptables -t nat -P OUTPUT DROP', true],
  ['iptables -P INPUT REJECT', true],
  ['iptables -P FORWARD DROP', false],
  ['iptables -t nat -P FORWARD ACCEPT', true],
  ['iptables -N INPUT', true],
  ['iptables -N ACCEPT', true],
  ['iptables -N a-name-that-is-longer-than-any-chain', true],
  ['iptables -N a-chain', false],
];

function isTold(script: string): boolean {
  const core = new Core(message => assert.fail(message));
  core.put('rules.sh', script);
  return core.findings('rules.sh').some(({ rule }) => rule === 'netfilter/command-refused');
}

for (const backend of BACKENDS) {
  describe(`iptables-${backend} refuses what is told, and takes the rest`, () => {
    const output = inNamespace(backend, '', () =>
      COMMANDS.map(([command]) => {
        const undo = ['raw', 'mangle', 'nat', 'filter'].map(table => `iptables -w -t ${table} -F`).join('; ');
        return `${command} >/dev/null 2>&1; echo $?; ${undo}`;
      }),
    );
    const statuses = output.trim().split('\n');
    for (const [i, [command, refused]] of COMMANDS.entries()) {
      it(command, () => {
        assert.equal(statuses[i] !== '0', refused, statuses[i]);
        assert.equal(isTold(`#!/bin/sh\n${command}\n`), refused);
      });
    }
  });

  it(`the page, iptables-${backend}`, () => {
    const page = readFileSync('server/src/rules/netfilter/command-refused.md', 'utf8');
    const rules = (heading: 'example' | 'fixed') => {
      const script = codeBlock(section(page, heading, 'en'))?.text ?? '';
      return inNamespace(backend, script, file => [`sh ${file} 2>/dev/null`, 'iptables -w -t raw -S | grep -c ^-A']);
    };
    assert.equal(rules('example').trim(), '0');
    assert.equal(rules('fixed').trim(), '2');
  });
}
