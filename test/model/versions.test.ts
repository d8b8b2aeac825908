import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { link } from '../../server/src/model/cluster.ts';
import { DEFAULT_ENVIRONMENT, type Environment, type Program } from '../../server/src/model/environment.ts';
import { readPiece } from '../../server/src/model/pieces.ts';
import { hasReached, isBefore } from '../../server/src/model/versions.ts';
import { formatVersion } from '../../server/src/text/version.ts';

const pod = (image: string) =>
  `apiVersion: v1\nkind: Pod\nspec:\n  containers:\n    - image: ${image}\n      # ingress-nginx\n`;
const controller = (tag: string) => pod(`registry.k8s.io/ingress-nginx/controller:${tag}`);
const kubeadm = (version: string) =>
  `apiVersion: kubeadm.k8s.io/v1beta4\nkind: ClusterConfiguration\nkubernetesVersion: ${version}\n`;

function inForce(files: Record<string, string>, program: Program, file: string, settings: Partial<Environment> = {}) {
  const linked = Object.entries(files).map(
    ([name, text]) => [name, { pieces: [{ entities: readPiece(name, 'yaml', text) }] }] as const,
  );
  return link(new Map(linked), { ...DEFAULT_ENVIRONMENT, ...settings }).version(program, file);
}

describe('the version in force is', () => {
  const two = { 'a/c.yaml': controller('v1.9.4'), 'b/c.yaml': controller('v1.12.6') };
  const cases: readonly [
    what: string,
    files: Record<string, string>,
    program: Program,
    file: string,
    settings: Partial<Environment>,
    said: string,
  ][] = [
    ['the default where nobody says another', {}, 'controller', 'x.yaml', {}, '1.15.1 default'],
    ['what the settings say', {}, 'kubernetes', 'x.yaml', { kubernetes: 'v1.30' }, '1.30 setting'],
    [
      'the tag of the image, before the settings',
      two,
      'controller',
      'a/x.yaml',
      { controller: '1.8.0' },
      '1.9.4 workspace',
    ],
    ['that of its own folder', two, 'controller', 'b/deep/x.yaml', {}, '1.12.6 workspace'],
    ['both where both are as near', two, 'controller', 'x.yaml', {}, '1.9.4-1.12.6 workspace'],
    [
      'that of the file itself first',
      { ...two, 'a/d.yaml': controller('v1.11.1') },
      'controller',
      'a/d.yaml',
      {},
      '1.11.1 workspace',
    ],
    [
      'the one to judge against, before all',
      two,
      'controller',
      'a/c.yaml',
      { against: { controller: '1.15.1' } },
      '1.15.1 against',
    ],
    ['kubeadm’s', { 'k.yaml': kubeadm('v1.29.3') }, 'kubernetes', 'x.yaml', {}, '1.29.3 workspace'],
    ['not that of a template', { 'k.yaml': kubeadm('{{ kube_version }}') }, 'kubernetes', 'x.yaml', {}, '1.36 default'],
    [
      'that of kube-proxy’s image',
      { 'p.yaml': pod('registry.k8s.io/kube-proxy:v1.31.0') },
      'kubernetes',
      'p.yaml',
      {},
      '1.31 workspace',
    ],
    [
      'not a digest’s',
      { 'p.yaml': controller('latest@sha256:12').replace(':latest', '') },
      'controller',
      'p.yaml',
      {},
      '1.15.1 default',
    ],
    [
      'that of old images',
      { 'p.yaml': pod('quay.io/kubernetes-ingress-controller/nginx-ingress-controller:0.30.0') },
      'controller',
      'p.yaml',
      {},
      '0.30 workspace',
    ],
    ['not that of a line of releases', { 'p.yaml': controller('v1') }, 'controller', 'p.yaml', {}, '1.15.1 default'],
    [
      'that of the chart’s values',
      { 'values.yaml': 'ingress-nginx:\n  controller:\n    image:\n      tag: "v1.10.0"\n' },
      'controller',
      'values.yaml',
      {},
      '1.10 workspace',
    ],
  ];
  for (const [what, files, program, file, settings, expected] of cases) {
    it(what, () => {
      const { oldest, newest, from } = inForce(files, program, file, settings);
      const range = [...new Set([formatVersion(oldest), formatVersion(newest)])].join('-');
      assert.equal(`${range} ${from}`, expected);
    });
  }

  it('certain of a release only where all that may run agree', () => {
    const both = inForce(two, 'controller', 'x.yaml');
    assert.deepEqual([hasReached(both, '1.9.4'), hasReached(both, '1.10')], [true, false]);
    assert.deepEqual([isBefore(both, '1.12.7'), isBefore(both, '1.12.6')], [true, false]);
  });
});
