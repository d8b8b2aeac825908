import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { link } from '../../server/src/model/cluster.ts';
import { flagInForce, isReadByController, isServed, keyInForce } from '../../server/src/model/controllers.ts';
import type { EntityKind, EntityOf } from '../../server/src/model/entity.ts';
import { cutPieces, readPiece } from '../../server/src/model/pieces.ts';

/** The workspace that these files make. */
function workspace(files: Readonly<Record<string, string>>) {
  const pieces = (file: string, text: string) =>
    cutPieces('yaml', text).map(({ start, end }) => ({ entities: readPiece(file, 'yaml', text.slice(start, end)) }));
  return link(new Map(Object.entries(files).map(([file, text]) => [file, { pieces: pieces(file, text) }])));
}

function entities<Kind extends EntityKind>(kind: Kind, text: string, file = 'x.yaml'): EntityOf<Kind>[] {
  return workspace({ [file]: text })
    .all(kind)
    .map(({ entity }) => entity);
}

const configMap = (name: string, keys: string, namespace = 'ingress-nginx') =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: ${name}, namespace: ${namespace} }\ndata:\n${keys}`;

const deployment = (args: string, namespace = 'ingress-nginx') => `apiVersion: apps/v1
kind: Deployment
metadata: { name: edge, namespace: ${namespace} }
spec:
  template:
    spec:
      containers:
        - image: registry.k8s.io/ingress-nginx/controller:v1.12.1
          args: [${args}]
`;

describe('the ConfigMap of the controller', () => {
  const foreign = configMap('edge', '  proxy-body-size: 1m\n');
  const rows: readonly (readonly [what: string, files: Record<string, string>, is: boolean | null])[] = [
    ['is no ConfigMap of other names and keys', { 'a.yaml': configMap('edge', '  a: b\n') }, null],
    ['is not told by keys that others have too', { 'a.yaml': foreign }, false],
    [
      'is the one that --configmap names',
      { 'a.yaml': foreign, 'b.yaml': deployment('--configmap=ingress-nginx/edge') },
      true,
    ],
    ['is named in the next word', { 'a.yaml': foreign, 'b.yaml': deployment('--configmap, ingress-nginx/edge') }, true],
    [
      'is in the namespace of the pod',
      { 'a.yaml': foreign, 'b.yaml': deployment('--configmap=$(POD_NAMESPACE)/edge') },
      true,
    ],
    [
      'is not in another one',
      { 'a.yaml': foreign, 'b.yaml': deployment('--configmap=$(POD_NAMESPACE)/edge', 'other') },
      false,
    ],
    ['is none of another name', { 'a.yaml': foreign, 'b.yaml': deployment('--configmap=ingress-nginx/other') }, false],
    ['may be told by its own name, with wrong keys', { 'a.yaml': configMap('nginx-configuration', '  x: y\n') }, true],
    [
      'is not F5’s',
      { 'a.yaml': configMap('nginx-config', '  proxy-buffers: 4 8k\n  use-gzip: "1"\n  keep-alive: "9"\n') },
      false,
    ],
    [
      'is not told by a name that F5’s chart gives as well',
      { 'a.yaml': configMap('nginx-ingress-controller', '  proxy-connect-timeout: 10s\n') },
      false,
    ],
    [
      'is told by that name and a key that only it has',
      { 'a.yaml': configMap('nginx-ingress-controller', '  keep-alive: "9"\n') },
      true,
    ],
    [
      'is told by two keys that only it has',
      { 'a.yaml': configMap('edge', '  use-gzip: "1"\n  keep-alive: "9"\n') },
      true,
    ],
  ];
  for (const [what, files, is] of rows) {
    it(what, () => {
      const cluster = workspace(files);
      const [config] = cluster.all('controllerConfig');
      assert.equal(config ? isReadByController(config.entity, cluster) : null, is);
    });
  }

  it('keeps what is no string apart, and Helm’s values as they are printed', () => {
    const [config] = entities(
      'controllerConfig',
      configMap('ingress-nginx-controller', '  a: true\n  b: 010\n  c: "1"\n'),
    );
    assert.deepEqual(
      config?.keys.map(({ name, value, notString }) => [name, value.known, notString?.type, notString?.text]),
      [
        ['a', undefined, 'boolean', 'true'],
        ['b', undefined, 'number', '010'],
        ['c', '1', undefined, undefined],
      ],
    );
    const [values] = entities(
      'controllerConfig',
      'controller:\n  config: { a: on, b: 010, c: 31536000, d: x }\n',
      'ingress-nginx/values.yaml',
    );
    assert.deepEqual(
      values?.keys.map(({ name, value }) => [name, value.known]),
      [
        ['a', 'true'],
        ['b', '8'],
        ['c', undefined],
        ['d', 'x'],
      ],
    );
  });
});

describe('values of the chart are found in', () => {
  const values = 'controller: { config: { use-gzip: "true" } }';
  const rows: readonly (readonly [what: string, text: string])[] = [
    [
      'a HelmRelease',
      `apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nspec:\n  chart: { spec: { chart: ingress-nginx, version: 4.12.0 } }\n  values: { ${values} }\n`,
    ],
    [
      'an Application of Argo CD',
      `apiVersion: argoproj.io/v1alpha1\nkind: Application\nspec:\n  source:\n    chart: ingress-nginx\n    helm:\n      values: |\n        ${values}\n`,
    ],
    [
      'one of its sources',
      `apiVersion: argoproj.io/v1alpha1\nkind: Application\nspec:\n  sources:\n    - chart: ingress-nginx\n      helm: { valuesObject: { ${values} } }\n`,
    ],
    [
      'a HelmChart of k3s',
      `apiVersion: helm.cattle.io/v1\nkind: HelmChart\nspec:\n  chart: ingress-nginx\n  valuesContent: |-\n    ${values}\n`,
    ],
    [
      'a HelmChartConfig of RKE2',
      `apiVersion: helm.cattle.io/v1\nkind: HelmChartConfig\nmetadata: { name: rke2-ingress-nginx }\nspec:\n  valuesContent: |-\n    ${values}\n`,
    ],
  ];
  for (const [what, text] of rows) {
    it(what, () => {
      const [config] = entities('controllerConfig', text);
      assert.deepEqual(
        config?.keys.map(({ name, value }) => [name, value.known]),
        [['use-gzip', 'true']],
      );
    });
  }

  it('a file whose name and other keys say nothing, by the keys of its ConfigMap', () => {
    const keys = (config: string) =>
      entities('controllerConfig', `controller: { config: { ${config} } } # nginx\n`).flatMap(each =>
        each.keys.map(({ name }) => name),
      );
    assert.deepEqual(keys('proxy-read-timeout: 60'), ['proxy-read-timeout']);
    assert.deepEqual(keys('timeout-client: 50s, ssl-redirect: "true"'), []);
    assert.deepEqual(keys('entries: { proxy-read-timeout: 60s }'), []);
  });

  it('no release of another chart', () => {
    const text =
      'apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nspec:\n  chart: { spec: { chart: nginx-ingress } }\n  values: { controller: { config: { entries: {} } } }\n';
    assert.deepEqual(entities('controllerConfig', text), []);
  });

  it('and tell the version of the controller', () => {
    const cluster = workspace({ 'a/release.yaml': rows[0]?.[1] ?? '' });
    assert.deepEqual(cluster.version('controller', 'a/b.yaml').newest, [1, 12, 0]);
  });
});

