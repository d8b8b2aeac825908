import { isServed, keyInForce } from '../../model/controllers.ts';
import { annotationNamed } from '../../model/ingress.ts';
import { hasReached } from '../../model/versions.ts';
import { at } from '../draft.ts';
import { type RuleContext, rule } from '../rule.ts';
import en from './cross-namespace.md';
import zh from './cross-namespace.zh.md';

/** Annotations that name a Secret or a ConfigMap, and the annotation beside which they are read. */
const NAMING: ReadonlyMap<string, string | null> = new Map([
  ['auth-secret', 'auth-type'],
  ['auth-tls-secret', null],
  ['proxy-ssl-secret', null],
  ['auth-proxy-set-headers', 'auth-url'],
]);

/** Since 1.12.0 an Ingress may name Secrets and ConfigMaps of its own namespace alone: with another one its paths are denied. */
export const crossNamespace = rule({
  id: 'ingress/cross-namespace',
  severity: 'error',
  on: 'ingress',
  evidence: [
    'kubernetes/ingress-nginx internal/ingress/annotations/auth/main.go, authtls/main.go, proxyssl/main.go (1.9.0 to 1.15.1): "cross namespace secrets are not supported" as LocationDenied',
    'kubernetes/ingress-nginx internal/ingress/controller/config/config.go: allow-cross-namespace-resources is false since 1.12.0',
    'dixneuf19/brassberry-gitops#999',
  ],
  summary: {
    en: 'A Secret or ConfigMap of another namespace: the paths are denied',
    zh: '引用了其他命名空间的 Secret 或 ConfigMap：路径会被拒绝',
  },
  messages: {
    en: {
      denied: v =>
        `The paths of this Ingress are denied: ${v.name} names an object of namespace ${v.other}, and the Ingress is in ${v.own}; allow-cross-namespace-resources is false`,
    },
    zh: {
      denied: v =>
        `此 Ingress 的路径会被拒绝：${v.name} 引用了命名空间 ${v.other} 的对象，而 Ingress 位于 ${v.own}；allow-cross-namespace-resources 为 false`,
    },
  },
  page: { en, zh },

  *check(ingress, context) {
    const own = ingress.namespace.known;
    if (
      own === undefined ||
      ingress.origin !== 'ingress' ||
      isServed(ingress, context.cluster) === false ||
      isAllowed(context)
    )
      return;
    for (const { name, value } of ingress.annotations) {
      const leader = NAMING.get(name ?? '');
      if (leader === undefined || (leader !== null && !annotationNamed(ingress, leader))) continue;
      const [, other] = /^([\w.-]+)\/[\w.-]+$/.exec(value.known ?? '') ?? [];
      if (other === undefined || other === own) continue;
      yield at(value, 'denied', { name: name ?? '', other, own });
    }
  },
});

function isAllowed({ cluster, file }: RuleContext): boolean {
  const said = keyInForce(cluster, file, 'allow-cross-namespace-resources');
  const isOld = !hasReached(cluster.version('controller', file), '1.12.0');
  return said.state === 'known' ? said.value !== 'false' : isOld;
}
