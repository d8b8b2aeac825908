import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { OPENSSL_VERSIONS, type OpenSslVersion, type SecurityLevel } from '../../server/src/facts/tlsCiphers.ts';
import { type CipherItem, type CipherList, cipherList } from '../../server/src/simulate/cipherList/cipherList.ts';

/** What `openssl ciphers` of Debian 12 (3.0.19, security level 2) made of a string: ids in order. */
interface Recorded {
  readonly s: string;
  readonly suites: string | null;
  readonly tls12?: string;
  readonly error?: string;
}

const recorded = readFileSync('test/simulate/cipherList.recorded.jsonl', 'utf8')
  .trimEnd()
  .split('\n')
  .slice(1)
  .map(line => JSON.parse(line) as Recorded);

const ids = (suites: CipherList['suites']) => suites?.map(({ id }) => id).join(' ') ?? null;
const names = (list: CipherList) => list.suites?.map(({ name }) => name).join(' ') ?? list.error;

describe('cipherList', () => {
  it('is what openssl ciphers recorded, 300 of 300', () => {
    const different = recorded.filter(({ s, suites, tls12 = null, error = null }) => {
      const ours = cipherList(s, '3.0', 2);
      return ids(ours.suites) !== suites || (error ? null : ids(ours.tls12)) !== tls12 || ours.error !== error;
    });
    assert.deepEqual(different.slice(0, 3), []);
    assert.equal(recorded.length, 300);
  });

  it('reads a list in a tenth of a millisecond', () => {
    const run = () => {
      const start = performance.now();
      for (const { s } of recorded) cipherList(s, '3.5');
      return (performance.now() - start) / recorded.length;
    };
    const fastest = Math.min(...Array.from({ length: 20 }, run));
    assert.ok(fastest < 0.5, `${fastest} ms a list`);
  });

  describe('quirks, as measured', () => {
    const same: readonly [what: string, one: string, other: string, versions?: readonly OpenSslVersion[]][] = [
      ['an item that is understood needs no separator behind it', 'ALL!AES@STRENGTH', 'ALL:!AES:@STRENGTH'],
      ['an unknown word takes along all up to the next separator', 'ALL:X+RSA@STRENGTH!AES:-PSK', 'ALL:-PSK'],
      ['… RC4 among them since 3.0', 'ALL:RC4+RSA!AES', 'ALL', ['3.0', '3.5']],
      ['a contradiction does so too', 'ALL:kRSA+kDHE!AES', 'ALL'],
      ['an unknown word hides even what is invalid', 'ALL:X+:AES', 'ALL'],
      ['the first class wipes out COMPLEMENTOFDEFAULT', 'COMPLEMENTOFDEFAULT+HIGH', 'HIGH'],
      ['DEFAULT is seven letters at the beginning', 'DEFAULTS:AES', 'DEFAULT'],
      ['DEFAULT cannot be widened', 'DEFAULT:ALL:eNULL', 'DEFAULT'],
      ['DEFAULT is an unknown word elsewhere', 'AES:DEFAULT', 'AES'],
      ['a suite’s name is what it has …', 'AES128-SHA+kRSA', 'kRSA+AES128+SHA1'],
      ['… but for its protocol', 'ALL:AES128-SHA+TLSv1.2!AES', 'ALL:!AES'],
      ['a command takes along all up to the next separator', 'ALL:@STRENGTH!AES:-PSK', 'ALL:@STRENGTH:-PSK'],
      ['SHA384 is the hash of a MAC, which GCM has not', 'AESGCM+SHA384:AES128-SHA', 'AES128-SHA'],
      [
        'Suite B takes the whole string',
        'SUITEB128:AES:!ECDHE',
        'ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384',
      ],
      ['Suite B of the longest name first', 'SUITEB128ONLY', 'ECDHE-ECDSA-AES128-GCM-SHA256'],
      ['comma, semicolon and space separate', 'AES128-SHA, AES256-SHA;;CAMELLIA', 'AES128-SHA:AES256-SHA:CAMELLIA'],
      ['what is there stays where it is', 'AES128-SHA:AES256-SHA:AES128-SHA', 'AES128-SHA:AES256-SHA'],
      ['what is killed never comes back', 'ALL:!AES:AES', 'ALL:-AES'],
      ['moving adds nothing', 'AES128-SHA:+AES256-SHA', 'AES128-SHA'],
      ['a string ends at its first NUL', 'AES\0\n', 'AES'],
    ];
    for (const [what, one, other, versions = OPENSSL_VERSIONS] of same) {
      it(what, () => {
        for (const version of versions) {
          assert.equal(names(cipherList(one, version)), names(cipherList(other, version)), version);
        }
      });
    }

    it('brings back first what was deleted, and moves keep the order', () => {
      const first = (string: string) =>
        cipherList(string, '3.0')
          .suites?.slice(0, 2)
          .map(({ name }) => name);
      assert.deepEqual(first('AES128-SHA:AES256-SHA:-AES:AES'), ['AES128-SHA', 'AES256-SHA']);
      assert.deepEqual(first('AES128-SHA:AES256-SHA:+AES128-SHA'), ['AES256-SHA', 'AES128-SHA']);
    });

    it('sorts by strength and otherwise keeps the order', () => {
      const string = 'AES128-SHA:AES256-SHA:AES128-SHA256:AES256-SHA256:@STRENGTH';
      assert.equal(names(cipherList(string, '3.0')), 'AES256-SHA AES256-SHA256 AES128-SHA AES128-SHA256');
    });
  });

  describe('refuses what OpenSSL refuses', () => {
    const refused: readonly [string, CipherList['error']][] = [
      ['', 'no cipher match'],
      [':', 'no cipher match'],
      ['TLS_AES_128_GCM_SHA256', 'no cipher match'],
      ['ecdhe-rsa-aes128-gcm-sha256', 'no cipher match'],
      ['DES-CBC3-SHA', 'no cipher match'],
      ['ALL:!ALL', 'no cipher match'],
      ['AES\n', 'invalid command'],
      ['AES:\n!DES', 'invalid command'],
      ['AES\t:ALL', 'invalid command'],
      ['AES\r', 'invalid command'],
      ['ALL:!', 'invalid command'],
      ['ALL:+:X', 'invalid command'],
      ['AES+:X', 'invalid command'],
      ['[AES|ALL]', 'invalid command'],
      ['ALL:@', 'invalid command'],
      ['ALL:@strength', 'invalid command'],
      ['ALL:@SECLEVEL=6', 'invalid command'],
      ['ALL:@SECLEVEL=10', 'invalid command'],
      ['AES128-SHA\ud835\udcb3', 'invalid command'],
    ];
    for (const [string, error] of refused) {
      it(JSON.stringify(string), () => {
        for (const version of OPENSSL_VERSIONS) {
          const list = cipherList(string, version);
          assert.deepEqual([list.error, list.suites, list.tls12], [error, null, []], version);
        }
      });
    }
  });

  describe('differs by version', () => {
    const table: readonly [string, Record<OpenSslVersion, string>][] = [
      [
        'AES128-SHA:TLS_RSA_WITH_AES_256_CBC_SHA',
        { '1.1.1': 'AES128-SHA', '3.0': 'AES128-SHA', '3.5': 'AES128-SHA AES256-SHA' },
      ],
      ['AES128-SHA_', { '1.1.1': 'invalid command', '3.0': 'invalid command', '3.5': 'no cipher match' }],
      ['IDEA', { '1.1.1': 'IDEA-CBC-SHA', '3.0': 'no cipher match', '3.5': 'no cipher match' }],
      [
        'kRSA+AESCCM8+HIGH',
        { '1.1.1': 'AES256-CCM8 AES128-CCM8', '3.0': 'AES256-CCM8 AES128-CCM8', '3.5': 'no cipher match' },
      ],
      ['kRSA+CAMELLIA128+CBC+SHA1', { '1.1.1': 'no cipher match', '3.0': 'CAMELLIA128-SHA', '3.5': 'CAMELLIA128-SHA' }],
      ['kRSA+RC4+RC2:AES128-SHA', { '1.1.1': 'AES128-SHA', '3.0': 'AES128-SHA', '3.5': 'AES128-SHA' }],
    ];
    for (const [string, expected] of table) {
      it(string, () => {
        assert.deepEqual(
          Object.fromEntries(OPENSSL_VERSIONS.map(version => [version, names(cipherList(string, version))])),
          expected,
        );
      });
    }
  });

  describe('knows what is left at TLS 1.2 for each security level', () => {
    const string =
      'AES128-SHA:ECDHE-RSA-AES256-SHA:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-RSA-AES256-GCM-SHA384:NULL-SHA:AECDH-AES256-SHA';
    const table: readonly [SecurityLevel, string][] = [
      [
        0,
        'AES128-SHA ECDHE-RSA-AES256-SHA ECDHE-RSA-AES128-GCM-SHA256 ECDHE-RSA-AES256-GCM-SHA384 NULL-SHA AECDH-AES256-SHA',
      ],
      [1, 'AES128-SHA ECDHE-RSA-AES256-SHA ECDHE-RSA-AES128-GCM-SHA256 ECDHE-RSA-AES256-GCM-SHA384'],
      [2, 'AES128-SHA ECDHE-RSA-AES256-SHA ECDHE-RSA-AES128-GCM-SHA256 ECDHE-RSA-AES256-GCM-SHA384'],
      [3, 'ECDHE-RSA-AES256-SHA ECDHE-RSA-AES128-GCM-SHA256 ECDHE-RSA-AES256-GCM-SHA384'],
      [4, 'ECDHE-RSA-AES256-GCM-SHA384'],
      [5, 'ECDHE-RSA-AES256-GCM-SHA384'],
    ];
    for (const [level, expected] of table) {
      it(`level ${level}`, () => {
        const tls12 = (list: CipherList) => list.tls12.map(({ name }) => name).join(' ');
        assert.equal(tls12(cipherList(string, '3.0', level)), expected);
        const inString = cipherList(`${string}:@SECLEVEL=${level}`, '3.0', 2);
        assert.deepEqual([inString.securityLevel, tls12(inString)], [level, expected]);
      });
    }

    it('leaves out PSK, SRP, and what TLS 1.2 no longer has', () => {
      assert.deepEqual(cipherList('PSK:SRP', '3.0', 0).tls12, []);
      assert.deepEqual(cipherList('IDEA', '1.1.1', 0).tls12, []);
      assert.deepEqual(cipherList('AESCCM8', '3.5', 1).tls12, []);
    });

    it('starts from the default of the version', () => {
      assert.deepEqual(
        OPENSSL_VERSIONS.map(version => cipherList('ALL', version).securityLevel),
        [1, 1, 2],
      );
    });
  });

  describe('says of every item what it did', () => {
    const count = ({ effect, suites }: CipherItem) => (suites.length > 0 ? `${effect} ${suites.length}` : effect);
    const table: readonly [string, string, OpenSslVersion?][] = [
      [
        'AES128-SHA:  AES128-SHA,!aNULL;-kRSA+AES128',
        'AES128-SHA=added 1|AES128-SHA=nothing|!aNULL=killed 13|-kRSA+AES128=deleted 1',
      ],
      [
        'HIGH!RC4:+AES256-SHA@STRENGTH',
        'HIGH=added 137|!RC4=unknown:RC4=notBuilt|+AES256-SHA=moved 1|@STRENGTH=sorted 137',
      ],
      ['DEFAULT:@SECLEVEL=0', 'DEFAULT=added 57|@SECLEVEL=0=levelSet'],
      ['SUITEB192:ALL', 'SUITEB192=added 1|:ALL=ignored'],
      ['RSA+kDHE+AES', 'RSA+kDHE+AES=contradiction'],
      ['AES:RC4+RSA@STRENGTH', 'AES=added 86|RC4+RSA@STRENGTH=unknown:RC4=notBuilt'],
      [
        'TLS_AES_128_GCM_SHA256:X',
        'TLS_AES_128_GCM_SHA256=unknown:TLS_AES_128_GCM_SHA256=tls13|X=unknown:X=noSuchWord',
      ],
      ['!TLS_RSA_WITH_AES_128_CBC_SHA', '!TLS_RSA_WITH_AES_128_CBC_SHA=unknown:TLS_RSA_WITH_AES_128_CBC_SHA=ianaName'],
      ['!TLS_RSA_WITH_AES_128_CBC_SHA', '!TLS_RSA_WITH_AES_128_CBC_SHA=killed 1', '3.5'],
      ['aes+kRSA:!EXPORT', 'aes+kRSA=unknown:aes=letterCase|!EXPORT=unknown:EXPORT=former'],
      ['DES-CBC3-SHA', 'DES-CBC3-SHA=unknown:DES-CBC3-SHA=notBuilt'],
      ['kRSA:\nALL:!', 'kRSA=added 19|\nALL=refused|!=refused'],
      ['AES\n', 'AES=added 86|\n=refused'],
      ['𝒳:AES', '𝒳=refused|AES=added 86'],
    ];
    for (const [string, expected, version = '3.0'] of table) {
      it(`${JSON.stringify(string)} in ${version}`, () => {
        const { items } = cipherList(string, version);
        const said = items.map(item => {
          const unknown = item.unknown
            ? `:${string.slice(item.unknown.start, item.unknown.end)}=${item.unknown.why}`
            : '';
          return `${string.slice(item.start, item.end)}=${count(item)}${unknown}`;
        });
        assert.equal(said.join('|'), expected);
      });
    }
  });
});
