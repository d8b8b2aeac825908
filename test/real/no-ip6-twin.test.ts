import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { ADDRESSES, type Backend, Machines } from './namespaces.ts';

const BACKENDS: readonly Backend[] = ['nft', 'legacy'];
const machines = new Machines();
const UNTRACKED = `*raw
-A PREROUTING -p tcp --dport 443 -j NOTRACK
-A OUTPUT -p tcp --sport 443 -j NOTRACK
COMMIT
`;
const NOTHING = '*raw\nCOMMIT\n';
/** States are asked for: without that conntrack does nothing in a namespace. */
const FIREWALL = `*filter
:INPUT DROP [0:0]
-A INPUT -m conntrack --ctstate NEW,ESTABLISHED,UNTRACKED -p tcp --dport 443 -j ACCEPT
-A INPUT -p ipv6-icmp -j ACCEPT
COMMIT
`;

before(() => machines.start([443]));
after(() => machines.stop());

for (const backend of BACKENDS) {
  describe(`NOTRACK by iptables-${backend}`, () => {
    const cases = [
      ['alone leaves what comes over IPv6 tracked', NOTHING, 1],
      ['and by ip6tables untracks both', UNTRACKED, 0],
    ] as const;
    for (const [about, ipv6, entries] of cases) {
      it(about, async () => {
        assert.equal(machines.load(backend, UNTRACKED + FIREWALL.replace('ipv6-icmp', 'icmp')), null);
        assert.equal(machines.load(backend, ipv6 + FIREWALL, 'ipv6'), null);
        const over4 = await machines.connect('left', ADDRESSES.vip, 443);
        const over6 = await machines.connect('left', 'fd00::21', 443);
        assert.deepEqual([over4.observed, over4.entries.length], ['open', 0]);
        assert.deepEqual([over6.observed, over6.entries.length], ['open', entries]);
      });
    }
    after(() => {
      for (const family of ['ipv4', 'ipv6'] as const)
        machines.load(backend, `${NOTHING}*filter\n:INPUT ACCEPT [0:0]\nCOMMIT\n`, family);
    });
  });
}
