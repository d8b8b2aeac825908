import type { ControllerWorkload } from '../../model/controllerWorkload.ts';
import { at, set } from '../draft.ts';
import { rule } from '../rule.ts';
import en from './host-ports.md';
import zh from './host-ports.zh.md';

/**
 * Ports of a node are there once. A Deployment that takes them rolls out by starting a new pod before an old one ends, which needs a node
 * where ports 80 and 443 are free: without one the rollout hangs, and with as many replicas as nodes it always does.
 */
export const hostPorts = rule({
  id: 'ingress/host-ports',
  severity: 'warning',
  on: 'controllerWorkload',
  evidence: [
    'kubernetes pkg/apis/apps/v1/defaults.go: RollingUpdate, maxSurge 25% rounded up, maxUnavailable 25% rounded down',
    'kubernetes pkg/scheduler/framework/plugins/nodeports: "node(s) didn\'t have free ports for the requested pod ports"',
    'kubernetes/ingress-nginx#2062',
    'kubernetes/ingress-nginx#8461',
  ],
  summary: {
    en: 'A Deployment on ports of its nodes: a rollout waits for a node that is free',
    zh: '占用节点端口的 Deployment：滚动更新会等待空闲节点',
  },
  messages: {
    en: {
      hangs: v =>
        `A rollout hangs unless ${v.surge === 1 ? 'one more node has' : `${v.surge} more nodes have`} its ports free: the new pod starts before the old one leaves them`,
      inPlace: () => 'Let an old pod go first: maxSurge 0, maxUnavailable 1',
    },
    zh: {
      hangs: v => `除非另有 ${v.surge} 个节点的端口空闲，否则滚动更新会卡住：新 Pod 在旧 Pod 释放端口之前启动`,
      inPlace: () => '先停止旧 Pod：maxSurge 为 0，maxUnavailable 为 1',
    },
  },
  page: { en, zh },

  *check(workload) {
    const { kind, hostNetwork, strategy, maxSurge, takesNodePorts } = workload;
    // Deployments of older APIs let one pod go first by default.
    const isDeployment =
      workload.origin === 'manifest'
        ? kind.is('Deployment') && workload.apiVersion.is('apps/v1')
        : kind.isAbsent || kind.is('Deployment');
    if (!takesNodePorts || !isDeployment || strategy.isUnknown || strategy.is('Recreate')) return;
    const replicas = workload.replicas.isAbsent ? 1 : workload.replicas.known;
    if (replicas === undefined || replicas < 1 || maxSurge.isUnknown || workload.maxUnavailable.isUnknown) return;
    const surge = amount(maxSurge.known ?? '25%', replicas, Math.ceil);
    const unavailable = amount(workload.maxUnavailable.known ?? '25%', replicas, Math.floor);
    // With room to let one go first, the controller of Deployments does so when nothing else is possible.
    if (surge === null || surge === 0 || unavailable === null || unavailable > 0) return;
    const shown = kind.place ? kind : hostNetwork;
    if (!shown.place) return;
    yield at(shown, 'hangs', { surge }).fix('inPlace', 'unsafe', ...inPlace(workload));
  },
});

/** A number of pods, or a share of the replicas; null for what is neither. */
function amount(text: string, replicas: number, round: (share: number) => number): number | null {
  const [, number = '', percent] = /^(\d{1,4})(%)?$/.exec(text.trim()) ?? [];
  if (number === '') return null;
  return percent ? round((Number(number) * replicas) / 100) : Number(number);
}

function inPlace({ maxSurge, maxUnavailable }: ControllerWorkload) {
  return [set(maxSurge, 0), set(maxUnavailable, 1)];
}
