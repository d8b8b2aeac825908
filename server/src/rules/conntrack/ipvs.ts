import { CONNTRACK_DEFAULTS } from '../../facts/kubeProxyConntrack.ts';
import { settingsInForce } from '../../model/kubeProxyService.ts';
import { nameOf } from '../../model/kubeProxySettings.ts';
import { hasReached } from '../../model/versions.ts';
import { formatDuration } from '../../text/wording.ts';
import { at } from '../draft.ts';
import { rule } from '../rule.ts';
import en from './ipvs.md';
import zh from './ipvs.zh.md';

/**
 * IPVS keeps a table of its own beside conntrack's, with timeouts of its own, whose names are those of conntrack's; and the mode is
 * deprecated.
 */
export const ipvs = rule({
  id: 'conntrack/ipvs',
  severity: 'information',
  on: 'kubeProxySettings',
  evidence: [
    'kubernetes/kubernetes#134539: deprecated in 1.35; KEP-5495: the mode is to go, not before 1.40',
    'kubernetes pkg/proxy/ipvs/proxier.go: ipvs.tcpTimeout, tcpFinTimeout and udpTimeout are IPVS timers, net.ipv4.vs.conntrack is set to 1 (1.18 to 1.37)',
    'kubernetes/kubernetes#120076, kubernetes/kubernetes#120214: conntrack.udpTimeout came because ipvs.udpTimeout is another',
  ],
  summary: {
    en: 'The IPVS mode: deprecated, with a table and timeouts of its own',
    zh: 'IPVS 模式：已弃用，并且有自己的表和超时',
  },
  messages: {
    en: {
      deprecated: () =>
        'The IPVS mode is deprecated since Kubernetes 1.35, nftables is to take its place; meanwhile every connection to a Service is in two tables, IPVS’ own and conntrack’s',
      own: () =>
        'Every connection to a Service is in two tables in this mode, IPVS’ own and conntrack’s; the mode is deprecated from Kubernetes 1.35',
      timer: v =>
        `${v.name} is IPVS’ own timer: conntrack keeps its entries ${v.seconds === 0 ? 'as long as the kernel says' : `for ${formatDuration(Number(v.seconds), 'en')}`}, whatever stands here`,
      unused: v => `Without effect: only the mode ipvs looks at ${v.name}, and this is ${v.mode}`,
      mode: () => 'The mode is set here',
    },
    zh: {
      deprecated: () =>
        'IPVS 模式自 Kubernetes 1.35 起已弃用，将由 nftables 取代；在此之前，发往 Service 的每个连接都同时占用 IPVS 自己的表和 conntrack 表',
      own: () =>
        '在此模式下，发往 Service 的每个连接都同时占用 IPVS 自己的表和 conntrack 表；该模式自 Kubernetes 1.35 起弃用',
      timer: v =>
        `${v.name} 是 IPVS 自己的计时器：无论这里写什么，conntrack 的条目都${v.seconds === 0 ? '按内核的设置保留' : `保留 ${formatDuration(Number(v.seconds), 'zh')}`}`,
      unused: v => `不起作用：只有 ipvs 模式会读取 ${v.name}，而这里是 ${v.mode}`,
      mode: () => '模式在这里设置',
    },
  },
  page: { en, zh },

  *check(written, { cluster, file }) {
    const settings = settingsInForce(written, cluster);
    if (!settings) return;
    const { mode, conntrack } = settings;
    if (mode.isUnknown) return;
    const isIpvs = mode.is('ipvs');
    if (isIpvs) {
      const version = cluster.version('kubernetes', file);
      yield at(mode, hasReached(version, '1.35') ? 'deprecated' : 'own');
    }
    for (const name of ['tcpTimeout', 'tcpFinTimeout', 'udpTimeout'] as const) {
      const timeout = settings.ipvs[name];
      if ((timeout.known ?? 0) <= 0) continue;
      const params = { name: settings.origin === 'flags' ? nameOf(settings, `ipvs.${name}`) : `ipvs.${name}` };
      if (!isIpvs) {
        const draft = at(timeout, 'unused', { ...params, mode: mode.known || 'iptables' }).as('warning');
        yield draft.seeAlso('mode', mode.place);
      } else if (name === 'udpTimeout' && (conntrack.udpTimeout.isAbsent || conntrack.udpTimeout.known !== undefined)) {
        // Whoever sets both knows that there are two.
        if ((conntrack.udpTimeout.known ?? 0) > 0 || (conntrack.udpStreamTimeout.known ?? 0) > 0) continue;
        yield at(timeout, 'timer', { ...params, seconds: 0 });
      } else if (name === 'tcpTimeout' && conntrack.tcpEstablishedTimeout.isAbsent) {
        yield at(timeout, 'timer', { ...params, seconds: CONNTRACK_DEFAULTS.tcpEstablishedTimeout });
      }
    }
  },
});
