import { CONFIG_KEYS, type KeyFacts, REMOVED_KEYS } from '../../facts/ingressNginxKeys.ts';
import { NO_SUCH_KEY } from '../../facts/tlsNames.ts';
import { isReadByController } from '../../model/controllers.ts';
import { hasReached, isBefore } from '../../model/versions.ts';
import { at } from '../draft.ts';
import { rule } from '../rule.ts';
import en from './unknown-key.md';
import zh from './unknown-key.zh.md';
import { meantByKey, takes } from './words.ts';

/**
 * The controller looks up the keys that it knows and says nothing of the others, at any log level. A typing error, a directive of nginx or
 * another controller's key leaves the default in force, and nobody hears of it.
 */
export const unknownKey = rule({
  id: 'ingress/unknown-key',
  severity: 'error',
  on: 'controllerConfig',
  evidence: [
    'kubernetes/ingress-nginx internal/ingress/controller/template/configmap.go (1.15.1): mapstructure without ErrorUnused, metadata dropped',
    'kubernetes/ingress-nginx internal/ingress/controller/config/config.go at every release since 0.9.0: the keys',
    'kubernetes/ingress-nginx#1333',
    'kubernetes/ingress-nginx#2627',
    'kubernetes/ingress-nginx#7294',
  ],
  summary: {
    en: 'The controller’s ConfigMap has a key that the controller does not know',
    zh: '控制器的 ConfigMap 中有控制器不认识的键',
  },
  messages: {
    en: {
      unknown: v => `The controller ignores \`${v.key}\` without a log line: no release has such a key`,
      near: v => `The controller ignores \`${v.key}\` without a log line: did you mean \`${v.meant}\`?`,
      annotation: v =>
        `The controller ignores \`${v.key}\` without a log line: it is an annotation of an Ingress, no key of the ConfigMap`,
      flag: v =>
        `The controller ignores \`${v.key}\` without a log line: it is the flag \`${v.meant}\` of its command line`,
      tooNew: v => `Controller ${v.version} ignores \`${v.key}\` without a log line: the key came with ${v.since}`,
      rename: v => `Rename it to ${v.meant}`,
    },
    zh: {
      unknown: v => `控制器会忽略 \`${v.key}\`，也不写日志：任何版本都没有这个键`,
      near: v => `控制器会忽略 \`${v.key}\`，也不写日志：是否想写 \`${v.meant}\`？`,
      annotation: v => `控制器会忽略 \`${v.key}\`，也不写日志：它是 Ingress 的注解，不是 ConfigMap 的键`,
      flag: v => `控制器会忽略 \`${v.key}\`，也不写日志：它是命令行参数 \`${v.meant}\``,
      tooNew: v => `控制器 ${v.version} 会忽略 \`${v.key}\`，也不写日志：这个键从 ${v.since} 起才有`,
      rename: v => `改名为 ${v.meant}`,
    },
  },
  page: { en, zh },

  *check(config, { cluster, file }) {
    if (!isReadByController(config, cluster)) return;
    const version = cluster.version('controller', file);
    const names = new Set(config.keys.map(({ name }) => name));
    for (const { name, value, notString } of config.keys) {
      if (!value.place || REMOVED_KEYS.has(name) || NO_SUCH_KEY.has(name.toLowerCase())) continue;
      const facts = factsOf(name);
      if (facts) {
        const isThere =
          hasReached(version, facts.since) || !isBefore(version, facts.since) || version.from === 'default';
        if (isThere || facts.alsoIn.length > 0) continue;
        yield at(value, 'tooNew', { key: name, since: facts.since, version: version.newest.join('.') });
        continue;
      }
      const meant = meantByKey(name);
      if (meant?.is !== 'key') {
        yield at(value, meant?.is ?? 'unknown', { key: name, meant: meant?.name ?? '' });
        continue;
      }
      const draft = at<Key>(value, 'near', { key: name, meant: meant.name });
      const written = notString ? undefined : value.known;
      yield names.has(meant.name)
        ? draft
        : draft.fix('rename', takes(meant.name, written) ? 'safe' : 'unsafe', {
            address: value.address,
            change: { op: 'rename', to: meant.name },
          });
    }
  },
});

type Key = 'unknown' | 'near' | 'annotation' | 'flag' | 'tooNew' | 'rename';

/** Most keys match in any case of their letters. */
function factsOf(name: string): KeyFacts | undefined {
  const exact = CONFIG_KEYS.get(name);
  if (exact) return exact;
  const other = CONFIG_KEYS.get(name.toLowerCase());
  // The others reach the decoder, which takes them as they are.
  return other && !name.toLowerCase().startsWith('global-auth-') ? other : undefined;
}
