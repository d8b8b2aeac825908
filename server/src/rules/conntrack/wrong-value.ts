import { KUBE_PROXY_FIELDS, type KubeProxyField } from '../../facts/kubeProxy.ts';
import { fieldOf, isSection, plainValue, type WrittenField } from '../../model/kubeProxyConfiguration.ts';
import type { Place } from '../../model/value.ts';
import { hasReached, type InForce } from '../../model/versions.ts';
import { parseGoDuration } from '../../text/goDuration.ts';
import type { Wording } from '../../text/wording.ts';
import { atPlace, Draft } from '../draft.ts';
import { rule } from '../rule.ts';
import { meantDuration } from './meantDuration.ts';
import { modeRefused } from './proxyMode.ts';
import en from './wrong-value.md';
import zh from './wrong-value.zh.md';

/**
 * A field of the wrong type is no matter of strictness: kube-proxy cannot decode its file, and exits. So it does with values that it
 * decodes and its validation refuses.
 */
export const wrongValue = rule({
  id: 'conntrack/wrong-value',
  severity: 'error',
  on: 'kubeProxyConfiguration',
  evidence: [
    'kubernetes cmd/kube-proxy/app/options.go, loadConfig: "failed to decode", the lenient way only for unknown and duplicate fields (1.36)',
    'kubernetes apimachinery pkg/apis/meta/v1/duration.go, UnmarshalJSON: a string for time.ParseDuration',
    'kubernetes pkg/proxy/apis/config/validation/validation.go: ranges and modes',
    'kubernetes pkg/proxy/apis/config/scheme/scheme.go: v1alpha1 alone is registered (1.36)',
    'kubernetes/kubernetes#60426: a crash loop because of a string for featureGates',
  ],
  summary: {
    en: 'A value with which kube-proxy does not start',
    zh: '使 kube-proxy 无法启动的值',
  },
  messages: {
    en: {
      type: v =>
        `kube-proxy does not start with this file: ${v.path} is ${WANTED.en[v.wanted ?? '']}, and this is ${IS.en[v.is ?? '']}`,
      duration: v =>
        `kube-proxy does not start with this file: ${v.path} is a duration with its unit, such as ${v.example}, and \`${v.value}\` does not decode`,
      range: v =>
        `kube-proxy does not start with this file: ${v.path} must be ${v.most === '' ? `${v.least} or more` : `from ${v.least} to ${v.most}`}, and is ${v.value}`,
      mode: v =>
        `kube-proxy does not start with this file: there is no mode \`${v.value}\` on Linux, only iptables, ipvs and nftables`,
      formerMode: v =>
        `kube-proxy does not start with this file: the mode \`${v.value}\` was removed in Kubernetes ${v.release}`,
      laterMode: v =>
        `kube-proxy does not start with this file: the mode \`${v.value}\` came with Kubernetes ${v.release}`,
      gatedMode: v =>
        `kube-proxy does not start with this file: before Kubernetes ${v.release} the mode \`${v.value}\` needs the feature gate ${v.gate}`,
      apiVersion: v => `kube-proxy does not start with this file: no release decodes ${v.value}, only ${API_VERSION}`,
      set: v => `Write ${v.fixed}`,
    },
    zh: {
      type: v =>
        `kube-proxy 无法使用此文件启动：${v.path} 应为${WANTED.zh[v.wanted ?? '']}，而这里是${IS.zh[v.is ?? '']}`,
      duration: v =>
        `kube-proxy 无法使用此文件启动：${v.path} 是带单位的时长，例如 ${v.example}，\`${v.value}\` 无法解码`,
      range: v =>
        `kube-proxy 无法使用此文件启动：${v.path} 必须${v.most === '' ? `不小于 ${v.least}` : `介于 ${v.least} 和 ${v.most} 之间`}，而这里是 ${v.value}`,
      mode: v => `kube-proxy 无法使用此文件启动：Linux 上没有 \`${v.value}\` 模式，只有 iptables、ipvs 和 nftables`,
      formerMode: v => `kube-proxy 无法使用此文件启动：\`${v.value}\` 模式自 Kubernetes ${v.release} 起已移除`,
      laterMode: v => `kube-proxy 无法使用此文件启动：\`${v.value}\` 模式从 Kubernetes ${v.release} 才开始有`,
      gatedMode: v =>
        `kube-proxy 无法使用此文件启动：Kubernetes ${v.release} 之前，\`${v.value}\` 模式需要特性门控 ${v.gate}`,
      apiVersion: v => `kube-proxy 无法使用此文件启动：没有任何版本能解码 ${v.value}，只能解码 ${API_VERSION}`,
      set: v => `写成 ${v.fixed}`,
    },
  },
  page: { en, zh },

  *check(configuration, { cluster, file }) {
    const version = cluster.version('kubernetes', file);
    const hasGates = fieldOf(configuration, 'featureGates') !== null;
    for (const written of configuration.fields) {
      if (written.isConditional || !written.place || written.kind === 'unknown' || written.kind === 'null') continue;
      if (written.path === 'apiVersion') {
        const value = String(plainValue(written));
        if (/\/v\d+\w*$/.test(value) && value !== API_VERSION)
          yield withValue(atPlace(placeOf(written), 'apiVersion', { value }), written, API_VERSION);
        continue;
      }
      const field = KUBE_PROXY_FIELDS.get(written.path);
      // A word below a section is a key that is being typed.
      const isTyped = written.scalar?.type === 'string' && written.scalar.value !== '';
      if (isSection(written.path) && written.kind !== 'map' && !isTyped) yield wrongKind(written, 'map');
      if (!field || (field.removed !== null && hasReached(version, field.removed))) continue;
      const draft = written.path === 'mode' ? wrongMode(written, version, hasGates) : wrong(written, field);
      if (draft) yield draft;
    }
  },
});

