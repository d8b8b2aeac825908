import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { type Browser, chromium } from 'playwright-core';
import { Core } from '../../server/src/core.ts';
import { TLS_PROTOCOLS } from '../../server/src/facts/tlsCiphers.ts';
import { cipherList } from '../../server/src/simulate/cipherList/cipherList.ts';
import type { TlsServer } from '../../server/src/simulate/handshake.ts';
import { RealNginx } from './tlsNginx.ts';

const RULE = 'tls/http2-prohibited-cipher';
const FILE = 'site.conf';

/** Lists that Chromium refuses: the outage's, and one of each kind that HTTP/2 prohibits. */
const LISTS = [
  'AES128-SHA:AES256-SHA:ECDHE-RSA-AES128-GCM-SHA256:HIGH:!aNULL:!MD5:!RC4:!DHE',
  'AES128-GCM-SHA256:ECDHE-RSA-AES256-GCM-SHA384:ECDHE-RSA-AES128-GCM-SHA256',
  'ECDHE-RSA-AES128-SHA:HIGH:!aNULL',
  'kRSA+AES:HIGH:!aNULL',
  'AES256-SHA',
];

const configuration = (list: string, protocols: string) => `events {}
http {
    server {
        listen 443 ssl http2;
        ssl_certificate RSA.crt;
        ssl_certificate_key RSA.key;
        ssl_protocols ${protocols};
        ssl_prefer_server_ciphers on;
        ssl_ciphers ${list};
    }
}
`;

interface Step {
  readonly name: string;
  readonly text: string;
  /** What the browser shows there. */
  readonly shows: RegExp;
}

/** The configuration, and what each fix makes of it. */
function steps(text: string): Step[] {
  const core = new Core(message => assert.fail(message));
  core.put(FILE, text);
  const found = core.findings(FILE).filter(({ rule }) => rule === RULE);
  assert.equal(found.length, 1, text);
  const offers = found.flatMap(finding => finding.fixes.map(fix => ({ finding, fix })));
  assert.ok(offers.length > 0);
  return [
    { name: text, text, shows: /ERR_HTTP2_INADEQUATE_TRANSPORT_SECURITY/ },
    ...offers.map(({ finding, fix }) => {
      const lines = text.split('\n');
      for (const { range, newText } of core.editsOf(FILE, finding, fix) ?? []) {
        assert.equal(range.start.line, range.end.line);
        const line = lines[range.start.line] ?? '';
        lines[range.start.line] = line.slice(0, range.start.character) + newText + line.slice(range.end.character);
      }
      const protocol = fix.title === 'Turn HTTP/2 off' ? '1\\.1' : '2\\.0';
      const shows = new RegExp(`^TLSv1\\.2 \\S+ HTTP/${protocol}$`);
      return { name: `${fix.title}: ${text}`, text: lines.join('\n'), shows };
    }),
  ];
}

function serverOf(text: string): TlsServer {
  const argumentsOf = (name: string) => new RegExp(`\\s${name} (.*);`).exec(text)?.[1] ?? '';
  const words = argumentsOf('ssl_protocols').split(' ');
  return {
    protocols: TLS_PROTOCOLS.filter(protocol => words.includes(protocol)),
    ciphers: cipherList(argumentsOf('ssl_ciphers'), '3.0', 2),
    preferServerCiphers: true,
    keyTypes: ['RSA'],
    dhparam: false,
    http2: argumentsOf('listen').includes('http2'),
  };
}

describe('the fixes of tls/http2-prohibited-cipher', () => {
  let browser: Browser | undefined;
  let nginx: RealNginx | undefined;
  after(() => Promise.all([browser?.close(), nginx?.stop()]));

  it('make Chromium load what it refused', async () => {
    const all = LISTS.flatMap(list => steps(configuration(list, 'TLSv1.2')));
    assert.ok(all.length >= 2 * LISTS.length);
    nginx = await RealNginx.start(all.map(({ text }) => serverOf(text)));
    browser = await chromium.launch({
      executablePath: '/usr/bin/chromium',
      args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'],
    });
    const context = await browser.newContext({ ignoreHTTPSErrors: true });
    for (const [i, { name, shows }] of all.entries()) {
      const page = await context.newPage();
      const seen = await page.goto(`https://localhost:${nginx.ports[i]}/`).then(
        () => page.textContent('body'),
        (error: unknown) => String(error),
      );
      assert.match(seen?.trim() ?? '', shows, name);
      await page.close();
    }
  });
});
