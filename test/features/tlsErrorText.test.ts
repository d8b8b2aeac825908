import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Core } from '../../server/src/core.ts';
import { TLS_ERROR_TEXTS } from '../../server/src/facts/browserErrors.ts';
import { RULES } from '../../server/src/rules/index.ts';

const BAD = `apiVersion: v1
kind: ConfigMap
metadata:
  name: ingress-nginx-controller
data:
  # Chrome: ERR_SPDY_INADEQUATE_TRANSPORT_SECURITY
  ssl-protocols: TLSv1.2
  ssl-ciphers: AES128-SHA:ECDHE-RSA-AES128-GCM-SHA256
`;
const GOOD = BAD.replace('AES128-SHA:', '');

function workspace(files: Record<string, string>, language: 'en' | 'zh' = 'en'): Core {
  const core = new Core(message => assert.fail(message));
  core.configure({}, language);
  for (const [file, text] of Object.entries(files)) core.put(file, text);
  return core;
}

/** What is shown, and where the links lead, at the first place of a word. */
function at(core: Core, file: string, text: string, word: string) {
  const before = text.slice(0, text.indexOf(word) + 3).split('\n');
  const position = { line: before.length - 1, character: before.at(-1)?.length ?? 0 };
  const targets = core.links(file, position)?.definitions ?? [];
  return {
    shown: core.hover(file, position)?.markdown ?? '',
    leads: targets.map(target => `${target.file}:${target.range.start.line + 1}`),
  };
}

describe('an error of a browser', () => {
  const NOTE = 'Since the change of Tuesday:\nnet::ERR_HTTP2_INADEQUATE_TRANSPORT_SECURITY in Chrome, curl is fine\n';

  it('pasted into a scratch file leads to the setting', () => {
    const core = workspace({ 'deploy/configmap.yaml': BAD, 'Untitled-1': NOTE });
    const { shown, leads } = at(core, 'Untitled-1', NOTE, 'ERR_HTTP2');
    assert.match(shown, /^\*\*ERR_HTTP2_INADEQUATE_TRANSPORT_SECURITY\*\* \(Chrome, Edge, Opera\)/);
    assert.match(shown, /`deploy\/configmap\.yaml:8` Browsers refuse the site .* \(tls\/http2-prohibited-cipher\)/);
    assert.deepEqual(leads, ['deploy/configmap.yaml:8']);
  });

  it('in a comment of the file itself does so too', () => {
    const { shown, leads } = at(workspace({ 'cm.yaml': BAD }), 'cm.yaml', BAD, 'ERR_SPDY');
    assert.match(shown, /`cm\.yaml:8`/);
    assert.deepEqual(leads, ['cm.yaml:8']);
  });

  it('names what decides it where nothing leads there, and the links go to the lists', () => {
    const { shown, leads } = at(workspace({ 'cm.yaml': GOOD }), 'cm.yaml', GOOD, 'ERR_SPDY');
    assert.match(shown, /Nothing in this workspace leads there\. What decides it: `ssl-ciphers \(ssl_ciphers\)`/);
    assert.deepEqual(leads, ['cm.yaml:8']);
  });

  it('in a comment of nginx is explained', () => {
    const text = '# ERR_SSL_VERSION_OR_CIPHER_MISMATCH\nserver {\n    listen 443 ssl;\n}\n';
    const { shown } = at(workspace({ 'a.conf': text }), 'a.conf', text, 'ERR_SSL');
    assert.match(shown, /no protocol version, or no cipher suite, in common/);
  });

  it('is explained in every text that the facts have, in both languages, and its rules are there', () => {
    for (const { text, meaning, rules } of TLS_ERROR_TEXTS) {
      const note = `ERR_SSL_X: ${text}\n`;
      const { shown } = at(workspace({ note }, 'zh'), 'note', note, text);
      assert.ok(shown.includes(meaning.zh), text);
      for (const rule of rules)
        assert.ok(
          RULES.some(({ id }) => id === rule),
          rule,
        );
    }
  });

  it('is found nowhere else', () => {
    const note = 'The site is up. ERR_SSL_VERSION_OR_CIPHER_MISMATCH was last week.\n';
    assert.equal(at(workspace({ note }), 'note', note, 'site').shown, '');
    assert.deepEqual(workspace({ note: 'nothing\n' }).pieces('note'), []);
    assert.deepEqual(workspace({ note }).findings('note'), []);
  });
});
