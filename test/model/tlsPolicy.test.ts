import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Core } from '../../server/src/core.ts';
import { link } from '../../server/src/model/cluster.ts';
import { controllerTls } from '../../server/src/model/controllerTls.ts';
import { readPiece } from '../../server/src/model/pieces.ts';
import { NO_KEYS } from '../../server/src/model/servedKeys.ts';
import { isHeeded, serversOf, type TlsCircumstances, type TlsPolicy } from '../../server/src/model/tlsPolicy.ts';
import type { Version } from '../../server/src/text/version.ts';

function policies(file: string, text: string): TlsPolicy[] {
  const entities = readPiece(file, file.endsWith('.conf') ? 'nginx' : 'yaml', text);
  return entities.filter((entity): entity is TlsPolicy => entity.is === 'tlsPolicy');
}

const NO_FILES = link(new Map());

const NEWEST: TlsCircumstances = {
  controllers: controllerTls([1, 15, 1], [1, 15, 1]),
  openssl: null,
  keyTypes: null,
  served: NO_KEYS,
  http2: null,
  protocols: null,
  curves: null,
};

const configMap = (name: string, ...data: string[]) =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\ndata:\n${data.map(line => `  ${line}\n`).join('')}`;

describe('the ConfigMap of ingress-nginx is told by', () => {
  const list = 'ssl-ciphers: HIGH';
  const told: readonly [what: string, text: string, is: boolean][] = [
    ['the name of the manifests', configMap('ingress-nginx-controller', list), true],
    ['the name of a release', configMap('edge-ingress-nginx-controller', list), true],
    ['its former name', configMap('nginx-configuration', list), true],
    ['the name of an addon', configMap('nginx-load-balancer-conf', list), true],
    ['keys that only it has', configMap('edge', list, 'use-http2: "true"', 'use-gzip: "true"'), true],
    ['a single such key, which may be chance', configMap('edge', list, 'use-http2: "true"'), false],
    ['keys that F5’s has too', configMap('nginx-config', list, 'ssl-protocols: TLSv1.2'), false],
    [
      'its own name, whatever F5’s key stands in it',
      configMap('ingress-nginx-controller', list, 'http2: "true"'),
      true,
    ],
    [
      'no name that charts of both have, beside F5’s key',
      configMap('nginx-ingress-controller', list, 'http2: "true"'),
      false,
    ],
    ['keys that HAProxy’s has too', configMap('haproxy', list, 'proxy-body-size: 1m'), false],
    ['no list at all', configMap('ingress-nginx-controller', 'use-http2: "true"'), false],
  ];
  for (const [what, text, is] of told)
    it(what, () => assert.equal(policies('x.yaml', text).filter(each => isHeeded(each, NO_FILES)).length, is ? 1 : 0));
});

describe('a TLS policy', () => {
  it('has the defaults of the controller where a key is not there', () => {
    const [policy] = policies('x.yaml', configMap('ingress-nginx-controller', 'ssl-ciphers: HIGH'));
    const [server, ...others] = (policy && serversOf(policy, NEWEST)) ?? [];
    assert.deepEqual(others, []);
    assert.deepEqual(server?.protocols, ['TLSv1.2', 'TLSv1.3']);
    assert.ok(server?.http2 && server.preferServerCiphers && !server.dhparam);
    assert.equal(server.ciphers.openssl, '3.5');
  });

  const switches: readonly [word: string, http2: boolean][] = [
    ['"false"', false],
    ['"0"', false],
    ['"true"', true],
    ['"off"', true],
  ];
  for (const [word, http2] of switches) {
    it(`has HTTP/2 ${http2 ? 'on' : 'off'} with use-http2: ${word}`, () => {
      const data = ['ssl-ciphers: HIGH', `use-http2: ${word}`];
      const [policy] = policies('x.yaml', configMap('ingress-nginx-controller', ...data));
      assert.equal(policy && serversOf(policy, NEWEST)?.[0]?.http2, http2);
    });
  }

  it('is found in a HelmRelease', () => {
    const text =
      'apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nspec:\n  chart: { spec: { chart: ingress-nginx } }\n' +
      '  values:\n    controller:\n      config:\n        ssl-protocols: TLSv1.2\n';
    assert.equal(policies('x.yaml', text)[0]?.protocols.value.known, 'TLSv1.2');
  });

  const written: readonly [style: string, lines: string][] = [
    ['plain', 'ssl-ciphers: AES128-SHA:HIGH'],
    ['in quotes', "ssl-ciphers: 'AES128-SHA:HIGH'"],
    ['with an escape', 'ssl-ciphers: "AES128-SHA\\x3aHIGH"'],
    ['folded', 'ssl-ciphers: >-\n    AES128-SHA\n    HIGH'],
  ];
  for (const [style, lines] of written) {
    it(`knows where each word of a list stands: ${style}`, () => {
      const text = configMap('ingress-nginx-controller', lines);
      const [policy] = policies('x.yaml', text);
      const { start, end } = policy?.ciphers.placeOf({ start: 11, end: 15 }).entry ?? { start: 0, end: 0 };
      assert.equal(text.slice(start, end), 'HIGH');
    });
  }
});

describe('what the controller has of its own', () => {
  const first = 'ECDHE-ECDSA-AES256-GCM-SHA384:';
  const table: readonly [oldest: Version, newest: Version, protocols: string[], openssl: string[], list: RegExp[]][] = [
    [[1, 15, 1], [1, 15, 1], ['TLSv1.2 TLSv1.3'], ['3.5'], [/:DHE-RSA-AES256-GCM-SHA384:DHE-RSA-AES128-GCM-SHA256$/]],
    [[1, 13, 3], [1, 13, 3], ['TLSv1.2 TLSv1.3'], ['3.5'], [/:DHE-RSA-AES128-GCM-SHA256:DHE-RSA-AES256-GCM-SHA384$/]],
    [[1, 12, 1], [1, 12, 1], ['TLSv1.2 TLSv1.3'], ['3.0 3.5'], [/GCM/]],
    [[1, 11, 8], [1, 11, 8], ['TLSv1.2 TLSv1.3'], ['3.5'], [/GCM/]],
    [[1, 9, 6], [1, 9, 6], ['TLSv1.2 TLSv1.3'], ['3.0'], [/GCM/]],
    [[1, 5, 1], [1, 5, 1], ['TLSv1.2 TLSv1.3'], ['1.1.1'], [/GCM/]],
    [[0, 32, 0], [0, 32, 0], ['TLSv1.2'], ['1.1.1'], [/DHE-RSA-AES256/]],
    [[0, 26, 1], [0, 26, 1], ['TLSv1.2'], ['1.1.1'], [new RegExp(`^${first}.*ECDHE-RSA-AES128-SHA256$`)]],
    [
      [0, 32, 0],
      [1, 6, 4],
      ['TLSv1.2 TLSv1.3', 'TLSv1.2 TLSv1.3', 'TLSv1.2'],
      ['3.0', '1.1.1', '1.1.1'],
      [/./, /./, /./],
    ],
  ];
  for (const [oldest, newest, protocols, openssl, lists] of table) {
    it(`from ${oldest.join('.')} to ${newest.join('.')}`, () => {
      const all = controllerTls(oldest, newest);
      assert.deepEqual(
        all.map(each => each.protocols.join(' ')),
        protocols,
      );
      assert.deepEqual(
        all.map(each => each.openssl.join(' ')),
        openssl,
      );
      for (const [index, list] of lists.entries()) assert.match(all[index]?.ciphers ?? '', list);
    });
  }

  it('is the version’s that an image nearby names: TLS 1.0 is on before OpenSSL 3', () => {
    const at = (version: string) => {
      const core = new Core(message => assert.fail(message));
      core.put('cm.yaml', configMap('ingress-nginx-controller', 'ssl-protocols: TLSv1 TLSv1.2'));
      core.put(
        'deploy.yaml',
        `apiVersion: apps/v1\nkind: Deployment\nspec:\n  template:\n    spec:\n      containers:\n        - image: registry.k8s.io/ingress-nginx/controller:${version}\n`,
      );
      return core.findings('cm.yaml').find(({ rule }) => rule === 'tls/obsolete-protocol')?.message ?? '';
    };
    assert.match(at('v1.5.1'), /^Connections with TLSv1 are accepted/);
    assert.match(at('v1.6.4'), /^No client gets TLSv1/);
  });
});

describe('of nginx, a server', () => {
  const http = (...lines: string[]) => `events {}\nhttp {\n${lines.join('\n')}\n}\n`;
  const last = (text: string) => policies('x.conf', text).at(-1);

  it('inherits what the block around it says, and its own counts more', () => {
    const text = http('ssl_ciphers HIGH; ssl_prefer_server_ciphers on; server { listen 443 ssl; ssl_ciphers AES; }');
    const policy = last(text);
    assert.equal(policy?.ciphers.value.known, 'AES');
    assert.ok(policy.preferServerCiphers.is(true));
  });

  const protocols: readonly [own: string, ofDefault: string, known: string | undefined][] = [
    ['TLSv1.2', 'TLSv1.2', 'TLSv1.2'],
    // Which of them counts depends on the version.
    ['TLSv1', 'TLSv1.2', undefined],
  ];
  for (const [own, ofDefault, known] of protocols) {
    it(`has ${known ?? 'unknown'} protocols if it says ${own} and the default server on its socket ${ofDefault}`, () => {
      const text = http(
        'server { listen 443 ssl; ssl_protocols TLSv1.3; ssl_ciphers HIGH; }',
        `server { listen 443 ssl default_server; ssl_protocols ${ofDefault}; ssl_ciphers HIGH; }`,
        `server { listen 443 ssl; ssl_protocols ${own}; ssl_ciphers HIGH; }`,
      );
      assert.equal(last(text)?.protocols.value.known, known);
    });
  }

  it('speaks HTTP/2 if any server on its socket turns it on there, and no other socket counts', () => {
    const both = (port: number) =>
      http('server { listen 443 ssl http2; }', `server { listen ${port} ssl; ssl_ciphers HIGH; }`);
    assert.ok(last(both(443))?.http2.is(true));
    assert.ok(last(both(8443))?.http2.isAbsent);
  });

  const unknown: readonly [what: string, text: string][] = [
    ['an include', http('server { listen 443 ssl; include tls.conf; ssl_ciphers HIGH; }')],
    ['a file of its own', 'server { listen 443 ssl; server_name a.example; ssl_ciphers HIGH; }\n'],
  ];
  for (const [what, text] of unknown) {
    it(`is left open by ${what}`, () => {
      const policy = last(text);
      assert.ok(policy?.http2.isUnknown);
      assert.equal(serversOf(policy, NEWEST), null);
    });
  }

  it('is not judged where ssl_conf_command may have the last word', () => {
    const text = http('server { listen 443 ssl; ssl_conf_command CipherString HIGH; ssl_ciphers AES; }');
    assert.equal(last(text), undefined);
  });

  it('has an ECDSA key if its certificate’s name says so, else nobody knows', () => {
    const types = (...names: string[]) =>
      last(http('server { listen 443 ssl; ssl_ciphers HIGH;', ...names.map(name => `ssl_certificate ${name};`), '}'))
        ?.keyTypes;
    assert.deepEqual(types('/etc/site.ecdsa.pem'), ['ECDSA']);
    assert.deepEqual(types('/etc/site.rsa.pem', '/etc/site.ecdsa.pem'), ['RSA', 'ECDSA']);
    assert.equal(types('/etc/site.pem'), null);
  });
});
