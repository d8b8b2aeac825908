import type { Entity, EntityKind, EntityOf } from './entity.ts';
import { DEFAULT_ENVIRONMENT, type Environment, type Program } from './environment.ts';
import type { Ingress } from './ingress.ts';
import { type IngressIndex, indexOfIngresses } from './ingressIndex.ts';
import { builtBy } from './kustomization.ts';
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
