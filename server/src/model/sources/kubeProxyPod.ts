import {
  BINARY,
  type CommandWord,
  type ConfigMapMount,
  type KubeProxyFlags,
  kubeProxyStarted,
} from '../kubeProxyFlags.ts';
import type { KubeProxySettings } from '../kubeProxySettings.ts';
import { podSpecReadings } from '../podSpec.ts';
import type { Reading } from '../reading.ts';
import { objects } from './manifest.ts';

/** The binary that once held all of Kubernetes' programs. */
const ALL_IN_ONE = /(?:^|\/)hyperkube$/;
const IMAGE = /(?:^|\/)kube-proxy(?:-[\w.]+)?(?:[:@]|$)/;

/** How kube-proxy is started in the containers of a document's objects, and what its flags say where no file replaces them. */
export function* kubeProxyOfPods(root: Reading): Iterable<KubeProxyFlags | KubeProxySettings> {
  for (const object of objects(root)) {
    for (const spec of podSpecReadings(object)) {
      for (const container of spec.get('containers').items()) {
        const command = commandOf(container);
        if (command) yield* entitiesOf(object, spec, container, command);
      }
    }
  }
}

/** The words behind the program, and the list that they end in. */
interface Command {
  readonly words: readonly CommandWord[];
  readonly list: Reading;
  readonly mayHaveMore: boolean;
}

function commandOf(container: Reading): Command | null {
  const [command, args] = [container.get('command'), container.get('args')];
  const all = [...command.items(), ...args.items()];
  const texts = all.map(item => item.string().known);
  const list = args.isList ? args : command;
  const mayHaveMore =
    command.mayHaveMoreItems || args.mayHaveMoreItems || all.some(item => item.string().known === undefined);
  const words = (from: number) => all.slice(from).map(wordOf);
  if (BINARY.test(texts[0] ?? '')) return { words: words(1), list, mayHaveMore };
  if (ALL_IN_ONE.test(texts[0] ?? '') && /^(?:kube-)?proxy$/.test(texts[1] ?? ''))
    return { words: words(2), list, mayHaveMore };
  const isImage = IMAGE.test(container.get('image').string().known ?? '');
  const isBare = command.isAbsent && args.isList && (texts[0] ?? '').startsWith('--');
  return isImage && isBare ? { words: words(0), list, mayHaveMore } : null;
}

function wordOf(item: Reading): CommandWord {
  return {
    value: item.string(),
    set: text => ({ address: item.address, change: { op: 'set', value: text } }),
    removal: { address: item.address, change: { op: 'remove' } },
  };
}

function* entitiesOf(
  object: Reading,
  spec: Reading,
  container: Reading,
  { words, list, mayHaveMore }: Command,
): Iterable<KubeProxyFlags | KubeProxySettings> {
  const template = object.at('spec', 'template');
  const annotations = (template.isMap ? template : object).at('metadata', 'annotations');
  yield* kubeProxyStarted({
    name: object.at('metadata', 'name').string(),
    namespace: object.at('metadata', 'namespace').string(),
    words,
    mayHaveMore,
    mounts: mountsOf(spec, container),
    annotations: annotations.mayHaveMoreKeys ? null : annotations.entries().map(({ name }) => name),
    append: word => ({ address: list.address, change: { op: 'insert', value: word } }),
  });
}

function mountsOf(spec: Reading, container: Reading): ConfigMapMount[] {
  const volumes = spec.get('volumes').items();
  return container
    .get('volumeMounts')
    .items()
    .flatMap(mount => {
      const [name, path] = [mount.get('name').string().known, mount.get('mountPath').string().known];
      const configMap = volumes
        .find(volume =>
          volume
            .get('name')
            .string()
            .is(name ?? ''),
        )
        ?.get('configMap');
      return path === undefined || !configMap?.isMap ? [] : [{ path, configMap: configMap.get('name').string() }];
    });
}
