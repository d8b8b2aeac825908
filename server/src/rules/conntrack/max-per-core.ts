import { CONNTRACK_CAP, CONNTRACK_DEFAULTS } from '../../facts/kubeProxyConntrack.ts';
import { settingsInForce } from '../../model/kubeProxyService.ts';
import { nameOf, sizeSettings } from '../../model/kubeProxySettings.ts';
import { hasReached } from '../../model/versions.ts';
import { wantedMax } from '../../simulate/conntrackTable.ts';
import { formatCount } from '../../text/wording.ts';
import { at } from '../draft.ts';
import { rule } from '../rule.ts';
import en from './max-per-core.md';
import zh from './max-per-core.zh.md';

/**
 * The table's size follows the CPUs of each node, and from Kubernetes 1.36 `maxPerCore` times the CPUs is capped before `min` is
 * looked at: the more CPUs, the smaller the table.
 */
export const maxPerCore = rule({
  id: 'conntrack/max-per-core',
  severity: 'warning',
  on: 'kubeProxySettings',
  evidence: [
    'kubernetes pkg/proxy/conntrack/sysctls.go, getConntrackMax (1.36): the cap of 1048576 is tested before min; kubernetes/kubernetes#137002',
    'kubernetes cmd/kube-proxy/app/server_linux.go, getConntrackMax (1.12 to 1.35)',
    'kubernetes/kubernetes#75575: 655,350 entries on 8 CPUs and 2,097,120 on 32 with the same settings',
    'test/simulate/conntrackTable.test.ts',
  ],
  summary: {
    en: 'A conntrack table that is not of the size that is written, or not on every node',
    zh: 'conntrack 表的大小与所写的不同，或者各节点不一致',
  },
  messages: {
    en: {
      belowMin: v =>
        `Nodes of ${v.cpus} CPUs or more get ${formatCount(CONNTRACK_CAP.entries, 'en')} entries and not ${formatCount(Number(v.min), 'en')}: from Kubernetes 1.36 ${v.perCoreName} times the CPUs is capped there, and ${v.minName} is looked at only below the cap`,
      capped: v =>
        `A node of ${v.cpus} CPUs gets ${formatCount(CONNTRACK_CAP.entries, 'en')} entries and not ${formatCount(Number(v.scaled), 'en')}: from Kubernetes 1.36 ${v.perCoreName} times the CPUs is capped there`,
      differs: v =>
        `The table differs from node to node: ${formatCount(Number(v.small), 'en')} entries on 4 CPUs, ${formatCount(Number(v.large), 'en')} on 64`,
      exact: v => `Write ${v.perCoreName} 1: ${v.minName} alone is the size, on every node and in every release`,
      exactSize: v =>
        `Write ${v.perCoreName} 1 and ${v.minName} ${v.size}: exactly that on every node and in every release`,
    },
    zh: {
      belowMin: v =>
        `CPU 数达到 ${v.cpus} 的节点只有 ${formatCount(CONNTRACK_CAP.entries, 'zh')} 个条目，而不是 ${formatCount(Number(v.min), 'zh')}：自 Kubernetes 1.36 起，${v.perCoreName} 乘以 CPU 数以此为上限，只有低于上限时才会考虑 ${v.minName}`,
      capped: v =>
        `${v.cpus} 个 CPU 的节点只有 ${formatCount(CONNTRACK_CAP.entries, 'zh')} 个条目，而不是 ${formatCount(Number(v.scaled), 'zh')}：自 Kubernetes 1.36 起，${v.perCoreName} 乘以 CPU 数以此为上限`,
      differs: v =>
        `各节点的表大小不同：4 个 CPU 时为 ${formatCount(Number(v.small), 'zh')} 个条目，64 个 CPU 时为 ${formatCount(Number(v.large), 'zh')}`,
      exact: v => `将 ${v.perCoreName} 写成 1：在所有节点、所有版本上都由 ${v.minName} 单独决定大小`,
      exactSize: v => `将 ${v.perCoreName} 写成 1、${v.minName} 写成 ${v.size}：在所有节点、所有版本上都正好是这个数`,
    },
  },
  page: { en, zh },

  *check(written, { cluster, file }) {
    const settings = settingsInForce(written, cluster);
    if (!settings) return;
    const { conntrack } = settings;
    const size = sizeSettings(conntrack);
    if (!size) return;
    const { maxPerCore: perCore = CONNTRACK_DEFAULTS.maxPerCore, min = CONNTRACK_DEFAULTS.min } = size;
    if (perCore <= 1 || min < 0) return;
    const version = cluster.version('kubernetes', file);
    const { nodeCores } = cluster.environment();
    const isCapped = hasReached(version, `1.${CONNTRACK_CAP.since}`);
    const names = { perCoreName: nameOf(settings, 'conntrack.maxPerCore'), minName: nameOf(settings, 'conntrack.min') };
    const one = settings.change('conntrack.maxPerCore', 1);
    /** The fewest CPUs with which the cap is exceeded. */
    const cpus = Math.floor(CONNTRACK_CAP.entries / perCore) + 1;

    if (min > CONNTRACK_CAP.entries && !conntrack.min.isAbsent) {
      if (cpus > (nodeCores ?? MANY_CPUS)) return;
      const draft = at(conntrack.min, 'belowMin', { ...names, cpus, min });
      yield isCapped ? draft.fix('exact', 'safe', one) : draft.as('hint').fix('exact', 'unsafe', one);
      return;
    }
    if (conntrack.maxPerCore.isAbsent || perCore === CONNTRACK_DEFAULTS.maxPerCore) return;
    const release = isCapped ? CONNTRACK_CAP.since : CONNTRACK_CAP.since - 1;
    const entries = (count: number) => wantedMax(size, release, count).entries ?? 0;
    if (nodeCores !== null && perCore * nodeCores > CONNTRACK_CAP.entries) {
      const scaled = perCore * nodeCores;
      const exact = [one, settings.change('conntrack.min', scaled)];
      const draft = at(conntrack.maxPerCore, 'capped', { ...names, cpus: nodeCores, scaled, size: scaled });
      yield (isCapped ? draft : draft.as('hint')).fix('exactSize', 'unsafe', ...exact);
    } else if (entries(64) >= 4 * entries(4)) {
      const draft = at(conntrack.maxPerCore, 'differs', {
        ...names,
        small: entries(4),
        large: entries(64),
        size: entries(nodeCores ?? 0),
      }).as('information');
      yield nodeCores === null
        ? draft
        : draft.fix('exactSize', 'unsafe', one, settings.change('conntrack.min', entries(nodeCores)));
    }
  },
});

/** More than the nodes of most clusters have. */
const MANY_CPUS = 256;
