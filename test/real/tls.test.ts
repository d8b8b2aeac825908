import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { after, before, describe, it } from 'node:test';
import fc from 'fast-check';
import type { Browser } from 'playwright-core';
import { chromium } from 'playwright-core';
import { TLS_PROTOCOLS, type TlsProtocol } from '../../server/src/facts/tlsCiphers.ts';
import { TLS_CLIENTS, type TlsClient } from '../../server/src/facts/tlsClients.ts';
import { cipherList } from '../../server/src/simulate/cipherList/cipherList.ts';
import { type Handshake, handshake, type TlsServer } from '../../server/src/simulate/handshake.ts';
import { type FirstAnswer, firstAnswer, offerOf } from './tlsHello.ts';
import { complaintOfNginx, RealNginx } from './tlsNginx.ts';

const SEED = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31));
const GENERATED = 20;

/** Debian's OpenSSL, and its default of the security level. */
const listed = (string: string) => cipherList(string, '3.0', 2);

/** The lines of the outage. */
const NOTES = 'AES128-SHA:AES256-SHA:ECDHE-RSA-AES128-GCM-SHA256:HIGH:!aNULL:!MD5:!RC4:!DHE';
const NOTES_PROTOCOLS: readonly TlsProtocol[] = ['TLSv1', 'TLSv1.1', 'TLSv1.2', 'SSLv3'];
/** The default of ingress-nginx 1.15. */
const CONTROLLER =
  'ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:' +
  'ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305:DHE-RSA-AES256-GCM-SHA384:DHE-RSA-AES128-GCM-SHA256';

const OUTAGE: TlsServer = {
  protocols: NOTES_PROTOCOLS,
  ciphers: listed(NOTES),
  preferServerCiphers: true,
  keyTypes: ['RSA'],
  dhparam: false,
  http2: true,
};

interface Configuration {
  readonly name: string;
  readonly server: TlsServer;
}

/** Servers whose outcome with Chromium, as it is and held back to TLS 1.2, was known beforehand. */
const KNOWN: readonly (Configuration & { readonly outcome: string; readonly outcome12: string })[] = (
  [
    ['the outage', {}, 'http2Refused', 'http2Refused'],
    ['… without HTTP/2', { http2: false }, 'works', 'works'],
    ['the controller’s defaults', { protocols: ['TLSv1.2', 'TLSv1.3'], ciphers: listed(CONTROLLER) }, 'works', 'works'],
    ['the outage with TLS 1.3', { protocols: ['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'] }, 'works', 'http2Refused'],
    ['the controller’s list, TLS 1.2 alone', { protocols: ['TLSv1.2'], ciphers: listed(CONTROLLER) }, 'works', 'works'],
    ['the outage, preference off', { preferServerCiphers: false }, 'works', 'works'],
    ['the outage, ECDSA certificate', { keyTypes: ['ECDSA'] }, 'works', 'works'],
    ['a good suite moved first', { ciphers: listed(`ECDHE-RSA-AES128-GCM-SHA256:${NOTES}`) }, 'works', 'works'],
    ['GCM with static RSA first', { ciphers: listed(`AES128-GCM-SHA256:${NOTES}`) }, 'http2Refused', 'http2Refused'],
    ['ECDHE with CBC first', { ciphers: listed(`ECDHE-RSA-AES128-SHA256:${NOTES}`) }, 'http2Refused', 'http2Refused'],
  ] satisfies [string, Partial<TlsServer>, string, string][]
).map(([name, changes, outcome, outcome12]) => ({ name, server: { ...OUTAGE, ...changes }, outcome, outcome12 }));

