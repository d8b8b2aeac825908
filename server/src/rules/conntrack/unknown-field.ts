import { KUBE_PROXY_FIELDS, type KubeProxyField } from '../../facts/kubeProxy.ts';
import {
  fieldsIn,
  isSection,
  type KubeProxyConfiguration,
  plainValue,
  type WrittenField,
} from '../../model/kubeProxyConfiguration.ts';
import { hasReached, type InForce, isBefore } from '../../model/versions.ts';
import { nameMeant } from '../../text/spelling.ts';
import { formatVersion } from '../../text/version.ts';
import { atPlace, type Draft } from '../draft.ts';
import { rule } from '../rule.ts';
import en from './unknown-field.md';
import zh from './unknown-field.zh.md';

/**
 * kube-proxy decodes its file strictly, and again without strictness once that fails: what it does not know is one line in its log and
 * then gone, defaults come in its place. Keys are told by their case too.
 */
export const unknownField = rule({
  id: 'conntrack/unknown-field',
  severity: 'error',
  on: 'kubeProxyConfiguration',
  evidence: [
    'kubernetes cmd/kube-proxy/app/options.go, loadConfig: lenient decoding where strict decoding fails (1.17 to 1.36; before, nothing is strict)',
    'kubernetes staging/src/k8s.io/kube-proxy/config/v1alpha1/types.go, tags 1.12 to 1.37-beta: the fields of each release',
    'kubernetes/kubernetes#84143',
    'jhunt/k8s-boshrelease#58, kubermatic/kubermatic#7456: the line in the log',
  ],
  summary: {
    en: 'A field that kube-proxy does not know, and drops',
    zh: 'kube-proxy 不认识并会丢弃的字段',
  },
  messages: {
    en: {
      unknown: v => `Without effect: kube-proxy has no field ${v.path}, and drops it with one line in its log`,
      meant: v =>
        `Without effect: kube-proxy has no field ${v.path}, and drops it with one line in its log; did you mean ${v.meant}?`,
      elsewhere: v =>
        `Without effect: kube-proxy has no field ${v.path}, and drops it with one line in its log; the field is ${v.meant}`,
      removed: v =>
        `Without effect: ${v.path} was removed in Kubernetes ${v.release}, and kube-proxy ${v.running} drops it with one line in its log`,
      nothing: v =>
        `${v.path} was removed in Kubernetes ${v.release}: it makes a line in the log of kube-proxy, and nothing else`,
      notYet: v =>
        `Without effect: ${v.path} came with Kubernetes ${v.release}, and kube-proxy ${v.running} drops it with one line in its log`,
      rename: v => `Rename to ${v.meant}`,
      move: v => `Move to ${v.meant}`,
      remove: v => `Remove ${v.path}`,
      exact: v => `Write maxPerCore: 1 and min: ${v.value}: exactly that on every node`,
    },
    zh: {
      unknown: v => `不起作用：kube-proxy 没有字段 ${v.path}，只在日志中留下一行便将其丢弃`,
      meant: v => `不起作用：kube-proxy 没有字段 ${v.path}，只在日志中留下一行便将其丢弃；是否应为 ${v.meant}？`,
      elsewhere: v => `不起作用：kube-proxy 没有字段 ${v.path}，只在日志中留下一行便将其丢弃；正确的字段是 ${v.meant}`,
      removed: v =>
        `不起作用：${v.path} 自 Kubernetes ${v.release} 起已移除，kube-proxy ${v.running} 只在日志中留下一行便将其丢弃`,
      nothing: v => `${v.path} 自 Kubernetes ${v.release} 起已移除：除 kube-proxy 日志中的一行外没有任何影响`,
      notYet: v =>
        `不起作用：${v.path} 自 Kubernetes ${v.release} 起才有，kube-proxy ${v.running} 只在日志中留下一行便将其丢弃`,
      rename: v => `改名为 ${v.meant}`,
      move: v => `移到 ${v.meant}`,
      remove: v => `删除 ${v.path}`,
      exact: v => `写成 maxPerCore: 1 和 min: ${v.value}：每个节点都正好是这个数`,
    },
  },
  page: { en, zh },

  *check(configuration, { cluster, file }) {
    const version = cluster.version('kubernetes', file);
    for (const written of configuration.fields) {
      // Whoever writes a condition may well ask for the version in it.
      if (written.isConditional) continue;
      const field = KUBE_PROXY_FIELDS.get(written.path);
      const draft = field ? formerOrComing(written, field, configuration, version) : unknown(written, configuration);
      // Whoever writes null wants nothing of the field.
      if (draft) yield !field && written.kind === 'null' ? draft.as('information') : draft;
    }
  },
});