describe('the workspace says', () => {
  const own = configMap('ingress-nginx-controller', '  allow-snippet-annotations: "true"\n');
  const state = (files: Record<string, string>, key: string) => {
    const found = keyInForce(workspace(files), 'a/ingress.yaml', key);
    return found.state === 'known' ? found.value : found.state;
  };

  it('what a key of the ConfigMap is, in any case of its letters', () => {
    assert.equal(state({ 'a/c.yaml': own }, 'allow-snippet-annotations'), 'true');
    assert.equal(state({ 'a/c.yaml': own.replace('allow-s', 'Allow-S') }, 'allow-snippet-annotations'), 'true');
    assert.equal(state({ 'a/c.yaml': own }, 'annotations-risk-level'), 'default');
  });

  it('nothing where there is none, a template, or two that differ', () => {
    assert.equal(state({}, 'allow-snippet-annotations'), 'unknown');
    assert.equal(state({ 'a/c.yaml': own.replace('"true"', '{{ .x }}') }, 'allow-snippet-annotations'), 'unknown');
    assert.equal(state({ 'a/c.yaml': `${own}  {{- toYaml .x | nindent 2 }}\n` }, 'use-gzip'), 'unknown');
    const other = own.replace('"true"', '"false"').replace('namespace: ingress-nginx', 'namespace: other');
    assert.equal(state({ 'a/c.yaml': own, 'a/d.yaml': other }, 'allow-snippet-annotations'), 'unknown');
  });

  it('first of all what stands near', () => {
    const other = own.replace('"true"', '"false"');
    assert.equal(state({ 'a/c.yaml': own, 'b/d.yaml': other }, 'allow-snippet-annotations'), 'true');
  });

  it('what a patch of the same ConfigMap adds', () => {
    const patch = configMap('ingress-nginx-controller', '  use-gzip: "true"\n');
    assert.equal(state({ 'a/base/c.yaml': own, 'a/over/c.yaml': patch }, 'use-gzip'), 'true');
  });

  it('what a flag is', () => {
    const flag = (args: string, name: string) => {
      const found = flagInForce(workspace({ 'a.yaml': deployment(args) }), 'x.yaml', name);
      return found.state === 'known' ? found.value : found.state;
    };
    assert.equal(flag('--enable-ssl-passthrough', '--enable-ssl-passthrough'), 'true');
    assert.equal(flag('--enable-metrics=false', '--enable-metrics'), 'false');
    assert.equal(flag('--configmap=a/b', '--enable-metrics'), 'default');
    assert.equal(flag('"{{ .args }}"', '--enable-metrics'), 'unknown');
    assert.equal(flag('--ingress-class, edge', '--ingress-class'), 'edge');
    assert.equal(flag('--ingress-class, "{{ .class }}"', '--ingress-class'), 'unknown');
    // pflag takes no second word for a switch.
    assert.equal(flag('--enable-metrics, "false"', '--enable-metrics'), 'true');
    assert.equal(flag('--enable-metrics, "{{ .more }}"', '--enable-metrics'), 'true');
    assert.equal(flag('-c, "exec /nginx-ingress-controller --enable-metrics"', '--enable-metrics'), 'unknown');
  });
});

