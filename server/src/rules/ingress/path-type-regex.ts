import { isServed, keyInForce } from '../../model/controllers.ts';
import { annotationNamed } from '../../model/ingress.ts';
import { hasReached } from '../../model/versions.ts';
import { at, set } from '../draft.ts';
import { type RuleContext, rule } from '../rule.ts';
import en from './path-type-regex.md';
import zh from './path-type-regex.zh.md';

/**
 * Since 1.12.0 the webhook takes regular expressions only in paths of type ImplementationSpecific: strict-validate-path-type is on. An upgrade does
 * not touch Ingresses that are there; the next change of one of them is refused.
 */
export const pathTypeRegex = rule({
  id: 'ingress/path-type-regex',
  severity: 'error',
  on: 'ingress',
  evidence: [
    'kubernetes/ingress-nginx internal/ingress/inspector/rules.go (1.8.0 to 1.15.1): the pattern of Exact and Prefix paths',
    'kubernetes/ingress-nginx#12637',
    'kubernetes/ingress-nginx#10200',
    'kubernetes-sigs/kind#3764',
  ],
  summary: {
    en: 'A path of type Prefix or Exact has characters that the webhook refuses',
    zh: 'Prefix 或 Exact 类型的路径含有 webhook 拒绝的字符',
  },
  messages: {
    en: {
      refused: v =>
        `The webhook refuses this Ingress: ${v.type === 'Exact' ? 'an' : 'a'} ${v.type} path may not hold \`${v.character}\`; regular expressions need pathType ImplementationSpecific`,
      change: () => 'Set pathType to ImplementationSpecific',
    },
    zh: {
      refused: v =>
        `webhook 会拒绝此 Ingress：${v.type} 类型的路径不能含有 \`${v.character}\`；正则表达式需要 pathType ImplementationSpecific`,
      change: () => '将 pathType 设为 ImplementationSpecific',
    },
  },
  page: { en, zh },

  *check(ingress, context) {
    const { cluster } = context;
    if (ingress.origin !== 'ingress' || !isStrict(context)) return;
    if (isServed(ingress, cluster) !== true && !ingress.annotations.some(({ name }) => name !== null)) return;
    if (isServed(ingress, cluster) === false) return;
    const isRegex =
      annotationNamed(ingress, 'use-regex')?.value.is('true') || annotationNamed(ingress, 'rewrite-target');
    for (const { path, pathType } of ingress.rules.flatMap(({ paths }) => paths)) {
      const wrong =
        path.known === undefined || !path.known.startsWith('/') ? undefined : firstWrong(path.known, context);
      if (wrong === undefined || !pathType.is('Exact', 'Prefix')) continue;
      yield at(path, 'refused', { type: pathType.known ?? '', character: wrong }).fix(
        'change',
        isRegex ? 'safe' : 'unsafe',
        set(pathType, 'ImplementationSpecific'),
      );
    }
  },
});

/** True if the webhook certainly looks at paths. */
function isStrict({ cluster, file }: RuleContext): boolean {
  const version = cluster.version('controller', file);
  const said = keyInForce(cluster, file, 'strict-validate-path-type');
  if (said.state === 'known') return said.value === 'true' && hasReached(version, '1.8.0');
  return hasReached(version, '1.12.0');
}

/** Dots are taken since 1.12.6 and 1.13.2; where releases differ near the file, a dot is no matter. */
function firstWrong(path: string, { cluster, file }: RuleContext): string | undefined {
  const { newest } = cluster.version('controller', file);
  const [major, minor, patch] = newest;
  const takesDots = major > 1 || minor > 13 || (minor === 13 && patch >= 2) || (minor === 12 && patch >= 6);
  return [...path].find(character => !/[\w/-]/.test(character) && !(character === '.' && takesDots));
}
