import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  ANNOTATIONS,
  ANNOTATIONS_BY_ANY_NAME,
  REMOVED_ANNOTATIONS,
  RISKS,
} from '../../server/src/facts/ingressNginxAnnotations.ts';
import { CONTROLLER_FLAGS, REMOVED_FLAGS } from '../../server/src/facts/ingressNginxFlags.ts';
import { CONFIG_KEYS, REMOVED_KEYS } from '../../server/src/facts/ingressNginxKeys.ts';
import { CONTROLLER_CVES, CONTROLLER_RELEASES, DEFAULT_CHANGES } from '../../server/src/facts/ingressNginxReleases.ts';
import { ANNOTATION_SNIPPETS, CONFIG_MAP_SNIPPETS } from '../../server/src/facts/ingressNginxSnippets.ts';
import { nginxDirectives } from '../../server/src/facts/nginx.ts';
import { parseVersion } from '../../server/src/text/version.ts';

const keys = [...CONFIG_KEYS.values()];
const annotations = [...ANNOTATIONS.values()];
const flags = [...CONTROLLER_FLAGS.values()];

describe('facts of ingress-nginx', () => {
  it('holds every name of 1.15.1, and those that are gone', () => {
    assert.deepEqual(
      [keys, annotations, flags].map(list => list.length),
      [196, 136, 72],
    );
    assert.deepEqual([REMOVED_KEYS.size, REMOVED_ANNOTATIONS.size, REMOVED_FLAGS.size], [51, 29, 6]);
    for (const name of REMOVED_KEYS.keys()) assert.ok(!CONFIG_KEYS.has(name), name);
    for (const name of REMOVED_ANNOTATIONS.keys()) assert.ok(!ANNOTATIONS_BY_ANY_NAME.has(name), name);
    for (const name of REMOVED_FLAGS.keys()) assert.ok(!CONTROLLER_FLAGS.has(name), name);
  });

  it('says in one line and in both languages what each is for', () => {
    for (const { name, help } of [...keys, ...annotations, ...flags]) {
      assert.match(help.en, /^[^\n]{8,110}$/, name);
      assert.match(help.zh, /\p{Script=Han}[^\n]*$/u, name);
      assert.doesNotMatch(help.en, /\p{Script=Han}/u, name);
    }
  });

  it('names a release for each, and a directive that nginx has', () => {
    for (const { name, since } of [...keys, ...annotations, ...flags]) assert.ok(parseVersion(since), name);
    // Modules of the controller's own image: OpenTelemetry, ModSecurity, Brotli and GeoIP2.
    const ofImage = /^(?:opentelemetry|modsecurity|brotli|geoip2)/;
    for (const { name, directive } of [...keys, ...annotations]) {
      const isKnown = directive === null || ofImage.test(directive) || nginxDirectives(directive).length > 0;
      assert.ok(isKnown, `${name}: ${directive}`);
    }
  });

  it('takes its own defaults, but for those that only the node tells', () => {
    for (const { name, default: value, pattern, values, range } of keys) {
      if (value === '' || value.startsWith('<')) continue;
      if (pattern) assert.match(value, pattern, name);
      if (values.length > 0) assert.ok(values.includes(value), name);
      if (range) assert.ok(Number(value) >= range[0] && Number(value) <= range[1], name);
    }
  });

  it('has patterns that are linear: hostile text of 100,000 characters takes no time', () => {
    const hostile = ['a', ' ', ', ', 'a,', '/', '$', '1', '1 ', 'error ', 'TLSv1.2 ', '@', '-', 'a-', 'a.', '200,'];
    for (const { name, pattern } of [...keys, ...annotations]) {
      for (const part of pattern ? hostile : []) {
        const start = performance.now();
        pattern?.test(`${part.repeat(100_000 / part.length)}\u0000`);
        assert.ok(performance.now() - start < 3_000, `${name} on ${JSON.stringify(part)}`);
      }
    }
  });

  it('knows what the nginx texts are by the same names as the places they are pasted into', () => {
    const texts = (list: readonly { readonly name: string; readonly type: string }[]) =>
      list.filter(({ type, name }) => type === 'nginx-text' && name !== 'modsecurity-snippet').map(({ name }) => name);
    assert.deepEqual(texts(keys).sort(), CONFIG_MAP_SNIPPETS.map(({ name }) => name).sort());
    assert.deepEqual(texts(annotations).sort(), ANNOTATION_SNIPPETS.map(({ name }) => name).sort());
  });

  it('ranks every annotation, and reads some of them only beside another', () => {
    for (const { name, risk, readWith, type } of annotations) {
      assert.ok(RISKS.includes(risk), name);
      assert.equal(risk === 'Critical', type === 'nginx-text', name);
      assert.ok(readWith === null || ANNOTATIONS.has(readWith), name);
    }
    assert.equal(ANNOTATIONS.get('auth-signin')?.readWith, 'auth-url');
    assert.equal(ANNOTATIONS_BY_ANY_NAME.get('whitelist-source-range')?.name, 'allowlist-source-range');
  });

  it('knows releases by version, oldest line first, and what mends which CVE', () => {
    const last = CONTROLLER_RELEASES.at(-1);
    assert.deepEqual([last?.version, last?.chart, last?.nginx, last?.openssl], ['1.15.1', '4.15.1', '1.27.1', '3.5']);
    assert.equal(CONTROLLER_CVES.length, 25);
    const critical = CONTROLLER_CVES.find(({ id }) => id === 'CVE-2025-1974');
    assert.deepEqual([critical?.affected, critical?.fixed], ['<1.11.5, 1.12.0', ['1.11.5', '1.12.1']]);
    const risk = DEFAULT_CHANGES.find(({ name }) => name === 'annotations-risk-level');
    assert.deepEqual(risk?.changes, [
      { from: '1.9.0', value: 'Critical' },
      { from: '1.12.0', value: 'High' },
    ]);
  });
});