/** What else decides a handshake: dead suites, old protocols, levels, HTTP/1.1 alone. */
const MORE: readonly Configuration[] = (
  [
    ['DHE without dhparam', { ciphers: listed('DHE') }],
    ['DHE with dhparam', { ciphers: listed('DHE'), dhparam: true }],
    ['RSA suites, ECDSA certificate', { ciphers: listed('kRSA:aRSA'), keyTypes: ['ECDSA'] }],
    ['both certificates', { ciphers: listed('HIGH:!aNULL'), keyTypes: ['RSA', 'ECDSA'], dhparam: true }],
    ['both certificates, the client’s order', { keyTypes: ['ECDSA', 'RSA'], preferServerCiphers: false }],
    ['TLS 1.0 at level 2', { protocols: ['TLSv1'] }],
    ['TLS 1.0 at level 1', { protocols: ['TLSv1', 'TLSv1.1'], ciphers: listed(`${NOTES}:@SECLEVEL=1`) }],
    ['TLS 1.0 at level 0', { protocols: ['TLSv1'], ciphers: listed(`${NOTES}:@SECLEVEL=0`) }],
    [
      'all protocols at level 0',
      { protocols: ['TLSv1', 'TLSv1.1', 'TLSv1.2'], ciphers: listed('ALL:eNULL@SECLEVEL=0') },
    ],
    ['anonymous at level 0', { ciphers: listed('aNULL:@SECLEVEL=0'), dhparam: true }],
    ['a gap between protocols', { protocols: ['TLSv1', 'TLSv1.3'], ciphers: listed(`${NOTES}:@SECLEVEL=0`) }],
    ['TLS 1.3 alone, HTTP/1.1', { protocols: ['TLSv1.3'], http2: false }],
    ['one curve', { groups: ['0018'] }],
    [
      'one curve, and nothing without it',
      { groups: ['0018'], ciphers: listed('ECDHE+AESGCM'), protocols: ['TLSv1.2', 'TLSv1.3'] },
    ],
    ['a curve that few have', { groups: ['001d'], ciphers: listed('ECDHE'), keyTypes: ['ECDSA'] }],
    ['PSK and SRP alone', { ciphers: listed('PSK:SRP:@SECLEVEL=0') }],
  ] satisfies [string, Partial<TlsServer>][]
).map(([name, changes]) => ({ name, server: { ...OUTAGE, ...changes } }));

const words = (
  'AES128-SHA AES256-SHA AES128-GCM-SHA256 AES256-GCM-SHA384 ECDHE-RSA-AES128-SHA ECDHE-RSA-AES128-SHA256 HIGH EECDH kRSA ' +
  'ECDHE-RSA-AES128-GCM-SHA256 ECDHE-RSA-AES256-GCM-SHA384 ECDHE-ECDSA-AES128-SHA ECDHE-RSA-CHACHA20-POLY1305 CHACHA20 ' +
  'ECDHE-ECDSA-AES256-GCM-SHA384 DHE-RSA-AES128-GCM-SHA256 AESGCM+kRSA EECDH+SHA384 !SHA256 -AESGCM !RC4 +kECDHE @STRENGTH'
).split(' ');

const servers: fc.Arbitrary<TlsServer> = fc
  .record({
    protocols: fc.constantFrom<(readonly TlsProtocol[])[]>(
      ['TLSv1.2'],
      ['TLSv1.2'],
      ['TLSv1.1', 'TLSv1.2'],
      ['TLSv1.2', 'TLSv1.3'],
    ),
    ciphers: fc
      .uniqueArray(fc.constantFrom(...words), { minLength: 1, maxLength: 7 })
      .map(list => listed(list.join(':'))),
    preferServerCiphers: fc.constantFrom(true, true, false),
    keyTypes: fc.constantFrom<TlsServer['keyTypes'][]>(['RSA'], ['RSA'], ['ECDSA'], ['RSA', 'ECDSA']),
    dhparam: fc.boolean(),
    http2: fc.constantFrom(true, true, true, false),
  })
  .filter(({ ciphers }) => ciphers.error === null);

const FRESH: readonly Configuration[] = fc
  .sample(servers, { seed: SEED, numRuns: GENERATED })
  .map((server, i) => ({ name: `generated ${i}: ${written(server)}`, server }));

const ALL: readonly Configuration[] = [...KNOWN, ...MORE, ...FRESH];

function written({ protocols, ciphers, preferServerCiphers, keyTypes, dhparam, http2 }: TlsServer): string {
  const flags = [preferServerCiphers && 'prefer', dhparam && 'dhparam', http2 && 'http2'].filter(Boolean);
  return [...protocols, ciphers.string, ...keyTypes, ...flags].join(' ');
}

function clientOf(key: string): TlsClient {
  const client = TLS_CLIENTS.find(candidate => candidate.key === key);
  assert.ok(client, key);
  return client;
}

/** The same client when it is told not to speak TLS 1.3. */
function heldBack(client: TlsClient): TlsClient {
  return { ...client, newest: 'TLSv1.2', suites: client.suites.filter(id => !id.startsWith('13')) };
}

