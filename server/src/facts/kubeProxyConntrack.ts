/**
 * What kube-proxy does to the kernel's connection tracking, release by release. Releases are minor versions: 36 is
 * Kubernetes 1.36.
 */

/** What kube-proxy takes where nothing is set (pkg/proxy/apis/config/v1alpha1/defaults.go). Timeouts in seconds. */
export const CONNTRACK_DEFAULTS = Object.freeze({
  maxPerCore: 32_768,
  min: 131_072,
  tcpEstablishedTimeout: 86_400,
  tcpCloseWaitTimeout: 3_600,
  tcpBeLiberal: false,
  udpTimeout: 0,
  udpStreamTimeout: 0,
});

/**
 * The most that `maxPerCore` times the CPUs gives, tested before `min` (pkg/proxy/conntrack/sysctls.go, getConntrackMax;
 * kubernetes/kubernetes#137002).
 */
export const CONNTRACK_CAP = Object.freeze({ since: 36, entries: 1_048_576 });

/** Until this release there was `conntrack.max`, which leaves no defaults to the other two and does not go with `maxPerCore`. */
export const CONNTRACK_MAX_UNTIL = 14;

/** When a sysctl is written: if it is different; if it is lower; one of the two, by the patch release. */
export type WriteRule = 'different' | 'lower' | 'patch';

/**
 * From which release on `nf_conntrack_max` and the timeouts are written when. Sources: cmd/kube-proxy/app/conntrack.go
 * and pkg/proxy/conntrack/sysctls.go, setIntSysCtl; kubernetes/kubernetes#103174, #120448, #142035. The last was to be
 * picked into patch releases of 1.36 and 1.37 (#142198, #142199): which of them carry it is not known.
 */
export const CONNTRACK_WRITE_RULES: readonly {
  readonly from: number;
  readonly max: WriteRule;
  readonly timeouts: WriteRule;
}[] = Object.freeze([
  Object.freeze({ from: 0, max: 'different', timeouts: 'different' } as const),
  Object.freeze({ from: 23, max: 'lower', timeouts: 'lower' } as const),
  Object.freeze({ from: 29, max: 'different', timeouts: 'different' } as const),
  Object.freeze({ from: 36, max: 'patch', timeouts: 'different' } as const),
  Object.freeze({ from: 38, max: 'lower', timeouts: 'different' } as const),
]);

/** Before this release a hash table that sysfs, mounted read-only, does not let grow was an event and no failure (kubernetes/kubernetes#135548). */
export const READ_ONLY_SYSFS_FATAL_SINCE = 36;

/** From this release on there are `tcpBeLiberal` and the UDP timeouts (kubernetes/kubernetes#120354). */
export const CONNTRACK_UDP_SINCE = 29;

/**
 * What the kernel has before anybody writes to it; timeouts in seconds (Documentation/networking/nf_conntrack-sysctl.rst,
 * read on Linux 6.18). Sizes are those of a 64-bit kernel since 5.15 with more than 4 GiB of memory.
 */
export const KERNEL_CONNTRACK_DEFAULTS = Object.freeze({
  max: 262_144,
  buckets: 262_144,
  tcpEstablishedTimeout: 432_000,
  tcpCloseWaitTimeout: 60,
  tcpBeLiberal: false,
  udpTimeout: 30,
  udpStreamTimeout: 120,
});

/** Bytes of a table that is full: of an entry (slab object `nf_conntrack`, Linux 6.18; extensions not counted) and of a bucket. */
export const CONNTRACK_ENTRY_BYTES = 256;
export const CONNTRACK_BUCKET_BYTES = 8;
