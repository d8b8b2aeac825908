import type { Change } from './edit.ts';
import type { Reading } from './reading.ts';
import type { Value } from './value.ts';

/** What the configuration of a kind cluster, whose nodes are containers, has kube-proxy ask for. */
export interface KindCluster {
  readonly is: 'kindCluster';
  /** Of the patch that sets it last. Where no patch does, kind has written 0. */
  readonly maxPerCore: Value<number>;
  readonly min: Value<number>;
  /** The images of the nodes that name one. */
  readonly images: readonly Value<string>[];
  /** What leaves the table alone, as kind does. */
  readonly zero: Change;
}

/** The kind cluster that an object configures, if kube-proxy runs there and patches certainly tell it how large the table is to be. */
export function* kindClusterOf(object: Reading): Iterable<KindCluster> {
  const group = object.get('apiVersion').string().known ?? '';
  if (!object.get('kind').string().is('Cluster') || !group.startsWith('kind.x-k8s.io/')) return;
  const mode = object.at('networking', 'kubeProxyMode').string();
  if (mode.isUnknown || mode.is('none') || !object.get('kubeadmConfigPatchesJSON6902').isAbsent) return;
  const texts = object.get('kubeadmConfigPatches').items();
  const patches = texts.flatMap(text => text.embeddedYaml());
  const kinds = patches.map(patch => patch.get('kind').string());
  if ([...texts, ...kinds].some(({ isUnknown }) => isUnknown)) return;
  const sections = patches
    .filter((_, index) => kinds[index]?.is('KubeProxyConfiguration'))
    .map(patch => patch.get('conntrack'));
  const maxPerCore = sections.map(section => section.get('maxPerCore')).findLast(each => !each.isAbsent);
  const min =
    sections.map(section => section.get('min')).findLast(each => !each.isAbsent) ?? sections.at(0)?.get('min');
  if (!maxPerCore || !min) return;
  yield {
    is: 'kindCluster',
    maxPerCore: maxPerCore.number(),
    min: min.number(),
    images: object
      .get('nodes')
      .items()
      .map(node => node.get('image').string()),
    zero: { address: maxPerCore.address, change: { op: 'set', value: 0 } },
  };
}
