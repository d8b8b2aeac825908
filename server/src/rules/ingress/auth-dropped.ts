import { ANNOTATIONS_BY_ANY_NAME } from '../../facts/ingressNginxAnnotations.ts';
import { isServed, validatesAnnotations } from '../../model/controllers.ts';
import { annotationNamed } from '../../model/ingress.ts';
import { refusalOfAnnotation } from '../../simulate/controllerValue.ts';
import { at, set } from '../draft.ts';
import { rule } from '../rule.ts';
import en from './auth-dropped.md';
import zh from './auth-dropped.zh.md';
import { shown } from './words.ts';

/**
 * One bad value among the annotations of external authentication has its parser end with an error that nobody hears of: the code reads as if
 * the location were then served without any authentication. It was read twice and never run.
 */
export const authDropped = rule({
  id: 'ingress/auth-dropped',
  severity: 'warning',
  on: 'ingress',
  evidence: [
    'kubernetes/ingress-nginx internal/ingress/annotations/authreq/main.go, Parse, and annotations.go, Extract (1.9.1 to 1.15.1): read, not run',
    'kubernetes/ingress-nginx#8256: the same hole for auth-url itself, closed in 1.1.2',
    'kubernetes/ingress-nginx#10813',
  ],
  summary: {
    en: 'A bad value beside auth-url that likely leaves the location without authentication',
    zh: 'auth-url 旁的错误值，很可能使该路径不再需要认证',
  },
  messages: {
    en: {
      dropped: v =>
        `Likely these paths are served without authentication: the controller does not accept \`${v.value}\`, and drops auth-url with it`,
      url: () => 'auth-url is here',
      correct: v => `Write ${v.meant}`,
    },
    zh: {
      dropped: v => `这些路径很可能无需认证即可访问：控制器不接受 \`${v.value}\`，会连同 auth-url 一起丢弃`,
      url: () => 'auth-url 在这里',
      correct: v => `改为 ${v.meant}`,
    },
  },
  page: { en, zh },

  *check(ingress, { cluster, file }) {
    const url = annotationNamed(ingress, 'auth-url');
    if (!url?.value.place || isServed(ingress, cluster) === false) return;
    for (const { name, value } of validatesAnnotations(cluster, file) ? ingress.annotations : []) {
      const facts = ANNOTATIONS_BY_ANY_NAME.get(name ?? '');
      if (facts?.onInvalid !== 'external-auth-dropped' || value.known === undefined) continue;
      const refusal = refusalOfAnnotation(facts, value.known, true);
      if (!refusal) continue;
      const draft = at(value, 'dropped', { value: shown(refusal.part), meant: refusal.meant ?? '' }).seeAlso(
        'url',
        url.value.place,
      );
      yield refusal.meant === null ? draft : draft.fix('correct', 'safe', set(value, refusal.meant));
    }
  },
});