/** Written for kustomize, which wants every object to have a name (kubernetes/kubernetes#84143). */
const TOLERATED: readonly string[] = ['metadata'];

/** Fields of the userspace mode and of cgroups, which nobody misses. */
const HARMLESS: readonly string[] = ['udpIdleTimeout', 'resourceContainer'];

function unknown(written: WrittenField, { fields, address }: KubeProxyConfiguration): Draft | null {
  const { path, key } = written;
  if (isSection(path) || TOLERATED.includes(path)) return null;
  const parent = path.includes('.') ? path.slice(0, path.lastIndexOf('.') + 1) : '';
  const name = path.slice(parent.length);
  const isThere = (other: string) => fields.some(each => each.path === other);
  const meant = nameMeant(name, fieldsIn(parent.replace(/\.$/, '')));
  if (meant !== null) {
    const draft = atPlace(key, 'meant', { path, meant: parent + meant });
    if (isThere(parent + meant))
      return draft.fix('remove', 'unsafe', { address: written.address, change: { op: 'remove' } });
    return draft.fix('rename', 'safe', { address: written.address, change: { op: 'rename', to: meant } });
  }
  const others = current().filter(each => each.path.split('.').at(-1) === name || isFlagOf(each, name));
  const [only, ...more] = others;
  if (!only) return atPlace(key, 'unknown', { path });
  const draft = atPlace(key, 'elsewhere', { path, meant: others.map(each => each.path).join(' / ') });
  const value = plainValue(written);
  if (more.length > 0 || isThere(only.path) || value === undefined) return draft;
  return draft.fix(
    'move',
    'safe',
    { address: [...address, ...only.path.split('.')], change: { op: 'set', value } },
    { address: written.address, change: { op: 'remove' } },
  );
}

/** True for `conntrackMaxPerCore` and `conntrack-max-per-core`, as tools around kube-proxy name what its flag sets. */
function isFlagOf({ flag }: KubeProxyField, name: string): boolean {
  const plain = (text: string) => text.replace(/[-_]/g, '').toLowerCase();
  return flag !== null && plain(flag) === plain(name);
}

function current(): KubeProxyField[] {
  return [...KUBE_PROXY_FIELDS.values()].filter(({ removed }) => removed === null);
}

function formerOrComing(
  written: WrittenField,
  { path, removed, since }: KubeProxyField,
  { settings, fields }: KubeProxyConfiguration,
  version: InForce,
): Draft | null {
  const isAssumed = version.from === 'default';
  const running = formatVersion(version.newest);
  if (removed !== null && hasReached(version, removed)) {
    const params = { path, release: removed, running };
    const remove = { address: written.address, change: { op: 'remove' } } as const;
    const value = plainValue(written);
    if (HARMLESS.includes(path) || written.kind === 'null' || value === 0) {
      return atPlace(written.key, 'nothing', params).as('information').fix('remove', 'safe', remove);
    }
    const draft = atPlace(written.key, 'removed', { ...params, value: String(value) }).as(
      isAssumed ? 'warning' : 'error',
    );
    const isFree = !fields.some(each => each.path === 'conntrack.maxPerCore' || each.path === 'conntrack.min');
    if (path !== 'conntrack.max' || typeof value !== 'number' || !isFree) return draft.fix('remove', 'unsafe', remove);
    return draft.fix(
      'exact',
      'unsafe',
      settings.change('conntrack.maxPerCore', 1),
      settings.change('conntrack.min', value),
      remove,
    );
  }
  if (since !== null && isBefore(version, since)) {
    return atPlace(written.key, 'notYet', { path, release: since, running }).as(isAssumed ? 'warning' : 'error');
  }
  return null;
}
