import { ANNOTATIONS_BY_ANY_NAME, RISKS } from '../../facts/ingressNginxAnnotations.ts';
import { defaultOfKey } from '../../model/controllerDefaults.ts';
import { type InForceValue, isServed, keyInForce, valueOfKey } from '../../model/controllers.ts';
import { hasReached } from '../../model/versions.ts';
import { at, type Draft } from '../draft.ts';
import { type RuleContext, rule } from '../rule.ts';
import en from './snippet-refused.md';
import zh from './snippet-refused.zh.md';

/**
 * Snippets are off since 1.9.0, and since 1.12.0 they are above the risk that is taken as well: an Ingress with one is refused as a whole, or, without
 * the webhook, skipped. Both keys of the ConfigMap have to say otherwise.
 */
export const snippetRefused = rule({
  id: 'ingress/snippet-refused',
  severity: 'error',
  on: 'ingress',
  evidence: [
    'kubernetes/ingress-nginx internal/ingress/controller/controller.go, CheckIngress (1.9.0 to 1.15.1): "-snippet" and allow-snippet-annotations',
    'kubernetes/ingress-nginx internal/ingress/annotations/parser/validators.go, CheckAnnotationRisk (1.9.0 to 1.15.1)',
    'kubernetes/ingress-nginx#10543',
    'kubernetes/ingress-nginx#12648',
    'kubernetes/ingress-nginx#13095',
  ],
  summary: {
    en: 'An annotation that the controller’s ConfigMap does not allow: the Ingress is refused',
    zh: '控制器的 ConfigMap 不允许的注解：整个 Ingress 会被拒绝',
  },
  messages: {
    en: {
      disabled: v =>
        `The controller refuses the whole Ingress: ${v.name} is a snippet, and allow-snippet-annotations is ${v.allow}`,
      risk: v =>
        `The controller refuses the whole Ingress: ${v.name} has risk ${v.risk}, and annotations-risk-level is ${v.level}`,
      needs: v =>
        `The controller takes ${v.name} only if its ConfigMap has allow-snippet-annotations "true"${v.both ? ' and annotations-risk-level Critical' : ''}`,
      here: () => 'The ConfigMap says so here',
    },
    zh: {
      disabled: v => `控制器会拒绝整个 Ingress：${v.name} 是片段注解，而 allow-snippet-annotations 为 ${v.allow}`,
      risk: v => `控制器会拒绝整个 Ingress：${v.name} 的风险为 ${v.risk}，而 annotations-risk-level 为 ${v.level}`,
      needs: v =>
        `仅当 ConfigMap 中 allow-snippet-annotations 为 "true"${v.both ? ' 且 annotations-risk-level 为 Critical' : ''} 时，控制器才接受 ${v.name}`,
      here: () => 'ConfigMap 在此处这样设置',
    },
  },
  page: { en, zh },

  *check(ingress, context) {
    if (ingress.origin === 'service' || isServed(ingress, context.cluster) === false) return;
    const level = levelInForce(context);
    for (const { name, value } of ingress.annotations) {
      const facts = ANNOTATIONS_BY_ANY_NAME.get(name ?? '');
      if (!facts || !value.place) continue;
      const isTooRisky = level !== null && RISKS.indexOf(facts.risk) > RISKS.indexOf(level.risk);
      const risky = () =>
        seeing(
          at<Key>(value, 'risk', { name: facts.name, risk: facts.risk, level: level?.written ?? '' }),
          level?.from,
        );
      if (facts.type !== 'nginx-text') {
        if (isTooRisky) yield risky();
        continue;
      }
      const allow = keyInForce(context.cluster, context.file, ALLOW);
      const byDefault = defaultOfKey(ALLOW, context.cluster.version('controller', context.file));
      if (valueOfKey(context.cluster, context.file, ALLOW) === 'false')
        yield seeing(at<Key>(value, 'disabled', { name: facts.name, allow: 'false' }), allow);
      else if (isTooRisky) yield risky();
      else if (allow.state === 'unknown' && byDefault === 'false') {
        const both = hasReached(context.cluster.version('controller', context.file), '1.12.0');
        yield at<Key>(value, 'needs', { name: facts.name, ...(both ? { both: 1 } : {}) }).as('information');
      }
    }
  },
});

const ALLOW = 'allow-snippet-annotations';

type Key = 'disabled' | 'risk' | 'needs' | 'here';

/** The highest risk that is taken, where a ConfigMap in sight tells; null where none does. */
function levelInForce({ cluster, file }: RuleContext) {
  const from = keyInForce(cluster, file, 'annotations-risk-level');
  const written = valueOfKey(cluster, file, 'annotations-risk-level');
  if (written === null) return null;
  // A level that nobody knows counts as Low.
  const risk = RISKS.find(each => each.toLowerCase() === written.toLowerCase()) ?? 'Low';
  return { risk, written, from };
}

function seeing(draft: Draft<Key>, said: InForceValue | undefined): Draft<Key> {
  return said?.state === 'known' ? draft.seeAlso('here', said.place, said) : draft;
}
