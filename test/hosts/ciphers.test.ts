import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { describe, it } from 'node:test';
import { asJsonLine, asJsonLines, asTables } from '../../server/src/hosts/ciphers.ts';

const REQUEST = { openssl: '3.0', securityLevel: 2 } as const;

/** The command itself, from source. */
function ciphers(args: readonly string[], input = '') {
  const node = ['--require', './test/page-hook.cjs', '--import', 'tsx', 'server/src/hosts/cli.ts', 'ciphers', ...args];
  return spawnSync(process.execPath, node, {
    encoding: 'utf8',
    input,
    env: { ...process.env, LC_ALL: 'C', LANG: 'C' },
  });
}

describe('ciphers', () => {
  it('answers a string with one line of JSON', () => {
    assert.equal(
      asJsonLine('NULL-SHA:ECDHE-RSA-AES128-GCM-SHA256', REQUEST),
      '{"string":"NULL-SHA:ECDHE-RSA-AES128-GCM-SHA256","suites":["0002","c02f"],"tls12":["c02f"],"error":null}\n',
    );
    assert.equal(asJsonLine('X\r', REQUEST), '{"string":"X\\r","suites":null,"tls12":[],"error":"no cipher match"}\n');
  });

  it('ends lines at a line feed alone, wherever the text is cut', async () => {
    async function* chunks() {
      yield* ['AES', '128-SHA\n\n A', 'ES256-SHA \r\n', 'PSK+AES128+SHA384'];
    }
    const strings: unknown[] = [];
    for await (const line of asJsonLines(chunks(), REQUEST)) strings.push(JSON.parse(line).string);
    assert.deepEqual(strings, ['AES128-SHA', '', ' AES256-SHA \r', 'PSK+AES128+SHA384']);
  });

  it('shows people what is left and what is idle', () => {
    const { text, refused } = asTables('AES128-SHA:AECDH-AES128-SHA:RC4+RSA', REQUEST, 'en');
    assert.equal(refused, false);
    assert.equal(
      text,
      `OpenSSL 3.0, security level 2: 2 suites, 1 usable at TLS 1.2. TLS 1.3 has its own.

  suite             key exchange  authentication  AEAD  HTTP/2      TLS 1.2
  AES128-SHA        RSA           RSA             no    prohibited  yes
  AECDH-AES128-SHA  ECDHE         none            no    prohibited  no

Without effect:
  RC4+RSA  this OpenSSL is built without it; ignored up to the next separator
`,
    );
  });

  it('shows them in Chinese what spoils the string', () => {
    const { text, refused } = asTables('AES:\nRC4', REQUEST, 'zh');
    assert.equal(refused, true);
    assert.equal(
      text,
      `OpenSSL 3.0 拒绝此字符串：invalid command。

不起作用：
  \\nRC4  无效：整个字符串因此被拒绝
`,
    );
  });

  const runs: readonly [args: readonly string[], input: string, status: number, output: RegExp][] = [
    [['AES128-SHA'], '', 0, /^OpenSSL 3\.5, security level 2: 1 suite,/],
    [['AES128-SHA', '--openssl', '1.1.1', '--lang', 'zh'], '', 0, /^OpenSSL 1\.1\.1，安全级别 1：1 个套件/],
    [['AES128-SHA\n', '--format', 'json'], '', 1, /^\{"string":"AES128-SHA\\n","suites":null,.*"invalid command"\}\n$/],
    [['--seclevel', '3'], 'AES128-SHA\nECDHE-RSA-AES128-SHA', 0, /^\{.*"tls12":\[\].*\n\{.*"tls12":\["c013"\].*\n$/],
    [['--seclevel', '6'], '', 2, /^ingress-path: --seclevel is one of 0, 1, 2, 3, 4, 5; not 6/],
    [['--openssl', '1.0.2'], '', 2, /^ingress-path: --openssl is one of/],
    [['HIGH', '!aNULL'], '', 2, /^ingress-path: ciphers takes one string/],
  ];
  for (const [args, input, status, output] of runs) {
    it(JSON.stringify(args), () => {
      const ran = ciphers(args, input);
      assert.match(ran.stdout + ran.stderr, output);
      assert.equal(ran.status, status);
    });
  }
});
