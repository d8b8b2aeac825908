import { CONFIG_KEYS, REMOVED_KEYS } from '../../facts/ingressNginxKeys.ts';
import { isReadByController } from '../../model/controllers.ts';
import { hasReached, isBefore } from '../../model/versions.ts';
import { at } from '../draft.ts';
import { rule } from '../rule.ts';
import en from './removed-key.md';
import zh from './removed-key.zh.md';
import { takes } from './words.ts';

/** A key of an older release: since it was taken out, the controller passes over it without a word, and what it did is off. */
export const removedKey = rule({
  id: 'ingress/removed-key',
  severity: 'error',
  on: 'controllerConfig',
  evidence: [
    'kubernetes/ingress-nginx internal/ingress/controller/config/config.go: the release whose tree no longer has the key',
    'kubernetes/ingress-nginx Changelog.md: 1.10.0 (OpenTracing), 1.12.0 (global rate limit, Lua plugins)',
    'kubernetes/ingress-nginx#8687',
    'ricsanfre/pi-cluster#329',
  ],
  summary: {
    en: 'A key of the controller’s ConfigMap that its release does not have any more',
    zh: '控制器的 ConfigMap 中有该版本已经移除的键',
  },
  messages: {
    en: {
      gone: v =>
        `The controller ignores \`${v.key}\` without a log line: it was removed in ${v.removedIn}, and nothing took its place`,
      replaced: v =>
        `The controller ignores \`${v.key}\` without a log line: it was removed in ${v.removedIn}; now it is \`${v.replacement}\``,
      going: v => `Controller ${v.removedIn} and later ignore \`${v.key}\` without a log line: the key is gone there`,
      idle: v =>
        `\`${v.key}\` does nothing any more: nginx dropped the setting in 1.19.7; ${v.replacement} counts instead`,
      remove: v => `Remove ${v.key}, which does nothing`,
      rename: v => `Rename it to ${v.replacement}`,
    },
    zh: {
      gone: v => `控制器会忽略 \`${v.key}\`，也不写日志：它在 ${v.removedIn} 中被移除，没有替代`,
      replaced: v => `控制器会忽略 \`${v.key}\`，也不写日志：它在 ${v.removedIn} 中被移除，现在是 \`${v.replacement}\``,
      going: v => `控制器从 ${v.removedIn} 起会忽略 \`${v.key}\`，也不写日志：那里已没有这个键`,
      idle: v => `此键已不起作用：nginx 在 1.19.7 中移除了 \`${v.key}\` 对应的设置，现由 ${v.replacement} 决定`,
      remove: v => `删除不起作用的 ${v.key}`,
      rename: v => `改名为 ${v.replacement}`,
    },
  },
  page: { en, zh },

  *check(config, { cluster, file }) {
    if (!isReadByController(config, cluster)) return;
    const version = cluster.version('controller', file);
    for (const { name, value } of config.keys) {
      const facts = CONFIG_KEYS.get(name);
      // The first release with nginx 1.20 is 0.47.0.
      if (facts?.deprecated && value.place && hasReached(version, '0.47.0')) {
        const idle = at<Key>(value, 'idle', { key: name, replacement: facts.replacement ?? '' }).as('information');
        yield idle.fix('remove', 'unsafe', { address: value.address, change: { op: 'remove' } });
      }
      const removed = REMOVED_KEYS.get(name);
      if (!removed || !value.place) continue;
      const { removedIn, replacement } = removed;
      const params = { key: name, removedIn, replacement: replacement ?? '' };
      if (isBefore(version, removedIn)) {
        yield at(value, 'going', params).as('hint');
        continue;
      }
      // Releases that differ near the file: only what all of them do is certain.
      const severity = hasReached(version, removedIn) ? 'error' : 'hint';
      const draft = at<Key>(value, replacement === null ? 'gone' : 'replaced', params).as(severity);
      const isFree =
        replacement !== null && CONFIG_KEYS.has(replacement) && !config.keys.some(each => each.name === replacement);
      const renamed =
        isFree && takes(replacement, value.known)
          ? draft.fix('rename', 'unsafe', { address: value.address, change: { op: 'rename', to: replacement } })
          : draft;
      yield renamed.fix('remove', 'unsafe', { address: value.address, change: { op: 'remove' } });
    }
  },
});

type Key = 'idle' | 'gone' | 'replaced' | 'going' | 'remove' | 'rename';
