import { CONFIG_KEYS, type KeyConsequence, type KeyFacts } from '../../facts/ingressNginxKeys.ts';
import { type ControllerConfig, keyNamed } from '../../model/controllerConfig.ts';
import { defaultOfKey } from '../../model/controllerDefaults.ts';
import { isReadByController } from '../../model/controllers.ts';
import { controllerBoolean, type Refusal, refusalOfKey, writtenOnlyWith } from '../../simulate/controllerValue.ts';
import { at, type Params, set } from '../draft.ts';
import { rule } from '../rule.ts';
import en from './bad-value.md';
import zh from './bad-value.zh.md';
import { reason, shown } from './words.ts';

/**
 * A value of the ConfigMap that is not what its key takes. Numbers and switches that do not parse leave the default in force, with
 * one line in the log; texts go to nginx as they are, which then refuses every configuration from there on.
 */
export const badValue = rule({
  id: 'ingress/bad-value',
  severity: 'error',
  on: 'controllerConfig',
  evidence: [
    'kubernetes/ingress-nginx internal/ingress/controller/template/configmap.go (1.15.1): mapstructure with WeaklyTypedInput keeps the default, "unexpected error merging defaults"',
    'kubernetes/ingress-nginx rootfs/etc/nginx/template/nginx.tmpl (1.15.1): sizes and times are printed as they are; isValidByteSize leaves client_max_body_size out',
    'test/real/ingress-values.test.ts: nginx -t on what the template prints, for each key whose bad value stops all reloads',
    'kubernetes/ingress-nginx#5006',
    'kubernetes/ingress-nginx#2129',
    'cozystack/cozystack#200',
  ],
  summary: {
    en: 'A value of the controller’s ConfigMap that its key does not take',
    zh: '控制器的 ConfigMap 中有键不接受的值',
  },
  messages: {
    en: {
      default: v => `The controller keeps its default${ofDefault(v, ', ')}: ${reason(v, 'en')}`,
      reload: v => `nginx refuses the whole configuration, and no later change is loaded: ${reason(v, 'en')}`,
      omitted: v => `nginx’s own default applies${ofDefault(v, ', ')}: ${reason(v, 'en')}`,
      dropped: v => `\`${v.value}\` is left out of the list: ${reason(v, 'en')}`,
      ignored: v => `The controller takes ${v.key} for not there: ${reason(v, 'en')}`,
      low: v => `Every Ingress with an annotation above risk Low is refused: ${reason(v, 'en')}, which counts as Low`,
      authOff: v => `Nothing is authenticated: ${reason(v, 'en')}`,
      roundRobin: v => `Pods are chosen by round_robin: ${reason(v, 'en')}`,
      header: v => `Browsers ignore Strict-Transport-Security: ${reason(v, 'en')}`,
      correct: v => `Write ${v.meant}`,
    },
    zh: {
      default: v => `控制器保留默认值${ofDefault(v, ' ')}：${reason(v, 'zh')}`,
      reload: v => `nginx 会拒绝整个配置，此后的变更都无法加载：${reason(v, 'zh')}`,
      omitted: v => `实际生效的是 nginx 自己的默认值${ofDefault(v, ' ')}：${reason(v, 'zh')}`,
      dropped: v => `列表会去掉 \`${v.value}\`：${reason(v, 'zh')}`,
      ignored: v => `控制器当作没有 ${v.key}：${reason(v, 'zh')}`,
      low: v => `含有高于 Low 风险注解的 Ingress 都会被拒绝：${reason(v, 'zh')}，这按 Low 处理`,
      authOff: v => `所有请求都不会被认证：${reason(v, 'zh')}`,
      roundRobin: v => `Pod 会按 round_robin 选择：${reason(v, 'zh')}`,
      header: v => `浏览器会忽略 Strict-Transport-Security：${reason(v, 'zh')}`,
      correct: v => `改为 ${v.meant}`,
    },
  },
  page: { en, zh },

  *check(config, { cluster, file }) {
    if (!isReadByController(config, cluster)) return;
    for (const { name, value } of config.keys) {
      const facts = CONFIG_KEYS.get(name) ?? CONFIG_KEYS.get(name.toLowerCase());
      if (!facts || value.known === undefined || isStandIn(value.known)) continue;
      const refusal = refusalOfKey(facts, value.known);
      if (!refusal || !isWritten(config, facts)) continue;
      const byDefault =
        facts.onInvalid === 'omitted' ? nginxDefault(facts) : defaultOfKey(name, cluster.version('controller', file));
      const draft = at<Key>(value, consequenceOf(facts, refusal), {
        key: name,
        value: shown(refusal.part),
        ...(byDefault === null || byDefault.length > 20 ? {} : { default: byDefault }),
        wanted: refusal.wanted,
        choices: (facts.values.length > 0 ? facts.values : facts.words).join(', '),
        least: facts.range?.[0] ?? '',
        most: facts.range?.[1] ?? '',
        meant: refusal.meant ?? '',
      });
      yield refusal.meant === null ? draft : draft.fix('correct', 'safe', set(value, refusal.meant));
    }
  },
});

type Key = KeyConsequence | 'correct';

/** A number that the controller takes and nginx does not stops everything. */
function consequenceOf({ onInvalid, type }: KeyFacts, { wanted: kind }: Refusal): KeyConsequence {
  return kind === 'range' && type === 'int' ? 'reload' : (onInvalid ?? 'default');
}

/** True if nginx gets to see it. */
function isWritten(config: ControllerConfig, { name }: KeyFacts): boolean {
  const other = writtenOnlyWith(name);
  return other === null || controllerBoolean(keyNamed(config, other)?.value.known ?? '') === true;
}

function nginxDefault({ default: value }: KeyFacts): string | null {
  return value === '' ? null : value;
}

/** Words that stand in for a value: %SIZE%, <size>. */
function isStandIn(value: string): boolean {
  return /^[%<@_]|^\$\(|\$\{/.test(value.trim());
}

function ofDefault(v: Params, before: string): string {
  return v.default === undefined ? '' : `${before}${v.default}`;
}
