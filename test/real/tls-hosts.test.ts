import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { connect } from 'node:tls';
import { complaintOfBlock, RealNginx } from './tlsNginx.ts';

const [, minor = 0, patch = 0] = RealNginx.version().split('.').map(Number);
const ownCounts = minor > 29 || (minor === 29 && patch >= 2);

/** The protocol and suite that a host's client gets; OpenSSL's word for it where it gets none. */
function negotiated(port: number, servername: string): Promise<string> {
  return new Promise(resolve => {
    const socket = connect({ port, host: '127.0.0.1', servername, rejectUnauthorized: false }, () => {
      resolve(`${socket.getProtocol()} ${socket.getCipher().name}`);
      socket.destroy();
    }).on('error', error => resolve(String(error)));
  });
}

describe('tls/per-host-protocols: two servers on one socket of a real nginx', () => {
  let nginx: RealNginx | undefined;
  after(() => nginx?.stop());

  it('the ciphers of a host count, and its protocols do before 1.29.2 only for the default server', async () => {
    nginx = await RealNginx.startSharing([
      'server_name one.example; ssl_protocols TLSv1.2; ssl_ciphers ECDHE-RSA-AES128-GCM-SHA256;',
      'server_name two.example; ssl_protocols TLSv1.3; ssl_ciphers ECDHE-RSA-AES256-GCM-SHA384;',
    ]);
    const [port = 0] = nginx.ports;
    assert.equal(await negotiated(port, 'one.example'), 'TLSv1.2 ECDHE-RSA-AES128-GCM-SHA256');
    const second = ownCounts ? /^TLSv1\.3 TLS_/ : /^TLSv1\.2 ECDHE-RSA-AES256-GCM-SHA384$/;
    assert.match(await negotiated(port, 'two.example'), second);
  });
});

describe('tls/annotation-charset: a list that stands in nginx.conf without quotes', () => {
  const [one, two] = ['ECDHE-RSA-AES128-GCM-SHA256', 'ECDHE-RSA-AES256-GCM-SHA384'];
  const lists: readonly [list: string, complaint: RegExp | null][] = [
    [`${one}:${two}`, null],
    [`${one},${two}`, null],
    [`${one} ${two}`, /invalid number of arguments in "ssl_ciphers"/],
    [`${one}\n${two}`, /invalid number of arguments in "ssl_ciphers"/],
    [`${one};${two}`, /unknown directive "ECDHE-RSA-AES256-GCM-SHA384"/],
    [`${one}:${two}\n`, null],
  ];
  for (const [list, complaint] of lists) {
    it(JSON.stringify(list), () => {
      const said = complaintOfBlock(
        `server { listen unix:socket ssl; ssl_certificate RSA.crt; ssl_certificate_key RSA.key; ssl_ciphers ${list}; }`,
      );
      if (complaint) assert.match(said ?? '', complaint);
      else assert.equal(said, null);
    });
  }
});
