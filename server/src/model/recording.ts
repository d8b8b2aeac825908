import type { Cluster, Located } from './cluster.ts';
import type { Entity } from './entity.ts';

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
