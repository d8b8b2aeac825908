import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { applyEdits } from '../../server/src/text/edits.ts';
import { LineIndex } from '../../server/src/text/lines.ts';
import { assertOffers, configMap, open } from './caret.ts';

function complete(file: string, withCaret: string, language: 'en' | 'zh' = 'en') {
  const { core, text, position, covered } = open(file, withCaret, language);
  const found = core.completions(file, position);
  const lines = new LineIndex(text);
  const taken = (label: string) => {
    const item = found?.items.find(each => each.label === label);
    if (!found || !item) return null;
    const span = { start: lines.offsetAt(found.range.start), end: lines.offsetAt(found.range.end) };
    return applyEdits(text, [{ span, newText: item.insert }]);
  };
  const items = found?.items ?? [];
  return { items, labels: items.map(({ label }) => label), typed: found ? covered(found.range) : null, taken };
}

const site = (line: string) => `server {\n    listen 443 ssl;\n    ${line}\n    server_name a.example;\n}\n`;
const annotation = (value: string) =>
  `apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata:\n  annotations:\n    nginx.ingress.kubernetes.io/ssl-ciphers: ${value}\n`;

const MOZILLA = ['Mozilla 6.0 intermediate', 'Mozilla 5.8 intermediate', 'Mozilla 5.8 old'];

describe('completion in a cipher list', () => {
  /** `yes` and `no`: labels that are offered and that are not; `typed`: what would be replaced. */
  type Row = [what: string, file: string, text: string, yes: readonly string[], no: readonly string[], typed: string];
  const table: readonly Row[] = [
    [
      'an empty value: whole lists',
      'a.yaml',
      configMap('  ssl-ciphers: ¦'),
      [...MOZILLA, 'ingress-nginx since 1.14.0', 'ECDHE-RSA-AES128-GCM-SHA256', 'HIGH', 'DEFAULT'],
      ['@STRENGTH', 'TLS_AES_128_GCM_SHA256', 'PSK-AES128-CBC-SHA', 'RC4-SHA'],
      '',
    ],
    [
      'empty quotes',
      'a.yaml',
      configMap('  ssl-ciphers: "¦"', '  use-gzip: "true"'),
      [...MOZILLA, 'AES128-SHA'],
      [],
      '',
    ],
    [
      'half a word behind another',
      'a.yaml',
      configMap('  ssl-ciphers: AES128-SHA:ECDHE-RSA¦'),
      ['ECDHE-RSA-AES128-GCM-SHA256', '@STRENGTH', '@SECLEVEL=0'],
      [...MOZILLA, 'AES128-SHA', 'DEFAULT'],
      'ECDHE-RSA',
    ],
    ['behind a sign', 'a.yaml', configMap('  ssl-ciphers: HIGH:!aN¦'), ['aNULL', 'MD5', 'kRSA'], [], 'aN'],
    ['behind a minus', 'a.yaml', configMap('  ssl-ciphers: HIGH:-A¦'), ['AES', 'AES128-SHA'], [], 'A'],
    ['a command', 'a.yaml', configMap('  ssl-ciphers: HIGH:@SEC¦'), ['@SECLEVEL=1'], MOZILLA, '@SEC'],
    ['in the middle', 'a.yaml', configMap('  ssl-ciphers: HIGH:¦:!aNULL'), ['AES128-SHA'], MOZILLA, ''],
    [
      'a folded list',
      'a.yaml',
      configMap('  ssl-ciphers: >-', '    AES128-SHA:', '    ECDHE¦'),
      ['ECDHE-RSA-AES128-GCM-SHA256'],
      ['AES128-SHA'],
      'ECDHE',
    ],
    ['an annotation', 'i.yaml', annotation('¦'), MOZILLA, [], ''],
    [
      'values of the chart',
      'v.yaml',
      'ingress-nginx:\n  controller:\n    config:\n      ssl-ciphers: H¦\n',
      MOZILLA,
      [],
      'H',
    ],
    ['nginx, before the semicolon', 'a.conf', site('ssl_ciphers AES128-SHA:EC¦;'), ['ECDHE'], MOZILLA, 'EC'],
    ['nginx, without one', 'a.conf', site('ssl_ciphers ¦'), [...MOZILLA, 'AES128-SHA'], [], ''],
    ['nginx, in quotes', 'a.conf', site("ssl_ciphers 'EC¦';"), [...MOZILLA, 'ECDHE'], [], 'EC'],
    [
      'nginx in YAML',
      'a.yaml',
      configMap('  http-snippet: |', '    server {', '      listen 443 ssl;', '      ssl_ciphers EC¦;', '    }'),
      ['ECDHE'],
      [],
      'EC',
    ],
    ['CRLF', 'a.yaml', configMap('  ssl-ciphers: ¦', '  use-gzip: "true"').replaceAll('\n', '\r\n'), MOZILLA, [], ''],
  ];
  for (const [what, file, text, yes, no, typed] of table) {
    it(what, () => {
      const found = complete(file, text);
      assertOffers(found.labels, yes, no);
      assert.equal(found.typed, typed);
    });
  }

  const nothing: readonly [what: string, file: string, text: string][] = [
    ['another key', 'a.yaml', configMap('  ssl-session-timeout: ¦', '  ssl-ciphers: HIGH')],
    ['a comment', 'a.yaml', configMap('  ssl-ciphers: HIGH # EC¦')],
    ['a foreign ConfigMap', 'a.yaml', configMap('  ssl-ciphers: ¦').replace('ingress-nginx-controller', 'haproxy')],
    ['another directive', 'a.conf', site('ssl_protocols ¦;')],
  ];
  for (const [what, file, text] of nothing) {
    it(`offers no suites in ${what}`, () => {
      assert.ok(!complete(file, text).labels.includes('ECDHE-RSA-AES128-GCM-SHA256'));
    });
  }

  it('writes whole lists, and of words only what is missing', () => {
    assert.match(
      complete('a.yaml', configMap('  ssl-ciphers: ¦')).taken('ingress-nginx since 1.14.0') ?? '',
      /ssl-ciphers: ECDHE-ECDSA-AES128-GCM-SHA256:.*:DHE-RSA-AES128-GCM-SHA256$/,
    );
    assert.equal(
      complete('a.conf', site('ssl_ciphers AES128-SHA:!aNU¦;')).taken('aNULL'),
      site('ssl_ciphers AES128-SHA:!aNULL;'),
    );
  });

  it('says of each what HTTP/2 makes of it', () => {
    const { items } = complete('a.yaml', configMap('  ssl-ciphers: ¦'));
    const of = (label: string) => items.find(each => each.label === label);
    assert.equal(of('AES128-GCM-SHA256')?.detail, 'RSA certificate, AEAD');
    assert.match(of('AES128-GCM-SHA256')?.documentation ?? '', /prohibits/);
    assert.equal(of('ECDHE-RSA-AES128-GCM-SHA256')?.documentation, 'HTTP/2 allows it.');
    assert.equal(of('Mozilla 6.0 intermediate')?.detail, 'whole list, 6 suites');
    const chinese = complete('a.yaml', configMap('  ssl-ciphers: ¦'), 'zh').items;
    assert.equal(chinese.find(({ label }) => label === 'HIGH')?.detail.endsWith('个套件'), true);
  });
});
