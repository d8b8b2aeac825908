import type { Cluster } from '../../model/cluster.ts';
import { type IptablesCall, iptablesCallOf, iptablesCallsOf } from '../../model/iptablesCall.ts';
import type { ShellText } from '../../model/shellText.ts';
import { contains } from '../../text/span.ts';
import { atPlace, edit } from '../draft.ts';
import { rule } from '../rule.ts';
import { pipelineOf } from './guarded.ts';
import en from './restore-flushes.md';
import zh from './restore-flushes.zh.md';

/**
 * iptables-restore empties each table that its input names before it fills it: all chains, those of kube-proxy and of network plugins too. kube-proxy
 * notices and writes its own again within seconds, port mappings of the CNI come back with their pods only.
 */
export const restoreFlushes = rule({
  id: 'netfilter/restore-flushes',
  severity: 'warning',
  on: 'shellText',
  evidence: [
    'test/real/shell-restore.test.ts: which chains are left of those that were there (iptables 1.8.9, both backends)',
    'kubernetes pkg/util/iptables/monitor.go: kube-proxy finds out by a canary chain, every 30 seconds (1.17 to 1.36)',
  ],
  summary: {
    en: 'iptables-restore without --noflush empties the chains of kube-proxy and of the CNI',
    zh: '没有 --noflush 的 iptables-restore 会清空 kube-proxy 和 CNI 的链',
  },
  messages: {
    en: {
      nat: () =>
        'Services and host ports stop working on this node for a while: table nat is emptied, the chains of kube-proxy and of the CNI with it',
      filter: () =>
        'What kube-proxy and network policies let through or drop changes for a while: table filter is emptied, their chains with it',
      unnamed: () =>
        'Every table that the input names is emptied first, the chains of kube-proxy and of the CNI with it',
      noflush: () => 'Leave what is there, and add to it (--noflush)',
    },
    zh: {
      nat: () => '本节点上的 Service 和主机端口会中断一段时间：表 nat 会被清空，其中 kube-proxy 和 CNI 的链也一并消失',
      filter: () => 'kube-proxy 和网络策略的放行与丢弃会失效一段时间：表 filter 会被清空，其中它们的链也一并消失',
      unnamed: () => '输入中出现的每张表都会先被清空，其中 kube-proxy 和 CNI 的链也一并消失',
      noflush: () => '保留已有内容，只在其上添加（--noflush）',
    },
  },
  page: { en, zh },

  *check(text, { cluster }) {
    if (!runsOnNodes(text, cluster)) return;
    const seen = new Set<number>();
    for (const call of iptablesCallsOf(text)) {
      const { command } = call.invocation;
      if (call.form !== 'restore' || seen.has(command.start) || text.isTemplated(command) || !empties(call)) continue;
      seen.add(command.start);
      const tables = tablesOf(text, call);
      const only = onlyTable(call);
      if (only !== null && !OF_KUBE_PROXY.includes(only)) continue;
      if (tables === 'same' || (tables && tables.length === 0)) continue;
      const span = { start: command.words[0]?.start ?? command.start, end: command.words.at(-1)?.end ?? command.end };
      const draft = tables
        ? atPlace(text.placeOf(span), tables.includes('nat') ? 'nat' : 'filter')
        : atPlace(text.placeOf(span), 'unnamed').as('information');
      const { end } = call.program.field.word;
      yield draft.fix('noflush', 'unsafe', edit(text.region, { span: { start: end, end }, newText: ' --noflush' }));
    }
  },
});

/** True where the text shows that there is a kube-proxy: it runs in a container, or speaks of Kubernetes, or stands beside its configuration. */
function runsOnNodes(text: ShellText, cluster: Cluster): boolean {
  if (text.carrier.kind === 'container') return text.carrier.again !== null;
  if (/\b(?:kube|k8s|cni|calico|flannel|cilium)/i.test(text.script.text)) return true;
  return cluster.all('kubeProxyConfiguration').length > 0;
}

/** False where an option says otherwise, or may. */
function empties({ words }: IptablesCall): boolean {
  return words.every(
    ({ value }) => value !== null && !/^(?:-\w*[nthV]\w*|--(?:noflush|test|help|version))$/.test(value),
  );
}

/** Tables in which kube-proxy has chains that packets need. */
const OF_KUBE_PROXY = ['filter', 'nat', 'mangle'];

/** The only table that is restored, by `-T`; null for all of the input. */
function onlyTable({ words }: IptablesCall): string | null {
  const index = words.findIndex(({ value }) => /^(?:-T|--table)$/.test(value ?? ''));
  const own = words
    .map(({ value }) => /^(?:-T|--table=)(\w+)$/.exec(value ?? '')?.[1])
    .find(each => each !== undefined);
  return own ?? (index < 0 ? null : (words[index + 1]?.value ?? null));
}

/** The tables of the input in which kube-proxy has chains that packets need; 'same' for what iptables-save has just printed, null if nobody knows. */
function tablesOf(text: ShellText, { invocation }: IptablesCall): readonly string[] | 'same' | null {
  const pipeline = pipelineOf(invocation);
  const before = pipeline?.parts.filter(part => part.end <= invocation.command.start) ?? [];
  const feeding = text.invocations.filter(({ command }) => before.some(part => contains(part, command)));
  if (feeding.some(each => iptablesCallOf(each)?.form === 'save')) return 'same';
  const heredocs = [invocation, ...feeding].flatMap(({ command }) =>
    command.redirections.flatMap(({ heredoc }) => heredoc ?? []),
  );
  const [lines] = heredocs;
  if (!lines || lines.parts.some(({ kind }) => kind !== 'text')) return null;
  const input = text.script.text.slice(lines.body.start, lines.body.end);
  return [...input.matchAll(/^\t*\*(filter|nat)\b/gm)].map(([, table = '']) => table);
}
