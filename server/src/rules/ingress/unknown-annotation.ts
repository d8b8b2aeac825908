import { ANNOTATIONS_BY_ANY_NAME, REMOVED_ANNOTATIONS } from '../../facts/ingressNginxAnnotations.ts';
import { CONFIG_KEYS } from '../../facts/ingressNginxKeys.ts';
import { ANNOTATION_PREFIX } from '../../facts/ingressNginxSnippets.ts';
import { NO_SUCH_ANNOTATION } from '../../facts/tlsNames.ts';
import { isServed } from '../../model/controllers.ts';
import type { Annotation, Ingress } from '../../model/ingress.ts';
import { hasReached, isBefore } from '../../model/versions.ts';
import { nameMeant } from '../../text/spelling.ts';
import { at, type Draft } from '../draft.ts';
import { type RuleContext, rule } from '../rule.ts';
import en from './unknown-annotation.md';
import zh from './unknown-annotation.zh.md';

/**
 * Annotations are looked up by their whole name. One with a wrong prefix, a typing error, or the name of an older release stays on the object and
 * does nothing; neither the webhook nor the log says so.
 */
export const unknownAnnotation = rule({
  id: 'ingress/unknown-annotation',
  severity: 'error',
  on: 'ingress',
  evidence: [
    'kubernetes/ingress-nginx internal/ingress/annotations/annotations.go (1.15.1): the names that are looked up',
    'kubernetes/ingress-nginx internal/ingress/annotations/parser/main.go (1.15.1): DefaultAnnotationsPrefix',
    'kubernetes/ingress-nginx#7986',
    'kubernetes/ingress-nginx#8243',
    'kubernetes/ingress-nginx#6189',
  ],
  summary: {
    en: 'An annotation that ingress-nginx does not read',
    zh: 'ingress-nginx 不会读取的注解',
  },
  messages: {
    en: {
      unknown: v => `The controller ignores \`${v.name}\` without a word: no release has such an annotation`,
      near: v => `The controller ignores \`${v.name}\` without a word: did you mean \`${v.meant}\`?`,
      key: v => `The controller ignores \`${v.name}\` without a word: it is a key of its ConfigMap, and no annotation`,
      removed: v =>
        `The controller ignores \`${v.name}\` without a word: it was removed in ${v.removedIn}, and nothing took its place`,
      replaced: v =>
        `The controller ignores \`${v.name}\` without a word: it was removed in ${v.removedIn}; now it is ${v.replacement}`,
      going: v =>
        `Controller ${v.removedIn} and later ignore \`${v.name}\` without a word: the annotation is gone there`,
      tooNew: v => `Controller ${v.version} ignores \`${v.name}\` without a word: the annotation came with ${v.since}`,
      prefix: v => `The controller ignores \`${v.key}\` without a word: its prefix is ${v.prefix}`,
      otherController: v =>
        `ingress-nginx ignores \`${v.key}\`, which F5’s controller reads: its own is \`${v.meant}\``,
      onService: v => `\`${v.name}\` does nothing on a Service: the controller reads annotations of Ingresses`,
      rename: v => `Rename it to ${v.meant}`,
    },
    zh: {
      unknown: v => `控制器会忽略 \`${v.name}\`，没有任何提示：任何版本都没有这个注解`,
      near: v => `控制器会忽略 \`${v.name}\`，没有任何提示：是否想写 \`${v.meant}\`？`,
      key: v => `控制器会忽略 \`${v.name}\`，没有任何提示：它是 ConfigMap 的键，不是注解`,
      removed: v => `控制器会忽略 \`${v.name}\`，没有任何提示：它在 ${v.removedIn} 中被移除，没有替代`,
      replaced: v => `控制器会忽略 \`${v.name}\`，没有任何提示：它在 ${v.removedIn} 中被移除，现在是 ${v.replacement}`,
      going: v => `控制器从 ${v.removedIn} 起会忽略 \`${v.name}\`，没有任何提示：那里已没有这个注解`,
      tooNew: v => `控制器 ${v.version} 会忽略 \`${v.name}\`，没有任何提示：这个注解从 ${v.since} 起才有`,
      prefix: v => `控制器会忽略 \`${v.key}\`，没有任何提示：它的前缀是 ${v.prefix}`,
      otherController: v => `ingress-nginx 会忽略 \`${v.key}\`，那是 F5 控制器的注解：它自己的是 \`${v.meant}\``,
      onService: v => `写在 Service 上的 \`${v.name}\` 不起作用：控制器只读取 Ingress 的注解`,
      rename: v => `改名为 ${v.meant}`,
    },
  },
  page: { en, zh },

  *check(ingress, context) {
    const served = isServed(ingress, context.cluster);
    if (served === false) return;
    const isOurs = served === true || ingress.annotations.some(({ name }) => name !== null);
    for (const annotation of ingress.annotations) {
      const { name, value } = annotation;
      if (!value.place || NO_SUCH_ANNOTATION.has(name ?? '')) continue;
      if (name === null) {
        if (isOurs) yield* ofOtherPrefix(annotation, ingress);
      } else if (isOnService(ingress)) {
        if (ANNOTATIONS_BY_ANY_NAME.has(name)) yield at(value, 'onService', { name });
      } else yield* ofOurPrefix(annotation, name, ingress, context);
    }
  },
});

