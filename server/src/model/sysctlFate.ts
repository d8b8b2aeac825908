import { KERNEL_CONNTRACK_DEFAULTS } from '../facts/kubeProxyConntrack.ts';
import { CONNTRACK_MAX } from '../facts/netfilterSysctls.ts';
import { type ConntrackSettings, conntrackTable, someNode } from '../simulate/conntrackTable.ts';
import type { Cluster, Located } from './cluster.ts';
import { settingsInForce } from './kubeProxyService.ts';
import { type KubeProxySettings, sizeSettings } from './kubeProxySettings.ts';
import { nearest } from './nearest.ts';

/** CPUs of nodes for which it is worked out where no setting says how many there are. */
const SOME_CPUS = [1, 2, 4, 8, 16, 32, 64, 128];

/** The sysctls that kube-proxy sets to what it wants, whatever they are, by its own names for them. */
export const WRITTEN_BY_KUBE_PROXY = {
  max: CONNTRACK_MAX,
  tcpEstablishedTimeout: 'net/netfilter/nf_conntrack_tcp_timeout_established',
  tcpCloseWaitTimeout: 'net/netfilter/nf_conntrack_tcp_timeout_close_wait',
  udpTimeout: 'net/netfilter/nf_conntrack_udp_timeout',
  udpStreamTimeout: 'net/netfilter/nf_conntrack_udp_timeout_stream',
} as const;

export type WrittenKnob = keyof typeof WRITTEN_BY_KUBE_PROXY;
export const WRITTEN_KNOBS = [
  'max',
  'tcpEstablishedTimeout',
  'tcpCloseWaitTimeout',
  'udpTimeout',
  'udpStreamTimeout',
] as const;

/** What kube-proxy makes of a sysctl that has the value of the file when it starts. */
export interface Fate {
  /** The least and the most that it can get, by the release and the node’s CPUs. */
  readonly low: number;
  readonly high: number;
  /** True if no release in force and no node keeps another value than kube-proxy's. */
  readonly isCertain: boolean;
}

/**
 * What becomes of a sysctl when the kube-proxies near a file start. Null if it stays, if nobody can tell, or if they do not
 * agree: they may be those of different nodes.
 */
export function fateAtStart(knob: WrittenKnob, value: number, cluster: Cluster, file: string): Fate | null {
  const fates = settingsNear(file, cluster).map(({ entity }) => fateOf(knob, value, entity, cluster, file));
  const [fate = null] = fates;
  return fates.every(other => JSON.stringify(other) === JSON.stringify(fate)) ? fate : null;
}

/** What the kube-proxies near a file are told, as far as it is in force. */
export function settingsNear(file: string, cluster: Cluster): readonly Located<KubeProxySettings>[] {
  const inForce = cluster.all('kubeProxySettings').flatMap(each => {
    const entity = settingsInForce(each.entity, cluster);
    return entity ? [{ ...each, entity }] : [];
  });
  return nearest(file, inForce);
}

/** Null if the value stays, or if nobody can tell. */
function fateOf(
  knob: WrittenKnob,
  value: number,
  proxy: KubeProxySettings,
  cluster: Cluster,
  file: string,
): Fate | null {
  const settings = settingsOf(knob, proxy);
  if (!settings) return null;
  const { oldest, newest } = cluster.version('kubernetes', file);
  const { nodeCores } = cluster.environment();
  const becomes = new Set<number>();
  let isCertain = true;
  for (const release of new Set([oldest[1], newest[1]])) {
    for (const cpus of nodeCores === null ? SOME_CPUS : [nodeCores]) {
      const kernel = { ...KERNEL_CONNTRACK_DEFAULTS, [knob]: value };
      const { writes } = conntrackTable(settings, Math.max(12, release), { ...someNode(cpus), kernel });
      const write = writes.find(each => each.knob === knob);
      if (write?.outcome === 'written' || write?.outcome === 'either') becomes.add(write.wanted);
      if (write?.outcome !== 'written' && write?.wanted !== value) isCertain = false;
    }
  }
  return becomes.size > 0 ? { low: Math.min(...becomes), high: Math.max(...becomes), isCertain } : null;
}

function settingsOf(knob: WrittenKnob, { conntrack }: KubeProxySettings): ConntrackSettings | null {
  const size = sizeSettings(conntrack);
  if (knob === 'max') return size;
  const timeout = conntrack[knob];
  // The table’s size decides nothing about a timeout.
  return timeout.isUnknown ? null : { maxPerCore: 0, [knob]: timeout.known };
}
