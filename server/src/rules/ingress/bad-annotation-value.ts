import {
  ANNOTATIONS_BY_ANY_NAME,
  type AnnotationConsequence,
  type AnnotationFacts,
} from '../../facts/ingressNginxAnnotations.ts';
import { isServed, validatesAnnotations } from '../../model/controllers.ts';
import { annotationNamed, type Ingress } from '../../model/ingress.ts';
import { choicesOf, refusalOfAnnotation } from '../../simulate/controllerValue.ts';
import { at, set } from '../draft.ts';
import { rule } from '../rule.ts';
import en from './bad-annotation-value.md';
import zh from './bad-annotation-value.zh.md';
import { reason, shown } from './words.ts';

/**
 * Each annotation has a check of its own, and each failure ends otherwise: the Ingress is refused, the location answers 503, or, most of the time,
 * the value is passed over, and what the author wanted is not there. Only the first of these is seen when it happens.
 */
export const badAnnotationValue = rule({
  id: 'ingress/bad-annotation-value',
  severity: 'error',
  on: 'ingress',
  evidence: [
    'kubernetes/ingress-nginx internal/ingress/annotations/parser/validators.go (1.9.0 to 1.15.1): the checks',
    'kubernetes/ingress-nginx internal/ingress/annotations/annotations.go, Extract (1.15.1): what an error of each parser leads to',
    'kubernetes/ingress-nginx#11726',
    'kubernetes/ingress-nginx#3211',
    'kubernetes/ingress-nginx#12709',
    'kubernetes/ingress-nginx#11175',
  ],
  summary: {
    en: 'A value of an annotation that ingress-nginx does not take',
    zh: 'ingress-nginx 不接受的注解值',
  },
  messages: {
    en: {
      'default-used': v =>
        `The controller ignores this annotation with no more than a line in its log: ${reason(v, 'en')}`,
      'ingress-rejected': v => `The controller refuses the whole Ingress: ${reason(v, 'en')}`,
      'location-503': v => `Every path of this Ingress answers 503: ${reason(v, 'en')}`,
      correct: v => (v.multiline ? 'Take the empty entry out' : `Write ${v.meant}`),
    },
    zh: {
      'default-used': v => `控制器会忽略此注解，只在日志中写一行：${reason(v, 'zh')}`,
      'ingress-rejected': v => `控制器会拒绝整个 Ingress：${reason(v, 'zh')}`,
      'location-503': v => `此 Ingress 的所有路径都返回 503：${reason(v, 'zh')}`,
      correct: v => (v.multiline ? '去掉空项' : `改为 ${v.meant}`),
    },
  },
  page: { en, zh },

  *check(ingress, context) {
    if (ingress.origin === 'service' || isServed(ingress, context.cluster) === false) return;
    let validated: boolean | null = null;
    for (const { name, value } of ingress.annotations) {
      const facts = ANNOTATIONS_BY_ANY_NAME.get(name ?? '');
      // Cipher lists have a rule of their own.
      if (!facts || facts.name === 'ssl-ciphers') continue;
      if (value.known === undefined || !isLookedAt(ingress, facts)) continue;
      const { onInvalid } = facts;
      if (onInvalid === 'external-auth-dropped' || onInvalid === 'not-validated') continue;
      validated ??= validatesAnnotations(context.cluster, context.file);
      const refusal = refusalOfAnnotation(facts, value.known, validated);
      if (!refusal || /^[%<@_]|\$\{/.test(value.known.trim())) continue;
      const draft = at<Key>(value, onInvalid, {
        key: name ?? '',
        value: shown(refusal.part),
        wanted: refusal.wanted,
        choices: choicesOf(facts).join(', '),
        meant: refusal.meant ?? '',
        ...(refusal.meant?.includes('\n') ? { multiline: 1 } : {}),
      });
      yield refusal.meant === null ? draft : draft.fix('correct', 'safe', set(value, refusal.meant));
    }
  },
});

type Key = Exclude<AnnotationConsequence, 'external-auth-dropped' | 'not-validated'> | 'correct';

/** True if the annotation beside which alone this one is read is there, or may be. */
function isLookedAt(ingress: Ingress, { readWith, name }: AnnotationFacts): boolean {
  if (/^permanent-redirect/.test(name) && annotationNamed(ingress, 'temporal-redirect')) return false;
  return readWith === null || ingress.isOpen || annotationNamed(ingress, readWith) !== undefined;
}
