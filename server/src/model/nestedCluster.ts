import type { Change } from './edit.ts';
import type { Reading } from './reading.ts';
import { Value } from './value.ts';

/** What a cluster whose nodes are containers has kube-proxy ask for. */
export interface NestedCluster {
  readonly is: 'nestedCluster';
  readonly tool: 'kind' | 'k3d';
  /** As it is written last. Where nobody writes it, kind and k3s have set 0. */
  readonly maxPerCore: Value<number>;
  readonly min: Value<number>;
  /** The images of the nodes that name one. */
  readonly images: readonly Value<string>[];
  /** What leaves the table alone, as the tool does. */
  readonly zero: Change;
}

/** The cluster that an object configures, if kube-proxy runs there and is certainly told how large the table is to be. */
export function* nestedClustersOf(object: Reading): Iterable<NestedCluster> {
  const [kind, group = ''] = [object.get('kind').string(), object.get('apiVersion').string().known];
  if (kind.is('Cluster') && group.startsWith('kind.x-k8s.io/')) yield* kindCluster(object);
  if (kind.is('Simple') && group.startsWith('k3d.io/')) yield* k3dCluster(object);
}

function* kindCluster(object: Reading): Iterable<NestedCluster> {
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
    is: 'nestedCluster',
    tool: 'kind',
    maxPerCore: maxPerCore.number(),
    min: min.number(),
    images: object
      .get('nodes')
      .items()
      .map(node => node.get('image').string()),
    zero: { address: maxPerCore.address, change: { op: 'set', value: 0 } },
  };
}

/** k3d's configuration file: v1alpha2 had the arguments of servers and of agents, later versions have those of any nodes. */
function* k3dCluster(object: Reading): Iterable<NestedCluster> {
  const k3s = object.at('options', 'k3s');
  const lists = ['extraArgs', 'extraServerArgs', 'extraAgentArgs'].map(name => k3s.get(name));
  const args = lists.flatMap(list => list.items()).map(item => (item.isMap ? item.get('arg') : item));
  if (lists.some(list => list.mayHaveMoreItems)) return;
  const cluster = k3dClusterOf(
    args.map(arg => ({
      word: arg.string(),
      set: text => ({ address: arg.address, change: { op: 'set', value: text } }),
    })),
    object.get('image').string(),
    object.get('network').string(),
  );
  if (cluster) yield cluster;
}

/** An argument for k3s, and what gives it another text. */
export interface K3sArgument {
  readonly word: Value<string>;
  set(text: string): Change;
}

const PER_CORE = /^--kube-proxy-arg=conntrack-max-per-core=(\d+)$/;
const MIN = /^--kube-proxy-arg=conntrack-min=(\d+)$/;

/**
 * The k3d cluster whose nodes start k3s with these arguments. Null if none sets the size, or if the nodes have the host's network: they
 * may write it there.
 */
export function k3dClusterOf(
  args: readonly K3sArgument[],
  image: Value<string>,
  network: Value<string>,
): NestedCluster | null {
  if (args.some(({ word }) => word.isUnknown) || network.isUnknown || network.is('host')) return null;
  const perCore = args.findLast(({ word }) => PER_CORE.test(word.known ?? ''));
  const min = args.findLast(({ word }) => MIN.test(word.known ?? ''));
  if (!perCore) return null;
  const number = (form: RegExp) => (text: string) => Number(form.exec(text)?.[1]);
  return {
    is: 'nestedCluster',
    tool: 'k3d',
    maxPerCore: perCore.word.map(number(PER_CORE)),
    min: min?.word.map(number(MIN)) ?? Value.absent([]),
    images: image.isAbsent ? [] : [image],
    zero: perCore.set('--kube-proxy-arg=conntrack-max-per-core=0'),
  };
}
