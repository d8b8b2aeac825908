import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ANNOTATIONS } from '../../server/src/facts/ingressNginxAnnotations.ts';
import { CONTROLLER_FLAGS } from '../../server/src/facts/ingressNginxFlags.ts';
import { CONFIG_KEYS } from '../../server/src/facts/ingressNginxKeys.ts';
import { configMap, open } from './caret.ts';

const PREFIX = 'nginx.ingress.kubernetes.io/';

const ingress = (...annotations: readonly string[]) =>
  `apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata:\n  name: shop\n  annotations:\n${annotations.map(line => `    ${line}\n`).join('')}spec:\n  ingressClassName: nginx\n`;

const deployment = (...args: readonly string[]) => `apiVersion: apps/v1
kind: Deployment
metadata: { name: edge }
spec:
  template:
    spec:
      containers:
        - name: controller
          image: registry.k8s.io/ingress-nginx/controller:v1.15.1
          args:
            - /nginx-ingress-controller
${args.map(line => `            - ${line}\n`).join('')}`;

function completed(text: string, language: 'en' | 'zh' = 'en', file = 'x.yaml') {
  const { core, position, covered } = open(file, text, language);
  const found = core.completions(file, position);
  return { items: found?.items ?? [], typed: found ? covered(found.range) : null };
}

function hovered(text: string, language: 'en' | 'zh' = 'en', file = 'x.yaml') {
  const { core, position } = open(file, text, language);
  return core.hover(file, position)?.markdown ?? '';
}

describe('completion of ingress-nginx', () => {
  it('offers every key of the ConfigMap, but those that have no effect, and those that are there', () => {
    const { items, typed } = completed(configMap('  use-gzip: "true"', '  ¦'));
    const labels = items.map(({ label }) => label);
    const left = [...CONFIG_KEYS.values()].filter(each => each.deprecated || each.internal || each.name === 'use-gzip');
    assert.deepEqual(left.map(({ name }) => name).sort(), [
      'bind-address-ipv4',
      'bind-address-ipv6',
      'http2-max-field-size',
      'http2-max-header-size',
      'http2-max-requests',
      'use-gzip',
    ]);
    assert.deepEqual(labels, [...CONFIG_KEYS.keys()].filter(name => !left.some(each => each.name === name)).sort());
    assert.equal(typed, '');
    const timeout = items.find(({ label }) => label === 'proxy-read-timeout');
    assert.deepEqual(timeout, {
      kind: 'key',
      label: 'proxy-read-timeout',
      detail: 'int · Default 60 · since 0.9.0-beta.2',
      documentation: 'Longest pause between two reads of a response, in seconds',
      insert: 'proxy-read-timeout: ',
    });
  });

  it('offers every annotation with its prefix', () => {
    const { items, typed } = completed(ingress('nginx.ingress¦'));
    assert.deepEqual(
      items.map(({ label }) => label),
      [...ANNOTATIONS.keys()].map(name => PREFIX + name).sort(),
    );
    assert.equal(typed, 'nginx.ingress');
    const rewrite = items.find(({ label }) => label === `${PREFIX}rewrite-target`);
    assert.deepEqual(
      [rewrite?.detail, rewrite?.insert],
      ['string · Risk Medium · since 0.9.0-beta.18', `${PREFIX}rewrite-target: `],
    );
  });

  it('offers every flag', () => {
    const { items } = completed(deployment('--configmap=a/b', '--en¦'));
    assert.deepEqual(
      items.map(({ label }) => label),
      [...CONTROLLER_FLAGS.keys()].filter(name => name !== '--configmap').sort(),
    );
    const insert = (name: string) => items.find(({ label }) => label === name)?.insert;
    assert.deepEqual([insert('--enable-metrics'), insert('--http-port')], ['--enable-metrics', '--http-port=']);
  });

  const values: readonly (readonly [
    what: string,
    text: string,
    labels: readonly string[],
    inserts: readonly string[],
  ])[] = [
    ['a switch', configMap('  use-gzip: ¦'), ['false', 'true'], ['"false"', '"true"']],
    ['a switch in quotes', configMap('  use-gzip: "¦"'), ['false', 'true'], ['false', 'true']],
    ['words of nginx', configMap('  proxy-buffering: ¦'), ['off', 'on'], ['"off"', '"on"']],
    [
      'levels',
      configMap('  annotations-risk-level: C¦'),
      ['Critical', 'High', 'Low', 'Medium'],
      ['Critical', 'High', 'Low', 'Medium'],
    ],
    ['a default', configMap('  proxy-body-size: ¦'), ['1m'], ['1m']],
    ['an annotation', ingress(`${PREFIX}auth-type: ¦`), ['basic', 'digest'], ['basic', 'digest']],
    ['an annotation that is a switch', ingress(`${PREFIX}use-regex: ¦`), ['false', 'true'], ['"false"', '"true"']],
  ];
  for (const [what, text, labels, inserts] of values) {
    it(`offers the values of ${what}`, () => {
      const { items } = completed(text);
      assert.deepEqual([items.map(({ label }) => label), items.map(({ insert }) => insert)], [labels, inserts]);
    });
  }

  it('writes values of the chart without quotes, which the chart puts there', () => {
    const { items } = completed('ingress-nginx:\n  controller:\n    config:\n      use-gzip: ¦\n', 'en', 'values.yaml');
    assert.deepEqual(
      items.map(({ insert }) => insert),
      ['false', 'true'],
    );
  });

  const silent: readonly (readonly [what: string, text: string])[] = [
    ['a ConfigMap of others', configMap('  ¦').replace('ingress-nginx-controller', 'app')],
    ['an Ingress of others', ingress('¦').replace('nginx\n', 'traefik\n')],
    [
      'another place of the same object',
      'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ingress-nginx-controller\n  ¦\n',
    ],
    ['what is no key', configMap('  made-up: ¦')],
  ];
  for (const [what, text] of silent) {
    it(`offers nothing in ${what}`, () =>
      assert.deepEqual(
        completed(text).items.filter(({ kind }) => kind !== 'directive'),
        [],
      ));
  }

  it('speaks Chinese', () => {
    const { items } = completed(configMap('  ¦'), 'zh');
    const timeout = items.find(({ label }) => label === 'proxy-read-timeout');
    assert.deepEqual(
      [timeout?.detail, timeout?.documentation],
      ['int · 默认值 60 · 自 0.9.0-beta.2 起', '两次读取响应之间的最长间隔（秒）'],
    );
  });
});

