import { CONNTRACK_DEFAULTS, KERNEL_CONNTRACK_DEFAULTS } from '../../facts/kubeProxyConntrack.ts';
import { settingsInForce } from '../../model/kubeProxyService.ts';
import { nameOf } from '../../model/kubeProxySettings.ts';
import { hasReached, isBefore } from '../../model/versions.ts';
import { formatVersion } from '../../text/version.ts';
import { formatDuration, type Language } from '../../text/wording.ts';
import { at } from '../draft.ts';
import { rule } from '../rule.ts';
import en from './timeouts.md';
import zh from './timeouts.zh.md';

/**
 * A timeout of 0 leaves the kernel's setting as it is, it switches nothing off; and from 1.23 to 1.28 kube-proxy writes a timeout only
 * where the kernel's is shorter.
 */
export const timeouts = rule({
  id: 'conntrack/timeouts',
  severity: 'information',
  on: 'kubeProxySettings',
  evidence: [
    'kubernetes pkg/proxy/conntrack/sysctls.go, setSysctls (1.36), and its predecessors since 1.12: only above 0',
    'kubernetes cmd/kube-proxy/app/conntrack.go, setIntSysCtl (1.23 to 1.28): written if lower; kubernetes/kubernetes#103174, undone by kubernetes/kubernetes#120448',
    'kubernetes/kubernetes#50787, kubernetes/kubernetes#53329',
    'test/simulate/conntrackTable.test.ts',
  ],
  summary: {
    en: 'A conntrack timeout that is not what comes of it',
    zh: '写的 conntrack 超时与实际结果不同',
  },
  messages: {
    en: {
      zero: v =>
        `0 switches nothing off: kube-proxy leaves ${v.sysctl} as it is, ${duration(v.kernel, 'en')} if nobody else wrote it`,
      never: v =>
        `Without effect unless somebody lowered ${v.sysctl} before: kube-proxy ${v.release} only raises it, and the kernel begins with ${duration(v.kernel, 'en')}`,
      restart: v =>
        `Takes effect where the node has started anew: kube-proxy ${v.release} never lowers ${v.sysctl}, and without this setting it has made ${duration(v.before, 'en')} of it`,
      set: v => `Write ${duration(v.wanted, 'en')}`,
    },
    zh: {
      zero: v => `0 并不表示关闭：kube-proxy 不改动 ${v.sysctl}，如果没有别人写过，它就是${duration(v.kernel, 'zh')}`,
      never: v =>
        `除非之前有人调低过 ${v.sysctl}，否则不起作用：kube-proxy ${v.release} 只会调高它，而内核的初始值是${duration(v.kernel, 'zh')}`,
      restart: v =>
        `节点重启之后才会生效：kube-proxy ${v.release} 从不调低 ${v.sysctl}，而没有此设置时它已将其设为${duration(v.before, 'zh')}`,
      set: v => `写成${duration(v.wanted, 'zh')}`,
    },
  },
  page: { en, zh },

  *check(written, { cluster, file }) {
    const settings = settingsInForce(written, cluster);
    if (!settings) return;
    const { conntrack } = settings;
    const version = cluster.version('kubernetes', file);
    const onlyRaises = hasReached(version, '1.23') && isBefore(version, '1.29');
    for (const [name, sysctl, wanted] of TIMEOUTS) {
      const value = conntrack[name];
      const seconds = value.known;
      const kernel = KERNEL_CONNTRACK_DEFAULTS[name];
      const byDefault = CONNTRACK_DEFAULTS[name];
      if (seconds === undefined || seconds === byDefault) continue;
      const params = {
        sysctl,
        kernel,
        before: byDefault,
        release: formatVersion(version.newest),
        name: nameOf(settings, name),
      };
      if (seconds === 0) {
        // With the table left alone, so are its timeouts, and on purpose.
        if (conntrack.maxPerCore.is(0) || conntrack.maxPerCore.isUnknown) continue;
        yield at(value, 'zero', { ...params, wanted }).fix(
          'set',
          'unsafe',
          settings.change(`conntrack.${name}`, { seconds: wanted }),
        );
      } else if (onlyRaises && seconds > 0 && seconds < kernel) {
        yield at(value, 'never', params).as('warning');
      } else if (onlyRaises && seconds > 0 && seconds < byDefault) {
        yield at(value, 'restart', params);
      }
    }
  },
});

/** Of the settings that have a default: what to write instead of 0, in seconds. */
const TIMEOUTS = [
  ['tcpEstablishedTimeout', 'nf_conntrack_tcp_timeout_established', 86_400],
  ['tcpCloseWaitTimeout', 'nf_conntrack_tcp_timeout_close_wait', 60],
] as const;

function duration(seconds: string | number | undefined, language: Language): string {
  const text = formatDuration(Number(seconds), language);
  return language === 'zh' ? ` ${text}` : text;
}
