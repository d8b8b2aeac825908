import type { Cluster } from '../../model/cluster.ts';
import type { IptablesText } from '../../model/iptablesText.ts';
import { atPlace } from '../draft.ts';
import { rule } from '../rule.ts';
import { loadingOf } from './loading.ts';
import en from './restore-flushes-kube-proxy.md';
import zh from './restore-flushes-kube-proxy.zh.md';

/** Tables that kube-proxy has chains in. */
const OF_KUBE_PROXY = ['nat', 'filter', 'mangle'];

/**
 * Services that load rules at boot empty every table that the file names. On a node that empties kube-proxy's chains too; it does not
 * notice at once, and until its next full sync no Service works there.
 */
export const restoreFlushesKubeProxy = rule({
  id: 'netfilter/restore-flushes-kube-proxy',
  severity: 'information',
  on: 'iptablesText',
  evidence: [
    'iptables 1.8.9: iptables/iptables-restore.c and xtables-restore.c flush each table that the file names, without --noflush',
    'kubernetes pkg/util/iptables/iptables.go, Monitor: kube-proxy looks for its canary chains every 30 s by default',
  ],
  summary: {
    en: "Loading this file empties kube-proxy's chains",
    zh: '加载此文件会清空 kube-proxy 的链',
  },
  messages: {
    en: {
      flushes: v =>
        `Each time this file is loaded on a node, kube-proxy's chains in ${v.tables} are gone until it looks for them, by default every 30 seconds, unless it is loaded with --noflush`,
    },
    zh: {
      flushes: v =>
        `除非使用 --noflush，否则每次在节点上加载此文件，kube-proxy 在 ${v.tables} 中的链都会消失，直到它检查时才发现（默认每 30 秒一次）`,
    },
  },
  page: { en, zh },

  *check(text, { file, cluster }) {
    if (text.hasOwnLines || loadingOf(file, text) === 'add' || !isOfNode(text, cluster, file)) return;
    const tables = text.tree.tables.filter(({ name }) => OF_KUBE_PROXY.includes(name.value ?? ''));
    const [first] = tables;
    if (!first) return;
    const names = [...new Set(tables.map(({ name }) => name.value ?? ''))].join(', ');
    yield atPlace(text.placeOf({ start: first.start, end: first.name.end }), 'flushes', { tables: names });
  },
});

/** True if the text says that it is for a node of a cluster, or stands beside the configuration of a kube-proxy; not if that one writes nftables. */
function isOfNode({ text }: IptablesText, cluster: Cluster, file: string): boolean {
  const files = cluster.near('kubeProxyConfiguration', file);
  if (
    files.some(({ entity }) =>
      entity.fields.some(
        ({ path, scalar }) => path === 'mode' && scalar?.type === 'string' && scalar.value === 'nftables',
      ),
    )
  )
    return false;
  return files.length > 0 || /^#.*(?:kube|k8s)/im.test(text);
}
