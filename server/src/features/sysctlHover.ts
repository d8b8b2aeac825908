import {
  CONNTRACK_BUCKETS,
  CONNTRACK_MAX,
  NETFILTER_SYSCTLS,
  type NetfilterSysctl,
  SYSCTL_ALIASES,
} from '../facts/netfilterSysctls.ts';
import { fateAtStart, WRITTEN_BY_KUBE_PROXY, WRITTEN_KNOBS } from '../model/sysctlFate.ts';
import { decides, type SysctlLine, type SysctlSettings } from '../model/sysctlSettings.ts';
import type { Place } from '../model/value.ts';
import { conntrackMemory, entriesHeld } from '../simulate/conntrackTable.ts';
import { touches } from '../text/span.ts';
import { formatBytes, formatCount, formatDuration, type Language, type Wording } from '../text/wording.ts';
import type { PieceAt, Workspace } from '../workspace/workspace.ts';
import type { Shown } from './answers.ts';

interface Words {
  readonly here: string;
  readonly byDefault: string;
  readonly scope: string;
  readonly global: string;
  readonly netns: string;
  readonly alsoWrites: string;
  readonly atStart: (field: string) => string;
  readonly becomes: (field: string, range: string, certain: boolean) => string;
  readonly memory: string;
  readonly full: (bytes: string, buckets: string) => string;
  readonly holds: string;
  readonly held: (rate: string, entries: string) => string;
  readonly otherNames: string;
  readonly gone: (name: string, until: string) => string;
  readonly units: Readonly<Partial<Record<NetfilterSysctl['unit'], string>>>;
}

const WORDS: Wording<Words> = {
  en: {
    here: 'here',
    byDefault: 'default',
    scope: 'scope',
    global: 'the whole kernel; read-only in other network namespaces than the first',
    netns: 'each network namespace: a pod off hostNetwork has its own',
    alsoWrites: 'kube-proxy',
    atStart: field => `writes it when it starts, from ${field}`,
    becomes: (field, range, certain) =>
      `sets it to ${range} when it starts, from ${field}${certain ? '' : ', on some nodes or releases'}`,
    memory: 'memory',
    full: (bytes, buckets) => `${bytes} when it is full, with ${buckets} buckets`,
    holds: 'holds',
    held: (rate, entries) => `${entries} entries if ${rate} connections a second come to this state and stay`,
    otherNames: 'other name',
    gone: (name, until) => `${name} (removed in Linux ${until})`,
    units: { entries: 'entries', buckets: 'buckets', packets: 'packets' },
  },
  zh: {
    here: '此处',
    byDefault: '默认',
    scope: '范围',
    global: '整个内核共用；在其他网络命名空间中只读',
    netns: '每个网络命名空间各有一份：不用 hostNetwork 的 Pod 有自己的值',
    alsoWrites: 'kube-proxy',
    atStart: field => `启动时按 ${field} 写入`,
    becomes: (field, range, certain) => `${certain ? '' : '在部分节点或版本上，'}启动时按 ${field} 设为 ${range}`,
    memory: '内存',
    full: (bytes, buckets) => `表满时占用 ${bytes}，${buckets} 个桶`,
    holds: '占用条目',
    held: (rate, entries) => `若每秒有 ${rate} 个连接进入此状态并一直停留，共 ${entries} 个条目`,
    otherNames: '其他名称',
    gone: (name, until) => `${name}（Linux ${until} 起移除）`,
    units: { entries: '个条目', buckets: '个桶', packets: '个包' },
  },
};

/** What a sysctl of netfilter is, what it comes to here and who else writes it; null elsewhere. */
export function sysctlHover({ file, entities, offset }: PieceAt, workspace: Workspace): Shown | null {
  for (const entity of entities) {
    if (entity.is === 'sysctlSettings') {
      const at = ({ entry }: Place) => touches(entry, offset);
      const line = entity.lines.find(({ place, namePlace }) => at(place) || at(namePlace));
      const sysctl = line && NETFILTER_SYSCTLS.get(line.knob);
      if (sysctl)
        return {
          markdown: markdownOf(sysctl, { settings: entity, line, file }, workspace),
          span: at(line.place) ? line.place.entry : line.namePlace.entry,
        };
    } else if (entity.is === 'podSysctls') {
      const asked = entity.sysctls.find(({ place }) => touches(place.entry, offset));
      const sysctl = asked && NETFILTER_SYSCTLS.get(asked.knob);
      if (sysctl) return { markdown: markdownOf(sysctl, null, workspace), span: asked.place.entry };
    }
  }
  return null;
}

