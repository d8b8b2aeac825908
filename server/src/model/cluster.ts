import type { Entity, EntityKind, EntityOf } from './entity.ts';
import type { Kustomization } from './kustomization.ts';
import type { PodSpec } from './podSpec.ts';

/** An entity, and the piece that says it: the file's path, and the piece's index in it. */
export interface Located<E extends Entity> {
  readonly file: string;
  readonly piece: number;
  readonly entity: E;
}

/** What the workspace as a whole says. Every question has an answer that is plain data. */
export interface Cluster {
  /** The same object as other files of a kustomization write it: its base, its patches. */
  layersOf(pod: Pick<Located<PodSpec>, 'file' | 'entity'>): readonly Located<PodSpec>[];
  /** Every KubeProxyConfiguration in the workspace. */
  kubeProxyConfigurations(): readonly Located<EntityOf<'kubeProxyConfiguration'>>[];
}

/** A file as far as the cluster looks at it: what its pieces say, in their order. */
interface LinkedFile {
  readonly pieces: readonly { readonly entities: readonly Entity[] }[];
}

/** Links what all pieces say, by the paths of their files. Costs nothing until something is asked. */
export function link(files: ReadonlyMap<string, LinkedFile>): Cluster {
  const byKind = new Map<EntityKind, Located<Entity>[]>();
  const all = <Kind extends EntityKind>(kind: Kind): Located<EntityOf<Kind>>[] => {
    if (byKind.size === 0) collect(files, byKind);
    return (byKind.get(kind) ?? []) as Located<EntityOf<Kind>>[];
  };
  let builds: ReadonlySet<string>[] | null = null;
  let podSpecs: ReadonlyMap<string, Located<PodSpec>[]> | null = null;
  return {
    layersOf({ file, entity: pod }) {
      const identity = identityOf(pod);
      if (identity === null) return [];
      builds ??= all('kustomization').map((_, index, list) => builtBy(list, index));
      const together = builds.filter(build => build.has(file));
      if (together.length === 0) return [];
      podSpecs ??= byIdentity(all('podSpec'));
      const same = podSpecs.get(identity) ?? [];
      return same.filter(other => other.entity !== pod && together.some(build => build.has(other.file)));
    },
    kubeProxyConfigurations: () => all('kubeProxyConfiguration'),
  };
}

function collect(files: ReadonlyMap<string, LinkedFile>, byKind: Map<EntityKind, Located<Entity>[]>): void {
  for (const [file, { pieces }] of [...files].sort(([a], [b]) => (a < b ? -1 : 1))) {
    for (const [piece, { entities }] of pieces.entries()) {
      for (const entity of entities) {
        const list = byKind.get(entity.is) ?? [];
        if (list.length === 0) byKind.set(entity.is, list);
        list.push({ file, piece, entity });
      }
    }
  }
}

/** What makes two texts speak of one object; null if one of them cannot be told. */
function identityOf({ kind, name }: PodSpec): string | null {
  return kind.known === undefined || name.known === undefined ? null : `${kind.known}/${name.known}`;
}

function byIdentity(pods: readonly Located<PodSpec>[]): ReadonlyMap<string, Located<PodSpec>[]> {
  const found = new Map<string, Located<PodSpec>[]>();
  for (const pod of pods) {
    const identity = identityOf(pod.entity);
    if (identity === null) continue;
    const same = found.get(identity);
    if (same) same.push(pod);
    else found.set(identity, [pod]);
  }
  return found;
}

/** The files that a kustomization builds from, those of the kustomizations it names included. */
function builtBy(all: readonly Located<Kustomization>[], index: number): ReadonlySet<string> {
  const files = new Set<string>();
  const pending = [all[index]];
  const seen = new Set<string>();
  for (let next = pending.pop(); next; next = pending.pop()) {
    if (seen.has(next.file)) continue;
    seen.add(next.file);
    const folder = parentOf(next.file);
    for (const path of [...next.entity.resources, ...next.entity.patches]) {
      const target = join(folder, path);
      if (target === null) continue;
      files.add(target);
      pending.push(...all.filter(({ file }) => parentOf(file) === target));
    }
  }
  return files;
}

function parentOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

/** The path that a relative one leads to from a folder; null for an address elsewhere or a way out of the workspace. */
function join(folder: string, path: string): string | null {
  if (/^\w+:|^\//.test(path)) return null;
  const parts = folder === '' ? [] : folder.split('/');
  for (const part of path.split('/')) {
    if (part === '..') {
      if (parts.pop() === undefined) return null;
    } else if (part !== '.' && part !== '') parts.push(part);
  }
  return parts.join('/');
}

/** A question that was asked, and its answer then. */
export interface Read {
  readonly holds: (cluster: Cluster) => boolean;
}

/** The same cluster; each question that is asked of it is noted in `reads`. */
export function recording(cluster: Cluster, reads: Read[]): Cluster {
  const ask = <Answer>(question: (cluster: Cluster) => Answer): Answer => {
    const answer = question(cluster);
    const then = JSON.stringify(answer);
    reads.push({ holds: now => now === cluster || JSON.stringify(question(now)) === then });
    return answer;
  };
  return {
    layersOf: pod => ask(({ layersOf }) => layersOf(pod)),
    kubeProxyConfigurations: () => ask(({ kubeProxyConfigurations }) => kubeProxyConfigurations()),
  };
}
