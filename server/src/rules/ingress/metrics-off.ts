import { flagNamed } from '../../model/controllerWorkload.ts';
import { hasReached } from '../../model/versions.ts';
import { at } from '../draft.ts';
import { rule } from '../rule.ts';
import en from './metrics-off.md';
import zh from './metrics-off.zh.md';

/** Since 1.12.0 the controller has no metrics of nginx unless it is told so: who scrapes it finds the target up and the graphs empty. */
export const metricsOff = rule({
  id: 'ingress/metrics-off',
  severity: 'warning',
  on: 'controllerWorkload',
  evidence: [
    'kubernetes/ingress-nginx pkg/flags/flags.go: --enable-metrics is false since 1.12.0',
    'rancher/rancher#47681',
  ],
  summary: {
    en: 'A controller that is scraped and has its metrics off',
    zh: '被采集指标、却没有启用指标的控制器',
  },
  messages: {
    en: {
      off: () =>
        'Prometheus gets no metrics of nginx: the controller is scraped here, and since 1.12.0 --enable-metrics is false by default',
      said: () => 'Prometheus gets no metrics of nginx: the controller is scraped here, and --enable-metrics is false',
      flag: () => '--enable-metrics is set here',
    },
    zh: {
      off: () => 'Prometheus 得不到 nginx 的指标：控制器在此被采集，而自 1.12.0 起 --enable-metrics 默认为 false',
      said: () => 'Prometheus 得不到 nginx 的指标：控制器在此被采集，而 --enable-metrics 为 false',
      flag: () => '--enable-metrics 在这里设置',
    },
  },
  page: { en, zh },

  *check(workload, { cluster, file }) {
    const { scraped } = workload;
    if (!scraped.is('true') || workload.mayHaveMoreFlags || workload.flags.length === 0) return;
    const flag = flagNamed(workload, '--enable-metrics');
    if (flag?.value === 'false') yield at<Key>(scraped, 'said').seeAlso('flag', flag.place);
    else if (!flag && hasReached(cluster.version('controller', file), '1.12.0')) yield at<Key>(scraped, 'off');
  },
});

type Key = 'off' | 'said' | 'flag';
