import { CONNTRACK_DEFAULTS } from '../../facts/kubeProxyConntrack.ts';
import { settingsInForce } from '../../model/kubeProxyService.ts';
import { isOptOut, nameOf } from '../../model/kubeProxySettings.ts';
import { formatCount } from '../../text/wording.ts';
import { at } from '../draft.ts';
import { rule } from '../rule.ts';
import en from './min-unused.md';
import zh from './min-unused.zh.md';

/** `maxPerCore: 0` stands for "leave the table alone", and so nobody looks at `min`. */
export const minUnused = rule({
  id: 'conntrack/min-unused',
  severity: 'error',
  on: 'kubeProxySettings',
  evidence: [
    'kubernetes pkg/proxy/conntrack/sysctls.go, getConntrackMax, and its predecessors since 1.12: 0 before min is read',
    'kubernetes pkg/proxy/conntrack/sysctls_test.go, TestGetConntrackMax: maxPerCore 0 and min 123456 give 0',
    'kubermatic/kubermatic#3026',
  ],
  summary: {
    en: 'A least size of the conntrack table that nothing looks at, because of maxPerCore 0',
    zh: '由于 maxPerCore 为 0，conntrack 表的最小值不起作用',
  },
  messages: {
    en: {
      unused: v =>
        `Without effect: with ${v.perCoreName} 0 kube-proxy leaves nf_conntrack_max alone, the ${formatCount(Number(v.min), 'en')} entries of ${v.minName} are never asked for`,
      zero: v => `${v.perCoreName} is 0 here`,
      exact: v => `Write ${v.perCoreName} 1: ${v.minName} is the size then`,
      remove: v => `Remove ${v.minName}`,
    },
    zh: {
      unused: v =>
        `不起作用：${v.perCoreName} 为 0 时，kube-proxy 不改动 nf_conntrack_max，${v.minName} 的 ${formatCount(Number(v.min), 'zh')} 个条目永远不会用到`,
      zero: v => `${v.perCoreName} 在这里为 0`,
      exact: v => `将 ${v.perCoreName} 写成 1：大小即为 ${v.minName}`,
      remove: v => `删除 ${v.minName}`,
    },
  },
  page: { en, zh },

  *check(written, { cluster }) {
    const settings = settingsInForce(written, cluster);
    if (!settings) return;
    const { conntrack } = settings;
    const min = conntrack.min.known ?? 0;
    if (!conntrack.maxPerCore.is(0) || min <= 0 || min === CONNTRACK_DEFAULTS.min || isOptOut(conntrack)) return;
    const params = {
      min,
      perCoreName: nameOf(settings, 'conntrack.maxPerCore'),
      minName: nameOf(settings, 'conntrack.min'),
    };
    yield at(conntrack.min, 'unused', params)
      .seeAlso('zero', conntrack.maxPerCore.place)
      .fix('exact', 'unsafe', settings.change('conntrack.maxPerCore', 1))
      .fix('remove', 'unsafe', ...settings.removal('conntrack.min'));
  },
});
