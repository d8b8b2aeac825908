import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Core } from '../../server/src/core.ts';

const configMap = (list: string) => `apiVersion: v1
kind: ConfigMap
metadata:
  name: ingress-nginx-controller
data:
  ssl-protocols: TLSv1.2
  ssl-ciphers: ${list}
`;

function hoverAt(file: string, text: string, line: number, character: number, language: 'en' | 'zh' = 'en'): string {
  const core = new Core(message => assert.fail(message));
  core.configure({}, language);
  core.put(file, text);
  return core.hover(file, { line, character })?.markdown ?? '';
}

const rowsOf = (markdown: string) => markdown.split('\n').filter(line => line.startsWith('|'));

describe('hover on a cipher list', () => {
  it('shows the suites in order, and what each main client gets', () => {
    const shown = hoverAt('a.yaml', configMap('AES128-SHA:ECDHE-RSA-AES128-GCM-SHA256'), 6, 20);
    assert.match(
      shown,
      /^\*\*2 suites for TLS 1\.2\*\*\. Over HTTP\/2 \*\*refused by Chromium 137 \(Win 11\), Firefox 137/,
    );
    const rows = rowsOf(shown);
    assert.deepEqual(rows.slice(0, 4), [
      '| suite | key exchange | AEAD | HTTP/2 |',
      '| --- | --- | --- | --- |',
      '| `AES128-SHA` | RSA | no | no |',
      '| `ECDHE-RSA-AES128-GCM-SHA256` | ECDHE | yes | yes |',
    ]);
    assert.ok(rows.includes('| Chromium 137 (Win 11) | TLSv1.2 `AES128-SHA` | h2 | **refuses HTTP/2** |'));
    assert.ok(rows.includes('| curl 7.88.1, OpenSSL 3.0.19 (--http2) | TLSv1.2 `AES128-SHA` | h2 | works |'));
    assert.match(shown, /With OpenSSL 3\.5, TLSv1\.2, key: RSA \(assumed\), the server’s order\./);
  });

  it('caps a long list', () => {
    const rows = rowsOf(hoverAt('a.yaml', configMap('HIGH'), 6, 20));
    assert.match(rows[14] ?? '', /^\| … and \d+ more \|/);
  });

  it('is content with a good one', () => {
    assert.match(hoverAt('a.yaml', configMap('HIGH:!aNULL'), 6, 4), /HTTP\/2 works with every main client/);
  });

  it('says when OpenSSL refuses it', () => {
    assert.match(hoverAt('a.yaml', configMap('MODERN'), 6, 20), /OpenSSL refuses this list\*\* \(no cipher match\)/);
  });

  it('shows the suites alone where the rest is not known', () => {
    const shown = hoverAt('a.conf', 'server {\n    listen 443 ssl;\n    ssl_ciphers AES128-SHA;\n}\n', 2, 18);
    assert.match(shown, /This text alone does not tell/);
    assert.doesNotMatch(shown, /Chromium/);
  });

  it('leaves the directive’s own name to what nginx says of it', () => {
    const shown = hoverAt('a.conf', 'server {\n    listen 443 ssl;\n    ssl_ciphers AES128-SHA;\n}\n', 2, 6);
    assert.doesNotMatch(shown, /suites for TLS 1\.2/);
  });

  it('speaks Chinese', () => {
    assert.match(hoverAt('a.yaml', configMap('AES128-SHA'), 6, 20, 'zh'), /TLS 1\.2 可用 1 个套件.*会被 .* 拒绝/);
  });
});
