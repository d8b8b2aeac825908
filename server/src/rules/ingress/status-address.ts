import { flagNamed } from '../../model/controllerWorkload.ts';
import { at } from '../draft.ts';
import { rule } from '../rule.ts';
import en from './status-address.md';
import zh from './status-address.zh.md';

/** On the network of its nodes the controller has no Service that leads to it: what it writes into the status of Ingresses has to come from a flag. */
export const statusAddress = rule({
  id: 'ingress/status-address',
  severity: 'information',
  on: 'controllerWorkload',
  evidence: [
    'kubernetes/ingress-nginx docs/deploy/baremetal.md, "Via the host network" (1.15.1)',
    'kubernetes/ingress-nginx internal/ingress/status/status.go, runningAddresses (1.15.1)',
    'kubernetes/ingress-nginx#2945',
    'kubernetes-sigs/kubespray#4113',
  ],
  summary: {
    en: 'A controller on hostNetwork that does not report its nodes’ addresses',
    zh: '使用 hostNetwork 的控制器没有上报节点地址',
  },
  messages: {
    en: {
      service: () =>
        'Ingresses get the address of the Service that --publish-service names, not of the nodes: on hostNetwork, --report-node-internal-ip-address gives theirs',
      nothing: () =>
        'Ingresses get the external addresses of nodes alone, or none: on hostNetwork, --report-node-internal-ip-address gives the internal ones',
    },
    zh: {
      service: () =>
        'Ingress 的地址取自 --publish-service 指定的 Service，而不是节点：使用 hostNetwork 时，--report-node-internal-ip-address 会上报节点地址',
      nothing: () =>
        'Ingress 只会得到节点的外部地址，或没有地址：使用 hostNetwork 时，--report-node-internal-ip-address 会上报内部地址',
    },
  },
  page: { en, zh },

  *check(workload) {
    if (!workload.hostNetwork.is(true) || workload.origin !== 'manifest' || workload.mayHaveMoreFlags) return;
    // Without any flag it is a patch, or an example.
    if (workload.flags.length === 0) return;
    const has = (name: string) => flagNamed(workload, name);
    const updates = has('--update-status')?.value !== 'false';
    if (!updates || has('--publish-status-address') || has('--report-node-internal-ip-address')) return;
    yield at(workload.hostNetwork, has('--publish-service') ? 'service' : 'nothing');
  },
});
