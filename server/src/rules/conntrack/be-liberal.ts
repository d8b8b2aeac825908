import { CONNTRACK_UDP_SINCE } from '../../facts/kubeProxyConntrack.ts';
import type { Cluster, Located } from '../../model/cluster.ts';
import type { KubeProxySettings } from '../../model/kubeProxySettings.ts';
import type { PodSysctls } from '../../model/podSysctls.ts';
import { hasReached } from '../../model/versions.ts';
import { at, atPlace, type Draft, inPieceOf } from '../draft.ts';
import { rule } from '../rule.ts';
import en from './be-liberal.md';
import zh from './be-liberal.zh.md';

/**
 * kube-proxy drops forwarded packets that conntrack calls INVALID, unless nf_conntrack_tcp_be_liberal is 1 when it starts. Where answers take
 * another way than requests, that rule is what ends connections, and the sysctl alone ends nothing of it.
 */
export const beLiberal = rule({
  id: 'conntrack/be-liberal',
  severity: 'information',
  on: ['podSysctls', 'kubeProxySettings'],
  evidence: [
    'kubernetes pkg/proxy/iptables/proxier.go and pkg/proxy/nftables/proxier.go: NewProxier reads nf_conntrack_tcp_be_liberal, and leaves out the DROP of INVALID if it is 1 (kubernetes/kubernetes#120412, 1.29; #122663)',
    'kubernetes pkg/proxy/conntrack/sysctls.go: tcpBeLiberal true writes 1, false writes nothing',
    'kubernetes/kubernetes#94861, kubernetes/kubernetes#117924, kubernetes/kubernetes#74840',
    'test/real/beLiberal.test.ts: with answers on another way, the rule ends a connection whatever the sysctl is, and without it the connection lives',
  ],
  summary: {
    en: 'nf_conntrack_tcp_be_liberal, which kube-proxy looks at once',
    zh: 'kube-proxy 只在启动时读取一次的 nf_conntrack_tcp_be_liberal',
  },
  messages: {
    en: {
      late: () =>
        'kube-proxy goes on dropping INVALID packets if it starts before this command: it looks at nf_conntrack_tcp_be_liberal once, when it starts, and its rule stays',
      always: v =>
        `kube-proxy drops INVALID packets whatever this sysctl is: before Kubernetes ${v.release} it does not look at it`,
      off: v => `This turns nothing off: ${v.file} sets nf_conntrack_tcp_be_liberal to 1, and kube-proxy leaves it`,
      proxy: () => 'The settings of kube-proxy',
      sysctl: () => 'The sysctl is set here',
      set: () => 'Have kube-proxy set it: tcpBeLiberal true',
      agree: () => 'Write true, as it is',
    },
    zh: {
      late: () =>
        '如果 kube-proxy 在此命令之前启动，它会继续丢弃 INVALID 报文：它只在启动时读取一次 nf_conntrack_tcp_be_liberal，之后规则一直保留',
      always: v => `无论此 sysctl 为何值，kube-proxy 都会丢弃 INVALID 报文：Kubernetes ${v.release} 之前它不会读取该值`,
      off: v => `这里并没有关闭任何东西：${v.file} 把 nf_conntrack_tcp_be_liberal 设为 1，kube-proxy 不会改动它`,
      proxy: () => 'kube-proxy 的设置',
      sysctl: () => '该 sysctl 在这里设置',
      set: () => '由 kube-proxy 设置：tcpBeLiberal 为 true',
      agree: () => '按实际情况写成 true',
    },
  },
  page: { en, zh },

  *check(entity, { cluster, file }) {
    const draft = entity.is === 'podSysctls' ? aboutPod(entity, cluster, file) : aboutSettings(entity, cluster, file);
    if (draft) yield draft;
  },
});

type Key = 'late' | 'always' | 'off' | 'proxy' | 'sysctl' | 'set' | 'agree';

const BE_LIBERAL = 'net/netfilter/nf_conntrack_tcp_be_liberal';
const SINCE = `1.${CONNTRACK_UDP_SINCE}`;

/** Pods start beside kube-proxy's, in no order. */
function aboutPod({ hostNetwork, sysctls }: PodSysctls, cluster: Cluster, file: string): Draft<Key> | null {
  const write = sysctls.find(({ knob, written }) => knob === BE_LIBERAL && written === '1');
  if (!write || !hostNetwork.is(true)) return null;
  const proxies = cluster.near('kubeProxySettings', file).filter(dropsInvalid);
  const [proxy, ...others] = proxies;
  if (!proxy || others.length > 0 || proxies.length !== cluster.near('kubeProxySettings', file).length) return null;
  const place = proxyPlace(proxy.entity);
  if (!hasReached(cluster.version('kubernetes', file), SINCE))
    return atPlace<Key>(write.place, 'always', { release: SINCE }).seeAlso('proxy', place, proxy);
  return atPlace<Key>(write.place, 'late')
    .seeAlso('proxy', place, proxy)
    .fix('set', 'unsafe', inPieceOf(proxy, proxy.entity.change('conntrack.tcpBeLiberal', true)));
}

/** True for one that certainly has the rule unless the sysctl is 1 when it starts. */
function dropsInvalid({ entity: { mode, conntrack } }: Located<KubeProxySettings>): boolean {
  const hasRule = mode.isAbsent || mode.is('', 'iptables', 'nftables');
  return hasRule && (conntrack.tcpBeLiberal.isAbsent || conntrack.tcpBeLiberal.is(false));
}

function proxyPlace({ mode, conntrack }: KubeProxySettings) {
  return Object.values(conntrack).find(({ place }) => place)?.place ?? mode.place;
}

function aboutSettings(settings: KubeProxySettings, cluster: Cluster, file: string): Draft<Key> | null {
  const { tcpBeLiberal } = settings.conntrack;
  if (!tcpBeLiberal.is(false)) return null;
  const files = cluster.near('sysctlSettings', file);
  const set = files.flatMap(located =>
    located.entity.lines.filter(({ knob }) => knob === BE_LIBERAL).map(line => ({ located, line })),
  );
  const last = set.at(-1);
  if (!last || set.some(({ line }) => line.number !== 1)) return null;
  return at<Key>(tcpBeLiberal, 'off', { file: last.located.file.split('/').at(-1) ?? '' })
    .seeAlso('sysctl', last.line.place, last.located)
    .fix('agree', 'unsafe', settings.change('conntrack.tcpBeLiberal', true));
}
