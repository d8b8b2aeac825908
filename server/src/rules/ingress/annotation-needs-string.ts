import { ANNOTATIONS_BY_ANY_NAME } from '../../facts/ingressNginxAnnotations.ts';
import { isServed } from '../../model/controllers.ts';
import { rule } from '../rule.ts';
import en from './annotation-needs-string.md';
import zh from './annotation-needs-string.zh.md';
import { bareMessages, bareValues } from './bareValues.ts';

/** Annotations are strings and nothing else: with one bare number or boolean among them, no object is read at all. */
export const annotationNeedsString = rule({
  id: 'ingress/annotation-needs-string',
  severity: 'error',
  on: 'ingress',
  evidence: [
    'kubernetes apimachinery pkg/apis/meta/v1/types.go: ObjectMeta.Annotations is map[string]string',
    'kubectl 1.32.4, annotate --local -f ingress.yaml a=b: cannot unmarshal number into Go struct field ObjectMeta.metadata.annotations of type string',
    'kubernetes/ingress-nginx docs/user-guide/nginx-configuration/annotations.md: "Annotation keys and values can only be strings"',
  ],
  summary: {
    en: 'An annotation is no string: the API server refuses the Ingress',
    zh: '注解不是字符串：API server 会拒绝该 Ingress',
  },
  messages: bareMessages('Ingress', { en: 'annotations', zh: '注解' }),
  page: { en, zh },

  *check(ingress, { cluster }) {
    // Charts print values of their own as they like: some with quotes.
    if (ingress.origin !== 'ingress' || isServed(ingress, cluster) === false) return;
    yield* bareValues(ingress.annotations, name => ANNOTATIONS_BY_ANY_NAME.get(name)?.values);
  },
});
