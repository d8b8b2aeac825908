import { CONNTRACK_CAP, CONNTRACK_DEFAULTS, KERNEL_CONNTRACK_DEFAULTS } from '../facts/kubeProxyConntrack.ts';
import { CONNTRACK_TIMEOUTS, type ConntrackValues, sizeSettings } from '../model/kubeProxySettings.ts';
import { conntrackTable, entriesHeld, someNode, wantedMax } from '../simulate/conntrackTable.ts';
import { formatBytes, formatCount, formatDuration, type Language, type Wording } from '../text/wording.ts';

/** Nodes of these many CPUs. */
const CPUS = [2, 4, 8, 16, 32, 64, 128] as const;

/** Connections a second that are left in a state. */
const RATES = [10, 100, 1000] as const;

interface Words {
  readonly size: string;
  readonly columns: readonly string[];
  readonly unchanged: string;
  readonly kernel: (entries: string) => string;
  readonly memory: string;
  readonly held: string;
  readonly heldColumns: readonly string[];
  readonly byDefault: (duration: string) => string;
  readonly kernelTimeout: (duration: string) => string;
  readonly here: (duration: string) => string;
  readonly leaves: (duration: string) => string;
}

const WORDS: Wording<Words> = {
  en: {
    size: 'The conntrack table that kube-proxy asks for',
    columns: [
      'CPUs',
      `to 1.${CONNTRACK_CAP.since - 1}`,
      `from 1.${CONNTRACK_CAP.since}`,
      'hash table',
      'memory when full',
    ],
    unchanged: 'untouched',
    kernel: entries =>
      `kube-proxy leaves \`nf_conntrack_max\` and the hash table alone, and \`min\` counts for nothing. Most kernels begin with ${entries} entries.`,
    memory: 'Hash table and memory are those of the last size, on a node of more than 4 GiB.',
    held: 'What stays in the table if so many connections a second are left in this state',
    heldColumns: ['a second', 'entries'],
    byDefault: duration => `by default (${duration})`,
    kernelTimeout: duration => `the kernel’s (${duration})`,
    here: duration => `**here (${duration})**`,
    leaves: duration => `0: kube-proxy leaves the kernel’s setting as it is, ${duration} if nobody else wrote it.`,
  },
  zh: {
    size: 'kube-proxy 要求的 conntrack 表大小',
    columns: ['CPU 数', `1.${CONNTRACK_CAP.since - 1} 及之前`, `1.${CONNTRACK_CAP.since} 起`, '哈希表', '占满时的内存'],
    unchanged: '不改动',
    kernel: entries =>
      `kube-proxy 不改动 \`nf_conntrack_max\` 和哈希表，\`min\` 也不起作用。多数内核的初始值是 ${entries} 个条目。`,
    memory: '哈希表和内存对应最后一个大小，以内存超过 4 GiB 的节点计。',
    held: '每秒有这么多连接停留在此状态时，表中会保留的条目数',
    heldColumns: ['每秒', '条目数'],
    byDefault: duration => `默认（${duration}）`,
    kernelTimeout: duration => `内核（${duration}）`,
    here: duration => `**此处（${duration}）**`,
    leaves: duration => `0：kube-proxy 不改动内核的设置，如果没有别人写过，它就是 ${duration}。`,
  },
};

/** The table's size on nodes of 2 to 128 CPUs, that of the settings among them, in Markdown; null if it cannot be told. */
export function sizeTable(values: ConntrackValues, nodeCores: number | null, language: Language): string | null {
  const settings = sizeSettings(values);
  if (!settings) return null;
  const words = WORDS[language];
  const count = (entries: number) => formatCount(entries, language);
  if (wantedMax(settings, CONNTRACK_CAP.since, 1).entries === null) {
    return words.kernel(count(KERNEL_CONNTRACK_DEFAULTS.max));
  }
  const nodes = [...new Set([...CPUS, ...(nodeCores === null ? [] : [nodeCores])])].sort((a, b) => a - b);
  const rows = nodes.map(cpus => {
    const before = wantedMax(settings, CONNTRACK_CAP.since - 1, cpus).entries ?? 0;
    const { max, buckets, memory } = conntrackTable(settings, CONNTRACK_CAP.since, someNode(cpus, 0));
    const isHere = cpus === nodeCores;
    const cells = [count(cpus), count(before), count(max), count(buckets), formatBytes(memory, language)];
    return `| ${cells.map(cell => (isHere ? `**${cell}**` : cell)).join(' | ')} |`;
  });
  return [
    `**${words.size}**`,
    '',
    `| ${words.columns.join(' | ')} |`,
    `|${' ---: |'.repeat(words.columns.length)}`,
    ...rows,
    '',
    words.memory,
  ].join('\n');
}

/** What a timeout holds in the table, in Markdown; null for a setting that is none, or not known. */
export function heldTable(
  values: ConntrackValues,
  name: string,
  perSecond: number | null,
  language: Language,
): string | null {
  const timeout = CONNTRACK_TIMEOUTS.find(each => each === name);
  const value = timeout && values[timeout];
  if (!timeout || !value || value.isUnknown) return null;
  const words = WORDS[language];
  const [kernel, byDefault] = [KERNEL_CONNTRACK_DEFAULTS[timeout], CONNTRACK_DEFAULTS[timeout]];
  const duration = (seconds: number) => formatDuration(seconds, language);
  const seconds = value.known ?? byDefault;
  if (seconds <= 0) return words.leaves(duration(kernel));
  const columns = [
    { title: words.here(duration(seconds)), seconds },
    ...(byDefault > 0 && byDefault !== seconds
      ? [{ title: words.byDefault(duration(byDefault)), seconds: byDefault }]
      : []),
    ...(kernel !== seconds ? [{ title: words.kernelTimeout(duration(kernel)), seconds: kernel }] : []),
  ];
  const rates = perSecond === null ? RATES : [perSecond];
  const [rate = ''] = words.heldColumns;
  return [
    `**${words.held}**`,
    '',
    `| ${[rate, ...columns.map(({ title }) => title)].join(' | ')} |`,
    `|${' ---: |'.repeat(columns.length + 1)}`,
    ...rates.map(each => {
      const cells = columns.map(column => formatCount(entriesHeld(each, column.seconds), language));
      return `| ${[formatCount(each, language), ...cells].join(' | ')} |`;
    }),
  ].join('\n');
}
