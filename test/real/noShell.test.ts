import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { Core } from '../../server/src/core.ts';
import { codeBlock, section } from '../../server/src/features/page.ts';
import { BACKENDS, inNamespace } from './shellRuns.ts';

const RULE = '-t raw -A PREROUTING -p tcp --dport 443 -j NOTRACK';

/** Command lines of a unit, and whether iptables takes the words that systemd makes of them. */
const LINES: readonly (readonly [line: string, taken: boolean])[] = [
  [`iptables ${RULE}`, true],
  [`iptables ${RULE} || true`, false],
  [`iptables ${RULE} && iptables ${RULE}`, false],
  [`iptables ${RULE} 2>/dev/null`, false],
  [`iptables ${RULE} >/dev/null`, false],
  [`iptables ${RULE} &`, false],
  [`iptables ${RULE} # why`, false],
  [`iptables ${RULE}; iptables ${RULE}`, false],
  [`iptables ${RULE.replace('NOTRACK', '$(echo')} NOTRACK)`, false],
  ['iptables -D INPUT -j DROP || true', false],
  ['iptables -C INPUT -j DROP || iptables -A INPUT -j DROP', false],
  ['iptables -S INPUT | grep DROP', false],
  ['iptables -F INPUT || true', false],
  ['iptables -P INPUT ACCEPT || true', false],
  ['iptables -N mine || true', false],
  ['iptables-save > rules.v4', false],
  ['iptables-restore < /dev/null', false],
  [`iptables ${RULE} -m comment --comment "a || b"`, true],
];

/** The words of a line, each in quotes of the shell: what systemd hands to the program. */
function asWords(line: string): string {
  const words = line.match(/"[^"]*"|\S+/g) ?? [];
  return words.map(word => `'${word.replace(/^"(.*)"$/, '$1')}'`).join(' ');
}

function isTold(line: string): boolean {
  const core = new Core(message => assert.fail(message));
  core.put('a.service', `[Service]\nExecStart=/usr/sbin/${line}\n`);
  return core.findings('a.service').some(({ rule }) => rule === 'netfilter/no-shell');
}

for (const backend of BACKENDS) {
  describe(`iptables-${backend} refuses shell syntax that no shell reads`, () => {
    const output = inNamespace(backend, '', () =>
      LINES.map(([line]) => `${asWords(line)} >/dev/null 2>&1 </dev/null; echo $?; iptables -w -t raw -F`),
    );
    const statuses = output.trim().split('\n');
    for (const [i, [line, taken]] of LINES.entries()) {
      it(line, () => {
        assert.equal(statuses[i] === '0', taken, statuses[i]);
        assert.equal(isTold(line), !taken);
      });
    }
  });

  it(`the page, iptables-${backend}`, () => {
    const page = readFileSync('server/src/rules/netfilter/no-shell.md', 'utf8');
    const rules = (heading: 'example' | 'fixed') => {
      const unit = codeBlock(section(page, heading, 'en'))?.text ?? '';
      const lines = [...unit.matchAll(/^ExecStart=(.*)/gm)].map(([, line = '']) => line.replaceAll('/usr/sbin/', ''));
      const words = lines.map(line => (line.includes("'") ? line : asWords(line)));
      return inNamespace(backend, '', () => [
        ...words.map(line => `${line} 2>/dev/null`),
        ...words.map(line => `${line} 2>/dev/null`),
        'iptables -w -t raw -S | grep -c ^-A',
      ]);
    };
    assert.equal(rules('example').trim(), '0');
    assert.equal(rules('fixed').trim(), '2');
  });
}