describe('the hover of ingress-nginx', () => {
  for (const { name, help } of CONFIG_KEYS.values()) {
    it(`tells what ${name} is for`, () => {
      for (const language of ['en', 'zh'] as const) {
        const markdown = hovered(configMap(`  ${name[0]}¦${name.slice(1)}: '60'`), language);
        assert.notEqual(markdown, '');
        // A list of ciphers or protocols has a hover of its own.
        if (!/^ssl-(?:ciphers|protocols)$/.test(name)) assert.ok(markdown.includes(help[language]), markdown);
      }
    });
  }
  for (const { name, help } of ANNOTATIONS.values()) {
    it(`tells what the annotation ${name} is for`, () => {
      const markdown = hovered(ingress(`nginx¦${PREFIX.slice(5)}${name}: '60'`));
      if (name !== 'ssl-ciphers') assert.ok(markdown.includes(help.en), markdown);
      assert.notEqual(markdown, '');
    });
  }
  for (const { name, help } of CONTROLLER_FLAGS.values()) {
    it(`tells what ${name} is for`, () => assert.ok(hovered(deployment(`--¦${name.slice(2)}=1`)).includes(help.en)));
  }

  it('tells what is in force, the default of the release and what a bad value does', () => {
    const rowsOf = (text: string) => hovered(text).split('\n\n---')[0]?.split('\n').slice(6);
    assert.deepEqual(rowsOf(configMap('  keep-¦alive-requests: "500"')), [
      '| In force | `500` |',
      '| Default | `1000` |',
      '| Becomes | `keepalive_requests` |',
      '| A bad value | keeps the default, with one line in the log |',
      '| ingress-nginx | since 0.9.0-beta.6 |',
    ]);
    const old = `ingress-nginx:\n  controller:\n    image: { tag: v1.5.1 }\n    config:\n      keep-¦alive-requests: many\n`;
    assert.deepEqual(hovered(old, 'en', 'values.yaml').split('\n').slice(6, 8), [
      '| In force | `100` |',
      '| Default | `100` |',
    ]);
    assert.deepEqual(rowsOf(ingress(`${PREFIX}proxy-body¦-size: 20MB`)), [
      '| Becomes | `client_max_body_size` |',
      '| Risk | Medium (annotations-risk-level: High) |',
      '| A bad value | is ignored, with one line in the log |',
      '| ingress-nginx | since 0.9.0-beta.18 |',
    ]);
  });

  it('says nothing in other objects', () => {
    assert.equal(hovered(configMap('  use-¦gzip: "true"').replace('ingress-nginx-controller', 'app')), '');
    assert.equal(
      hovered(ingress(`nginx¦${PREFIX.slice(5)}use-regex: 'true'`).replace('ClassName: nginx', 'ClassName: kong')),
      '',
    );
  });
});

