import type { KindCluster } from '../../model/kindCluster.ts';
import { conntrackTable, someNode } from '../../simulate/conntrackTable.ts';
import { parseVersion } from '../../text/version.ts';
import { formatCount } from '../../text/wording.ts';
import { at } from '../draft.ts';
import { rule } from '../rule.ts';
import en from './nested-node.md';
import zh from './nested-node.zh.md';

/** The size of the table is the host's, and read-only in any other network namespace: kind sets `maxPerCore: 0` for that. */
export const nestedNode = rule({
  id: 'conntrack/nested-node',
  severity: 'warning',
  on: 'kindCluster',
  evidence: [
    'linux 671c54ea8c7f (5.12.2, 5.10.35): netfilter: conntrack: Make global sysctls readonly in non-init netns',
    'kind pkg/cluster/internal/kubeadm/config.go (0033147e): conntrack.maxPerCore 0 in what is patched; kubernetes-sigs/kind#2240, #2241',
    'kubernetes/kubeadm#3285: kube-proxy 1.32 to 1.35 exits on kind once maxPerCore is not 0',
    'test/real/netfilterSysctls.test.ts: nf_conntrack_max and nf_conntrack_buckets are read-only in a network namespace',
  ],
  summary: {
    en: 'A size of the conntrack table that kube-proxy may not set on nodes of kind',
    zh: 'kube-proxy 在 kind 节点上无权设置的 conntrack 表大小',
  },
  messages: {
    en: {
      exits: v =>
        `kube-proxy exits when it starts, unless the host has the ${formatCount(Number(v.entries), 'en')} entries that it asks for on ${v.cpus} CPUs: nodes of kind are containers, where Linux since 5.12.2 lets nobody write nf_conntrack_max`,
      zero: () => 'Write maxPerCore 0, as kind itself does, and size the table on the host',
    },
    zh: {
      exits: v =>
        `除非宿主机的 conntrack 表已有它在 ${v.cpus} 个 CPU 上所要求的 ${formatCount(Number(v.entries), 'zh')} 个条目，否则 kube-proxy 启动后就会退出：kind 的节点是容器，Linux 5.12.2 起容器内不能写 nf_conntrack_max`,
      zero: () => '将 maxPerCore 写成 0（与 kind 自己的设置相同），并在宿主机上调整表的大小',
    },
  },
  page: { en, zh },

  *check({ maxPerCore, min, images, zero }, { cluster }) {
    if (maxPerCore.known === undefined || min.isUnknown || images.some(image => image.isUnknown)) return;
    const settings = { maxPerCore: maxPerCore.known, min: min.known };
    const cpus = cluster.environment().nodeCores;
    const tables = releasesOf(images).flatMap(release =>
      (cpus === null ? SOME_CPUS : [cpus]).map(count =>
        conntrackTable(settings, release, { ...someNode(count), access: 'nested' }),
      ),
    );
    const entries = tables[0]?.wanted.entries ?? null;
    if (entries === null || !tables.every(({ isFatal }) => isFatal)) return;
    yield at(maxPerCore, 'exits', { entries, cpus: cpus ?? SOME_CPUS[0] }).fix('zero', 'unsafe', zero);
  },
});

/** CPUs of the machines that people run kind on. */
const SOME_CPUS = [4, 8, 16] as const;

/** One release of each way to write the table since 1.29, for a file that does not tell which image its nodes have. */
const RECENT = [30, 36, 38];

function releasesOf(images: KindCluster['images']): readonly number[] {
  const told = images.flatMap(({ known = '' }) => {
    const [, tag = ''] = /:(v?1\.\d+[\w.]*)(?:@|$)/.exec(known) ?? [];
    return parseVersion(tag)?.[1] ?? [];
  });
  return told.length === 0 ? RECENT : told;
}
