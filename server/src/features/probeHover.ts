import { CHART_PROBES } from '../facts/ingressNginxProbes.ts';
import { type Probe, timingOf } from '../model/probe.ts';
import {
  chanceOfDailyRestart,
  type Interval,
  KUBERNETES_PROBE,
  lossForDailyRestart,
  type ProbeTiming,
  timeToKill,
  timeToKillAtStart,
} from '../simulate/probe.ts';
import { formatCount, formatDuration, type Language, type Wording } from '../text/wording.ts';

/** Shares of new connections that a full conntrack table drops, for which the table says what becomes of the container. */
const LOSSES = [0.01, 0.05, 0.2, 0.5] as const;

/** The probe that the fix of probes/restart-under-loss writes. */
const PATIENT: ProbeTiming = { ...CHART_PROBES.liveness, timeoutSeconds: 5 };

interface Words {
  readonly title: Readonly<Record<Probe['kind'], string>>;
  readonly columns: readonly string[];
  readonly here: string;
  readonly kubernetes: string;
  readonly chart: string;
  readonly patient: string;
  readonly never: (from: string, to: string) => string;
  readonly after: string;
}

const WORDS: Wording<Words> = {
  en: {
    title: {
      liveness: 'When this liveness probe has the container killed',
      readiness: 'When this readiness probe takes the pod out of its Services',
      startup: 'When this startup probe has the container killed',
    },
    columns: [
      '',
      'every',
      'timeout',
      'failures',
      'silent for',
      'once a day from a loss of',
      'chance a day at a loss of',
    ],
    here: 'here',
    kubernetes: 'Kubernetes’ defaults',
    chart: 'the chart',
    patient: 'patient',
    never: (from, to) => `A container that never answers is killed ${from} to ${to} after its start.`,
    after:
      'Loss: the share of new connections that is dropped, as a full conntrack table does. The grace period comes on top.',
  },
  zh: {
    title: {
      liveness: '此存活探针何时会杀死容器',
      readiness: '此就绪探针何时会把 Pod 从 Service 中摘除',
      startup: '此启动探针何时会杀死容器',
    },
    columns: ['', '周期', '超时', '失败次数', '无响应时长', '每天发生一次所需的丢包率', '每天发生的概率，丢包率'],
    here: '此处',
    kubernetes: 'Kubernetes 默认',
    chart: 'chart 默认',
    patient: '更宽松',
    never: (from, to) => `始终没有应答的容器，会在启动后 ${from}到 ${to}被杀死。`,
    after: '丢包率：被丢弃的新连接所占比例，例如 conntrack 表满时。另需加上宽限期。',
  },
};

/** A table of what a probe comes to beside other figures, in Markdown; null for one whose figures are not all known. */
export function probeHover(probe: Probe, language: Language): string | null {
  const timing = timingOf(probe);
  if (!timing) return null;
  const words = WORDS[language];
  const [, ...columns] = words.columns;
  const last = columns.pop() ?? '';
  const heads = [
    '',
    ...columns,
    ...LOSSES.map((loss, index) => `${index === 0 ? `${last} ` : ''}${percent(loss, language)}`),
  ];
  const ofChart = probe.kind === 'startup' ? [] : [{ name: words.chart, timing: CHART_PROBES[probe.kind] }];
  const rows = [
    { name: `**${words.here}**`, timing },
    { name: words.kubernetes, timing: KUBERNETES_PROBE },
    ...ofChart,
    ...(probe.kind === 'liveness' ? [{ name: words.patient, timing: PATIENT }] : []),
  ];
  const atStart = probe.kind === 'readiness' ? null : killedAtStart(probe, timing);
  return [
    `**${words.title[probe.kind]}**`,
    '',
    `| ${heads.join(' | ')} |`,
    `|${' --- |'.repeat(heads.length)}`,
    ...rows.map(({ name, timing: each }) => row(name, each, language)),
    '',
    ...(atStart ? [words.never(formatDuration(atStart.min, language), formatDuration(atStart.max, language))] : []),
    words.after,
  ].join('\n');
}

/** Null if that is for a startup probe to say whose figures are not known. */
function killedAtStart({ startup }: Probe, timing: ProbeTiming): Interval | null {
  if (!startup) return timeToKillAtStart(timing, null);
  const first = timingOf(startup);
  return first && timeToKillAtStart(timing, first);
}

function row(name: string, timing: ProbeTiming, language: Language): string {
  const seconds = (count: number | string) => `${count} s`;
  const { min, max } = timeToKill(timing);
  const cells = [
    name,
    seconds(timing.periodSeconds),
    seconds(timing.timeoutSeconds),
    timing.failureThreshold,
    seconds(`${min}-${max}`),
    percent(lossForDailyRestart(timing), language),
    ...LOSSES.map(loss => percent(chanceOfDailyRestart(timing, loss), language)),
  ];
  return `| ${cells.join(' | ')} |`;
}

function percent(share: number, language: Language): string {
  const value = share * 100;
  if (value > 0 && value < 0.1) return '< 0.1 %';
  return value > 99.9 && value < 100 ? '> 99.9 %' : `${formatCount(value, language)} %`;
}
