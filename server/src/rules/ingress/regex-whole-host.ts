import type { Located } from '../../model/cluster.ts';
import { isServed } from '../../model/controllers.ts';
import { annotationNamed, type Ingress } from '../../model/ingress.ts';
import { folderOf } from '../../text/path.ts';
import { at } from '../draft.ts';
import { rule } from '../rule.ts';
import en from './regex-whole-host.md';
import zh from './regex-whole-host.zh.md';

/**
 * One use-regex or rewrite-target makes all paths of its host regular expressions, those of other Ingresses too: an Exact path then matches
 * everything that begins like it, in any case.
 */
export const regexWholeHost = rule({
  id: 'ingress/regex-whole-host',
  severity: 'warning',
  on: 'ingress',
  evidence: [
    'kubernetes/ingress-nginx internal/ingress/controller/template/template.go, enforceRegexModifier and buildLocation (1.15.1): ~* "^PATH" for every location of the server',
    'test/real/ingress-paths.test.ts: what nginx makes of it',
    'kubernetes/ingress-nginx#10020',
    'kubernetes/ingress-nginx#8425',
  ],
  summary: {
    en: 'An Exact path on a host whose paths are regular expressions',
    zh: '主机的路径都是正则表达式时的 Exact 路径',
  },
  messages: {
    en: {
      loose: v =>
        `${v.path} is not exact: ${v.cause} of ${v.name} makes all paths of ${v.host} regular expressions, and this one matches whatever begins like it`,
      here: () => 'Regular expressions are turned on here',
    },
    zh: {
      loose: v =>
        `${v.path} 并非精确匹配：${v.name} 的 ${v.cause} 使 ${v.host} 的所有路径变成正则表达式，凡以此开头的都会匹配`,
      here: () => '此处启用了正则表达式',
    },
  },
  page: { en, zh },

  *check(ingress, { cluster, file }) {
    if (ingress.origin !== 'ingress' || isServed(ingress, cluster) !== true) return;
    for (const { host, paths } of ingress.rules) {
      const near =
        host.known === undefined || !paths.some(({ pathType }) => pathType.is('Exact'))
          ? []
          : cluster
              .ingressesOfHost(host.known)
              .filter(each => folderOf(each.file) === folderOf(file) && isAlike(each.entity, ingress));
      for (const { path, pathType } of host.known === undefined ? [] : paths) {
        if (!pathType.is('Exact') || path.known === undefined || path.known.endsWith('$')) continue;
        const [cause] = near.flatMap(each => causeIn(each, host.known ?? ''));
        if (!cause) continue;
        const params = {
          path: path.known,
          cause: cause.what,
          name: cause.from.entity.name.known ?? '',
          host: host.known ?? '',
        };
        yield at<'loose' | 'here'>(path, 'loose', params).seeAlso('here', cause.place, cause.from);
      }
    }
  },
});

/** Of one class and one namespace, as far as they say. */
function isAlike(a: Ingress, b: Ingress): boolean {
  return a.origin === 'ingress' && a.className.known === b.className.known && a.namespace.known === b.namespace.known;
}

/** The annotation that makes a host’s paths regular expressions: a rewrite to the path itself is none. */
function causeIn(from: Located<Ingress>, host: string) {
  const own = from.entity.rules.filter(each => each.host.is(host)).flatMap(({ paths }) => paths);
  if (own.length === 0) return [];
  const regex = annotationNamed(from.entity, 'use-regex')?.value;
  if (regex?.is('true') && regex.place) return [{ what: 'use-regex', place: regex.place, from }];
  const target = annotationNamed(from.entity, 'rewrite-target')?.value;
  const rewrites = target?.known && own.some(({ path }) => path.known !== undefined && path.known !== target.known);
  return rewrites && target.place ? [{ what: 'rewrite-target', place: target.place, from }] : [];
}
