import { CONNTRACK_DEFAULTS } from '../../facts/kubeProxyConntrack.ts';
import { entriesHeld } from '../../simulate/conntrackTable.ts';
import { formatCount } from '../../text/wording.ts';
import { at, atPlace, type Draft } from '../draft.ts';
import { rule } from '../rule.ts';
import en from './close-wait.md';
import zh from './close-wait.zh.md';

/**
 * CLOSE_WAIT is what conntrack calls a connection that one side has closed. The kernel keeps its entry for a minute, kube-proxy makes an
 * hour of it: right where a node does SNAT for clients that half-close, costly where an ingress meets clients that never finish.
 */
export const closeWait = rule({
  id: 'conntrack/close-wait',
  severity: 'information',
  on: 'kubeProxyConfiguration',
  evidence: [
    'kubernetes pkg/proxy/apis/config/v1alpha1/defaults.go: tcpCloseWaitTimeout 1h, and why (1.5 to 1.37)',
    'kernel Documentation/networking/nf_conntrack-sysctl.rst: nf_conntrack_tcp_timeout_close_wait 60',
    'kubernetes/kubernetes#32551, kubernetes/kubernetes#35919, kubernetes/kubernetes#97377',
  ],
  summary: {
    en: 'Half-closed connections stay in the conntrack table for an hour',
    zh: '半关闭的连接在 conntrack 表中保留一小时',
  },
  messages: {
    en: {
      written: v =>
        `Half-closed connections stay in the conntrack table for an hour, where the kernel alone keeps them 60 seconds${held(v.rate, v.held, 'en')}`,
      byDefault: v =>
        `Half-closed connections stay in the conntrack table for an hour, the default of tcpCloseWaitTimeout, where the kernel alone keeps them 60 seconds${held(v.rate, v.held, 'en')}`,
      set: () => 'Write tcpCloseWaitTimeout: 5m0s',
    },
    zh: {
      written: v => `半关闭的连接在 conntrack 表中保留一小时，而内核本身只保留 60 秒${held(v.rate, v.held, 'zh')}`,
      byDefault: v =>
        `半关闭的连接在 conntrack 表中保留一小时（tcpCloseWaitTimeout 的默认值），而内核本身只保留 60 秒${held(v.rate, v.held, 'zh')}`,
      set: () => '写成 tcpCloseWaitTimeout: 5m0s',
    },
  },
  page: { en, zh },

  *check({ settings, fields }, { cluster }) {
    const { conntrack, mode } = settings;
    const { tcpCloseWaitTimeout, maxPerCore } = conntrack;
    // Whoever leaves the table to the kernel has made up their mind; on Windows there is none.
    if (maxPerCore.is(0) || maxPerCore.isUnknown || mode.is('kernelspace')) return;
    const rate = cluster.environment().connectionsPerSecond;
    const params = rate === null ? {} : { rate, held: entriesHeld(rate, CONNTRACK_DEFAULTS.tcpCloseWaitTimeout) };
    const section = fields.find(({ path, kind }) => path === 'conntrack' && kind === 'map');
    let draft: Draft | null = null;
    if (tcpCloseWaitTimeout.is(CONNTRACK_DEFAULTS.tcpCloseWaitTimeout))
      draft = at(tcpCloseWaitTimeout, 'written', params);
    else if (tcpCloseWaitTimeout.isAbsent && section) draft = atPlace(section.key, 'byDefault', params);
    if (draft) yield draft.fix('set', 'unsafe', settings.change('conntrack.tcpCloseWaitTimeout', { seconds: 300 }));
  },
});

function held(rate: string | number | undefined, entries: string | number | undefined, language: 'en' | 'zh'): string {
  if (rate === undefined) return '';
  const [perSecond, count] = [formatCount(Number(rate), language), formatCount(Number(entries), language)];
  return language === 'en'
    ? `: up to ${count} entries at ${perSecond} connections a second`
    : `：每秒 ${perSecond} 个连接时最多占用 ${count} 个条目`;
}
