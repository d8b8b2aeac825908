import { KERNEL_CONNTRACK_DEFAULTS } from '../../facts/kubeProxyConntrack.ts';
import { CONNTRACK_BUCKETS, CONNTRACK_MAX } from '../../facts/netfilterSysctls.ts';
import type { Cluster } from '../../model/cluster.ts';
import { decides, mayBeHidden } from '../../model/sysctlSettings.ts';
import { formatCount } from '../../text/wording.ts';
import { atPlace, edit } from '../draft.ts';
import { rule } from '../rule.ts';
import en from './buckets-not-raised.md';
import zh from './buckets-not-raised.zh.md';

/** Entries that a bucket holds on average in a table that kube-proxy or an old kernel sized: more is slow. */
const PER_BUCKET = 4;

/** Writing nf_conntrack_max leaves the hash table as it is: with many more entries than buckets every packet walks a long chain. */
export const bucketsNotRaised = rule({
  id: 'conntrack/buckets-not-raised',
  severity: 'warning',
  on: 'sysctlSettings',
  evidence: [
    'Linux 6.18 net/netfilter/nf_conntrack_core.c, nf_conntrack_init_start: at most 262144 buckets by default (since 5.15)',
    'Documentation/networking/nf_conntrack-sysctl.rst: nf_conntrack_buckets',
    'kubernetes/kubernetes#72472',
  ],
  summary: {
    en: 'nf_conntrack_max is raised, the hash table is not',
    zh: '提高了 nf_conntrack_max，却没有扩大哈希表',
  },
  messages: {
    en: {
      chains: ({ max, buckets, chain }) =>
        `Every packet searches chains of ${formatCount(Number(chain), 'en')} entries once the table is full: ${formatCount(Number(max), 'en')} entries in ${formatCount(Number(buckets), 'en')} buckets, the most there are unless nf_conntrack_buckets says more`,
      few: ({ max, buckets, chain }) =>
        `Every packet searches chains of ${formatCount(Number(chain), 'en')} entries once the table is full: ${formatCount(Number(max), 'en')} entries in ${formatCount(Number(buckets), 'en')} buckets`,
      add: ({ wanted }) => `Set nf_conntrack_buckets to ${wanted}`,
    },
    zh: {
      chains: ({ max, buckets, chain }) =>
        `表满时每个包都要遍历约 ${formatCount(Number(chain), 'zh')} 个条目的链表：${formatCount(Number(max), 'zh')} 个条目只有 ${formatCount(Number(buckets), 'zh')} 个桶，未设置 nf_conntrack_buckets 时最多就这么多`,
      few: ({ max, buckets, chain }) =>
        `表满时每个包都要遍历约 ${formatCount(Number(chain), 'zh')} 个条目的链表：${formatCount(Number(max), 'zh')} 个条目只有 ${formatCount(Number(buckets), 'zh')} 个桶`,
      add: ({ wanted }) => `将 nf_conntrack_buckets 设为 ${wanted}`,
    },
  },
  page: { en, zh },

  *check(settings, { cluster }) {
    const max = decides(settings, CONNTRACK_MAX);
    if (!max || max.number === null || max.isGlob || mayBeHidden(settings, CONNTRACK_MAX)) return;
    if (mayBeHidden(settings, CONNTRACK_BUCKETS)) return;
    const buckets = decides(settings, CONNTRACK_BUCKETS);
    if (!buckets && isSetElsewhere(cluster)) return;
    const there = buckets ? buckets.number : KERNEL_CONNTRACK_DEFAULTS.buckets;
    if (there === null || there <= 0 || max.number <= there * PER_BUCKET) return;
    const wanted = Math.ceil(max.number / PER_BUCKET);
    const figures = { max: max.number, buckets: there, chain: max.number / there, wanted };
    if (settings.carrier !== 'file') {
      yield atPlace(max.place, buckets ? 'few' : 'chains', figures);
      return;
    }
    if (buckets) {
      const change = edit(settings, { span: buckets.spans.value, newText: String(wanted) });
      yield atPlace(max.place, 'few', figures).fix('add', 'safe', change);
      return;
    }
    const isSlashed = max.written.includes('/');
    const name = isSlashed ? CONNTRACK_BUCKETS : CONNTRACK_BUCKETS.replaceAll('/', '.');
    const { end } = max.spans.entry;
    const change = edit(settings, {
      span: { start: end, end },
      newText: `${settings.eol}${max.indent}${name} = ${wanted}`,
    });
    yield atPlace(max.place, 'chains', figures).fix('add', 'safe', change);
  },
});

/** True if another file of the workspace sizes the hash table. */
function isSetElsewhere(cluster: Cluster): boolean {
  return (
    cluster
      .all('kernelModules')
      .some(({ entity }) =>
        entity.options.some(({ module, name }) => module === 'nf_conntrack' && name === 'hashsize'),
      ) ||
    cluster
      .all('sysctlSettings')
      .some(({ entity }) => decides(entity, CONNTRACK_BUCKETS) !== null || mayBeHidden(entity, CONNTRACK_BUCKETS))
  );
}
