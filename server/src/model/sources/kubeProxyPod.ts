import type { Change } from '../edit.ts';
import {
  BINARY,
  type CommandWord,
  type ConfigMapMount,
  type KubeProxyCommand,
  type KubeProxyFlags,
  kubeProxyStarted,
  type ReadOnlyKernel,
} from '../kubeProxyFlags.ts';
import type { KubeProxySettings } from '../kubeProxySettings.ts';
import { podSpecReadings } from '../podSpec.ts';
import type { Reading } from '../reading.ts';
import { scriptInWords } from '../shell/scriptInWords.ts';
import { ShellText } from '../shellText.ts';
import type { Address } from '../value.ts';
import { type AroundScript, kubeProxyOfShell } from './kubeProxyInShell.ts';
import { objects } from './manifest.ts';

/** The binary that once held all of Kubernetes' programs. */
const ALL_IN_ONE = /(?:^|\/)hyperkube$/;
const IMAGE = /(?:^|\/)kube-proxy(?:-[\w.]+)?(?:[:@]|$)/;

/** How kube-proxy is started in the containers of a document's objects, and what its flags say where no file replaces them. */
export function* kubeProxyOfPods(root: Reading): Iterable<KubeProxyFlags | KubeProxySettings> {
  for (const object of objects(root)) {
    for (const spec of podSpecReadings(object)) {
      for (const container of spec.get('containers').items()) {
        const around = aroundOf(object, spec, container);
        const command = commandOf(container);
        if (command) yield* kubeProxyStarted({ ...around, ...command });
        else yield* ofScript(container, around);
      }
    }
  }
}

/** What a container has a shell run. */
function* ofScript(container: Reading, around: AroundScript): Iterable<KubeProxyFlags | KubeProxySettings> {
  const region = scriptInWords(wordsOf(container));
  if (region && /kube-proxy|hyperkube/.test(region.text))
    yield* kubeProxyOfShell(new ShellText({ kind: 'container', again: null }, region), around);
}

function wordsOf(container: Reading): Reading[] {
  return [...container.get('command').items(), ...container.get('args').items()];
}

type Command = Pick<KubeProxyCommand, 'words' | 'mayHaveMore' | 'append'>;

function commandOf(container: Reading): Command | null {
  const [command, args] = [container.get('command'), container.get('args')];
  const all = wordsOf(container);
  const texts = all.map(item => item.string().known);
  const list = args.isList ? args : command;
  const mayHaveMore =
    command.mayHaveMoreItems ||
    args.mayHaveMoreItems ||
    texts.some(text => text === undefined || text.startsWith('$('));
  const from = (first: number): Command => ({
    words: all.slice(first).map(wordOf),
    mayHaveMore,
    append: word => ({ address: list.address, change: { op: 'insert', value: word } }),
  });
  if (BINARY.test(texts[0] ?? '')) return from(1);
  if (ALL_IN_ONE.test(texts[0] ?? '') && /^(?:kube-)?proxy$/.test(texts[1] ?? '')) return from(2);
  const isImage = IMAGE.test(container.get('image').string().known ?? '');
  const isBare = command.isAbsent && args.isList && (texts[0] ?? '').startsWith('--');
  return isImage && isBare ? from(0) : null;
}

function wordOf(item: Reading): CommandWord {
  return {
    value: item.string(),
    set: text => ({ address: item.address, change: { op: 'set', value: text } }),
    removal: { address: item.address, change: { op: 'remove' } },
  };
}

function aroundOf(object: Reading, spec: Reading, container: Reading): AroundScript {
  const template = object.at('spec', 'template');
  const annotations = (template.isMap ? template : object).at('metadata', 'annotations');
  return {
    name: object.at('metadata', 'name').string(),
    namespace: object.at('metadata', 'namespace').string(),
    mounts: mountsOf(spec, container),
    readOnly: readOnlyOf(spec, container),
    annotations: annotations.mayHaveMoreKeys ? null : annotations.entries().map(({ name }) => name),
  };
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

/**
 * What a container's security context keeps from it. A runtime mounts /proc/sys and /sys read-only for every container that is
 * not privileged (containerd, CRI-O and Docker: readonlyPaths of their default OCI spec).
 */
function readOnlyOf(spec: Reading, container: Reading): ReadOnlyKernel | null {
  const [context, mounts] = [container.get('securityContext'), container.get('volumeMounts')];
  const privileged = context.get('privileged').boolean();
  const place = privileged.place ?? container.get('name').place ?? container.get('image').place;
  const isWhole = spec.get('hostNetwork').boolean().is(true) && !container.get('image').isAbsent;
  if (!place || !isWhole || isWindows(spec) || mounts.mayHaveMoreItems || context.mayHaveMoreKeys) return null;
  const paths = mounts.items().map(mount => mount.get('mountPath').string());
  if (paths.some(path => path.isUnknown || /^\/proc\b/.test(path.known ?? ''))) return null;
  if (!privileged.is(true)) {
    if (privileged.isUnknown || !context.get('procMount').isAbsent || spec.get('initContainers').mayHaveMoreItems)
      return null;
    // Whatever runs before may set what kube-proxy then finds as it wants it: kube-proxy --init-only does.
    if (spec.get('initContainers').items().length > 0) return null;
    return { by: 'unprivileged', place, lift: set(privileged.address, true) };
  }
  const sysMount = mounts.items().find(mount => mount.get('mountPath').string().is('/sys', '/sys/'));
  const readOnly = sysMount?.get('readOnly').boolean();
  return readOnly?.is(true) && readOnly.place
    ? { by: 'sysMount', place: readOnly.place, lift: set(readOnly.address, false) }
    : null;
}

function set(address: Address, value: boolean): Change {
  return { address, change: { op: 'set', value } };
}

function isWindows(spec: Reading): boolean {
  const os = [spec.at('nodeSelector', 'kubernetes.io/os'), spec.at('os', 'name')].map(each => each.string());
  return (
    os.some(each => each.isUnknown || each.is('windows')) || !spec.at('securityContext', 'windowsOptions').isAbsent
  );
}
