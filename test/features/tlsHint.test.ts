import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Core } from '../../server/src/core.ts';

const ALL = { start: { line: 0, character: 0 }, end: { line: 1000, character: 0 } };

function hints(file: string, text: string, language: 'en' | 'zh' = 'en') {
  const core = new Core(message => assert.fail(message));
  core.configure({}, language);
  core.put(file, text);
  const lines = text.split('\n');
  return core.inlayHints(file, ALL).map(({ position: { line, character }, label }) => ({
    label,
    behind: (lines[line] ?? '').slice(0, character).trim(),
  }));
}

const configMap = (...data: string[]) =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ingress-nginx-controller\ndata:\n${data.map(line => `  ${line}\n`).join('')}`;
const site = (...lines: string[]) =>
  `events {}\nhttp {\n server {\n listen 443 ssl http2;\n ssl_prefer_server_ciphers on;\n${lines.join('\n')}\n }\n}\n`;

describe('the inlay hint behind a cipher list', () => {
  const table: readonly [what: string, file: string, text: string, label: string | undefined][] = [
    [
      'names the count, the suite that counts and the verdict',
      'a.yaml',
      configMap('ssl-ciphers: ECDHE-RSA-AES256-GCM-SHA384:AES128-SHA'),
      '2 suites · TLS 1.2: ECDHE-RSA-AES256-GCM-SHA384 · HTTP/2 works',
    ],
    [
      'says when browsers refuse HTTP/2, were it only without TLS 1.3',
      'a.yaml',
      configMap('ssl-ciphers: AES128-SHA:ECDHE-RSA-AES128-GCM-SHA256'),
      '2 suites · TLS 1.2: AES128-SHA · HTTP/2 refused',
    ],
    [
      'says when HTTP/2 is off',
      'a.yaml',
      configMap('ssl-ciphers: AES128-SHA', 'use-http2: "false"'),
      '1 suite · TLS 1.2: AES128-SHA · HTTP/2 off',
    ],
    [
      'says when there is nothing for such a browser',
      'a.yaml',
      configMap('ssl-ciphers: AES128-SHA256'),
      '1 suite · none for a browser with TLS 1.2',
    ],
    ['says when OpenSSL refuses the list', 'a.yaml', configMap('ssl-ciphers: MODERN'), 'refused by OpenSSL'],
    [
      'stands in nginx’s files too',
      'a.conf',
      site('ssl_ciphers "AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256";'),
      '2 suites · TLS 1.2: AES128-GCM-SHA256 · HTTP/2 refused',
    ],
    [
      'counts alone where the text does not tell more',
      'a.conf',
      'server {\n    listen 443 ssl;\n    ssl_ciphers AES128-SHA;\n}\n',
      '1 suite',
    ],
    ['is not there for a template', 'a.yaml', configMap('ssl-ciphers: {{ .Values.ciphers }}'), undefined],
  ];
  for (const [what, file, text, label] of table) {
    it(what, () => assert.equal(hints(file, text)[0]?.label, label));
  }

  it('stands behind the last word, once for servers that share a list', () => {
    const text =
      'events {}\nhttp {\n ssl_ciphers HIGH:!aNULL;\n server { listen 443 ssl; }\n server { listen 8443 ssl; }\n}\n';
    assert.deepEqual(
      hints('a.conf', text).map(({ behind }) => behind),
      ['ssl_ciphers HIGH:!aNULL'],
    );
    assert.equal(hints('a.yaml', configMap('ssl-ciphers: >-', '  HIGH:', '  !aNULL'))[0]?.behind, '!aNULL');
  });

  it('speaks Chinese', () => {
    assert.equal(
      hints('a.yaml', configMap('ssl-ciphers: AES128-SHA'), 'zh')[0]?.label,
      '1 个套件 · TLS 1.2: AES128-SHA · HTTP/2 被拒绝',
    );
  });
});
