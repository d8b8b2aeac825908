import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { TLS_CLIENTS, type TlsClient } from '../../server/src/facts/tlsClients.ts';
import { cipherList } from '../../server/src/simulate/cipherList/cipherList.ts';
import { type Handshake, handshake, type TlsServer } from '../../server/src/simulate/handshake.ts';

/** The list of the outage: copied from a load balancer. */
const NOTES = 'AES128-SHA:AES256-SHA:ECDHE-RSA-AES128-GCM-SHA256:HIGH:!aNULL:!MD5:!RC4:!DHE';
/** The controller's default. */
const DEFAULT =
  'ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:' +
  'ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305:DHE-RSA-AES256-GCM-SHA384:DHE-RSA-AES128-GCM-SHA256';

const SERVER: TlsServer = {
  protocols: ['TLSv1.2'],
  ciphers: cipherList(NOTES, '3.5'),
  preferServerCiphers: true,
  keyTypes: ['RSA'],
  dhparam: false,
  http2: true,
};

const CHROMIUM = clientOf('captured_chromium_156');
const CHROMIUM_12: TlsClient = {
  ...CHROMIUM,
  newest: 'TLSv1.2',
  suites: CHROMIUM.suites.filter(id => !id.startsWith('13')),
};

function clientOf(key: string): TlsClient {
  const client = TLS_CLIENTS.find(candidate => candidate.key === key);
  assert.ok(client, key);
  return client;
}

function said({ outcome, protocol, suite, alpn, reasons, notKnown }: Handshake): string {
  return [outcome, protocol, suite?.name, alpn, ...reasons, ...notKnown.map(what => `${what}?`)]
    .filter(part => part !== null && part !== undefined)
    .join(' ');
}

