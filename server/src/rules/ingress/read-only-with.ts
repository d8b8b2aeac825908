import { ANNOTATIONS_BY_ANY_NAME } from '../../facts/ingressNginxAnnotations.ts';
import { isServed } from '../../model/controllers.ts';
import { annotationNamed } from '../../model/ingress.ts';
import { at } from '../draft.ts';
import { rule } from '../rule.ts';
import en from './read-only-with.md';
import zh from './read-only-with.zh.md';

/** Many annotations belong to another one, and are only looked at beside it: alone, they are neither refused nor of any use. */
export const readOnlyWith = rule({
  id: 'ingress/read-only-with',
  severity: 'error',
  on: 'ingress',
  evidence: [
    'kubernetes/ingress-nginx internal/ingress/annotations/authreq/main.go, authtls/main.go, proxyssl/main.go, sessionaffinity/main.go, auth/main.go (1.15.1): Parse returns before it reads the others',
  ],
  summary: {
    en: 'An annotation that is only read beside another one, which is not there',
    zh: '只与另一个注解一同读取、而后者并不存在的注解',
  },
  messages: {
    en: {
      alone: v => `The controller does not look at ${v.name}: it is only read beside ${v.leader}, which is not there`,
    },
    zh: { alone: v => `控制器不会读取 ${v.name}：它只与 ${v.leader} 一同读取，而后者并不存在` },
  },
  page: { en, zh },

  *check(ingress, { cluster }) {
    if (ingress.origin !== 'ingress' || !ingress.hasSpec || ingress.isOpen) return;
    if (isServed(ingress, cluster) === false || ingress.name.known === undefined) return;
    const layers = cluster.ingressesNamed(ingress.name.known).map(({ entity }) => entity);
    for (const { name, value } of ingress.annotations) {
      const leader = ANNOTATIONS_BY_ANY_NAME.get(name ?? '')?.readWith;
      if (!leader || !value.place) continue;
      if ([ingress, ...layers].some(each => each.isOpen || annotationNamed(each, leader))) continue;
      yield at(value, 'alone', { name: name ?? '', leader });
    }
  },
});
