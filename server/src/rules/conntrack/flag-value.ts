import { KUBE_PROXY_FIELDS, KUBE_PROXY_FLAGS, type KubeProxyField } from '../../facts/kubeProxy.ts';
import type { FlagUse, KubeProxyFlags } from '../../model/kubeProxyFlags.ts';
import { asStarted, commandLineOf } from '../../model/kubeProxyService.ts';
import { hasReached, type InForce } from '../../model/versions.ts';
import { parseGoDuration } from '../../text/goDuration.ts';
import { parseGoBoolean, parseGoInt } from '../../text/goLiteral.ts';
import { atPlace, type Draft } from '../draft.ts';
import { rule } from '../rule.ts';
import en from './flag-value.md';
import zh from './flag-value.zh.md';
import { meantDuration } from './meantDuration.ts';
import { modeRefused } from './proxyMode.ts';

/**
 * A flag whose value cannot be read ends kube-proxy while it reads its command line, whether a file replaces the flag or not. Values that
 * can be read are validated where they are in force.
 */
export const flagValue = rule({
  id: 'conntrack/flag-value',
  severity: 'error',
  on: 'kubeProxyFlags',
  evidence: [
    'kubernetes cmd/kube-proxy/app/options.go, AddFlags and Validate, 1.12 to 1.36',
    'spf13/pflag duration.go, int32.go, bool.go: time.ParseDuration, strconv.ParseInt with base 0, strconv.ParseBool; "invalid argument" ends the program',
    'kubernetes pkg/proxy/apis/config/validation/validation.go: ranges and modes; kubernetes CHANGELOG-1.26 (userspace), 1.29 and 1.31 (NFTablesProxyMode)',
  ],
  summary: {
    en: 'A value of a flag with which kube-proxy does not start',
    zh: '使 kube-proxy 无法启动的参数值',
  },
  messages: {
    en: {
      duration: v =>
        `kube-proxy does not start: ${v.flag} is a duration with its unit, such as ${v.example}, and \`${v.value}\` is none`,
      integer: v =>
        `kube-proxy does not start: ${v.flag} is a whole number below ${v.most}, and \`${v.value}\` is none`,
      boolean: v => `kube-proxy does not start: ${v.flag} is true or false, and \`${v.value}\` is neither`,
      range: v =>
        `kube-proxy does not start: ${v.flag} must be ${v.most === '' ? `${v.least} or more` : `from ${v.least} to ${v.most}`}, and is ${v.value}`,
      mode: v =>
        `kube-proxy does not start: there is no mode \`${v.value}\` on Linux, only iptables, ipvs and nftables`,
      formerMode: v => `kube-proxy does not start: the mode \`${v.value}\` was removed in Kubernetes ${v.release}`,
      laterMode: v => `kube-proxy does not start: the mode \`${v.value}\` came with Kubernetes ${v.release}`,
      gatedMode: v =>
        `kube-proxy does not start: before Kubernetes ${v.release} the mode \`${v.value}\` needs the feature gate ${v.gate}`,
      set: v => `Write ${v.fixed}`,
    },
    zh: {
      duration: v => `kube-proxy 无法启动：${v.flag} 是带单位的时长，例如 ${v.example}，而 \`${v.value}\` 不是`,
      integer: v => `kube-proxy 无法启动：${v.flag} 是小于 ${v.most} 的整数，而 \`${v.value}\` 不是`,
      boolean: v => `kube-proxy 无法启动：${v.flag} 应为 true 或 false，而 \`${v.value}\` 两者都不是`,
      range: v =>
        `kube-proxy 无法启动：${v.flag} 必须${v.most === '' ? `不小于 ${v.least}` : `介于 ${v.least} 和 ${v.most} 之间`}，而这里是 ${v.value}`,
      mode: v => `kube-proxy 无法启动：Linux 上没有 \`${v.value}\` 模式，只有 iptables、ipvs 和 nftables`,
      formerMode: v => `kube-proxy 无法启动：\`${v.value}\` 模式自 Kubernetes ${v.release} 起已移除`,
      laterMode: v => `kube-proxy 无法启动：\`${v.value}\` 模式从 Kubernetes ${v.release} 才开始有`,
      gatedMode: v => `kube-proxy 无法启动：Kubernetes ${v.release} 之前，\`${v.value}\` 模式需要特性门控 ${v.gate}`,
      set: v => `写成 ${v.fixed}`,
    },
  },
  page: { en, zh },

  *check(flags, { cluster, file }) {
    const started = asStarted(flags, cluster);
    if (!started) return;
    const { config } = started.flags;
    const isWhole = flags.part ? (commandLineOf(flags, cluster)?.isWhole ?? false) : flags.isWhole;
    const isInForce = isWhole && (config.isAbsent || config.is(''));
    const version = cluster.version('kubernetes', file);
    for (const use of flags.uses) {
      const { field: path = null, removed = null } = KUBE_PROXY_FLAGS.get(use.name) ?? {};
      const field = KUBE_PROXY_FIELDS.get(path ?? '');
      const value = use.value.known;
      // kube-proxy does not start with one that is gone: that is another rule's to say.
      if (!field || value === undefined || (removed !== null && hasReached(version, removed))) continue;
      const draft = unreadable(use, value, field) ?? (isInForce ? refused(use, value, field, flags, version) : null);
      if (draft) yield draft;
    }
  },
});