describe(`handshake and Debian's nginx (SEED=${SEED})`, () => {
  let nginx: RealNginx;
  before(async () => {
    nginx = await RealNginx.start(ALL.map(({ server }) => server));
  });
  after(() => nginx.stop());
  const portOf = (configuration: Configuration) => nginx.ports[ALL.indexOf(configuration)] ?? 0;

  it('agree on all 86 recorded clients, byte for byte of their offers', async () => {
    const different: unknown[] = [];
    for (const configuration of ALL) {
      await Promise.all(
        TLS_CLIENTS.map(async client => {
          const predicted = wireOf(handshake(configuration.server, client), client);
          const real = namedOf(await firstAnswer(portOf(configuration), client), client);
          if (!predicted.includes(real))
            different.push({ server: configuration.name, client: client.name, predicted, real });
        }),
      );
    }
    assert.deepEqual(different, []);
  });

  it('agree that SHA-1 alone signs nothing above level 0', async () => {
    const sha1 = ['0201', '0203'];
    const client = heldBack(clientOf('captured_curl_7881'));
    const answer = (name: string) => {
      const configuration = MORE.find(candidate => candidate.name === name);
      assert.ok(configuration);
      return firstAnswer(portOf(configuration), client, sha1);
    };
    assert.ok('alert' in (await answer('both certificates')));
    assert.ok('suite' in (await answer('all protocols at level 0')));
    assert.deepEqual(handshake(OUTAGE, client).notKnown, ['signatureAlgorithms']);
  });

  it('agree on curl', async () => {
    const client = clientOf('captured_curl_7881');
    assert.deepEqual(
      await Promise.all(ALL.map(configuration => curl(portOf(configuration)))),
      ALL.map(({ server }) => pageOf(handshake(server, client))),
    );
  });

  it('agree on openssl s_client', async () => {
    const client = heldBack({ ...clientOf('captured_curl_7881'), oldest: 'TLSv1.2' });
    assert.deepEqual(
      await Promise.all(ALL.map(configuration => sClient(portOf(configuration)))),
      ALL.map(({ server }) => {
        const { outcome, protocol, suite, alpn } = handshake(server, client);
        return outcome === 'works' ? `${protocol} ${suite?.name} ${alpn}` : 'fails';
      }),
    );
  });

  it('refuse the same lists', () => {
    const lists = [
      'AES128-SHA\n',
      'TLS_AES_128_GCM_SHA256',
      'DES-CBC3-SHA',
      'HIGH:[AES]',
      'HIGH:X',
      'HIGH:@SECLEVEL=1',
    ];
    for (const string of lists) {
      const ciphers = listed(string);
      const complaint = complaintOfNginx({ ...OUTAGE, ciphers });
      assert.equal(complaint?.match(/invalid command|no cipher match/)?.[0] ?? complaint, ciphers.error, string);
    }
  });

  describe('and Chromium', () => {
    const browsers: Browser[] = [];
    const launch = async (...args: string[]) => {
      const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: [...QUIET, ...args] });
      browsers.push(browser);
      return browser;
    };
    after(() => Promise.all(browsers.map(browser => browser.close())));

    const client = clientOf('captured_chromium_156');

    it('offer what the facts say', async () => {
      const browser = await launch();
      const page = await browser.newPage();
      const offer = await offerOf(port => page.goto(`https://localhost:${port}/`).catch(() => null));
      const { oldest, newest, suites, groups, alpn } = client;
      assert.deepEqual(offer, { oldest, newest, suites, groups, alpn });
    });

    it('agree on the outage, its remedies and what was generated, as it is and held back to TLS 1.2', async () => {
      const visitors = [
        { client, browser: await launch() },
        { client: heldBack(client), browser: await launch('--ssl-version-max=tls1.2') },
      ];
      const visited = [...KNOWN, ...FRESH];
      const predicted = visitors.map(({ client }) => visited.map(({ server }) => handshake(server, client)));
      assert.deepEqual(
        KNOWN.map((_, i) => predicted.map(outcomes => outcomes[i]?.outcome)),
        KNOWN.map(({ outcome, outcome12 }) => [outcome, outcome12]),
      );
      const seen = await Promise.all(visitors.map(({ browser }) => visit(browser, visited.map(portOf))));
      assert.deepEqual(
        visited.flatMap(({ name }, i) =>
          visitors.flatMap((_, of) => {
            const [real, expected] = [seen[of]?.[i], pageOf(predicted[of]?.[i])];
            return real === expected ? [] : [{ name, real, expected }];
          }),
        ),
        [],
      );
    });
  });
});