describe('hints', () => {
  const hints = (text: string, language: 'en' | 'zh' = 'en') => {
    const { core } = open('x.yaml', text, language);
    const whole = { start: { line: 0, character: 0 }, end: { line: 99, character: 0 } };
    return core
      .inlayHints('x.yaml', whole)
      .map(({ position, label, tooltip }) => [position.line, position.character, label, tooltip]);
  };

  it('name the default that a line overrides', () => {
    const text = configMap(
      '  keep-alive: "20" # short',
      '  use-gzip: "false"',
      '  proxy-read-timeout: 2m',
      '  server-snippet: x;',
    );
    assert.deepEqual(hints(text), [
      [4, 18, ' instead of 75', 'The default of ingress-nginx 1.15.1, which this line overrides.'],
    ]);
    assert.deepEqual(hints(text, 'zh')[0]?.[2], ' 默认为 75');
  });

  it('are not for ConfigMaps of others', () => {
    assert.deepEqual(hints(configMap('  keep-alive: "20"').replace('ingress-nginx-controller', 'app')), []);
  });
});

describe('a name leads', () => {
  const files = {
    'ingress.yaml': `apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: shop
  namespace: web
  annotations:
    ${PREFIX}auth-secret: users
    ${PREFIX}custom-headers: web/headers
spec:
  ingressClassName: nginx
  tls:
    - secretName: cert
  rules:
    - http:
        paths:
          - path: /
            backend: { service: { name: shop, port: { number: 80 } } }
`,
    'objects.yaml': [
      'Service/shop',
      'Service/other',
      'Secret/users',
      'Secret/cert',
      'ConfigMap/headers',
      'IngressClass/nginx',
      'ConfigMap/edge',
    ]
      .map(object => object.split('/'))
      .map(([kind, name]) => `apiVersion: v1\nkind: ${kind}\nmetadata:\n  name: ${name}\n  namespace: web\n`)
      .join('---\n'),
    'deployment.yaml': deployment('--configmap=$(POD_NAMESPACE)/edge', '--publish-service=other/shop').replace(
      'edge }',
      'edge, namespace: web }',
    ),
  };
  /** The lines that the words at the first `at` in a file lead to. */
  const leads = (file: keyof typeof files, at: string, way: 'definitions' | 'references') => {
    const { core } = open('ingress.yaml', '');
    for (const [name, text] of Object.entries(files)) core.put(name, text);
    const lines = files[file].split('\n');
    const line = lines.findIndex(each => each.includes(at));
    const found = core.links(file, { line, character: (lines[line] ?? '').indexOf(at) + 1 });
    return (found?.[way] ?? []).map(target => {
      const there = files[target.file as keyof typeof files].split('\n');
      const before = there.slice(0, target.range.start.line).findLast(each => each.startsWith('kind:'));
      return `${target.file} ${before} ${there[target.range.start.line]?.slice(target.range.start.character, target.range.end.character)}`;
    });
  };
  const rows: readonly (readonly [at: string, to: readonly string[]])[] = [
    ['name: shop, port', ['objects.yaml kind: Service shop']],
    ['secretName', ['objects.yaml kind: Secret cert']],
    ['auth-secret', ['objects.yaml kind: Secret users']],
    ['custom-headers', ['objects.yaml kind: ConfigMap headers']],
    ['ingressClassName', ['objects.yaml kind: IngressClass nginx']],
    ['path: /', []],
  ];
  for (const [at, to] of rows)
    it(`from ${at} of an Ingress`, () => assert.deepEqual(leads('ingress.yaml', at, 'definitions'), to));

  it('from --configmap to the ConfigMap, and back', () => {
    assert.deepEqual(leads('deployment.yaml', '--configmap', 'definitions'), ['objects.yaml kind: ConfigMap edge']);
    assert.deepEqual(leads('objects.yaml', 'name: edge', 'references'), [
      'deployment.yaml kind: Deployment --configmap=$(POD_NAMESPACE)/edge',
    ]);
  });

  it('to nothing in another namespace', () => {
    assert.deepEqual(leads('deployment.yaml', '--publish-service', 'definitions'), []);
  });
});
