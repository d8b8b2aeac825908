import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  CIPHER_ALIASES,
  CIPHER_SUITES,
  GROUP_BITS,
  OPENSSL_PROFILES,
  OPENSSL_VERSIONS,
  SUITE_B,
  TLS_PROTOCOLS,
  TLS13_DEFAULT,
} from '../../server/src/facts/tlsCiphers.ts';
import { TLS_CLIENTS } from '../../server/src/facts/tlsClients.ts';
import { TLS_GUIDELINES } from '../../server/src/facts/tlsGuidelines.ts';
import { cipherList } from '../../server/src/simulate/cipherList/cipherList.ts';

const suites = [...CIPHER_SUITES.values()];
const HEX = /^[0-9a-f]{4}$/;

describe('facts of TLS', () => {
  it('holds whole, frozen suites of known kinds', () => {
    const kinds = {
      kx: 'ECDHE DHE RSA PSK DHEPSK ECDHEPSK RSAPSK SRP any',
      au: 'RSA ECDSA DSS PSK SRP NULL any',
      class: 'HIGH MEDIUM LOW NONE',
      protocol: TLS_PROTOCOLS.join(' '),
    } as const;
    for (const suite of suites) {
      assert.match(suite.id, HEX);
      assert.match(suite.iana, /^TLS_\w+$/, suite.name);
      for (const property of ['kx', 'au', 'class', 'protocol'] as const) {
        assert.ok(kinds[property].split(' ').includes(suite[property]), `${suite.name}: ${suite[property]}`);
      }
      assert.ok([0, 112, 128, 256].includes(suite.strengthBits), suite.name);
      assert.ok(Object.isFrozen(suite));
    }
    assert.deepEqual([suites.length, new Set(suites.map(({ name }) => name)).size], [189, 189]);
  });

  it('prohibits under HTTP/2 what is not ephemeral, authenticated and AEAD', () => {
    const allowed = ({ kx, au, mac }: (typeof suites)[number]) =>
      kx === 'any' || (/^(EC)?DHE(PSK)?$/.test(kx) && au !== 'NULL' && mac === 'AEAD');
    assert.deepEqual(
      suites.filter(suite => suite.http2Prohibited === allowed(suite)).map(({ name }) => name),
      // The list of RFC 7540 is frozen: these came later.
      ['RSA-PSK-CHACHA20-POLY1305', 'PSK-CHACHA20-POLY1305'],
    );
  });

  it('knows what each OpenSSL is built with', () => {
    assert.deepEqual(
      OPENSSL_VERSIONS.map(version => OPENSSL_PROFILES[version].initialOrder.length),
      [160, 155, 155],
    );
    for (const version of OPENSSL_VERSIONS) {
      const { initialOrder, unknownAliases, oldestProtocol, groups } = OPENSSL_PROFILES[version];
      assert.equal(new Set(initialOrder).size, initialOrder.length);
      // The simulation selects suites by these four alone.
      const kinds = initialOrder.map(({ kx, au, enc, mac }) => [kx, au, enc, mac].join());
      assert.equal(new Set(kinds).size, kinds.length);
      assert.ok(initialOrder.every(({ weakBuild, protocol }) => !weakBuild && protocol !== 'TLSv1.3'));
      assert.ok([...unknownAliases].every(alias => CIPHER_ALIASES.has(alias)));
      assert.equal(oldestProtocol.length, 6);
      assert.ok(groups.every(group => GROUP_BITS.has(group)));
    }
    assert.deepEqual([TLS13_DEFAULT.length, [...SUITE_B.keys()].length], [3, 4]);
  });

  it('holds 86 clients, each with an order of versions and offers in hex', () => {
    assert.equal(TLS_CLIENTS.length, 86);
    for (const { key, oldest, newest, suites: offered, groups, alpn, http2 } of TLS_CLIENTS) {
      assert.ok(TLS_PROTOCOLS.indexOf(oldest) <= TLS_PROTOCOLS.indexOf(newest), key);
      assert.ok(offered.length > 0 && [...offered, ...groups].every(id => HEX.test(id)), key);
      assert.equal(new Set(offered).size, offered.length, key);
      assert.ok(alpn.includes('h2') || http2.enforces === null, key);
      assert.equal(newest === 'TLSv1.3', offered.some(id => id.startsWith('13')) && !draftsOnly(key), key);
    }
  });

  it('recommends lists that OpenSSL reads', () => {
    for (const { version, name, ciphers, protocols } of TLS_GUIDELINES) {
      assert.ok(protocols.every(protocol => TLS_PROTOCOLS.includes(protocol)));
      if (name === 'modern') assert.equal(ciphers, '');
      else assert.equal(cipherList(ciphers, '3.5').error, null, `${version} ${name}`);
    }
    assert.deepEqual(
      TLS_GUIDELINES.map(({ version, name }) => `${version} ${name}`),
      ['6.0 modern', '6.0 intermediate', '5.8 modern', '5.8 intermediate', '5.8 old'],
    );
  });
});

function draftsOnly(key: string): boolean {
  return TLS_CLIENTS.find(client => client.key === key)?.note?.includes('drafts') ?? false;
}
