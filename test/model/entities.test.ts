import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Entity, EntityKind, EntityOf } from '../../server/src/model/entity.ts';
import { readPiece } from '../../server/src/model/pieces.ts';

function only<Kind extends EntityKind>(kind: Kind, entities: readonly Entity[]): EntityOf<Kind>[] {
  return entities.filter((entity): entity is EntityOf<Kind> => entity.is === kind);
}

describe('ingress-nginx is told by', () => {
  const told: readonly [image: string, args: string, is: boolean][] = [
    ['registry.k8s.io/ingress-nginx/controller:v1.15.1', '', true],
    ['registry.k8s.io/ingress-nginx/controller-chroot@sha256:00', '', true],
    ['mirror.example.com/k8s/ingress-nginx/controller', '', true],
    ['k8s.gcr.io/ingress-nginx/controller:v0.48.1', '', true],
    ['quay.io/kubernetes-ingress-controller/nginx-ingress-controller:0.33.0', '', true],
    ['us.gcr.io/k8s-artifacts-prod/ingress-nginx/controller:v0.34.1', '', true],
    ['bitnami/nginx-ingress-controller:1.11', '', true],
    ['giantswarm/ingress-nginx-controller:v1.1', '', true],
    ['quay.io/kubernetes-ingress-controller/nginx-ingress-controller-amd64:0.25', '', true],
    ['registry.cn-hangzhou.aliyuncs.com/google_containers/nginx-ingress-controller:0.20.0', '', true],
    ['example.com/edge:7', '/nginx-ingress-controller', true],
    ['example.com/edge:7', '/usr/bin/nginx-ingress-controller', true],
    ['example.com/edge:7', '/nginx-ingress', false],
    ['nginx/nginx-ingress:3.7.0', '', false],
    ['nginxdemos/nginx-ingress:0.8.1', '', false],
    ['traefik:v3', '', false],
    ['registry.k8s.io/ingress-nginx/kube-webhook-certgen:v1.5.0', '', false],
    ['registry.k8s.io/defaultbackend-amd64:1.5', '', false],
    ['example.com/my-ingress-nginx/controller-exporter:1', '', false],
  ];
  for (const [image, args, is] of told) {
    it(`${image} ${args} ${is ? 'is it' : 'is another program'}`, () => {
      const text = `apiVersion: v1\nkind: Pod\nspec:\n  hostNetwork: true\n  containers:\n    - image: ${image}\n      args: [${args}]\n`;
      const [pod] = only('podSpec', readPiece('pod.yaml', 'yaml', text));
      assert.equal(pod?.software, is ? 'ingress-nginx' : 'unknown');
    });
  }
});

describe('values of its chart are told by', () => {
  const told: readonly [what: string, file: string, text: string, is: boolean][] = [
    [
      'a key that only its chart has',
      'values.yaml',
      'controller:\n  hostNetwork: true\n  allowSnippetAnnotations: true\n',
      true,
    ],
    [
      'its image',
      'values.yaml',
      'controller:\n  hostNetwork: true\n  image: { image: ingress-nginx/controller }\n',
      true,
    ],
    [
      'its old image',
      'values.yaml',
      'controller:\n  hostNetwork: true\n  image: { repository: quay.io/kubernetes-ingress-controller/nginx-ingress-controller }\n',
      true,
    ],
    [
      'its class',
      'values.yaml',
      'controller:\n  hostNetwork: true\n  ingressClassResource: { controllerValue: k8s.io/ingress-nginx-internal }\n',
      true,
    ],
    ['the key of a parent chart', 'values.yaml', 'ingress-nginx:\n  controller:\n    hostNetwork: true\n', true],
    ['the name of its folder', 'apps/ingress-nginx/values.yaml', 'controller:\n  hostNetwork: true\n', true],
    ['the name of its file', 'values/ingress-nginx.yaml', 'controller:\n  hostNetwork: true\n', true],
    ['nothing: any chart has a controller', 'values.yaml', 'controller:\n  hostNetwork: true\n', false],
    [
      'another chart’s image',
      'values.yaml',
      'controller:\n  hostNetwork: true\n  image: { repository: nginx/nginx-ingress }\n',
      false,
    ],
    ['no mapping', 'ingress-nginx/values.yaml', 'controller: hostNetwork\n', false],
    [
      'an object, which is no values file',
      'ingress-nginx/x.yaml',
      'apiVersion: v1\nkind: X\ncontroller:\n  hostNetwork: true\n',
      false,
    ],
  ];
  for (const [what, file, text, is] of told) {
    it(what, () => assert.equal(only('podSpec', readPiece(file, 'yaml', text)).length, is ? 1 : 0));
  }
});

describe('a KubeProxyConfiguration', () => {
  const bare = 'apiVersion: kubeproxy.config.k8s.io/v1alpha1\nkind: KubeProxyConfiguration\nmode: iptables\n';
  const indented = (columns: number) => bare.replace(/^(?=.)/gm, ' '.repeat(columns));
  const carried: readonly [what: string, text: string, carrier: string][] = [
    ['alone', bare, 'document'],
    ['in a literal block', `kind: ConfigMap\napiVersion: v1\ndata:\n  config.conf: |-\n${indented(4)}`, 'configMap'],
    [
      'with CRLF',
      `kind: ConfigMap\napiVersion: v1\ndata:\n  config.conf: |-\n${indented(4)}`.replaceAll('\n', '\r\n'),
      'configMap',
    ],
    [
      'as the second document of a string',
      `kind: ConfigMap\napiVersion: v1\ndata:\n  config.conf: |\n    a: b\n    ---\n${indented(4)}`,
      'configMap',
    ],
    [
      'in quotes, with escapes',
      `kind: ConfigMap\napiVersion: v1\ndata:\n  config.conf: ${JSON.stringify(bare)}\n`,
      'configMap',
    ],
    [
      'beside what a template prints',
      `kind: ConfigMap\napiVersion: v1\ndata:\n  config.conf: |-\n${indented(4)}    clusterCIDR: {{ .cidr }}\n`,
      'configMap',
    ],
    [
      'in JSON',
      JSON.stringify({ kind: 'ConfigMap', apiVersion: 'v1', data: { 'config.conf': bare } }, null, 2),
      'configMap',
    ],
    [
      'in a list',
      JSON.stringify({
        kind: 'List',
        apiVersion: 'v1',
        items: [{ kind: 'ConfigMap', apiVersion: 'v1', data: { 'config.conf': bare } }],
      }),
      'configMap',
    ],
  ];
  for (const [what, text, carrier] of carried) {
    it(`${what} is found, and its place is the user’s own text`, () => {
      const [configuration, ...more] = only('kubeProxyConfiguration', readPiece('a.yaml', 'yaml', text));
      assert.deepEqual(more, []);
      assert.equal(configuration?.carrier, carrier);
      const { start, end } = configuration?.place?.entry ?? { start: 0, end: 0 };
      assert.equal(text.slice(start, end), 'apiVersion: kubeproxy.config.k8s.io/v1alpha1');
    });
  }

  const other: readonly [what: string, text: string][] = [
    ['of another group', bare.replace('kubeproxy.config', 'kubelet.config')],
    ['in a Secret', `kind: Secret\napiVersion: v1\nstringData:\n  a: |\n${indented(4)}`],
    ['of another kind', bare.replace('KubeProxyConfiguration', 'KubeProxyConfig')],
  ];
  for (const [what, text] of other) {
    it(`${what} is none`, () =>
      assert.deepEqual(only('kubeProxyConfiguration', readPiece('a.yaml', 'yaml', text)), []));
  }
});
