import {
  CONNTRACK_BUCKET_BYTES,
  CONNTRACK_CAP,
  CONNTRACK_DEFAULTS,
  CONNTRACK_ENTRY_BYTES,
  CONNTRACK_MAX_UNTIL,
  CONNTRACK_UDP_SINCE,
  CONNTRACK_WRITE_RULES,
  KERNEL_CONNTRACK_DEFAULTS,
  READ_ONLY_SYSFS_FATAL_SINCE,
  type WriteRule,
} from '../facts/kubeProxyConntrack.ts';

/** What kube-proxy is told; what is left out has its default. Timeouts in seconds. */
export interface ConntrackSettings {
  readonly maxPerCore?: number | undefined;
  readonly min?: number | undefined;
  /** `conntrack.max`, of which releases after 1.14 know nothing. */
  readonly max?: number | undefined;
  readonly tcpEstablishedTimeout?: number | undefined;
  readonly tcpCloseWaitTimeout?: number | undefined;
  readonly tcpBeLiberal?: boolean | undefined;
  readonly udpTimeout?: number | undefined;
  readonly udpStreamTimeout?: number | undefined;
}

/** The kernel's own settings: entries, buckets, seconds. */
export interface KernelConntrack {
  readonly max: number;
  readonly buckets: number;
  readonly tcpEstablishedTimeout: number;
  readonly tcpCloseWaitTimeout: number;
  readonly tcpBeLiberal: boolean;
  readonly udpTimeout: number;
  readonly udpStreamTimeout: number;
}

/** The node that kube-proxy starts on. */
export interface ConntrackNode {
  /** CPUs as kube-proxy counts them: Go's NumCPU until 1.20, those in sysfs since 1.21, those online since 1.37. */
  readonly cpus: number;
  readonly kernel: KernelConntrack;
  /**
   * free: kube-proxy is in the host's network namespace. nested: it is in another one, where `nf_conntrack_max` and the hash
   * table cannot be written (Linux 5.12.2). readOnlySysfs: the host's, but sysfs is mounted read-only. readOnly: so is
   * /proc/sys, as in every container that is not privileged.
   */
  readonly access: 'free' | 'nested' | 'readOnlySysfs' | 'readOnly';
}

export type ConntrackKnob = keyof KernelConntrack;

/**
 * What becomes of one setting. written: the kernel takes it. kept: it has that value, or the release only raises and the
 * kernel has more. either: written or kept, by the patch release. event: not possible, and kube-proxy goes on. fatal: not
 * possible, and kube-proxy exits.
 */
export interface ConntrackWrite {
  readonly knob: ConntrackKnob;
  readonly wanted: number;
  readonly before: number;
  readonly outcome: 'written' | 'kept' | 'either' | 'event' | 'fatal';
}

/** How many entries kube-proxy wants, and what decides it. */
export interface WantedMax {
  /** Null if it leaves the kernel's value alone. */
  readonly entries: number | null;
  /** unset: `maxPerCore` is 0. refused: `conntrack.max` beside `maxPerCore`, with which kube-proxy exits. */
  readonly by: 'maxPerCore' | 'min' | 'cap' | 'max' | 'unset' | 'refused';
  /** `maxPerCore` times the CPUs; null where it plays no part. */
  readonly scaled: number | null;
}

/** What connection tracking is like once kube-proxy has started, or has given up. */
export interface ConntrackTable extends KernelConntrack {
  readonly wanted: WantedMax;
  /** In kube-proxy's order; none behind a fatal one. */
  readonly writes: readonly ConntrackWrite[];
  /** True if kube-proxy exits. */
  readonly isFatal: boolean;
  /** Bytes of a full table. */
  readonly memory: number;
}

/** A node of which no more is known than its CPUs, and how many entries its kernel has room for before. */
export function someNode(cpus: number, max: number = KERNEL_CONNTRACK_DEFAULTS.max): ConntrackNode {
  return { cpus, kernel: { ...KERNEL_CONNTRACK_DEFAULTS, max }, access: 'free' };
}

/**
 * The size of the table that kube-proxy wants. `release` is the minor version of Kubernetes, 12 or later.
 *
 * Source: getConntrackMax in cmd/kube-proxy/app/server.go (1.12), server_others.go, server_linux.go (1.28),
 * pkg/proxy/conntrack/sysctls.go (1.36).
 */
