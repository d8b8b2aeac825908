/** The figures of a probe that decide when a container is killed; seconds, and failures in a row. */
export interface ProbeTiming {
  readonly initialDelaySeconds: number;
  readonly periodSeconds: number;
  readonly timeoutSeconds: number;
  readonly failureThreshold: number;
}

/** Seconds. */
export interface Interval {
  readonly min: number;
  readonly max: number;
}

/** What the API server writes where a probe says nothing (kubernetes pkg/apis/core/v1/defaults.go, SetDefaults_Probe). */
export const KUBERNETES_PROBE: ProbeTiming = {
  initialDelaySeconds: 0,
  periodSeconds: 10,
  timeoutSeconds: 1,
  failureThreshold: 3,
};

const DAY = 86_400;

/**
 * Seconds from the moment in which a container stops to answer until the kubelet decides to kill it: no answer at all,
 * so that every probe waits for its whole timeout. The ticker starts a probe every period and keeps one tick that a
 * slow probe missed, so failing probes follow each other by the longer of period and timeout; where between two ticks
 * the silence begins is chance. The grace period of the pod comes on top.
 *
 * Source: kubernetes pkg/kubelet/prober/worker.go, run and doProbe (read at commit 00421113).
 */
export function timeToKill(probe: ProbeTiming): Interval {
  const min = (probe.failureThreshold - 1) * interval(probe) + probe.timeoutSeconds;
  return { min, max: min + probe.periodSeconds };
}

/**
 * Seconds from a container's start until it is killed if it never answers: by its startup probe, if it has one, since
 * the others wait for that to succeed.
 */
export function timeToKillAtStart(liveness: ProbeTiming, startup: ProbeTiming | null): Interval {
  const first = startup ?? liveness;
  const { min, max } = timeToKill(first);
  return { min: first.initialDelaySeconds + min, max: first.initialDelaySeconds + max };
}

/**
 * How many times a connection's first packet is sent before a probe gives up: at 0, 1, 3, 7 … seconds, as kernels before
 * 6.5 repeat a SYN, and newer ones with net.ipv4.tcp_syn_linear_timeouts=0. Newer ones send up to three more within
 * five seconds, and so lose fewer probes than is said here.
 */
export function connectionAttempts(timeoutSeconds: number): number {
  return Math.max(1, Math.ceil(Math.log2(timeoutSeconds + 1)));
}

/**
 * The chance that one probe fails, where each new connection's packet is dropped with chance `loss`. That is what a full
 * conntrack table does: it drops what would need a new entry, and nothing else. Each probe opens a connection of its own
 * (pkg/probe/http), a failed one is not repeated before the next tick, and an answer that comes is taken to come at once.
 */
function chanceOfFailure(probe: ProbeTiming, loss: number): number {
  return loss ** connectionAttempts(probe.timeoutSeconds);
}

/**
 * The chance that `probes` probes in a row, each failing with chance `failure` by itself, have `threshold` failures in a
 * row among them. Exact: N(n) = N(n-1) - (1-f) f^F N(n-F-1) for the chance N(n) that the first n hold no such run.
 */
export function chanceOfRun(probes: number, threshold: number, failure: number): number {
  if (probes < threshold) return 0;
  const run = failure ** threshold;
  const none = new Float64Array(probes + 1).fill(1, 0, threshold);
  none[threshold] = 1 - run;
  for (let n = threshold + 1; n <= probes; n++) {
    none[n] = (none[n - 1] ?? 0) - (1 - failure) * run * (none[n - threshold - 1] ?? 0);
  }
  return 1 - (none[probes] ?? 0);
}

/** The chance that at a loss of `loss` a healthy container is killed at least once a day. */
export function chanceOfDailyRestart(probe: ProbeTiming, loss: number): number {
  return chanceOfRun(Math.floor(DAY / probe.periodSeconds), probe.failureThreshold, chanceOfFailure(probe, loss));
}

/** The loss of new connections, 0 to 1, from which a healthy container is more likely than not killed within a day. */
export function lossForDailyRestart(probe: ProbeTiming): number {
  let [low, high] = [0, 1];
  for (let step = 0; step < 20; step++) {
    const middle = (low + high) / 2;
    if (chanceOfDailyRestart(probe, middle) < 0.5) low = middle;
    else high = middle;
  }
  return high;
}

function interval({ periodSeconds, timeoutSeconds }: ProbeTiming): number {
  return Math.max(periodSeconds, timeoutSeconds);
}
