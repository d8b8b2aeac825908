import type { Wording } from '../text/wording.ts';
import table from './netfilterSysctls.json';

export type SysctlUnit = 'entries' | 'buckets' | 'seconds' | 'bytes' | 'packets' | 'flag' | 'mode' | 'protocol';

/** A file below /proc/sys/net/netfilter. */
export interface NetfilterSysctl {
  /** With dots. */
  readonly name: string;
  /** Null for one that depends on memory, or that can only be read. */
  readonly default: number | null;
  /** What stands for the default where it is no number. */
  readonly byDefault: Wording | null;
  readonly unit: SysctlUnit;
  /** global: one for the whole kernel, read-only in other network namespaces than the first (since Linux 5.12.2). */
  readonly scope: 'global' | 'netns';
  /** The field of KubeProxyConfiguration that kube-proxy writes it from; null if it does not. */
  readonly kubeProxy: string | null;
  readonly what: Wording;
}

/** Another name of a sysctl; `until` is the release of Linux that took it away. */
export interface SysctlAlias {
  readonly name: string;
  readonly is: string;
  readonly until: string | null;
}

export const SOURCE: string = table.source;

/** All of them, by their path below /proc/sys, in the order of the list. */
export const NETFILTER_SYSCTLS: ReadonlyMap<string, NetfilterSysctl> = new Map(
  (table.sysctls as readonly (Omit<NetfilterSysctl, 'byDefault' | 'kubeProxy'> & Partial<NetfilterSysctl>)[]).map(
    sysctl => [
      pathOf(sysctl.name),
      { ...sysctl, byDefault: sysctl.byDefault ?? null, kubeProxy: sysctl.kubeProxy ?? null },
    ],
  ),
);

/** Other names, by their path below /proc/sys. */
export const SYSCTL_ALIASES: ReadonlyMap<string, SysctlAlias> = new Map(
  (table.aliases as readonly (Omit<SysctlAlias, 'until'> & Partial<SysctlAlias>)[]).map(alias => [
    pathOf(alias.name),
    { ...alias, until: alias.until ?? null },
  ]),
);

function pathOf(name: string): string {
  return name.replaceAll('.', '/');
}

/** The sysctls that rules ask for, by their path below /proc/sys. */
export const CONNTRACK_MAX = 'net/netfilter/nf_conntrack_max';
export const CONNTRACK_BUCKETS = 'net/netfilter/nf_conntrack_buckets';
