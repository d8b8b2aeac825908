import { NETFILTER_SYSCTLS } from '../../facts/netfilterSysctls.ts';
import { atPlace } from '../draft.ts';
import { rule } from '../rule.ts';
import en from './module-not-loaded.md';
import zh from './module-not-loaded.zh.md';

/**
 * The files of conntrack's sysctls appear with its module. At boot systemd-sysctl runs before anything that would load it by itself,
 * finds no such file, and says so in its log alone.
 */
export const moduleNotLoaded = rule({
  id: 'conntrack/module-not-loaded',
  severity: 'information',
  on: 'sysctlSettings',
  evidence: [
    'systemd/systemd#43362',
    'coreos/bugs#785',
    'sysctl.d(5), example of bridge-nf-call: modules-load.d(5) comes first',
  ],
  summary: {
    en: 'Sysctls of conntrack are set at boot before its module is loaded',
    zh: '开机设置 conntrack 参数时，其内核模块可能尚未加载',
  },
  messages: {
    en: {
      missing: () =>
        'At boot this line may come before the module nf_conntrack, and then sets nothing: no file of the workspace has it loaded by modules-load.d',
    },
    zh: {
      missing: () =>
        '开机时此行可能早于 nf_conntrack 模块加载，届时不会生效：工作区中没有文件通过 modules-load.d 加载该模块',
    },
  },
  page: { en, zh },

  *check(settings, { cluster }) {
    if (!/(?:^|[/.])sysctl(?:\.d\/[^/]+)?\.conf/.test(settings.file)) return;
    const first = settings.lines.find(({ knob, mayFail }) => NETFILTER_SYSCTLS.has(knob) && !mayFail);
    if (!first || settings.lines.some(({ mayFail }) => mayFail)) return;
    const loads = cluster.all('kernelModules').flatMap(({ entity }) => entity.loads);
    if (loads.some(({ module }) => /^(?:nf_conntrack|nf_nat|ip_vs|xt_(?:conntrack|CT))/.test(module))) return;
    yield atPlace(first.place, 'missing');
  },
});
