import { ANNOTATIONS_BY_ANY_NAME } from '../../facts/ingressNginxAnnotations.ts';
import { isServed } from '../../model/controllers.ts';
import { at, set } from '../draft.ts';
import { rule } from '../rule.ts';
import en from './annotation-needs-string.md';
import zh from './annotation-needs-string.zh.md';

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
  messages: {
    en: {
      refused: v =>
        `The API server refuses the whole Ingress: \`${v.written}\` without quotes is a ${v.type}, and annotations must be strings`,
      quote: v => `Write "${v.text}" in quotes`,
    },
    zh: {
      refused: v =>
        `API server 会拒绝整个 Ingress：不带引号的 \`${v.written}\` 是${v.type === 'boolean' ? '布尔值' : '数字'}，而注解必须是字符串`,
      quote: v => `写成带引号的 "${v.text}"`,
    },
  },
  page: { en, zh },

  *check(ingress, { cluster }) {
    // Charts print values of their own as they like: some with quotes.
    if (ingress.origin !== 'ingress' || isServed(ingress, cluster) === false) return;
    for (const { name, value, notString } of ingress.annotations) {
      if (!notString || !value.place) continue;
      const { text, type, written } = notString;
      // A switch that YAML reads as true means on where nginx wants that word.
      const words = ANNOTATIONS_BY_ANY_NAME.get(name ?? '')?.values.includes('on') ? { true: 'on', false: 'off' } : {};
      const meant = (words as Record<string, string>)[text] ?? text;
      const isPlain = type === 'boolean' || /^(?:0|[1-9]\d*)(?:\.\d+)?$/.test(text);
      yield at(value, 'refused', { text: meant, type, written }).fix(
        'quote',
        isPlain ? 'safe' : 'unsafe',
        set(value, meant),
      );
    }
  },
});