export function wantedMax(settings: ConntrackSettings, release: number, cpus: number): WantedMax {
  const hasMax = release <= CONNTRACK_MAX_UNTIL && settings.max !== undefined;
  const { maxPerCore = hasMax ? 0 : CONNTRACK_DEFAULTS.maxPerCore, min = hasMax ? 0 : CONNTRACK_DEFAULTS.min } =
    settings;
  if (hasMax && settings.max !== 0) {
    if (maxPerCore > 0) return { entries: null, by: 'refused', scaled: null };
    return { entries: settings.max ?? null, by: 'max', scaled: null };
  }
  if (maxPerCore <= 0) return { entries: null, by: 'unset', scaled: null };
  const scaled = maxPerCore * cpus;
  if (release >= CONNTRACK_CAP.since && scaled > CONNTRACK_CAP.entries) {
    return { entries: CONNTRACK_CAP.entries, by: 'cap', scaled };
  }
  return scaled > min ? { entries: scaled, by: 'maxPerCore', scaled } : { entries: min, by: 'min', scaled };
}

/**
 * What kube-proxy makes of a node's connection tracking when it starts: every write, and what it comes to. Nothing is
 * written later. `release` is the minor version of Kubernetes, 12 or later.
 *
 * Source: SetMax and setIntSysCtl in cmd/kube-proxy/app/conntrack.go (1.12 to 1.35), pkg/proxy/conntrack/sysctls.go (1.36).
 */
export function conntrackTable(settings: ConntrackSettings, release: number, node: ConntrackNode): ConntrackTable {
  const wanted = wantedMax(settings, release, node.cpus);
  const rules = CONNTRACK_WRITE_RULES.findLast(({ from }) => from <= release) ?? FIRST_RULES;
  const writes: ConntrackWrite[] = [];
  const kernel = { ...node.kernel };
  let isFatal = wanted.by === 'refused';

  const isReadOnly = node.access === 'readOnly';
  const write = (knob: ConntrackKnob, value: number, rule: WriteRule, otherwise: 'event' | 'fatal' | null) => {
    if (isFatal) return;
    const blocked = isReadOnly ? 'fatal' : otherwise;
    const before = Number(node.kernel[knob]);
    const needed = outcomeOf(before, value, rule);
    const outcome = blocked && needed === 'written' ? blocked : needed;
    writes.push({ knob, wanted: value, before, outcome });
    if (outcome === 'written') Object.assign(kernel, { [knob]: knob === 'tcpBeLiberal' ? true : value });
    isFatal = outcome === 'fatal';
  };

  const isNested = node.access === 'nested';
  if (wanted.entries !== null && wanted.entries > 0) {
    write('max', wanted.entries, rules.max, isNested ? 'fatal' : null);
    const readOnly = release >= READ_ONLY_SYSFS_FATAL_SINCE ? 'fatal' : 'event';
    const blocked = isNested ? 'fatal' : node.access === 'readOnlySysfs' ? readOnly : null;
    write('buckets', Math.floor(wanted.entries / 4), 'lower', blocked);
  }
  const timeout = (knob: ConntrackKnob, seconds: number) => {
    if (seconds > 0) write(knob, Math.floor(seconds), rules.timeouts, null);
  };
  const { tcpEstablishedTimeout, tcpCloseWaitTimeout, udpTimeout = 0, udpStreamTimeout = 0 } = settings;
  timeout('tcpEstablishedTimeout', tcpEstablishedTimeout ?? CONNTRACK_DEFAULTS.tcpEstablishedTimeout);
  timeout('tcpCloseWaitTimeout', tcpCloseWaitTimeout ?? CONNTRACK_DEFAULTS.tcpCloseWaitTimeout);
  if (release >= CONNTRACK_UDP_SINCE) {
    if (settings.tcpBeLiberal) write('tcpBeLiberal', 1, rules.timeouts, null);
    timeout('udpTimeout', udpTimeout);
    timeout('udpStreamTimeout', udpStreamTimeout);
  }
  return { ...kernel, wanted, writes, isFatal, memory: conntrackMemory(kernel.max, kernel.buckets) };
}

/** Of releases before all that are recorded. */
const FIRST_RULES = { max: 'different', timeouts: 'different' } as const;

function outcomeOf(before: number, wanted: number, rule: WriteRule): 'written' | 'kept' | 'either' {
  if (before === wanted) return 'kept';
  if (before < wanted || rule === 'different') return 'written';
  return rule === 'lower' ? 'kept' : 'either';
}

/** Bytes of a table that is full, its buckets included. */
export function conntrackMemory(entries: number, buckets: number): number {
  return entries * CONNTRACK_ENTRY_BYTES + buckets * CONNTRACK_BUCKET_BYTES;
}

/**
 * How many entries a state holds in the long run if so many connections a second enter it and each stays that long: Little's
 * law.
 */
export function entriesHeld(connectionsPerSecond: number, secondsInState: number): number {
  return connectionsPerSecond * secondsInState;
}
