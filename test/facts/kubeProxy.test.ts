import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { KUBE_PROXY_FIELDS, KUBE_PROXY_FLAGS } from '../../server/src/facts/kubeProxy.ts';
import { CONNTRACK_DEFAULTS, CONNTRACK_WRITE_RULES } from '../../server/src/facts/kubeProxyConntrack.ts';

const RELEASE = /^1\.\d\d$/;

describe('facts of kube-proxy', () => {
  it('has whole fields, each with words in both languages', () => {
    for (const [path, field] of KUBE_PROXY_FIELDS) {
      assert.equal(field.path, path);
      assert.match(field.type, /^(?:string|bool|u?int32|float32|duration|quantity|\[\].+|map\[string\]bool)$/, path);
      for (const release of [field.since, field.removed]) if (release !== null) assert.match(release, RELEASE, path);
      assert.match(field.about.en, /\.$/, path);
      assert.match(field.about.zh, /。$/, path);
    }
    assert.equal(KUBE_PROXY_FIELDS.size, 65);
  });

  it('knows which field a flag sets, and the other way round', () => {
    for (const { name, field, besideConfig, removed } of KUBE_PROXY_FLAGS.values()) {
      if (field !== null) assert.ok(KUBE_PROXY_FIELDS.has(field), name);
      assert.ok(besideConfig !== null || removed !== null, name);
    }
    for (const { path, flag } of KUBE_PROXY_FIELDS.values()) {
      if (flag !== null) assert.ok(KUBE_PROXY_FLAGS.has(flag), path);
    }
  });

  it('says of every conntrack flag that a config file wins', () => {
    const flags = [...KUBE_PROXY_FLAGS.values()].filter(({ name }) => name.startsWith('--conntrack-'));
    assert.deepEqual(
      flags.map(({ name, besideConfig, removed }) => [name, besideConfig, removed]),
      [
        'max-per-core',
        'min',
        'max',
        'tcp-timeout-established',
        'tcp-timeout-close-wait',
        'tcp-be-liberal',
        'udp-timeout',
        'udp-timeout-stream',
      ].map(name => [`--conntrack-${name}`, 'ignored', name === 'max' ? '1.15' : null]),
    );
  });

  it('has one default for each conntrack setting', () => {
    const written = (name: string) => KUBE_PROXY_FIELDS.get(`conntrack.${name}`)?.default;
    assert.equal(written('maxPerCore'), CONNTRACK_DEFAULTS.maxPerCore);
    assert.equal(written('min'), CONNTRACK_DEFAULTS.min);
    assert.equal(written('tcpEstablishedTimeout'), '24h0m0s');
    assert.equal(written('tcpCloseWaitTimeout'), '1h0m0s');
  });

  it('has one rule of writing for each release', () => {
    const from = CONNTRACK_WRITE_RULES.map(rule => rule.from);
    assert.deepEqual(
      from,
      [...from].sort((a, b) => a - b),
    );
    assert.equal(from[0], 0);
  });
});
