import { KUBE_PROXY_FLAGS } from '../../facts/kubeProxy.ts';
import { asStarted } from '../../model/kubeProxyService.ts';
import { hasReached } from '../../model/versions.ts';
import { nameMeant } from '../../text/spelling.ts';
import { formatVersion } from '../../text/version.ts';
import { atPlace } from '../draft.ts';
import { rule } from '../rule.ts';
import en from './flag-refused.md';
import zh from './flag-refused.zh.md';

/** A field that kube-proxy does not know is dropped; a flag that it does not know keeps it from starting. */
export const flagRefused = rule({
  id: 'conntrack/flag-refused',
  severity: 'error',
  on: 'kubeProxyFlags',
  evidence: [
    'kubernetes cmd/kube-proxy/app/options.go, AddFlags, 1.12 to 1.36; spf13/pflag: "unknown flag" ends the program',
    'kubernetes CHANGELOG-1.15 (--conntrack-max), 1.16 (--resource-container), 1.26 (--udp-timeout and the file flags of klog)',
    'openshift/cluster-network-operator#344',
  ],
  summary: {
    en: 'A flag with which kube-proxy does not start',
    zh: '使 kube-proxy 无法启动的参数',
  },
  messages: {
    en: {
      removed: v => `kube-proxy ${v.running} does not start: ${v.flag} was removed in Kubernetes ${v.release}`,
      later: v => `From Kubernetes ${v.release} on kube-proxy does not start with ${v.flag}: the flag was removed`,
      meant: v => `kube-proxy does not start: it has no flag ${v.flag}; did you mean ${v.meant}?`,
      rename: v => `Write ${v.meant}`,
      remove: v => `Remove ${v.flag}`,
    },
    zh: {
      removed: v => `kube-proxy ${v.running} 无法启动：${v.flag} 自 Kubernetes ${v.release} 起已移除`,
      later: v => `自 Kubernetes ${v.release} 起，kube-proxy 带有 ${v.flag} 便无法启动：该参数已移除`,
      meant: v => `kube-proxy 无法启动：没有参数 ${v.flag}；是否应为 ${v.meant}？`,
      rename: v => `写成 ${v.meant}`,
      remove: v => `删除 ${v.flag}`,
    },
  },
  page: { en, zh },

  *check(flags, { cluster, file }) {
    if (!asStarted(flags, cluster)) return;
    const version = cluster.version('kubernetes', file);
    for (const use of flags.uses) {
      const fact = KUBE_PROXY_FLAGS.get(use.name);
      const removed = fact?.removed ?? null;
      if (removed !== null && hasReached(version, removed)) {
        const params = { flag: use.name, release: removed, running: formatVersion(version.newest) };
        const isAssumed = version.from === 'default';
        const draft = atPlace(use.place, isAssumed ? 'later' : 'removed', params);
        // The size that --conntrack-max asked for would be lost without a word.
        const safety = isAssumed || use.name === '--conntrack-max' ? 'unsafe' : 'safe';
        yield (isAssumed ? draft.as('information') : draft).fix('remove', safety, ...use.removal);
      } else if (!fact && use.name.startsWith('--')) {
        const meant = nameMeant(use.name, NAMES);
        if (meant === null) continue;
        yield atPlace(use.place, 'meant', { flag: use.name, meant }).fix('rename', 'safe', use.rename(meant));
      }
    }
  },
});

const NAMES: readonly string[] = [...KUBE_PROXY_FLAGS.values()]
  .filter(({ removed, name }) => removed === null && name.startsWith('--') && name.length > 6)
  .map(({ name }) => name);
