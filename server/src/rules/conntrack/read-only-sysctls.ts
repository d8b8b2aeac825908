import type { ReadOnlyKernel } from '../../model/kubeProxyFlags.ts';
import { configurationOf } from '../../model/kubeProxyLink.ts';
import { asStarted, settingsInForce } from '../../model/kubeProxyService.ts';
import type { ConntrackValues } from '../../model/kubeProxySettings.ts';
import { sizeSettings } from '../../model/kubeProxySettings.ts';
import { WRITTEN_BY_KUBE_PROXY } from '../../model/sysctlFate.ts';
import type { Value } from '../../model/value.ts';
import {
  type ConntrackKnob,
  type ConntrackSettings,
  type ConntrackWrite,
  conntrackTable,
  someNode,
} from '../../simulate/conntrackTable.ts';
import { formatVersion } from '../../text/version.ts';
import { formatCount } from '../../text/wording.ts';
import { atPlace } from '../draft.ts';
import { rule } from '../rule.ts';
import en from './read-only-sysctls.md';
import zh from './read-only-sysctls.zh.md';

/**
 * kube-proxy writes its conntrack settings below /proc/sys when it starts, and exits if it may not. A container that is not
 * privileged sees /proc/sys and /sys read-only, whatever its capabilities are, and so does a unit with ProtectKernelTunables=.
 */
export const readOnlySysctls = rule({
  id: 'conntrack/read-only-sysctls',
  severity: 'warning',
  on: 'kubeProxyFlags',
  evidence: [
    'kubernetes pkg/proxy/conntrack/sysctls.go (1.36), cmd/kube-proxy/app/conntrack.go and server_linux.go (1.12 to 1.35): setIntSysCtl writes what differs, and its error ends the program',
    'kubernetes/kubernetes#96280: without privileged kube-proxy exits with "open /proc/sys/net/netfilter/nf_conntrack_tcp_timeout_established: read-only file system"',
    'kubernetes/kubernetes#112171, kubernetes/kubernetes#120864: --init-only since 1.29',
    'kubernetes/kubernetes#24027, kubernetes/kubernetes#135548: a read-only sysfs, an event until 1.35 and fatal from 1.36 on',
    'systemd.exec(5), ProtectKernelTunables=; test/real/netfilterSysctls.test.ts: where /proc/sys is read-only, nobody writes it',
  ],
  summary: {
    en: 'kube-proxy where it may not write what it writes when it starts',
    zh: 'kube-proxy 启动时要写的内核参数对它只读',
  },
  messages: {
    en: {
      unprivileged: v =>
        `kube-proxy ${v.running} exits when it starts, unless something else has set ${v.knob} to ${formatCount(Number(v.wanted), 'en')} on the node: /proc/sys is read-only in a container that is not privileged`,
      protected: v =>
        `kube-proxy ${v.running} exits when it starts, unless something else has set ${v.knob} to ${formatCount(Number(v.wanted), 'en')} on the node: /proc/sys is read-only in a unit with ProtectKernelTunables`,
      sysMount: v =>
        `kube-proxy ${v.running} exits when it starts, unless the hash table has ${formatCount(Number(v.wanted), 'en')} buckets already: it may not write to a read-only /sys`,
      sysMountEvent: v =>
        `The hash table keeps the buckets that the node has, however many entries kube-proxy allows: it wants ${formatCount(Number(v.wanted), 'en')} and may not write to a read-only /sys`,
      privileged: () => 'Make the container privileged',
      writable: () => 'Let the unit write kernel variables',
      sysWritable: () => 'Mount /sys writable',
    },
    zh: {
      unprivileged: v =>
        `kube-proxy ${v.running} 启动后就会退出，除非节点上已有别的程序把 ${v.knob} 设为 ${formatCount(Number(v.wanted), 'zh')}：在非特权容器中 /proc/sys 是只读的`,
      protected: v =>
        `kube-proxy ${v.running} 启动后就会退出，除非节点上已有别的程序把 ${v.knob} 设为 ${formatCount(Number(v.wanted), 'zh')}：对设置了 ProtectKernelTunables 的单元，/proc/sys 是只读的`,
      sysMount: v =>
        `kube-proxy ${v.running} 启动后就会退出，除非哈希表已有 ${formatCount(Number(v.wanted), 'zh')} 个桶：它无法写入只读的 /sys`,
      sysMountEvent: v =>
        `无论 kube-proxy 允许多少条目，哈希表的桶数都保持节点原有的值：它需要 ${formatCount(Number(v.wanted), 'zh')} 个桶，却无法写入只读的 /sys`,
      privileged: () => '让该容器以特权模式运行',
      writable: () => '允许该单元写内核参数',
      sysWritable: () => '以可写方式挂载 /sys',
    },
  },
  page: { en, zh },

  *check(flags, { cluster, file }) {
    const { readOnly, uses } = flags;
    if (!readOnly || uses.some(({ name }) => name === '--init-only' || name.startsWith('--cleanup'))) return;
    const started = asStarted(flags, cluster);
    if (!started) return;
    const configured = configurationOf(started.flags, cluster.all('kubeProxyConfiguration'))?.entity.settings;
    const own = (flags.settings && settingsInForce(flags.settings, cluster)) ?? configured;
    if (!own) return;
    const set = [
      ...cluster.all('sysctlSettings').flatMap(({ entity }) => entity.lines),
      ...cluster.all('podSysctls').flatMap(({ entity }) => entity.sysctls),
    ];
    const hidden = cluster.all('sysctlSettings').flatMap(({ entity }) => entity.hidden);
    const { newest, oldest } = cluster.version('kubernetes', file);
    const { nodeCores } = cluster.environment();
    const blocked = [oldest, newest].map(([, release = 0]) =>
      firstBlocked(known(own.conntrack), release, readOnly.by, nodeCores),
    );
    const [write] = blocked;
    if (!write || blocked.some(other => other?.knob !== write.knob || other.outcome !== write.outcome)) return;
    // Somebody prepares the nodes: whether for this very kube-proxy, no file tells.
    const sysctl = SYSCTLS[write.knob];
    if (set.some(({ knob }) => knob === sysctl) || hidden.includes(sysctl)) return;
    const params = { running: formatVersion(newest), knob: sysctl.split('/').at(-1) ?? '', wanted: write.wanted };
    const [message, title] = TOLD[readOnly.by];
    const said = write.outcome === 'event' ? 'sysMountEvent' : message;
    yield atPlace<Key>(readOnly.place, said, params).fix(title, 'unsafe', readOnly.lift);
  },
});

