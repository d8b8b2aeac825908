import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { describe, it } from 'node:test';
import { connectionAttempts } from '../../server/src/simulate/probe.ts';

/** Since Linux 6.5. */
const LINEAR = '/proc/sys/net/ipv4/tcp_syn_linear_timeouts';

/**
 * How many SYNs the kernel sends within a probe's timeout, where each is dropped as a full conntrack table drops it: on
 * the way out, in a network namespace of its own.
 */
function synsWithin(timeoutSeconds: number, linearTimeouts: number): number {
  const script = `
    set -e
    ip link set lo up
    if [ -e ${LINEAR} ]; then echo ${linearTimeouts} > ${LINEAR}; fi
    iptables -A OUTPUT -p tcp --dport 10254 --syn -j DROP
    timeout ${timeoutSeconds} bash -c '</dev/tcp/127.0.0.1/10254' || true
    iptables -nvxL OUTPUT | awk '/DROP/ { print $1 }' | tail -1
  `;
  const { stdout, stderr } = spawnSync('unshare', ['-r', '-n', 'bash', '-c', script], {
    encoding: 'utf8',
    env: { ...process.env, XTABLES_LOCKFILE: '/dev/null' },
  });
  const count = Number(stdout.trim());
  assert.ok(stdout.trim() !== '' && Number.isInteger(count), stderr);
  return count;
}

describe('the kernel sends the first packet of a connection', () => {
  for (const timeout of [1, 2, 3, 5, 8])
    it(`${connectionAttempts(timeout)} times within ${timeout} seconds, where it doubles its patience`, () =>
      assert.equal(synsWithin(timeout - 0.1, 0), connectionAttempts(timeout)));

  it('not less often, where it does not: what is foretold of a probe is then too dark', () => {
    const count = synsWithin(4.9, 4);
    assert.equal(count, existsSync(LINEAR) ? 5 : connectionAttempts(5));
  });
});
