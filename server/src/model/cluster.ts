import { folderOf } from '../text/path.ts';
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

/** The entities of each kind, as they were linked last: a list whose entities did not change stays the same object. */
export type LinkedLists = Map<EntityKind, readonly Located<Entity>[]>;

/**
 * Links what all pieces say, by the paths of their files. Costs nothing until something is asked. `lists` is what came of it
 * before, and is brought up to date: answers that are the same objects need not be compared.
 */
export function link(
  files: ReadonlyMap<string, LinkedFile>,
  environment = DEFAULT_ENVIRONMENT,
  lists: LinkedLists = new Map(),
): Cluster {
  let isCollected = false;
  const all = <Kind extends EntityKind>(kind: Kind): readonly Located<EntityOf<Kind>>[] => {
    if (!isCollected) collect(files, lists);
    isCollected = true;
    return (lists.get(kind) ?? NONE) as readonly Located<EntityOf<Kind>>[];
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
    near: (kind, file) => {
      const list = all(kind);
      return once(list, `near ${file}`, () => nearest(file, list));
    },
    ingressesNamed: name => ingresses().named(name),
    ingressesOfHost: host => ingresses().ofHost(host),
    version: (program, file) => {
      const list = all('versionEvidence');
      const asked = `${program} ${environment[program]} ${environment.against[program]} ${file}`;
      return once(list, asked, () => versionInForce(program, file, list, environment));
    },
    environment: () => environment,
  };
}

const NONE: readonly Located<Entity>[] = [];

function collect(files: ReadonlyMap<string, LinkedFile>, lists: LinkedLists): void {
  const byKind = new Map<EntityKind, Located<Entity>[]>();
  for (const [file, { pieces }] of [...files].sort(([a], [b]) => (a < b ? -1 : 1))) {
    for (const [piece, { entities }] of pieces.entries()) {
      for (const entity of entities) {
        const list = byKind.get(entity.is) ?? [];
        if (list.length === 0) byKind.set(entity.is, list);
        list.push({ file, piece, entity });
      }
    }
  }
  for (const kind of lists.keys()) if (!byKind.has(kind)) lists.delete(kind);
  for (const [kind, list] of byKind) {
    const before = lists.get(kind) ?? NONE;
    const isAsBefore = list.length === before.length && list.every((each, index) => isSamePlace(each, before[index]));
    if (!isAsBefore) lists.set(kind, list);
  }
}

function isSamePlace(a: Located<Entity>, b: Located<Entity> | undefined): boolean {
  return a.entity === b?.entity && a.file === b.file && a.piece === b.piece;
}

/** What was worked out of a list, by what was asked of it. */
const derived = new WeakMap<object, Map<string, unknown>>();

/** Works something out of a list once; `question` tells what. */
function once<Answer>(list: object, question: string, answer: () => Answer): Answer {
  const known = derived.get(list) ?? new Map<string, unknown>();
  if (known.size === 0) derived.set(list, known);
  if (!known.has(question)) known.set(question, answer());
  return known.get(question) as Answer;
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
    const folder = folderOf(next.file);
    for (const path of [...next.entity.resources, ...next.entity.patches]) {
      const target = join(folder, path);
      if (target === null) continue;
      files.add(target);
      pending.push(...all.filter(({ file }) => folderOf(file) === target));
    }
  }
  return files;
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

/** The same cluster; each question that is asked of it is noted in `reads`, once. */
export function recording(cluster: Cluster, reads: Read[]): Cluster {
  const asked = new Map<string, unknown>();
  const ask = <Answer>(name: string, question: (cluster: Cluster) => Answer): Answer => {
    if (asked.has(name)) return asked.get(name) as Answer;
    const answer = question(cluster);
    asked.set(name, answer);
    reads.push({ holds: now => now === cluster || isSame(question(now), answer) });
    return answer;
  };
  return {
    // Two pods of one piece may have one name: each is a question of its own.
    layersOf: pod => ask(`layersOf ${reads.length}`, ({ layersOf }) => layersOf(pod)),
    areBuiltTogether: (file, other) =>
      ask(`areBuiltTogether ${file} ${other}`, ({ areBuiltTogether }) => areBuiltTogether(file, other)),
    all: kind => ask(`all ${kind}`, ({ all }) => all(kind)),
    near: (kind, file) => ask(`near ${kind} ${file}`, ({ near }) => near(kind, file)),
    ingressesNamed: name => ask(`ingressesNamed ${name}`, ({ ingressesNamed }) => ingressesNamed(name)),
    ingressesOfHost: host => ask(`ingressesOfHost ${host}`, ({ ingressesOfHost }) => ingressesOfHost(host)),
    version: (program, file) => ask(`version ${program} ${file}`, ({ version }) => version(program, file)),
    environment: () => ask('environment', ({ environment }) => environment()),
  };
}

/** Entities of pieces that did not change are the same objects: most answers need no look inside. */
function isSame(now: unknown, then: unknown): boolean {
  if (now === then) return true;
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