type Key = 'duration' | 'integer' | 'boolean' | 'range' | 'mode' | 'formerMode' | 'laterMode' | 'gatedMode' | 'set';

function unreadable(use: FlagUse, value: string, { type, default: byDefault }: KubeProxyField): Draft<Key> | null {
  const params = { flag: use.name, value };
  if (type === 'duration') {
    if (parseGoDuration(value) !== null) return null;
    const example = byDefault === '0s' || byDefault === null ? '30s' : String(byDefault);
    const draft = atPlace<Key>(use.place, 'duration', { ...params, example });
    const meant = meantDuration(value);
    return meant === null ? draft : withValue(use, draft, meant);
  }
  if (type === 'int32') {
    const number = parseGoInt(value);
    const isInt32 = number !== null && number >= -(2n ** 31n) && number < 2n ** 31n;
    return isInt32 ? null : atPlace<Key>(use.place, 'integer', { ...params, most: 2 ** 31 });
  }
  if (type !== 'bool' || parseGoBoolean(value) !== null) return null;
  const draft = atPlace<Key>(use.place, 'boolean', params);
  const meant = /^(?:y|yes|on|true)$/i.test(value) ? 'true' : /^(?:n|no|off|false)$/i.test(value) ? 'false' : null;
  return meant === null ? draft : withValue(use, draft, meant);
}

function refused(
  use: FlagUse,
  value: string,
  { path, type, least, most }: KubeProxyField,
  { uses }: KubeProxyFlags,
  version: InForce,
): Draft<Key> | null {
  const params = { flag: use.name, value };
  if (path === 'mode') {
    const because = modeRefused(
      value,
      version,
      uses.some(({ name }) => name === '--feature-gates'),
    );
    if (!because) return null;
    const draft = atPlace<Key>(use.place, because.message, { ...params, ...because.params });
    if (because.meant !== null) return withValue(use, draft, because.meant);
    return because.message === 'formerMode' && version.from === 'default' ? draft.as('warning') : draft;
  }
  const number = type === 'duration' ? parseGoDuration(value) : type === 'int32' ? Number(parseGoInt(value)) : null;
  if (number === null || ((least === null || number >= least) && (most === null || number <= most))) return null;
  const unit = type === 'duration' ? 's' : '';
  return atPlace<Key>(use.place, 'range', { ...params, least: `${least ?? ''}${unit}`, most: most ?? '' });
}

function withValue(use: FlagUse, { place, message, params }: Draft<Key>, fixed: string): Draft<Key> {
  return atPlace<Key>(place, message, { ...params, fixed }).fix('set', 'safe', use.set(fixed));
}
