import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { PITFALLS } from '../../server/src/facts/ingressNginxPitfalls.ts';
import { KUBE_PROXY_PITFALLS } from '../../server/src/facts/kubeProxyPitfalls.ts';
import { RULES } from '../../server/src/rules/index.ts';

describe('each known pitfall has a rule, or a reason why none speaks of it', () => {
  for (const [program, pitfalls, count] of [
    ['ingress-nginx', PITFALLS, 49],
    ['kube-proxy', KUBE_PROXY_PITFALLS, 38],
  ] as const) {
    it(program, () => {
      const ids = RULES.map(({ id }) => id);
      assert.equal(pitfalls.length, count);
      assert.equal(new Set(pitfalls.map(({ title }) => title.en)).size, count);
      for (const { title, rules, reason } of pitfalls) {
        assert.equal(rules.length === 0, reason !== null, title.en);
        assert.deepEqual(
          rules.filter(rule => !ids.includes(rule)),
          [],
          title.en,
        );
        for (const text of [title.zh, ...(reason ? [reason.zh] : [])]) assert.match(text, /\p{Script=Han}/u);
      }
    });
  }
});
