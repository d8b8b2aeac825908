import { CONFIG_KEYS } from '../../facts/ingressNginxKeys.ts';
import { isReadByController } from '../../model/controllers.ts';
import { rule } from '../rule.ts';
import { bareMessages, bareValues } from './bareValues.ts';
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
  messages: bareMessages('ConfigMap', { en: 'data', zh: ' data 中的值' }),
  page: { en, zh },

  *check(config, { cluster }) {
    if (config.origin !== 'configMap' || !isReadByController(config, cluster)) return;
    yield* bareValues(config.keys, name => CONFIG_KEYS.get(name)?.values);
  },
});
