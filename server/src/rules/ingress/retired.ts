import { ANNOTATIONS_BY_ANY_NAME } from '../../facts/ingressNginxAnnotations.ts';
import { GATEWAY_COUNTERPARTS } from '../../facts/ingressNginxSuccessors.ts';
import type { Cluster } from '../../model/cluster.ts';
import { closedNear, isServed } from '../../model/controllers.ts';
import type { Annotation, Ingress } from '../../model/ingress.ts';
import type { VersionEvidence } from '../../model/versions.ts';
import { controllerCves } from '../../simulate/controllerCves.ts';
import { at, atPlace, type Draft } from '../draft.ts';
import { type RuleContext, rule } from '../rule.ts';
import en from './retired.md';
import zh from './retired.zh.md';

type Key = 'controller' | 'all' | 'some';

/** More names than these would hide the sentence that they stand in. */
const MOST_NAMES = 6;

/** Nothing that is found later in ingress-nginx will be fixed: where it still runs, and what moving each Ingress to Gateway API takes. */
export const retired = rule({
  id: 'ingress/retired',
  severity: 'information',
  on: ['versionEvidence', 'ingress'],
  evidence: [
    'kubernetes.io, 2025-11-11: Ingress NGINX Retirement; the last releases are of 2026-03-19',
    'kubernetes-sigs/ingress2gateway pkg/i2gw/providers/ingressnginx (2026): the annotations that it converts',
    'traefik/traefik docs/content/reference/routing-configuration/kubernetes/ingress-nginx.md (2026), and #12739',
    'kubernetes/ingress-nginx#14528',
  ],
  summary: {
    en: 'ingress-nginx was retired in March 2026: what runs on it, and what moving takes',
    zh: 'ingress-nginx 已于 2026 年 3 月停止维护：哪些还在使用它，迁移需要做什么',
  },
  messages: {
    en: {
      controller: v =>
        `Nothing that is found in controller ${v.version} will be fixed, and ${v.count} published vulnerabilities stay open: ingress-nginx was retired in March 2026`,
      all: v =>
        v.count === 1
          ? 'ingress2gateway converts the one annotation of ingress-nginx here into Gateway API'
          : `ingress2gateway converts all ${v.count} annotations of ingress-nginx here into Gateway API`,
      some: v =>
        v.count === 1
          ? `ingress2gateway finds no counterpart in Gateway API itself for the one annotation of ingress-nginx here: ${v.names}`
          : `ingress2gateway finds no counterpart in Gateway API itself for ${v.lost === v.count ? 'any' : v.lost} of the ${v.count} annotations of ingress-nginx here: ${v.names}${v.more === 0 ? '' : ` and ${v.more} more`}`,
    },
    zh: {
      controller: v =>
        `控制器 ${v.version} 中新发现的问题不会再修复，另有 ${v.count} 个已公开的漏洞没有修复版本：ingress-nginx 已于 2026 年 3 月停止维护`,
      all: v => `ingress2gateway 可以把这里的 ${v.count} 个 ingress-nginx 注解全部转换到 Gateway API`,
      some: v =>
        `这里的 ${v.count} 个 ingress-nginx 注解中，${v.lost === v.count ? '全部' : `有 ${v.lost} 个`}在 Gateway API 本身没有 ingress2gateway 可转换的对应项：${v.names}${v.more === 0 ? '' : ` 等，另有 ${v.more} 个`}`,
    },
  },
  page: { en, zh },

  check: (entity, context) =>
    entity.is === 'ingress' ? ofIngress(entity, context.cluster) : ofController(entity, context),
});

function* ofController(
  { program, version, place }: VersionEvidence,
  { cluster, file }: RuleContext,
): Iterable<Draft<Key>> {
  if (program !== 'controller') return;
  const open = controllerCves(version, closedNear(cluster, file)).filter(({ fixed }) => fixed.length === 0);
  yield atPlace<Key>(place, 'controller', {
    version: version.join('.'),
    count: open.length,
  });
}

function* ofIngress(ingress: Ingress, cluster: Cluster): Iterable<Draft<Key>> {
  if (ingress.origin !== 'ingress' || ingress.isOpen || !ingress.name.place) return;
  const known = ingress.annotations.filter(({ name }) => ANNOTATIONS_BY_ANY_NAME.has(name ?? ''));
  if (known.length === 0 || known.some(isUnclear) || isServed(ingress, cluster) !== true) return;
  const lost = known.filter(isLost).map(({ name }) => `\`${name}\``);
  const count = known.length;
  if (lost.length === 0) yield at<Key>(ingress.name, 'all', { count }).as('hint');
  else {
    yield at<Key>(ingress.name, 'some', {
      count,
      lost: lost.length,
      names: lost.slice(0, MOST_NAMES).join(', '),
      more: Math.max(0, lost.length - MOST_NAMES),
    });
  }
}

/** True if Gateway API itself has nothing for it. */
function isLost({ name, value }: Annotation): boolean {
  const counterpart = GATEWAY_COUNTERPARTS.get(name ?? '');
  return counterpart?.is !== 'field' || counterpart.notWith?.test(value.known ?? '') === true;
}

/** True if its value decides, and is not known. */
function isUnclear({ name, value }: Annotation): boolean {
  return (GATEWAY_COUNTERPARTS.get(name ?? '')?.notWith ?? null) !== null && value.known === undefined;
}
