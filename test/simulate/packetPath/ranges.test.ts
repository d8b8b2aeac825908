import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { IpFamily } from '../../../server/src/facts/netfilter.ts';
import { portsOf } from '../../../server/src/model/ruleset/conditions.ts';
import { formatAddresses, onePort, parseNetwork } from '../../../server/src/simulate/packetPath/ranges.ts';

/** As iptables -S prints what it made of them; null for what is left open here. */
const NETWORKS: readonly (readonly [text: string, family: IpFamily, printed: string | null])[] = [
  ['10.0.0.1', 'ipv4', '10.0.0.1'],
  ['10.1.2.3/8', 'ipv4', '10.0.0.0/8'],
  ['10.1.2.3/255.255.0.0', 'ipv4', '10.1.0.0/16'],
  ['0.0.0.0/0', 'ipv4', ''],
  ['2001:db8::1/32', 'ipv6', '2001:db8::/32'],
  ['10.0.0.0/33', 'ipv4', null],
  ['10.0.0.0/255.0.255.0', 'ipv4', null],
  ['example.com', 'ipv4', null],
  // Octal to iptables: 10.0.0.0/8, and 8.0.0.1.
  ['10.0.0.0/010', 'ipv4', null],
  ['010.0.0.1', 'ipv4', null],
];

describe('a network', () => {
  for (const [text, family, printed] of NETWORKS) {
    it(text, () => {
      const found = parseNetwork(text, family);
      assert.equal(found && formatAddresses(found, family), printed);
    });
  }
});

describe('ports', () => {
  it('are numbers, names and ranges', () => {
    assert.deepEqual(portsOf('80,http,443'), [...onePort(80), ...onePort(443)]);
    assert.deepEqual(portsOf(':1023'), [{ low: 0n, high: 1023n }]);
    assert.deepEqual(portsOf('60000:'), [{ low: 60_000n, high: 65_535n }]);
  });
  it('are left open where iptables would read octal, or nobody knows the name', () => {
    assert.deepEqual(['010', '80:079', 'gopher', '70000', '90:80', '1:2:3'].map(portsOf), Array(6).fill(null));
  });
});