describe('ingress-nginx serves', () => {
  const ingress = (className: string, annotation: string) =>
    `apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata:\n  name: a\n  annotations: { ${annotation} }\nspec: { ${className} }\n`;
  const own = 'nginx.ingress.kubernetes.io/use-regex: "true"';
  const declared = (controller: string) =>
    `---\napiVersion: networking.k8s.io/v1\nkind: IngressClass\nmetadata: { name: edge }\nspec: { controller: ${controller} }\n`;
  const rows: readonly (readonly [what: string, text: string, is: boolean | null])[] = [
    ['an Ingress of its class', ingress('ingressClassName: nginx', ''), true],
    ['one of the old annotation', ingress('', 'kubernetes.io/ingress.class: nginx'), true],
    ['one of a class of its own name, with its annotations', ingress('ingressClassName: internal', own), true],
    ['perhaps one of a class that nothing tells', ingress('ingressClassName: internal', ''), null],
    ['not one of another controller', ingress('ingressClassName: traefik', own), false],
    ['not one of F5’s', ingress('ingressClassName: nginx', 'nginx.org/lb-method: least_conn'), null],
    ['one whose class is its own', ingress('ingressClassName: edge', '') + declared('k8s.io/ingress-nginx'), true],
    [
      'not one whose class is F5’s',
      ingress('ingressClassName: edge', own) + declared('nginx.org/ingress-controller'),
      false,
    ],
    ['perhaps one without a class', ingress('', own), null],
    ['not one without class and annotations', ingress('', ''), false],
    ['perhaps one of a template', ingress('ingressClassName: "{{ .class }}"', own), null],
  ];
  for (const [what, text, is] of rows) {
    it(what, () => {
      const cluster = workspace({ 'x.yaml': text });
      const [found] = cluster.all('ingress');
      assert.ok(found);
      assert.equal(isServed(found.entity, cluster), is);
    });
  }

  it('annotations in values of other charts, with the class beside them', () => {
    const [found] = entities(
      'ingress',
      `app:\n  ingress:\n    className: traefik\n    annotations:\n      ${own}\n`,
      'values.yaml',
    );
    assert.deepEqual(
      [found?.origin, found?.className.known, found?.annotations[0]?.name],
      ['values', 'traefik', 'use-regex'],
    );
  });
});

describe('Ingresses are found', () => {
  const ingress = (name: string, host: string) =>
    `apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: { name: ${name} }\nspec:\n  rules:\n    - { host: ${host}, http: { paths: [] } }\n`;
  const cluster = workspace({
    'a.yaml': ingress('a', 'a.example.com'),
    'b.yaml': ingress('b', '"*.example.com"'),
    'c.yaml': ingress('c', 'a.b.example.com'),
    'd.yaml': ingress('d', '"{{ .Values.host }}"'),
    'e.yaml': ingress('a', '').replace('host: ,', ''),
  });
  const files = (found: readonly { readonly file: string }[]) => found.map(({ file }) => file);

  it('by host, by the wildcard above it, and without one', () => {
    assert.deepEqual(files(cluster.ingressesOfHost('a.example.com')), ['a.yaml']);
    assert.deepEqual(files(cluster.ingressesOfHost('*.example.com')), ['a.yaml', 'b.yaml']);
    assert.deepEqual(files(cluster.ingressesOfHost('')), ['e.yaml']);
    assert.deepEqual(files(cluster.ingressesOfHost('other.example.com')), []);
  });

  it('by name', () => assert.deepEqual(files(cluster.ingressesNamed('a')), ['a.yaml', 'e.yaml']));
});