/** The only one that is registered, from 1.9 to 1.36. */
const API_VERSION = 'kubeproxy.config.k8s.io/v1alpha1';

type Kind = 'string' | 'number' | 'boolean' | 'list' | 'map';

const WANTED: Wording<Readonly<Record<string, string>>> = {
  en: {
    string: 'a string',
    boolean: 'true or false',
    integer: 'a whole number',
    number: 'a number',
    list: 'a list',
    map: 'a mapping',
  },
  zh: { string: '字符串', boolean: ' true 或 false', integer: '整数', number: '数字', list: '列表', map: '映射' },
};

const IS: Wording<Readonly<Record<string, string>>> = {
  en: {
    string: 'a string',
    boolean: 'a boolean',
    number: 'a number',
    fraction: 'a fraction',
    list: 'a list',
    map: 'a mapping',
  },
  zh: { string: '字符串', boolean: '布尔值', number: '数字', fraction: '小数', list: '列表', map: '映射' },
};

/** The largest number of each type of Go's. */
const LARGEST: Readonly<Record<string, number>> = { int32: 2 ** 31 - 1, uint32: 2 ** 32 - 1 };

function wrong(written: WrittenField, field: KubeProxyField): Draft | null {
  const { type, path } = field;
  const is = kindOf(written);
  if (is === null) return null;
  switch (type) {
    case 'duration':
      return wrongDuration(written, field, is);
    case 'string':
      return is === 'string' ? null : wrongKind(written, 'string');
    case 'bool':
      return is === 'boolean' ? null : wrongKind(written, 'boolean');
    case '[]string':
    case '[]{filePattern,verbosity}':
      return is === 'list' ? null : wrongKind(written, 'list');
    case 'map[string]bool':
      return is === 'map' ? null : wrongKind(written, 'map');
    case 'quantity':
      return is === 'string' || is === 'number' ? null : wrongKind(written, 'string');
  }
  if (is !== 'number') return wrongKind(written, type === 'float32' ? 'number' : 'integer');
  const value = Number(plainValue(written));
  if (type !== 'float32' && !Number.isInteger(value)) return wrongKind(written, 'integer');
  const least = field.least ?? (type === 'uint32' ? 0 : -(2 ** 31));
  const most = field.most ?? LARGEST[type] ?? Number.POSITIVE_INFINITY;
  if (value >= least && value <= most) return null;
  const isAbove = value > most || field.most !== null;
  return atPlace(placeOf(written), 'range', { path, least, most: isAbove ? most : '', value: String(value) });
}

function wrongDuration(
  written: WrittenField,
  { path, default: example, least }: KubeProxyField,
  is: Kind,
): Draft | null {
  const value = plainValue(written);
  // klog takes a bare number here, of nanoseconds.
  if (path === 'logging.flushFrequency' && is === 'number') return null;
  if (is !== 'number' && is !== 'string') return wrongKind(written, 'string');
  const text = String(value);
  const seconds = is === 'string' ? parseGoDuration(text) : null;
  if (seconds !== null) {
    if (least === null || seconds >= least) return null;
    return atPlace(placeOf(written), 'range', { path, least: '0s', most: '', value: text });
  }
  const draft = atPlace(placeOf(written), 'duration', {
    path,
    value: text,
    example: example === '0s' ? '30s' : String(example),
  });
  const meant = meantDuration(text);
  return meant === null ? draft : withValue(draft, written, meant);
}

function wrongMode(written: WrittenField, version: InForce, hasGates: boolean): Draft | null {
  if (kindOf(written) !== 'string') return wrongKind(written, 'string');
  const because = modeRefused(String(plainValue(written)), version, hasGates);
  if (!because) return null;
  const draft = atPlace(placeOf(written), because.message, because.params);
  if (because.meant !== null) return withValue(draft, written, because.meant);
  return because.message === 'formerMode' && version.from === 'default' ? draft.as('warning') : draft;
}

function wrongKind(written: WrittenField, wanted: Kind | 'integer'): Draft {
  const value = plainValue(written);
  const is = kindOf(written);
  const draft = atPlace(placeOf(written), 'type', {
    path: written.path,
    wanted,
    is: is === 'number' && wanted === 'integer' ? 'fraction' : (is ?? ''),
  });
  const text = String(value);
  if ((wanted === 'integer' || wanted === 'number') && is === 'string' && /^\d+$/.test(text))
    return withValue(draft, written, Number(text));
  if (wanted === 'boolean' && (text === 'true' || text === 'false')) return withValue(draft, written, text === 'true');
  if (wanted === 'string' && is === 'number' && /^\d+$/.test(text)) return withValue(draft, written, text);
  return draft;
}

function withValue(draft: Draft, { address }: WrittenField, value: string | number | boolean): Draft {
  const isNumeral = typeof value === 'string' && /^\d+$/.test(value);
  const params = { ...draft.params, fixed: isNumeral ? `"${value}"` : String(value) };
  return new Draft(draft.place, draft.message, params, [], [], draft.severity).fix('set', 'safe', {
    address,
    change: { op: 'set', value },
  });
}

function kindOf(written: WrittenField): Kind | null {
  const { kind } = written;
  if (kind === 'map' || kind === 'list') return kind;
  const value = plainValue(written);
  if (value === undefined) return null;
  return typeof value === 'string' ? 'string' : typeof value === 'number' ? 'number' : 'boolean';
}

/** Of a collection the key: its lines are many. */
function placeOf({ key, place, kind }: WrittenField): Place {
  return kind === 'scalar' && place ? place : key;
}