const QUIET = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'];

/** Page for page what Chromium shows, or the error it names. */
async function visit(browser: Browser, ports: readonly number[]): Promise<string[]> {
  const context = await browser.newContext({ ignoreHTTPSErrors: true });
  const seen: string[] = [];
  let page = await context.newPage();
  for (const port of ports) {
    try {
      await page.goto(`https://localhost:${port}/`);
      seen.push((await page.textContent('body')) ?? '');
    } catch (error) {
      seen.push(OUTCOME_OF_ERROR.find(([text]) => String(error).includes(text))?.[1] ?? String(error));
      // The error page may still be loading.
      await page.close();
      page = await context.newPage();
    }
  }
  return seen;
}

const OUTCOME_OF_ERROR = [
  ['ERR_HTTP2_INADEQUATE_TRANSPORT_SECURITY', 'http2Refused'],
  ['ERR_SSL_VERSION_OR_CIPHER_MISMATCH', 'fails'],
  ['ERR_SSL_PROTOCOL_ERROR', 'fails'],
] as const;

/** What the page says, whoever loads it. */
function pageOf(handshake: Handshake | undefined): string {
  if (handshake === undefined) return 'not predicted';
  const { outcome, protocol, suite, alpn } = handshake;
  if (outcome === 'works') return `${protocol} ${suite?.name} ${alpn === 'h2' ? 'HTTP/2.0' : 'HTTP/1.1'}`;
  return outcome === 'http2Refused' ? outcome : 'fails';
}

function run(command: string, args: readonly string[]): Promise<{ failed: boolean; stdout: string }> {
  return new Promise(resolve => {
    const child = execFile(command, args, { encoding: 'utf8', timeout: 60_000 }, (error, stdout) =>
      resolve({ failed: error !== null, stdout }),
    );
    child.stdin?.end();
  });
}

async function curl(port: number): Promise<string> {
  const { failed, stdout } = await run('curl', ['--silent', '--insecure', '--http2', `https://localhost:${port}/`]);
  return failed ? 'fails' : stdout;
}

async function sClient(port: number): Promise<string> {
  const args = `s_client -connect 127.0.0.1:${port} -tls1_2 -alpn h2,http/1.1 -servername localhost`.split(' ');
  const { stdout } = await run('openssl', args);
  const [, suite] = stdout.match(/Cipher is (\S+)/) ?? [];
  if (suite === undefined || suite === '(NONE)') return 'fails';
  return `TLSv1.2 ${suite} ${stdout.match(/ALPN protocol: (\S+)/)?.[1] ?? null}`;
}

const ALERTS: ReadonlyMap<number, string> = new Map([
  [40, 'handshake_failure'],
  [70, 'protocol_version'],
  [80, 'internal_error'],
  [120, 'no_application_protocol'],
]);

/** The server's first answer as a prediction would have it, any of these; ALPN is encrypted in TLS 1.3. */
function wireOf({ outcome, protocol, suite, alpn, reasons }: Handshake, client: TlsClient): readonly string[] {
  switch (outcome) {
    case 'noSharedCipher':
      return ['handshake_failure'];
    case 'protocolTooOld':
      // A level that forbids the protocol is noticed when it has to sign, unless there is no shared cipher either.
      return [
        ...(reasons.includes('securityLevel') ? [] : ['protocol_version']),
        ...(reasons.includes('clientTooOld') ? [] : ['internal_error', 'handshake_failure']),
      ];
    case 'noApplicationProtocol':
      return ['no_application_protocol'];
    default:
      return [
        protocol === 'TLSv1.3' || client.alpn.length === 0
          ? `${protocol} ${suite?.id}`
          : `${protocol} ${suite?.id} ${alpn}`,
      ];
  }
}

function namedOf(answer: FirstAnswer, client: TlsClient): string {
  if ('alert' in answer) return ALERTS.get(answer.alert) ?? String(answer.alert);
  const { protocol, suite, alpn } = answer;
  // Before TLS 1.3 it is the client that finds the server too old.
  if (TLS_PROTOCOLS.indexOf(protocol) < TLS_PROTOCOLS.indexOf(client.oldest)) return 'protocol_version';
  return protocol === 'TLSv1.3' || client.alpn.length === 0 ? `${protocol} ${suite}` : `${protocol} ${suite} ${alpn}`;
}
