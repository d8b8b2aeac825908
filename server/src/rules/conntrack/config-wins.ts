import { KUBE_PROXY_FIELDS, KUBE_PROXY_FLAGS, type KubeProxyField } from '../../facts/kubeProxy.ts';
import type { Located } from '../../model/cluster.ts';
import {
  fieldOf,
  type KubeProxyConfiguration,
  plainValue,
  type WrittenField,
} from '../../model/kubeProxyConfiguration.ts';
import type { FlagUse } from '../../model/kubeProxyFlags.ts';
import { configurationOf } from '../../model/kubeProxyLink.ts';
import { asStarted } from '../../model/kubeProxyService.ts';
import { hasReached } from '../../model/versions.ts';
import type { YamlData } from '../../syntax/yaml/edit.ts';
import { parseGoDuration } from '../../text/goDuration.ts';
import { atPlace, type Draft, inPieceOf } from '../draft.ts';
import { rule } from '../rule.ts';
import en from './config-wins.md';
import zh from './config-wins.zh.md';

/**
 * With `--config`, what the file says replaces all that the flags built, defaults included. Neither an error nor a line in the log
 * tells, and of the conntrack flags not even the help does.
 */
export const configWins = rule({
  id: 'conntrack/config-wins',
  severity: 'error',
  on: 'kubeProxyFlags',
  evidence: [
    'kubernetes cmd/kube-proxy/app/options.go, Complete: o.config is replaced by what --config names; only logging flags are copied over (1.10 to 1.36)',
    'kubernetes/kubernetes#79266, kubernetes/kubernetes#98302, kubernetes/kubernetes#107157, kubernetes/kubernetes#120603',
    'kubernetes/kubernetes#80407: a unit with --config and --conntrack-tcp-timeout-close-wait=5m',
  ],
  summary: {
    en: 'A flag beside --config, which kube-proxy ignores',
    zh: '与 --config 并用而被 kube-proxy 忽略的参数',
  },
  messages: {
    en: {
      alone: v => `${v.flag} has no effect: with --config kube-proxy takes ${v.path} from that file, or its default`,
      byDefault: v =>
        `${v.flag} has no effect: with --config kube-proxy takes ${v.path} from its file, which does not set it: ${v.value === '' ? 'the default' : v.value} is in force`,
      other: v =>
        `${v.flag} has no effect: with --config kube-proxy takes ${v.path} from its file, where it is ${v.value}`,
      same: v => `${v.flag} has no effect, and none is missed: the file behind --config says the same`,
      field: v => `${v.path} is set here`,
      configuration: () => 'The configuration that kube-proxy reads',
      config: () => 'The same command line has --config here',
      move: v => `Move it to ${v.path} in the configuration`,
      remove: v => `Remove ${v.flag}`,
    },
    zh: {
      alone: v => `${v.flag} 不起作用：使用 --config 时，kube-proxy 只从该文件读取 ${v.path}，否则取默认值`,
      byDefault: v =>
        `${v.flag} 不起作用：使用 --config 时，kube-proxy 从其文件读取 ${v.path}，而文件没有设置它：生效的是${v.value === '' ? '默认值' : ` ${v.value}`}`,
      other: v => `${v.flag} 不起作用：使用 --config 时，kube-proxy 从其文件读取 ${v.path}，其中的值是 ${v.value}`,
      same: v => `${v.flag} 不起作用，但也没有影响：--config 指向的文件中是同样的值`,
      field: v => `${v.path} 在这里设置`,
      configuration: () => 'kube-proxy 读取的配置',
      config: () => '同一命令行在此处使用了 --config',
      move: v => `移到配置的 ${v.path}`,
      remove: v => `删除 ${v.flag}`,
    },
  },
  page: { en, zh },

  *check(own, { cluster, file }) {
    const started = asStarted(own, cluster);
    if (!started) return;
    const { flags, configIn } = started;
    if ((flags.config.known ?? '') === '') return;
    const linked = configurationOf(flags, cluster.all('kubeProxyConfiguration'));
    for (const use of flags.uses) {
      const fact = KUBE_PROXY_FLAGS.get(use.name);
      const field = KUBE_PROXY_FIELDS.get(fact?.field ?? '');
      // kube-proxy does not start with one that is gone: that is another rule's to say.
      const isGone = fact?.removed && hasReached(cluster.version('kubernetes', file), fact.removed);
      if (fact?.besideConfig === 'ignored' && field && !isGone) {
        const draft = about(use, field, linked);
        yield configIn ? draft.seeAlso('config', flags.config.place, configIn) : draft;
      }
    }
  },
});

function about(use: FlagUse, field: KubeProxyField, linked: Located<KubeProxyConfiguration> | null): Draft {
  const { path } = field;
  const remove = use.removal;
  const written = linked ? fieldOf(linked.entity, path) : undefined;
  const params = { flag: use.name, path };
  if (!linked || written === undefined) return atPlace(use.place, 'alone', params).fix('remove', 'unsafe', ...remove);
  const value = dataOf(use, field);
  const address = [...linked.entity.address, ...path.split('.')];
  const move = value === null ? [] : [inPieceOf(linked, { address, change: { op: 'set', value } }), ...remove];
  if (written === null) {
    const draft = atPlace(use.place, 'byDefault', { ...params, value: String(field.default ?? '') });
    const told = draft.seeAlso('configuration', linked.entity.place, linked);
    const moved = move.length > 0 ? told.fix('move', 'unsafe', ...move) : told;
    return moved.fix('remove', 'unsafe', ...remove);
  }
  const isSame = says(written, value, field);
  const draft = atPlace(use.place, isSame ? 'same' : 'other', { ...params, value: shown(written) })
    .seeAlso('field', written.place ?? written.key, linked)
    .fix('remove', 'safe', ...remove);
  if (isSame) return draft.as('hint');
  return move.length > 0 ? draft.fix('move', 'unsafe', ...move) : draft;
}

/** The flag's value as the field would have it; null where that is not plain. */
function dataOf({ value }: FlagUse, { type }: KubeProxyField): YamlData {
  const text = value.isAbsent && type === 'bool' ? 'true' : value.known;
  if (text === undefined) return null;
  switch (type) {
    case 'bool':
      return /^(?:true|false)$/.test(text) ? text === 'true' : null;
    case 'int32':
    case 'uint32':
    case 'float32':
      return /^-?\d+$/.test(text) ? Number(text) : null;
    case 'duration':
      return parseGoDuration(text) === null ? null : text;
    case '[]string':
      return text === '' ? null : text.split(',');
    case 'string':
      return text;
    default:
      return null;
  }
}

function says(written: WrittenField, value: YamlData, { type }: KubeProxyField): boolean {
  const plain = plainValue(written);
  if (plain === undefined) return false;
  if (type !== 'duration') return plain === value;
  const [own, theirs] = [parseGoDuration(String(plain)), parseGoDuration(String(value))];
  return own !== null && own === theirs;
}

function shown(written: WrittenField): string {
  const plain = plainValue(written);
  if (plain !== undefined) return String(plain) || '""';
  return written.kind === 'list' ? '[…]' : '{…}';
}