type Key =
  | 'unknown'
  | 'near'
  | 'key'
  | 'removed'
  | 'replaced'
  | 'going'
  | 'tooNew'
  | 'prefix'
  | 'otherController'
  | 'onService'
  | 'rename';

function* ofOurPrefix(
  annotation: Annotation,
  name: string,
  ingress: Ingress,
  { cluster, file }: RuleContext,
): Iterable<Draft<Key>> {
  const { value } = annotation;
  const version = cluster.version('controller', file);
  const facts = ANNOTATIONS_BY_ANY_NAME.get(name);
  if (facts) {
    const isThere = !isBefore(version, facts.since) || version.from === 'default' || facts.alsoIn.length > 0;
    // An older name is older than the release that renamed it.
    if (isThere || facts.name !== name) return;
    yield at(value, 'tooNew', { name, since: facts.since, version: version.newest.join('.') });
    return;
  }
  const removed = REMOVED_ANNOTATIONS.get(name);
  if (removed?.removedIn) {
    const { removedIn, replacement } = removed;
    const params = { name, removedIn, replacement: replacement ?? '' };
    if (isBefore(version, removedIn)) yield at<Key>(value, 'going', params).as('hint');
    else {
      const severity = hasReached(version, removedIn) ? 'error' : 'hint';
      yield at<Key>(value, replacement === null ? 'removed' : 'replaced', params).as(severity);
    }
    return;
  }
  const meant = removed?.replacement ?? meantBy(name);
  if (meant !== null) yield renamed(at<Key>(value, 'near', { name, meant }), annotation, ingress, meant);
  else yield at<Key>(value, CONFIG_KEYS.has(name) ? 'key' : 'unknown', { name });
}

function meantBy(name: string): string | null {
  const plain = name
    .replaceAll('_', '-')
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .toLowerCase();
  if (ANNOTATIONS_BY_ANY_NAME.has(plain)) return plain;
  return nameMeant(plain, [...ANNOTATIONS_BY_ANY_NAME.keys()]);
}

const PREFIX = ANNOTATION_PREFIX.slice(0, -1);

/** Prefixes of old releases and of Kubernetes itself, under which the same names are found in tutorials. */
const OLD_PREFIXES: readonly string[] = [
  'ingress.kubernetes.io',
  'kubernetes.io',
  'ingress.nginx.kubernetes.io',
  'nginx.kubernetes.io',
  'nginx.ingress.k8s.io',
];

function* ofOtherPrefix(annotation: Annotation, ingress: Ingress): Iterable<Draft<Key>> {
  const { key, value } = annotation;
  const [, prefix = '', name = ''] = /^([^/]+)\/(.+)$/.exec(key) ?? [];
  if (!ANNOTATIONS_BY_ANY_NAME.has(name)) return;
  const meant = ANNOTATION_PREFIX + name;
  // Who writes both means several controllers.
  if (ingress.annotations.some(other => other.key === meant)) return;
  const params = { key, meant, prefix: PREFIX };
  if (/^nginx\.(?:org|com)$/.test(prefix)) yield at<Key>(value, 'otherController', params).as('information');
  else if (OLD_PREFIXES.includes(prefix) || nameMeant(prefix, [PREFIX]) !== null) {
    yield renamed(at<Key>(value, 'prefix', params), annotation, ingress, name);
  }
}

function renamed(draft: Draft<Key>, { value }: Annotation, { annotations }: Ingress, name: string): Draft<Key> {
  const to = ANNOTATION_PREFIX + name;
  if (annotations.some(other => other.key === to)) return draft;
  return draft.fix('rename', 'safe', { address: value.address, change: { op: 'rename', to } });
}

/** True for annotations of a Service, in a manifest or in values that become one. */
function isOnService({ origin, address }: Ingress): boolean {
  return origin === 'service' || (origin === 'values' && address.at(-2) === 'service');
}
