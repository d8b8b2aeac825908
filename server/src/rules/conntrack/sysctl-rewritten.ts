import type { Change } from '../../model/edit.ts';
import type { KubeProxySettings } from '../../model/kubeProxySettings.ts';
import {
  fateAtStart,
  settingsNear,
  WRITTEN_BY_KUBE_PROXY,
  WRITTEN_KNOBS,
  type WrittenKnob,
} from '../../model/sysctlFate.ts';
import { decides } from '../../model/sysctlSettings.ts';
import type { Place } from '../../model/value.ts';
import { formatCount, type Language } from '../../text/wording.ts';
import { atPlace, inPieceOf } from '../draft.ts';
import { rule } from '../rule.ts';
import en from './sysctl-rewritten.md';
import zh from './sysctl-rewritten.zh.md';

/**
 * kube-proxy writes conntrack's sysctls when it starts, long after the boot that read this file. Which of the two is left depends on
 * its release: since 1.38 the table is only raised, in 1.23 to 1.28 every figure was; timeouts are set otherwise to what it has.
 */
export const sysctlRewritten = rule({
  id: 'conntrack/sysctl-rewritten',
  severity: 'warning',
  on: 'sysctlSettings',
  evidence: [
    'kubernetes cmd/kube-proxy/app/conntrack.go (1.12 to 1.35) and pkg/proxy/conntrack/sysctls.go (1.36): setIntSysCtl',
    'kubernetes/kubernetes#71261',
    'kubernetes/kubernetes#103174, #120448, #142035',
    'kubernetes/kops#2223',
  ],
  summary: {
    en: 'kube-proxy writes over a conntrack sysctl when it starts',
    zh: 'kube-proxy 启动时会改写 conntrack 参数',
  },
  messages: {
    en: {
      written: ({ name, text, low, high }) =>
        `${name} does not stay ${count(text, 'en')}: kube-proxy sets it to ${range(low, high, 'en')} when it starts`,
      some: ({ name, text, low, high }) =>
        `On some nodes or releases ${name} does not stay ${count(text, 'en')}: kube-proxy sets it to ${range(low, high, 'en')} when it starts`,
      there: () => 'kube-proxy is configured here',
      same: ({ text }) => `Have kube-proxy set ${count(text, 'en')} too`,
    },
    zh: {
      written: ({ name, text, low, high }) =>
        `${name} 不会保持 ${count(text, 'zh')}：kube-proxy 启动时会把它设为 ${range(low, high, 'zh')}`,
      some: ({ name, text, low, high }) =>
        `在部分节点或版本上，${name} 不会保持 ${count(text, 'zh')}：kube-proxy 启动时会把它设为 ${range(low, high, 'zh')}`,
      there: () => 'kube-proxy 的设置在此处',
      same: ({ text }) => `让 kube-proxy 也设为 ${count(text, 'zh')}`,
    },
  },
  page: { en, zh },

  *check(settings, { cluster, file }) {
    const proxies = settingsNear(file, cluster);
    // Commands may run after kube-proxy has.
    if (proxies.length === 0 || settings.carrier === 'commands') return;
    for (const knob of WRITTEN_KNOBS) {
      const line = decides(settings, WRITTEN_BY_KUBE_PROXY[knob]);
      const value = line?.number ?? null;
      if (!line || value === null) continue;
      const fate = fateAtStart(knob, value, cluster, file);
      if (!fate) continue;
      const params = { name: line.written, text: value, low: fate.low, high: fate.high };
      const draft = atPlace(line.place, fate.isCertain ? 'written' : 'some', params);
      const loud = fate.isCertain ? draft : draft.as('information');
      const [proxy, ...others] = proxies;
      if (!proxy) continue;
      const told = loud.seeAlso('there', placeOf(knob, proxy.entity), proxy);
      const changes = sameIn(proxy.entity, knob, value).map(change => inPieceOf(proxy, change));
      yield others.length === 0 && changes.length > 0 ? told.fix('same', 'unsafe', ...changes) : told;
    }
  },
});

function placeOf(knob: WrittenKnob, { conntrack: { maxPerCore, min, ...timeouts } }: KubeProxySettings): Place | null {
  return knob === 'max' ? (maxPerCore.place ?? min.place) : timeouts[knob].place;
}

/** What has kube-proxy come to the value by itself: one entry for each CPU and that as the least is exact on every release. */
function sameIn(proxy: KubeProxySettings, knob: WrittenKnob, value: number): Change[] {
  if (knob !== 'max') return [proxy.change(`conntrack.${knob}`, { seconds: value })];
  return [proxy.change('conntrack.maxPerCore', 1), proxy.change('conntrack.min', value)];
}

function count(value: string | number | undefined, language: Language): string {
  return formatCount(Number(value), language);
}

function range(low: string | number | undefined, high: string | number | undefined, language: Language): string {
  return low === high ? count(low, language) : `${count(low, language)}–${count(high, language)}`;
}