describe('handshake', () => {
  const table: readonly [what: string, server: Partial<TlsServer>, client: TlsClient, expected: string][] = [
    ['the outage', {}, CHROMIUM, 'http2Refused TLSv1.2 AES128-SHA h2 prohibitedSuite'],
    ['HTTP/2 off', { http2: false }, CHROMIUM, 'works TLSv1.2 AES128-SHA http/1.1'],
    ['TLS 1.3 hides it', { protocols: ['TLSv1.2', 'TLSv1.3'] }, CHROMIUM, 'works TLSv1.3 TLS_AES_256_GCM_SHA384 h2'],
    [
      '… not from a browser that is held back',
      { protocols: ['TLSv1.3', 'TLSv1.2'] },
      CHROMIUM_12,
      'http2Refused TLSv1.2 AES128-SHA h2 prohibitedSuite signatureAlgorithms?',
    ],
    [
      'the client’s own order saves it',
      { preferServerCiphers: false },
      CHROMIUM,
      'works TLSv1.2 ECDHE-RSA-AES128-GCM-SHA256 h2',
    ],
    [
      'an ECDSA certificate has no use for RSA suites',
      { keyTypes: ['ECDSA'] },
      CHROMIUM,
      'works TLSv1.2 ECDHE-ECDSA-AES256-GCM-SHA384 h2',
    ],
    [
      'GCM with static RSA',
      { ciphers: cipherList('AES128-GCM-SHA256', '3.5') },
      CHROMIUM,
      'http2Refused TLSv1.2 AES128-GCM-SHA256 h2 prohibitedSuite',
    ],
    [
      'curl does not mind',
      {},
      clientOf('captured_curl_7881'),
      'works TLSv1.2 AES128-SHA h2 prohibitedSuite notEnforced',
    ],
    [
      'Safari is said not to mind',
      {},
      clientOf('safari_184_osx_154'),
      'works TLSv1.2 AES128-SHA h2 prohibitedSuite notEnforced enforcement?',
    ],
    [
      'nobody knows of Android',
      {},
      clientOf('android_15_16'),
      'unknown TLSv1.2 AES128-SHA h2 prohibitedSuite enforcement?',
    ],
    ['a client without HTTP/2', {}, clientOf('captured_python311_urllib'), 'works TLSv1.2 ECDHE-RSA-AES128-GCM-SHA256'],
    [
      'drafts of TLS 1.3 are none',
      { protocols: ['TLSv1.2', 'TLSv1.3'] },
      clientOf('chrome_65_win7'),
      'http2Refused TLSv1.2 AES128-SHA h2 prohibitedSuite signatureAlgorithms?',
    ],
    ['too old', {}, clientOf('android_237'), 'protocolTooOld clientTooOld'],
    ['SSLv3 is never built', { protocols: ['SSLv3'] }, clientOf('android_237'), 'protocolTooOld clientTooOld'],
    [
      'a server of old',
      { protocols: ['TLSv1'], ciphers: cipherList(`${NOTES}@SECLEVEL=0`, '3.0') },
      CHROMIUM,
      'protocolTooOld serverTooOld',
    ],
    [
      'TLS 1.0 takes level 0 since 3.0',
      { protocols: ['TLSv1', 'TLSv1.2'], ciphers: cipherList(NOTES, '3.0') },
      clientOf('java_7u25'),
      'protocolTooOld securityLevel',
    ],
    [
      '… and works there',
      { protocols: ['TLSv1', 'TLSv1.2'], ciphers: cipherList(`${NOTES}:@SECLEVEL=0`, '3.0') },
      clientOf('java_7u25'),
      'works TLSv1 AES128-SHA',
    ],
    [
      '… as it does in 1.1.1',
      { protocols: ['TLSv1', 'TLSv1.2'], ciphers: cipherList(NOTES, '1.1.1') },
      clientOf('java_7u25'),
      'works TLSv1 AES128-SHA',
    ],
    [
      '… where an RSA key signs, at level 2',
      { protocols: ['TLSv1'], ciphers: cipherList('ECDHE', '1.1.1', 2) },
      clientOf('captured_curl_7881'),
      'works TLSv1 ECDHE-RSA-AES256-SHA h2 http2BelowTls12 prohibitedSuite notEnforced',
    ],
    [
      '… and where an ECDSA key would, with SHA-1',
      { protocols: ['TLSv1'], ciphers: cipherList('ECDHE', '1.1.1', 2), keyTypes: ['ECDSA'] },
      clientOf('captured_curl_7881'),
      'protocolTooOld securityLevel',
    ],
    [
      'HTTP/2 on TLS 1.0',
      { protocols: ['TLSv1'], ciphers: cipherList(`${NOTES}:@SECLEVEL=0`, '3.0') },
      clientOf('firefox_47_win7'),
      'http2Refused TLSv1 AES128-SHA h2 http2BelowTls12 prohibitedSuite',
    ],
    ['a refused list', { ciphers: cipherList('AES\n', '3.5') }, CHROMIUM, 'listRefused'],
    [
      'HTTP/2 or nothing',
      { http2: false },
      clientOf('captured_node20_http2'),
      'noApplicationProtocol TLSv1.2 AES128-SHA',
    ],
    [
      'a security level that P-256 just reaches',
      { ciphers: cipherList(DEFAULT, '3.5', 3) },
      clientOf('android_70'),
      'works TLSv1.2 ECDHE-RSA-AES128-GCM-SHA256 h2 signatureAlgorithms?',
    ],
    [
      'a security level that P-256 does not reach',
      { ciphers: cipherList(DEFAULT, '3.5', 4) },
      clientOf('android_70'),
      'noSharedCipher TLSv1.2',
    ],
  ];
  for (const [what, server, client, expected] of table) {
    it(`${what}: ${client.name}`, () => {
      assert.equal(said(handshake({ ...SERVER, ...server }, client)), expected);
    });
  }

  it('says why a suite is passed over', () => {
    const why = (string: string, server: Partial<TlsServer> = {}, client = clientOf('captured_node20_https')) =>
      handshake({ ...SERVER, ciphers: cipherList(string, '3.0'), ...server }, client)
        .passedOver.map(({ suite, why }) => `${suite.name} ${why}`)
        .join(', ');
    assert.equal(why('DHE-RSA-AES128-GCM-SHA256:AES128-SHA'), 'DHE-RSA-AES128-GCM-SHA256 noDhparam');
    assert.equal(why('DHE-RSA-AES128-GCM-SHA256:AES128-SHA', { dhparam: true }), '');
    assert.equal(why('ECDHE-ECDSA-AES128-SHA:AES128-SHA'), 'ECDHE-ECDSA-AES128-SHA noEcdsaCertificate');
    assert.equal(why('AES128-SHA', { keyTypes: ['ECDSA'] }), 'AES128-SHA noRsaCertificate');
    assert.equal(
      why('DHE-DSS-AES128-SHA:AES128-SHA', { dhparam: true }, clientOf('java_8u161')),
      'DHE-DSS-AES128-SHA noCertificate',
    );
    assert.equal(why('AES128-SHA:@SECLEVEL=3'), 'AES128-SHA securityLevel');
    assert.equal(
      why('ECDHE-RSA-AES128-SHA:AES128-SHA', {}, { ...CHROMIUM, groups: [] }),
      'ECDHE-RSA-AES128-SHA noSharedGroup',
    );
    assert.equal(
      why('AES128-GCM-SHA256:AES128-SHA:@SECLEVEL=0', { protocols: ['TLSv1.1'] }, { ...CHROMIUM_12, oldest: 'TLSv1' }),
      'AES128-GCM-SHA256 protocol',
    );
  });

  it('uses the TLS 1.3 suites that it is told', () => {
    const tls13Suites = cipherList('ALL', '3.5').suites?.slice(0, 0) ?? [];
    assert.equal(
      said(handshake({ ...SERVER, protocols: ['TLSv1.3'], tls13Suites }, CHROMIUM)),
      'noSharedCipher TLSv1.3',
    );
  });

  /** How many clients of the 86 end up how. */
  const counts: readonly [what: string, server: Partial<TlsServer>, expected: string][] = [
    ['the outage', {}, 'http2Refused 19, protocolTooOld 8, unknown 8, works 51'],
    ['with TLS 1.3', { protocols: ['TLSv1.2', 'TLSv1.3'] }, 'http2Refused 8, protocolTooOld 8, unknown 5, works 65'],
    ['preference off', { preferServerCiphers: false }, 'protocolTooOld 8, works 78'],
    ['ECDSA, which Chrome on XP has not', { keyTypes: ['ECDSA'] }, 'noSharedCipher 1, protocolTooOld 8, works 77'],
    [
      'the controller’s default',
      { protocols: ['TLSv1.2', 'TLSv1.3'], ciphers: cipherList(DEFAULT, '3.5') },
      'noSharedCipher 5, protocolTooOld 8, works 73',
    ],
  ];
  for (const [what, server, expected] of counts) {
    it(`${what}: 86 clients`, () => {
      const outcomes = TLS_CLIENTS.map(client => handshake({ ...SERVER, ...server }, client).outcome).sort();
      const kinds = [...new Set(outcomes)];
      assert.equal(
        kinds.map(kind => `${kind} ${outcomes.filter(other => other === kind).length}`).join(', '),
        expected,
      );
    });
  }

  it('plays a server against 86 clients in a few milliseconds', () => {
    const run = () => {
      const start = performance.now();
      for (const client of TLS_CLIENTS) handshake(SERVER, client);
      return performance.now() - start;
    };
    const fastest = Math.min(...Array.from({ length: 20 }, run));
    assert.ok(fastest < 10, `${fastest} ms`);
  });
});
