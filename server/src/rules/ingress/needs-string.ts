import { CONFIG_KEYS } from '../../facts/ingressNginxKeys.ts';
import { isReadByController } from '../../model/controllers.ts';
import { at, set } from '../draft.ts';
import { rule } from '../rule.ts';
import en from './needs-string.md';
import zh from './needs-string.zh.md';

/** A ConfigMap holds strings and nothing else: with one bare number or boolean in it, the API server takes none of it. */
export const needsString = rule({
  id: 'ingress/needs-string',
  severity: 'error',
  on: 'controllerConfig',
  evidence: [
    'kubernetes pkg/apis/core/types.go: ConfigMap.Data is map[string]string',
    'kubernetes/ingress-nginx#6687',
    'kubermatic/kubermatic#5864',
  ],
  summary: {
    en: 'A value of the controller’s ConfigMap is no string: the API server refuses all of it',
    zh: '控制器的 ConfigMap 中有非字符串的值：API server 会整个拒绝',
  },
  messages: {
    en: {
      refused: v =>
        `The API server refuses the whole ConfigMap: \`${v.written}\` without quotes is a ${v.type}, and data must be strings`,
      quote: v => `Write "${v.text}" in quotes`,
    },
    zh: {
      refused: v =>
        `API server 会拒绝整个 ConfigMap：不带引号的 \`${v.written}\` 是${v.type === 'boolean' ? '布尔值' : '数字'}，而 data 必须是字符串`,
      quote: v => `写成带引号的 "${v.text}"`,
    },
  },
  page: { en, zh },

  *check(config, { cluster }) {
    if (config.origin !== 'configMap' || !isReadByController(config, cluster)) return;
    for (const { name, value, notString } of config.keys) {
      if (!notString || !value.place) continue;
      const { text, type, written } = notString;
      // A switch that YAML reads as true means on where nginx wants that word.
      const words = CONFIG_KEYS.get(name)?.values.includes('on') ? { true: 'on', false: 'off' } : {};
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
