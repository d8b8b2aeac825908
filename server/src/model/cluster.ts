import type { Entity, EntityKind, EntityOf } from './entity.ts';
import { DEFAULT_ENVIRONMENT, type Environment, type Program } from './environment.ts';
import type { Ingress } from './ingress.ts';
import { type IngressIndex, indexOfIngresses } from './ingressIndex.ts';
import type { Kustomization } from './kustomization.ts';
import { nearest } from './nearest.ts';
import type { PodSpec } from './podSpec.ts';
import { type InForce, versionInForce } from './versions.ts';

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
  /** True if one kustomization of the workspace builds from both files: they are applied together. */
  areBuiltTogether(file: string, other: string): boolean;
  /** All entities of a kind, in the order of their files. */
  all<Kind extends EntityKind>(kind: Kind): readonly Located<EntityOf<Kind>>[];
  /** Those of a kind in a file itself, else in the innermost folder around it that has any: the next may be another cluster's. */
  near<Kind extends EntityKind>(kind: Kind, file: string): readonly Located<EntityOf<Kind>>[];
  /** The Ingresses of a name. */
  ingressesNamed(name: string): readonly Located<Ingress>[];
  /** Those with a rule for a host: empty for rules without one, and a wildcard stands for the hosts right below it too. */
  ingressesOfHost(host: string): readonly Located<Ingress>[];
  /** The version of a program that runs where a file is applied. */
  version(program: Program, file: string): InForce;
  /** What the settings say of the cluster. */
  environment(): Environment;
}

/** A file as far as the cluster looks at it: what its pieces say, in their order. */
interface LinkedFile {
  readonly pieces: readonly { readonly entities: readonly Entity[] }[];
}

/** Links what all pieces say, by the paths of their files. Costs nothing until something is asked. */
export function link(files: ReadonlyMap<string, LinkedFile>, environment = DEFAULT_ENVIRONMENT): Cluster {
  const byKind = new Map<EntityKind, Located<Entity>[]>();
  const all = <Kind extends EntityKind>(kind: Kind): Located<EntityOf<Kind>>[] => {
    if (byKind.size === 0) collect(files, byKind);
    return (byKind.get(kind) ?? []) as Located<EntityOf<Kind>>[];
  };
  let index: IngressIndex | null = null;
  const ingresses = () => {
    index ??= indexOfIngresses(all('ingress'));
    return index;
  };
  let builds: ReadonlySet<string>[] | null = null;
  const buildsWith = (file: string) => {
    builds ??= all('kustomization').map((_, index, list) => builtBy(list, index));
    return builds.filter(build => build.has(file));
  };
  let podSpecs: ReadonlyMap<string, Located<PodSpec>[]> | null = null;
  return {
    layersOf({ file, entity: pod }) {
      const identity = identityOf(pod);
      if (identity === null) return [];
      const together = buildsWith(file);
      if (together.length === 0) return [];
      podSpecs ??= byIdentity(all('podSpec'));
      const same = podSpecs.get(identity) ?? [];
      return same.filter(other => other.entity !== pod && together.some(build => build.has(other.file)));
    },
    areBuiltTogether: (file, other) => buildsWith(file).some(build => build.has(other)),
    all,
    near: (kind, file) => nearest(file, all(kind)),
    ingressesNamed: name => ingresses().named(name),
    ingressesOfHost: host => ingresses().ofHost(host),
    version: (program, file) => versionInForce(program, file, all('versionEvidence'), environment),
    environment: () => environment,
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
    reads.push({ holds: now => now === cluster || isSame(question(now), answer) });
    return answer;
  };
  return {
    layersOf: pod => ask(({ layersOf }) => layersOf(pod)),
    areBuiltTogether: (file, other) => ask(({ areBuiltTogether }) => areBuiltTogether(file, other)),
    all: kind => ask(({ all }) => all(kind)),
    near: (kind, file) => ask(({ near }) => near(kind, file)),
    ingressesNamed: name => ask(({ ingressesNamed }) => ingressesNamed(name)),
    ingressesOfHost: host => ask(({ ingressesOfHost }) => ingressesOfHost(host)),
    version: (program, file) => ask(({ version }) => version(program, file)),
    environment: () => ask(({ environment }) => environment()),
  };
}

/** Entities of pieces that did not change are the same objects: most answers need no look inside. */
function isSame(now: unknown, then: unknown): boolean {
  if (Array.isArray(now) && Array.isArray(then)) {
    return now.length === then.length && now.every((each, index) => isSame(each, then[index]));
  }
  if (isLocated(now) && isLocated(then)) {
    return now.file === then.file && now.piece === then.piece && isEqual(now.entity, then.entity);
  }
  return isEqual(now, then);
}

function isEqual(a: unknown, b: unknown): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}

function isLocated(value: unknown): value is Located<Entity> {
  return typeof value === 'object' && value !== null && 'entity' in value && 'piece' in value;
}
