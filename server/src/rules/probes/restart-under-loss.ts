import { CHART_PROBES, HEALTH_ENDPOINT } from '../../facts/ingressNginxProbes.ts';
import { inForce, type Probe, timingOf } from '../../model/probe.ts';
import { lossForDailyRestart, type ProbeTiming, timeToKill } from '../../simulate/probe.ts';
import { formatCount, type Language } from '../../text/wording.ts';
import { atPlace, type Draft, set } from '../draft.ts';
import { rule } from '../rule.ts';
import en from './restart-under-loss.md';
import zh from './restart-under-loss.zh.md';

/** What the fix raises the figures to: three SYNs fit into five seconds, so half of all may be lost. */
const RAISED = { timeoutSeconds: 5, failureThreshold: 5 } as const;

/**
 * A full conntrack table drops the first packet of new connections, those of the kubelet's probes included. With a
 * second's timeout no SYN is repeated in time, so a few failures in a row, which come by chance, kill a healthy controller.
 */
export const restartUnderLoss = rule({
  id: 'probes/restart-under-loss',
  severity: 'warning',
  on: 'probe',
  evidence: [
    'kubernetes pkg/kubelet/prober/worker.go, doProbe (commit 00421113), and pkg/probe/http/http.go: a connection for each probe, an error is a failure',
    'test/simulate/probe.test.ts: the formula against days that are played through',
    'test/real/probe.test.ts: how often a SYN is sent within a timeout',
    'kubernetes/ingress-nginx#4505',
    'kubernetes/kubernetes#71261',
  ],
  summary: {
    en: 'A full conntrack table makes the liveness probe restart the ingress controller',
    zh: 'conntrack 表满时，存活探针会重启 ingress 控制器',
  },
  messages: {
    en: {
      tight: ({ loss, failures, kill }) =>
        `A full conntrack table restarts this controller: once ${percent(loss, 'en')} of new connections are dropped, a restart a day is likely (${run(failures)}), and silence kills it after ${kill} seconds`,
      chart: ({ loss, failures, kill }) =>
        `A restart a day becomes likely (${run(failures)}) once a full conntrack table drops ${percent(loss, 'en')} of new connections; silence kills this controller after ${kill} seconds`,
      raise: ({ timeout, threshold }) => `Raise timeoutSeconds to ${timeout} and failureThreshold to ${threshold}`,
    },
    zh: {
      tight: ({ loss, failures, kill }) =>
        `conntrack 表满会重启此控制器：新连接丢弃 ${percent(loss, 'zh')} 时，一天内很可能连续 ${failures} 次探测失败；无响应 ${kill} 秒后即被杀死`,
      chart: ({ loss, failures, kill }) =>
        `新连接丢弃 ${percent(loss, 'zh')} 时（例如 conntrack 表满），很可能每天连续 ${failures} 次探测失败而重启一次；无响应 ${kill} 秒后即被杀死`,
      raise: ({ timeout, threshold }) => `将 timeoutSeconds 提高到 ${timeout}，failureThreshold 提高到 ${threshold}`,
    },
  },
  page: { en, zh },

  *check(probe) {
    const timing = timingOf(probe);
    // What a chart brings along is not the author's.
    if (probe.origin === 'helmValues' && Object.values(probe.timing).every(({ isAbsent }) => isAbsent)) return;
    if (probe.kind !== 'liveness' || !timing || !probe.key || !asksForHealth(probe)) return;
    const loss = lossForDailyRestart(timing);
    const ofChart = lossForDailyRestart(CHART_PROBES.liveness);
    if (loss > ofChart) return;
    const { min, max } = timeToKill(timing);
    const figures = {
      loss,
      failures: timing.failureThreshold,
      kill: `${min}-${max}`,
      timeout: Math.max(timing.timeoutSeconds, RAISED.timeoutSeconds),
      threshold: Math.max(timing.failureThreshold, RAISED.failureThreshold),
    };
    const isChart = loss === ofChart;
    const draft = atPlace(placeOf(probe, timing), isChart ? 'chart' : 'tight', figures);
    yield raised(isChart ? draft.as('information') : draft, probe, timing);
  },
});

/** True for the port on which the controller says whether it is well; its other ports are the author's own choice. */
function asksForHealth({ asks, asksByDefault, flags }: Probe): boolean {
  const port = asks && inForce(asks.port, asksByDefault.port);
  return port === HEALTH_ENDPOINT.port || (port !== null && port === flags.port.known);
}

/** The figure that makes it tight, where it is written. */
function placeOf({ timing: written, key }: Probe, timing: ProbeTiming) {
  const { failureThreshold, timeoutSeconds } = written;
  const told =
    timing.failureThreshold < CHART_PROBES.liveness.failureThreshold
      ? [failureThreshold, timeoutSeconds]
      : [timeoutSeconds, failureThreshold];
  const place = told.map(value => value.place).find(each => each !== null) ?? key;
  if (!place) throw new RangeError('a probe that is not written');
  return place;
}

function raised<Key extends string>(draft: Draft<Key>, { timing: written }: Probe, timing: ProbeTiming) {
  const keys = ['timeoutSeconds', 'failureThreshold'] as const;
  const changes = keys.filter(key => timing[key] < RAISED[key]).map(key => set(written[key], RAISED[key]));
  return changes.length > 0 ? draft.fix('raise', 'unsafe', ...changes) : draft;
}

function percent(share: string | number | undefined, language: Language): string {
  const value = Number(share) * 100;
  return `${value < 0.1 ? value.toPrecision(1) : formatCount(value, language)} %`;
}

function run(failures: string | number | undefined): string {
  return failures === 1 ? 'one failed probe' : `${failures} failed probes in a row`;
}
