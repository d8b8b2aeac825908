import { isServed } from '../../model/controllers.ts';
import type { Wording } from '../../text/wording.ts';
import { at } from '../draft.ts';
import { rule } from '../rule.ts';
import en from './limit-per-replica.md';
import zh from './limit-per-replica.zh.md';

/** What each of the annotations counts. */
const UNITS: Wording<Readonly<Record<string, string>>> = {
  en: { 'limit-rps': 'requests a second', 'limit-rpm': 'requests a minute', 'limit-connections': 'connections' },
  zh: { 'limit-rps': '次请求/秒', 'limit-rpm': '次请求/分钟', 'limit-connections': '个并发连接' },
};

/** Each replica of the controller counts for itself: together they let as many times the limit pass as there are of them. */
export const limitPerReplica = rule({
  id: 'ingress/limit-per-replica',
  severity: 'information',
  on: 'ingress',
  evidence: [
    'kubernetes/ingress-nginx internal/ingress/controller/template/template.go, buildRateLimitZones (1.15.1): a zone in shared memory of one nginx',
    'kubernetes/ingress-nginx#12711',
  ],
  summary: {
    en: 'A limit that each replica of the controller counts for itself',
    zh: '由控制器的每个副本各自计数的限制',
  },
  messages: {
    en: {
      times: v =>
        `A client gets up to ${v.total} ${UNITS.en[v.name ?? '']}: each of the ${v.replicas} replicas of the controller counts to ${v.limit} for itself`,
      replicas: () => 'The replicas are set here',
    },
    zh: {
      times: v =>
        `单个客户端最多可达 ${v.total} ${UNITS.zh[v.name ?? '']}：控制器的 ${v.replicas} 个副本各自计数到 ${v.limit}`,
      replicas: () => '副本数在这里设置',
    },
  },
  page: { en, zh },

  *check(ingress, { cluster, file }) {
    if (isServed(ingress, cluster) === false) return;
    const [workload, ...others] = cluster.near('controllerWorkload', file);
    const replicas = workload?.entity.replicas.known;
    if (!workload || others.length > 0 || replicas === undefined || replicas < 2) return;
    for (const { name, value } of ingress.annotations) {
      if (!Object.hasOwn(UNITS.en, name ?? '') || !/^\d{1,9}$/.test(value.known ?? '')) continue;
      const limit = Number(value.known);
      yield at<'times' | 'replicas'>(value, 'times', {
        name: name ?? '',
        total: limit * replicas,
        limit,
        replicas,
      }).seeAlso('replicas', workload.entity.replicas.place, workload);
    }
  },
});
