import type { NestedCluster } from '../../model/nestedCluster.ts';
import { conntrackTable, someNode } from '../../simulate/conntrackTable.ts';
import { parseVersion } from '../../text/version.ts';
import { formatCount } from '../../text/wording.ts';
import { at } from '../draft.ts';
import { rule } from '../rule.ts';
import en from './nested-node.md';
import zh from './nested-node.zh.md';

/** The size of the table is the host's, and read-only in any other network namespace: kind and k3s set `maxPerCore` 0 for that. */
export const nestedNode = rule({
  id: 'conntrack/nested-node',
  severity: 'warning',
  on: 'nestedCluster',
  evidence: [
    'linux 671c54ea8c7f (5.12.2, 5.10.35): netfilter: conntrack: Make global sysctls readonly in non-init netns',
    'kind pkg/cluster/internal/kubeadm/config.go (0033147e): conntrack.maxPerCore 0 in what is patched; kubernetes-sigs/kind#2240, #2241',
    'k3s pkg/daemons/agent/agent_linux.go, kubeProxyArgs, and pkg/agent/syssetup/setup.go (00014d28): conntrack-max-per-core 0, and errors of its own writes are only logged; k3s-io/k3s#3337, k3d-io/k3d#607, k3d-io/k3d#612',
    'kubernetes/kubeadm#3285: kube-proxy 1.32 to 1.35 exits on kind once maxPerCore is not 0',
    'test/real/netfilterSysctls.test.ts: nf_conntrack_max and nf_conntrack_buckets are read-only in a network namespace',
  ],
  summary: {
    en: 'A size of the conntrack table that kube-proxy may not set on nodes of kind and k3d',
    zh: 'kube-proxy 在 kind 和 k3d 节点上无权设置的 conntrack 表大小',
  },
  messages: {
    en: {
      exits: v =>
        `kube-proxy exits when it starts, unless the host has the ${formatCount(Number(v.entries), 'en')} entries that it asks for on ${v.cpus} CPUs: nodes of ${v.tool} are containers, where Linux since 5.12.2 lets nobody write nf_conntrack_max`,
      zero: v =>
        `Write ${v.tool === 'kind' ? 'maxPerCore 0, as kind itself does' : 'conntrack-max-per-core=0, as k3s itself does'}, and size the table on the host`,
    },
    zh: {
      exits: v =>
        `除非宿主机的 conntrack 表已有它在 ${v.cpus} 个 CPU 上所要求的 ${formatCount(Number(v.entries), 'zh')} 个条目，否则 kube-proxy 启动后就会退出：${v.tool} 的节点是容器，Linux 5.12.2 起容器内不能写 nf_conntrack_max`,
      zero: v =>
        `将 ${v.tool === 'kind' ? 'maxPerCore 写成 0（与 kind' : 'conntrack-max-per-core 写成 0（与 k3s'} 自己的设置相同），并在宿主机上调整表的大小`,
    },
  },
  page: { en, zh },

  *check({ tool, maxPerCore, min, images, zero }, { cluster }) {
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
    yield at(maxPerCore, 'exits', { tool, entries, cpus: cpus ?? SOME_CPUS[0] }).fix('zero', 'unsafe', zero);
  },
});

/** CPUs of the machines that people run kind on. */
const SOME_CPUS = [4, 8, 16] as const;

/** One release of each way to write the table since 1.29, for a file that does not tell which image its nodes have. */
const RECENT = [30, 36, 38];

function releasesOf(images: NestedCluster['images']): readonly number[] {
  const told = images.flatMap(({ known = '' }) => {
    const [, tag = ''] = /:(v?1\.\d+[\w.+-]*)(?:@|$)/.exec(known) ?? [];
    return parseVersion(tag)?.[1] ?? [];
  });
  return told.length === 0 ? RECENT : told;
}
