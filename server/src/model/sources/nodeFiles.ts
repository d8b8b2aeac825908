import type { Entity } from '../entity.ts';
import type { Reading } from '../reading.ts';
import type { ReadText } from '../region.ts';

/** Where documents that set up machines have files: a list, and in its items the path and the text. */
const LISTS: readonly { readonly at: readonly string[]; readonly path: string; readonly text: readonly string[] }[] = [
  // cloud-init.
  { at: ['write_files'], path: 'path', text: ['content'] },
  // Butane.
  { at: ['storage', 'files'], path: 'path', text: ['contents', 'inline'] },
  // Talos.
  { at: ['machine', 'files'], path: 'path', text: ['content'] },
  // kOps.
  { at: ['spec', 'fileAssets'], path: 'path', text: ['content'] },
  // Cluster API: KubeadmControlPlane, KubeadmConfig, and their templates.
  ...[['kubeadmConfigSpec'], ['template', 'spec', 'kubeadmConfigSpec'], ['template', 'spec'], []].map(at => ({
    at: ['spec', ...at, 'files'],
    path: 'path',
    text: ['content'],
  })),
];

/** Where Butane, Ignition and the machine configurations of OpenShift have units of systemd. */
const UNITS = [
  ['systemd', 'units'],
  ['spec', 'config', 'systemd', 'units'],
];

/** The files that a document puts on a machine, its units and their drop-ins among them; those in an encoding are left out. */
export function* nodeFiles(root: Reading, readText: ReadText): Iterable<Entity> {
  for (const { at, path, text } of LISTS) {
    for (const file of root.at(...at).items()) {
      const isPlain = ['encoding', 'isBase64'].every(key => file.get(key).isAbsent);
      if (isPlain) yield* written(file.get(path).string().known, file.at(...text), readText);
    }
  }
  for (const units of UNITS) {
    for (const unit of root.at(...units).items()) {
      const name = unit.get('name').string().known;
      yield* written(name, unit.get('contents'), readText);
      for (const dropIn of unit.get('dropins').items()) {
        const own = dropIn.get('name').string().known;
        if (name !== undefined && own !== undefined)
          yield* written(`${name}.d/${own}`, dropIn.get('contents'), readText);
      }
    }
  }
}

function* written(file: string | undefined, content: Reading, readText: ReadText): Iterable<Entity> {
  const region = content.embeddedText();
  if (file !== undefined && region) yield* readText(file, region);
}
