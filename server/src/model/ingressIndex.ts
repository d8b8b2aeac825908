import type { Located } from './cluster.ts';
import type { Ingress } from './ingress.ts';

/** The Ingresses of a workspace by what rules ask for: looking through all of them for each would take the square of their number. */
export interface IngressIndex {
  named(name: string): readonly Located<Ingress>[];
  ofHost(host: string): readonly Located<Ingress>[];
}

export function indexOfIngresses(all: readonly Located<Ingress>[]): IngressIndex {
  const byName = new Map<string, Located<Ingress>[]>();
  const byHost = new Map<string, Located<Ingress>[]>();
  for (const each of all) {
    const { name, rules } = each.entity;
    if (name.known !== undefined) add(byName, name.known, each);
    const hosts = rules.flatMap(({ host }) => (host.isUnknown ? [] : [host.known ?? '']));
    for (const host of new Set(hosts.flatMap(host => [host, wildcardOf(host)]))) add(byHost, host, each);
  }
  return { named: name => byName.get(name) ?? NONE, ofHost: host => byHost.get(host) ?? NONE };
}

/** The wildcard that a host falls under: `a.example.com` -> `*.example.com`. */
export function wildcardOf(host: string): string {
  return host.replace(/^[^.]*/, '*');
}

const NONE: readonly Located<Ingress>[] = Object.freeze([]);

function add(map: Map<string, Located<Ingress>[]>, key: string, each: Located<Ingress>): void {
  const list = map.get(key);
  if (list) list.push(each);
  else map.set(key, [each]);
}
