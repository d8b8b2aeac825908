import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Core } from '../../server/src/core.ts';
import { ADDRESSES, type Backend, Machines } from './namespaces.ts';

const { vip, right, host } = ADDRESSES;
const CLUSTER_IP = '10.96.0.20';

const machines = new Machines();

before(async () => {
  await machines.start([443]);
  // What no rule translates goes to the next router, as it does on a node.
  assert.equal(machines.run(['ip', 'route', 'add', 'default', 'via', right]).status, 0);
});
after(() => machines.stop());

/** Rules as kube-proxy and portmap write them: the pod is on the right, and listens on 443. */
const NAT = `*nat
:PREROUTING ACCEPT [0:0]
:INPUT ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
:POSTROUTING ACCEPT [0:0]
:KUBE-SERVICES - [0:0]
:KUBE-NODEPORTS - [0:0]
:KUBE-SVC-SHOP - [0:0]
:KUBE-SEP-SHOP - [0:0]
:CNI-HOSTPORT-DNAT - [0:0]
-A PREROUTING -j KUBE-SERVICES
-A PREROUTING -m addrtype --dst-type LOCAL -j CNI-HOSTPORT-DNAT
-A OUTPUT -j KUBE-SERVICES
-A KUBE-SERVICES -d ${CLUSTER_IP}/32 -p tcp -m tcp --dport 8443 -j KUBE-SVC-SHOP
-A KUBE-SERVICES -d ${vip}/32 -p tcp -m tcp --dport 8443 -j KUBE-SVC-SHOP
-A KUBE-SERVICES -m addrtype --dst-type LOCAL -j KUBE-NODEPORTS
-A KUBE-NODEPORTS -p tcp -m tcp --dport 30443 -j KUBE-SVC-SHOP
-A KUBE-SVC-SHOP -j KUBE-SEP-SHOP
-A KUBE-SEP-SHOP -p tcp -m tcp -j DNAT --to-destination ${right}:443
-A CNI-HOSTPORT-DNAT -p tcp -m tcp --dport 9443 -j DNAT --to-destination ${right}:443
COMMIT
`;

/** The files of the same cluster. */
const SHOP = (pod: string) => `apiVersion: v1
kind: Service
metadata: { name: shop, namespace: web }
spec:
  type: LoadBalancer
  clusterIP: ${CLUSTER_IP}
  loadBalancerIP: ${vip}
  selector: { app: shop }
  ports: [{ port: 8443, targetPort: 443, nodePort: 30443 }]
---
apiVersion: apps/v1
kind: DaemonSet
metadata: { name: shop, namespace: web }
spec:
  template:
    metadata: { labels: { app: shop } }
    spec:
      ${pod}
`;

const OWN_NETWORK = 'containers: [{ name: shop, image: shop, ports: [{ containerPort: 443, hostPort: 9443 }] }]';
const NODES_NETWORK = `hostNetwork: true
      containers: [{ name: shop, image: shop, ports: [{ containerPort: 443 }] }]`;

const notrack = (address: string, port: number) => `*raw
:PREROUTING ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
-A PREROUTING -d ${address}/32 -p tcp -m tcp --dport ${port} -j NOTRACK
-A OUTPUT -s ${address}/32 -p tcp -m tcp --sport ${port} -j NOTRACK
COMMIT
`;

const nftNotrack = (address: string, port: number) => `table inet fast {
  chain incoming { type filter hook prerouting priority raw; ip daddr ${address} tcp dport ${port} notrack; }
  chain outgoing { type filter hook output priority raw; ip saddr ${address} tcp sport ${port} notrack; }
}
`;

/** What is said of rules that leave connections to a port untracked, by its severity; null for nothing. */
function told(pod: string, address: string, port: number, file = 'rules.v4'): string | null {
  const core = new Core(message => assert.fail(message));
  core.put('shop.yaml', SHOP(pod));
  core.put(file, file === 'rules.v4' ? notrack(address, port) : nftNotrack(address, port));
  const [found] = core.findings(file).filter(({ rule }) => rule === 'netfilter/notrack-defeats-nat');
  return found?.severity ?? null;
}

const TARGETS = [
  ['the ClusterIP', CLUSTER_IP, 8443, 'warning', 'dropped'],
  ['the address of the load balancer', vip, 8443, 'warning', 'refused'],
  ['the node port', host, 30443, 'warning', 'refused'],
  ['the host port', host, 9443, 'information', 'refused'],
] as const;

for (const backend of ['nft', 'legacy'] satisfies Backend[]) {
  describe(`NOTRACK on what kube-proxy translates, ${backend}`, () => {
    for (const [what, address, port, severity, observed] of TARGETS) {
      it(`keeps connections from the pod behind ${what}`, async () => {
        assert.equal(machines.load(backend, NAT), null);
        assert.equal((await machines.connect('left', address, port)).observed, 'open');
        assert.equal(machines.load(backend, notrack(address, port) + NAT), null);
        assert.equal((await machines.connect('left', address, port)).observed, observed);
        assert.equal(told(OWN_NETWORK, address, port), severity);
      });
    }

    it('leaves a listener of the node itself where it is', async () => {
      assert.equal(machines.load(backend, notrack(vip, 443) + NAT), null);
      const { observed, entries } = await machines.connect('left', vip, 443);
      assert.deepEqual([observed, entries], ['open', []]);
      assert.equal(told(NODES_NETWORK, vip, 443), null);
      assert.equal(told(NODES_NETWORK, vip, 8443), null);
    });
  });
}

describe('notrack of nftables on what kube-proxy translates', () => {
  after(() => assert.equal(machines.loadNft(''), null));
  for (const [what, address, port, severity, observed] of TARGETS) {
    it(`keeps connections from the pod behind ${what}`, async () => {
      assert.equal(machines.loadNft(''), null);
      assert.equal(machines.load('legacy', '*raw\nCOMMIT\n*nat\nCOMMIT\n'), null);
      assert.equal(machines.load('nft', NAT), null);
      assert.equal((await machines.connect('left', address, port)).observed, 'open');
      assert.equal(machines.run(['nft', '-f', '-'], nftNotrack(address, port)).status, 0);
      assert.equal((await machines.connect('left', address, port)).observed, observed);
      assert.equal(told(OWN_NETWORK, address, port, 'fast.nft'), severity);
    });
  }
});