type Key = 'unprivileged' | 'protected' | 'sysMount' | 'sysMountEvent' | 'privileged' | 'writable' | 'sysWritable';

const TOLD: Readonly<Record<ReadOnlyKernel['by'], readonly [Key, Key]>> = {
  unprivileged: ['unprivileged', 'privileged'],
  ProtectKernelTunables: ['protected', 'writable'],
  sysMount: ['sysMount', 'sysWritable'],
};

const SYSCTLS: Readonly<Record<ConntrackKnob, string>> = {
  ...WRITTEN_BY_KUBE_PROXY,
  buckets: 'net/netfilter/nf_conntrack_buckets',
  tcpBeLiberal: 'net/netfilter/nf_conntrack_tcp_be_liberal',
};

/** What is certain of the settings: those that are not known count as left alone. */
function known(conntrack: ConntrackValues): ConntrackSettings {
  const orZero = <T>(value: Value<T>, zero: T) => (value.isUnknown ? zero : value.known);
  const { tcpEstablishedTimeout, tcpCloseWaitTimeout, udpTimeout, udpStreamTimeout, tcpBeLiberal } = conntrack;
  return {
    ...(sizeSettings(conntrack) ?? { maxPerCore: 0 }),
    tcpEstablishedTimeout: orZero(tcpEstablishedTimeout, 0),
    tcpCloseWaitTimeout: orZero(tcpCloseWaitTimeout, 0),
    udpTimeout: orZero(udpTimeout, 0),
    udpStreamTimeout: orZero(udpStreamTimeout, 0),
    tcpBeLiberal: orZero(tcpBeLiberal, false),
  };
}

/**
 * The write that fails on every node whose kernel has its defaults; a timeout where one does, as these do not depend on the node. Null
 * if there is none, or if nodes differ.
 */
function firstBlocked(
  settings: ConntrackSettings,
  release: number,
  by: ReadOnlyKernel['by'],
  nodeCores: number | null,
): ConntrackWrite | null {
  const access = by === 'sysMount' ? 'readOnlySysfs' : 'readOnly';
  const blockedOn = (given: ConntrackSettings, cpus: number) =>
    conntrackTable(given, Math.max(12, release), { ...someNode(cpus), access }).writes.find(
      ({ outcome }) => outcome === 'fatal' || outcome === 'event',
    ) ?? null;
  const timeout = blockedOn({ ...settings, maxPerCore: 0, max: undefined }, 1);
  if (timeout) return timeout;
  const nodes = nodeCores === null ? SOME_CPUS : [nodeCores];
  const sizes = nodes.map(cpus => blockedOn(settings, cpus));
  const [first = null] = sizes;
  return sizes.every(size => size?.wanted === first?.wanted) ? first : null;
}

/** CPUs of nodes where no setting says how many there are. */
const SOME_CPUS = [2, 4, 8, 16, 64] as const;
