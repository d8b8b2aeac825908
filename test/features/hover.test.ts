import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Core } from '../../server/src/core.ts';

const TEXT = `apiVersion: v1
kind: Pod
metadata: { name: a, namespace: shop }
spec:
  hostNetwork: true
  dnsPolicy: ClusterFirst
  containers:
    - image: registry.k8s.io/ingress-nginx/controller:v1.15.1
`;

function hoverAt(text: string, line: number, language: 'en' | 'zh' = 'en', settings: unknown = {}): string | null {
  const core = new Core(message => assert.fail(message));
  core.configure(settings, language);
  core.put('a.yaml', text);
  return core.hover('a.yaml', { line, character: 4 })?.markdown ?? null;
}

describe('hover on hostNetwork and dnsPolicy', () => {
  it('shows the resolv.conf under each policy', () => {
    const table = hoverAt(TEXT, 4)
      ?.split('\n')
      .filter(line => line.startsWith('|'));
    assert.deepEqual(table, [
      '| dnsPolicy | nameserver | search | options | names of the cluster |',
      '| --- | --- | --- | --- | --- |',
      '| **ClusterFirst** (in force) | the node’s | the node’s | the node’s | do not resolve |',
      '| ClusterFirstWithHostNet | `10.96.0.10` | `shop.svc.cluster.local` `svc.cluster.local` `cluster.local` | `ndots:5` | resolve |',
      '| Default | the node’s | the node’s | the node’s | do not resolve |',
      '| None |  |  |  | do not resolve |',
    ]);
  });

  it('knows the cluster that the settings describe', () => {
    const shown = hoverAt(TEXT, 4, 'en', { clusterDns: ['10.43.0.10'], clusterDomain: 'k8s.example' });
    assert.match(shown ?? '', /`10\.43\.0\.10` \| `shop\.svc\.k8s\.example` `svc\.k8s\.example` `k8s\.example`/);
  });

  it('adds what the rule’s page says, where the rule finds something', () => {
    const wanted = ['**Why it hurts**', '**After applying**', '**Check it on a live node**', 'cat /etc/resolv.conf'];
    for (const text of wanted) assert.ok(hoverAt(TEXT, 5)?.includes(text), text);
    assert.ok(!hoverAt(TEXT, 4)?.includes('**Why it hurts**'));
  });

  it('speaks Chinese', () => {
    const shown = hoverAt(TEXT, 5, 'zh') ?? '';
    for (const text of ['当前生效', '**为什么有害**', '**应用之后**', '**在节点上验证**'])
      assert.ok(shown.includes(text), text);
  });

  it('says what the API server refuses', () => {
    assert.match(hoverAt(TEXT.replace('ClusterFirst', 'clusterFirst'), 5) ?? '', /refuses `dnsPolicy: clusterFirst`/);
  });

  const silent: readonly [what: string, text: string, line: number][] = [
    ['elsewhere', TEXT, 2],
    ['on the pod network', TEXT.replace('true', 'false'), 4],
    ['past the end', TEXT, 99],
  ];
  for (const [what, text, line] of silent)
    it(`has nothing to say ${what}`, () => assert.equal(hoverAt(text, line), null));
});