interface Written {
  readonly file: string;
  readonly settings: SysctlSettings;
  readonly line: SysctlLine;
}

function markdownOf(sysctl: NetfilterSysctl, written: Written | null, workspace: Workspace): string {
  const { language, linked } = workspace;
  const words = WORDS[language];
  const number = written?.line.number ?? null;
  const rate = linked.environment().connectionsPerSecond;
  const rows: (readonly [name: string, text: string])[] = [];
  if (number !== null) rows.push([words.here, figure(number, sysctl, language)]);
  const byDefault =
    sysctl.byDefault?.[language] ?? (sysctl.default === null ? '' : figure(sysctl.default, sysctl, language));
  if (byDefault !== '') rows.push([words.byDefault, byDefault]);
  rows.push([words.scope, words[sysctl.scope]]);
  if (sysctl.kubeProxy) rows.push([words.alsoWrites, kubeProxy(sysctl.kubeProxy, written, workspace)]);
  if (written && number !== null && number > 0) {
    if (written.line.knob === CONNTRACK_MAX) rows.push([words.memory, memory(number, written.settings, language)]);
    if (rate !== null && sysctl.unit === 'seconds') {
      const entries = formatCount(entriesHeld(rate, number), language);
      rows.push([words.holds, words.held(formatCount(rate, language), entries)]);
    }
  }
  const others = [...SYSCTL_ALIASES.values()].filter(({ is }) => is === sysctl.name);
  if (others.length > 0) {
    const names = others.map(({ name, until }) => (until ? words.gone(code(name), until) : code(name)));
    rows.push([words.otherNames, names.join(', ')]);
  }
  return [
    `**\`${sysctl.name}\`**`,
    '',
    sysctl.what[language],
    '',
    '| | |',
    '| --- | --- |',
    ...rows.map(([name, text]) => `| ${name} | ${text} |`),
  ].join('\n');
}

/** What kube-proxy does to it: in numbers, where the workspace says how it is started. */
function kubeProxy(fields: string, written: Written | null, { language, linked }: Workspace): string {
  const words = WORDS[language];
  const knob = WRITTEN_KNOBS.find(each => WRITTEN_BY_KUBE_PROXY[each] === written?.line.knob);
  const number = written?.line.number ?? null;
  const fate = written && knob && number !== null ? fateAtStart(knob, number, linked, written.file) : null;
  if (!fate) return words.atStart(code(fields));
  const [low, high] = [formatCount(fate.low, language), formatCount(fate.high, language)];
  return words.becomes(code(fields), low === high ? low : `${low}–${high}`, fate.isCertain);
}

function figure(number: number, { unit }: NetfilterSysctl, language: Language): string {
  if (unit === 'seconds') {
    const duration = formatDuration(number, language);
    return number < 60 || number !== Math.abs(number) ? duration : `${formatCount(number, language)} s = ${duration}`;
  }
  if (unit === 'bytes') return formatBytes(number, language);
  const name = WORDS[language].units[unit];
  return name ? `${formatCount(number, language)} ${name}` : String(number);
}

/** The table full, with the buckets that the same text sets, else with as many as kube-proxy would see to. */
function memory(entries: number, settings: SysctlSettings, language: Language): string {
  const buckets = decides(settings, CONNTRACK_BUCKETS)?.number ?? Math.ceil(entries / 4);
  return WORDS[language].full(formatBytes(conntrackMemory(entries, buckets), language), formatCount(buckets, language));
}

function code(text: string): string {
  return text
    .split(', ')
    .map(each => `\`${each}\``)
    .join(', ');
}
