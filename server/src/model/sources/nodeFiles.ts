import { readDataUrl } from '../../text/dataUrl.ts';
import { compose } from '../../text/sourceMap.ts';
import type { Entity } from '../entity.ts';
import type { Reading } from '../reading.ts';
import type { ReadText, Region } from '../region.ts';

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

/** Where Ignition and the machine configurations of OpenShift have files, whose text is in a URL. */
const FILES_IN_URLS = [
  ['storage', 'files'],
  ['spec', 'config', 'storage', 'files'],
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
  for (const files of FILES_IN_URLS) {
    for (const file of root.at(...files).items()) {
      const [path, url] = [file.get('path').string().known, file.at('contents', 'source').embeddedText()];
      const isPlain = (file.at('contents', 'compression').text().known ?? '') === '';
      const region = url && isPlain ? inUrl(url) : null;
      if (path !== undefined && region) yield* readText(path, region);
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

function inUrl({ text, toPiece, address, depth }: Region): Region | null {
  const read = readDataUrl(text);
  if (!read) return null;
  const decoded = { embedded: 'text', span: null, decoded: true } as const;
  return { text: read.text, toPiece: compose(toPiece, read.map), address: [...address, decoded], depth: depth + 1 };
}

function* written(file: string | undefined, content: Reading, readText: ReadText): Iterable<Entity> {
  const region = content.embeddedText();
  if (file !== undefined && region) yield* readText(file, region);
}
