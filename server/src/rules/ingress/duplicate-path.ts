import type { Located } from '../../model/cluster.ts';
import { annotationValue, isServed } from '../../model/controllers.ts';
import { annotationNamed, type Ingress } from '../../model/ingress.ts';
import { baseName, folderOf } from '../../text/path.ts';
import { at } from '../draft.ts';
import { rule } from '../rule.ts';
import en from './duplicate-path.md';
import zh from './duplicate-path.zh.md';

/** One host and path belong to one Ingress: the webhook refuses the second, and without it the older one goes on answering. */
export const duplicatePath = rule({
  id: 'ingress/duplicate-path',
  severity: 'error',
  on: 'ingress',
  evidence: [
    'kubernetes/ingress-nginx internal/ingress/controller/controller.go, checkOverlap (1.15.1): "host … and path … is already defined in ingress …"',
    'kubernetes/ingress-nginx#8216',
    'kubernetes/ingress-nginx#7054',
  ],
  summary: {
    en: 'Two Ingresses claim the same host and path',
    zh: '两个 Ingress 声明了相同的主机和路径',
  },
  messages: {
    en: {
      taken: v =>
        `The webhook refuses this Ingress, and without it the path never gets here: ${v.host}${v.path} belongs to ${v.other} already`,
      beside: v =>
        `If ${v.file} is applied as well, the webhook refuses this Ingress, or the path never gets here: ${v.host}${v.path} belongs to ${v.other} there`,
      first: () => 'It is claimed here first',
    },
    zh: {
      taken: v => `webhook 会拒绝此 Ingress；没有 webhook 时请求也到不了这里：${v.host}${v.path} 已属于 ${v.other}`,
      beside: v =>
        `若同时应用 ${v.file}，webhook 会拒绝此 Ingress，或者请求到不了这里：${v.host}${v.path} 在那里属于 ${v.other}`,
      first: () => '先在此处声明',
    },
  },
  page: { en, zh },

  *check(ingress, { cluster, file }) {
    if (!canClash(ingress) || isServed(ingress, cluster) !== true) return;
    const seen = new Set<string>();
    for (const { host, paths } of ingress.rules) {
      if (host.isUnknown) continue;
      const claims = cluster.ingressesOfHost(host.known ?? '');
      const own = claims.find(other => other.entity === ingress && other.file === file);
      if (!own) continue;
      for (const { path } of paths) {
        const key = `${host.known ?? ''} ${path.known}`;
        if (path.known === undefined || seen.has(key)) continue;
        seen.add(key);
        const first = claimsOn(claims, host.known)
          .get(path.known)
          ?.find(({ other }) => isBefore(other, own) && areApart(other.entity, ingress));
        if (!first) continue;
        const { claim, other } = first;
        const isSure = other.file === file || cluster.areBuiltTogether(file, other.file);
        const draft = at<'taken' | 'beside' | 'first'>(path, isSure ? 'taken' : 'beside', {
          host: host.known ?? '*',
          path: path.known,
          other: other.entity.name.known ?? '',
          file: baseName(other.file),
        }).seeAlso('first', claim.place, other);
        // Files of one folder may be alternatives.
        yield isSure ? draft : draft.as('warning');
      }
    }
  },
});

/** A canary shares the path of another on purpose, and a name may be a patch’s. */
function canClash(ingress: Ingress): boolean {
  return (
    ingress.origin === 'ingress' &&
    ingress.hasSpec &&
    !ingress.isOpen &&
    ingress.name.known !== undefined &&
    (annotationNamed(ingress, 'canary') === undefined || annotationValue(ingress, 'canary') === 'false')
  );
}

/** In one folder, and further up in the order of files: other folders may be other clusters. */
function isBefore(other: Located<Ingress>, own: Located<Ingress>): boolean {
  if (folderOf(other.file) !== folderOf(own.file)) return false;
  return other.file < own.file || (other.file === own.file && other.piece < own.piece);
}

/** Two objects, of one class and in namespaces of one cluster, as far as they say. */
function areApart(a: Ingress, b: Ingress): boolean {
  if (a.name.known === b.name.known && a.namespace.known === b.namespace.known) return false;
  const sameNamespace = a.namespace.known === b.namespace.known;
  return sameNamespace && !a.className.isUnknown && a.className.known === b.className.known;
}

interface Claim {
  readonly claim: Ingress['rules'][number]['paths'][number]['path'];
  readonly other: Located<Ingress>;
}

/** Of each list of Ingresses, its paths on a host: thousands may share one. */
const CLAIMS = new WeakMap<readonly Located<Ingress>[], ReadonlyMap<string, readonly Claim[]>>();

function claimsOn(list: readonly Located<Ingress>[], host: string | undefined): ReadonlyMap<string, readonly Claim[]> {
  const known = CLAIMS.get(list);
  if (known) return known;
  const found = new Map<string, Claim[]>();
  for (const other of list) {
    if (!canClash(other.entity)) continue;
    for (const rule of other.entity.rules) {
      if (rule.host.isUnknown || rule.host.known !== host) continue;
      for (const { path: claim } of rule.paths) {
        if (claim.known === undefined) continue;
        const claims = found.get(claim.known) ?? [];
        claims.push({ claim, other });
        found.set(claim.known, claims);
      }
    }
  }
  CLAIMS.set(list, found);
  return found;
}
