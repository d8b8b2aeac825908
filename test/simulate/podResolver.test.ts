import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type NodeDns, type PodDns, podResolver } from '../../server/src/simulate/podResolver.ts';

const NODE: NodeDns = {
  clusterDns: ['10.96.0.10'],
  clusterDomain: 'cluster.local',
  nameservers: ['192.0.2.53'],
  searches: ['example.com'],
  options: ['edns0'],
};
const CLUSTER =
  'nameserver 10.96.0.10; search shop.svc.cluster.local svc.cluster.local cluster.local example.com; options ndots:5';
const OF_NODE = 'nameserver 192.0.2.53; search example.com; options edns0';

/** pkg/kubelet/network/dns/dns_test.go, TestGetPodDNS, has the same table of policies. */
const POLICIES: readonly [hostNetwork: boolean, dnsPolicy: string | undefined, resolvConf: string, cluster: boolean][] =
  [
    [false, undefined, CLUSTER, true],
    [false, 'ClusterFirst', CLUSTER, true],
    [false, 'ClusterFirstWithHostNet', CLUSTER, true],
    [false, 'Default', OF_NODE, false],
    [true, undefined, OF_NODE, false],
    [true, 'ClusterFirst', OF_NODE, false],
    [true, 'ClusterFirstWithHostNet', CLUSTER, true],
    [true, 'Default', OF_NODE, false],
  ];

describe('podResolver', () => {
  for (const [hostNetwork, dnsPolicy, resolvConf, cluster] of POLICIES) {
    it(`${hostNetwork ? 'hostNetwork' : 'pod network'}, dnsPolicy ${dnsPolicy ?? 'left out'}`, () => {
      const got = podResolver({ hostNetwork, dnsPolicy, namespace: 'shop' }, NODE);
      assert.equal(written(got?.resolvConf), resolvConf);
      assert.equal(got?.resolvesClusterNames, cluster);
    });
  }

  const pod: PodDns = { hostNetwork: true, dnsPolicy: 'None', namespace: 'shop' };
  const cases: readonly [what: string, pod: PodDns, node: NodeDns, resolvConf: string | undefined][] = [
    [
      'None is dnsConfig alone',
      { ...pod, nameservers: ['203.0.113.1'], searches: ['a'], options: ['ndots:2'] },
      NODE,
      'nameserver 203.0.113.1; search a; options ndots:2',
    ],
    [
      'dnsConfig joins the policy’s, once each',
      { ...pod, dnsPolicy: 'Default', nameservers: ['192.0.2.53', '203.0.113.1'], searches: ['example.com', 'b'] },
      NODE,
      'nameserver 192.0.2.53 203.0.113.1; search example.com b; options edns0',
    ],
    [
      'options of dnsConfig win',
      { ...pod, dnsPolicy: 'ClusterFirstWithHostNet', options: ['ndots:1'] },
      NODE,
      CLUSTER.replace('ndots:5', 'ndots:1'),
    ],
    [
      'three name servers at most',
      { ...pod, nameservers: ['1', '2', '3', '4'] },
      NODE,
      'nameserver 1 2 3; search ; options ',
    ],
    [
      'a kubelet without clusterDNS falls back to Default',
      { ...pod, dnsPolicy: 'ClusterFirstWithHostNet' },
      { ...NODE, clusterDns: [] },
      OF_NODE,
    ],
    [
      'a kubelet without clusterDomain adds no search',
      { ...pod, dnsPolicy: 'ClusterFirstWithHostNet' },
      { ...NODE, clusterDomain: '' },
      'nameserver 10.96.0.10; search example.com; options ndots:5',
    ],
    ['the API server refuses other policies', { ...pod, dnsPolicy: 'clusterFirst' }, NODE, undefined],
  ];
  for (const [what, asked, node, resolvConf] of cases) {
    it(what, () => {
      const got = podResolver(asked, node);
      assert.equal(got ? written(got.resolvConf) : undefined, resolvConf);
    });
  }
});

function written(
  conf: { nameservers: readonly string[]; searches: readonly string[]; options: readonly string[] } | undefined,
) {
  if (!conf) return undefined;
  return `nameserver ${conf.nameservers.join(' ')}; search ${conf.searches.join(' ')}; options ${conf.options.join(' ')}`;
}
