import { isServed } from '../../model/controllers.ts';
import type { Change } from '../../model/edit.ts';
import { annotationNamed, type Ingress, type IngressPath } from '../../model/ingress.ts';
import type { Value } from '../../model/value.ts';
import { isBefore } from '../../model/versions.ts';
import { at, set } from '../draft.ts';
import { rule } from '../rule.ts';
import en from './rewrite-without-group.md';
import zh from './rewrite-without-group.zh.md';

/**
 * Since 0.22.0 a rewrite keeps nothing of the path but what its groups caught. Without a group every request below the path becomes one and the
 * same: the page loads, and its scripts and pictures do not.
 */
export const rewriteWithoutGroup = rule({
  id: 'ingress/rewrite-without-group',
  severity: 'warning',
  on: 'ingress',
  evidence: [
    'kubernetes/ingress-nginx internal/ingress/controller/template/template.go, buildProxyPass (1.15.1): rewrite "(?i)PATH" TARGET break',
    'kubernetes/ingress-nginx Changelog.md, 0.22.0: rewrite-target needs capture groups',
    'test/real/ingress-paths.test.ts: what nginx makes of it',
    'kubernetes/ingress-nginx#3174',
    'kubernetes/website#46546',
  ],
  summary: {
    en: 'rewrite-target keeps nothing of the path that was asked for',
    zh: 'rewrite-target 丢弃了请求路径的其余部分',
  },
  messages: {
    en: {
      nothing: v =>
        `Every request below ${v.path} reaches the backend as ${v.target}: the path has no group that rewrite-target could keep`,
      missing: v =>
        `\`$${v.group}\` is always empty: ${v.path} has ${v.count === 0 ? 'no group' : v.count === 1 ? '1 group' : `${v.count} groups`}`,
      path: () => 'The path is here',
      keep: v => `Keep the rest of the path: ${v.new}`,
    },
    zh: {
      nothing: v => `${v.path} 之下的所有请求到达后端时都变成 ${v.target}：路径中没有可供 rewrite-target 保留的捕获组`,
      missing: v => `${v.path} 只有 ${v.count} 个捕获组：\`$${v.group}\` 永远为空`,
      path: () => '路径在这里',
      keep: v => `保留路径的其余部分：${v.new}`,
    },
  },
  page: { en, zh },

  *check(ingress, { cluster, file }) {
    const target = annotationNamed(ingress, 'rewrite-target')?.value;
    if (target?.known === undefined || target.known === '' || isServed(ingress, cluster) === false) return;
    const version = cluster.version('controller', file);
    // This API's successor came after 0.22.0: without a group, it may be written for a controller that kept the rest by itself.
    const isOld = version.from === 'default' && ingress.apiVersion.is('extensions/v1beta1');
    const mayBeOlder = isOld && !target.known.includes('$');
    if (mayBeOlder || isBefore(version, '0.22.0')) return;
    const groups = [...target.known.matchAll(/\$(\d)/g)].map(([, digit = '0']) => Number(digit));
    for (const { path, pathType } of ingress.rules.flatMap(({ paths }) => paths)) {
      const written = path.known;
      if (written === undefined || pathType.isUnknown) continue;
      const count = groupsIn(written);
      const missing = groups.find(group => group > count);
      if (missing !== undefined) {
        yield at<Key>(target, 'missing', { group: missing, path: written, count }).seeAlso('path', path.place);
        return;
      }
      if (target.known.includes('$') || isWhole(written, pathType) || written === target.known) continue;
      const rest = `${target.known.replace(/\/$/, '')}/$2`;
      const draft = at<Key>(target, 'nothing', { path: written, target: target.known, new: rest }).seeAlso(
        'path',
        path.place,
      );
      const changes = keepingTheRest(ingress, target, rest);
      yield changes === null ? draft : draft.fix('keep', 'unsafe', ...changes);
      return;
    }
  },
});

type Key = 'nothing' | 'missing' | 'path' | 'keep';

/** Groups that catch: brackets that are not escaped, in no class, and not followed by a question mark. */
function groupsIn(path: string): number {
  return (
    path
      .replace(/\\./g, '')
      .replace(/\[[^\]]*\]/g, '')
      .match(/\((?!\?)|\(\?<(?![=!])/g)?.length ?? 0
  );
}

/** True if nothing lies below the path. */
function isWhole(path: string, pathType: Value<string>): boolean {
  return pathType.is('Exact') || path.endsWith('$');
}

/** What has all paths catch their rest; null if one of them is no plain path. */
function keepingTheRest({ rules }: Ingress, target: Value<string>, rest: string): Change[] | null {
  const paths = rules.flatMap(rule => rule.paths);
  if (
    !paths.every(
      ({ path, pathType }) => /^\/[\w./-]*$/.test(path.known ?? '') && pathType.is('Prefix', 'ImplementationSpecific'),
    )
  ) {
    return null;
  }
  return [set(target, rest), ...paths.flatMap(changesOf)];
}

function changesOf({ path, pathType }: IngressPath): Change[] {
  const bare = (path.known ?? '').replace(/\/$/, '');
  return [
    set(path, bare === '' ? '/()(.*)' : `${bare}(/|$)(.*)`),
    ...(pathType.is('ImplementationSpecific') ? [] : [set(pathType, 'ImplementationSpecific')]),
  ];
}
