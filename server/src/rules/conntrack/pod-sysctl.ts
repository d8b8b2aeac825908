import { NETFILTER_SYSCTLS } from '../../facts/netfilterSysctls.ts';
import { atPlace } from '../draft.ts';
import { rule } from '../rule.ts';
import en from './pod-sysctl.md';
import zh from './pod-sysctl.zh.md';

/**
 * The kubelet takes no sysctl of the network from a pod on its node's network, and none of conntrack's from any pod unless it is told
 * to; the size of the table cannot be written from a pod's network namespace at all.
 */
export const podSysctl = rule({
  id: 'conntrack/pod-sysctl',
  severity: 'warning',
  on: 'podSysctls',
  evidence: [
    'kubernetes pkg/kubelet/sysctl/allowlist.go, validateSysctl (commit 11de9543), and safe_sysctls.go (commit b0cb9cc1): no nf_conntrack name',
    'test/real/netfilterSysctls.test.ts: nf_conntrack_max and nf_conntrack_buckets are read-only in a network namespace',
    'kubernetes/website#40167',
    'kubernetes/kubernetes#29572',
  ],
  summary: {
    en: 'A pod asks for a sysctl that it cannot have',
    zh: 'Pod 请求了无法设置的 sysctl',
  },
  messages: {
    en: {
      hostNetwork: ({ name }) =>
        `The pod does not start: on hostNetwork the kubelet refuses every sysctl of the network, ${name} too (SysctlForbidden)`,
      global: ({ name }) =>
        `The pod does not start: ${name} is the node’s and read-only in a pod, and the kubelet refuses it unless it is told to allow it`,
      unsafe: ({ name }) =>
        `The kubelet refuses the pod unless its allowedUnsafeSysctls name ${name}, which then holds in the pod’s own network namespace, not on the node`,
      readOnly: ({ name }) =>
        `${name} stays as it was: off hostNetwork this command runs in the pod’s own network namespace, where the node’s figure is read-only`,
      own: ({ name }) =>
        `${name} changes for this pod alone: off hostNetwork this command runs in the pod’s own network namespace, and the node’s connections keep theirs`,
      remove: ({ name }) => `Remove ${name}`,
    },
    zh: {
      hostNetwork: ({ name }) =>
        `Pod 无法启动：使用 hostNetwork 时，kubelet 拒绝一切网络 sysctl，包括 ${name}（SysctlForbidden）`,
      global: ({ name }) => `Pod 无法启动：${name} 属于节点，在 Pod 中只读，且未经允许 kubelet 会拒绝它`,
      unsafe: ({ name }) =>
        `除非 kubelet 的 allowedUnsafeSysctls 包含 ${name}，否则会拒绝此 Pod；即使允许，它也只在 Pod 自己的网络命名空间生效，不影响节点`,
      readOnly: ({ name }) =>
        `${name} 保持原值：没有 hostNetwork 时，此命令在 Pod 自己的网络命名空间中运行，节点的这个值在那里只读`,
      own: ({ name }) =>
        `${name} 只对此 Pod 生效：没有 hostNetwork 时，此命令在 Pod 自己的网络命名空间中运行，节点上的连接不受影响`,
      remove: ({ name }) => `删除 ${name}`,
    },
  },
  page: { en, zh },

  *check({ hostNetwork, sysctls }) {
    for (const { name, knob, place, removal } of sysctls) {
      const ofNetfilter = NETFILTER_SYSCTLS.get(knob);
      if (removal === null) {
        // On the node’s network a command writes the node’s.
        if (!ofNetfilter || hostNetwork.isUnknown || hostNetwork.is(true)) continue;
        const isGlobal = ofNetfilter.scope === 'global';
        const draft = atPlace(place, isGlobal ? 'readOnly' : 'own', { name });
        yield isGlobal ? draft : draft.as('information');
      } else if (hostNetwork.is(true) && knob.startsWith('net/')) {
        yield atPlace(place, 'hostNetwork', { name }).as('error').fix('remove', 'unsafe', removal);
      } else if (ofNetfilter?.scope === 'global') {
        yield atPlace(place, 'global', { name }).fix('remove', 'unsafe', removal);
      } else if (ofNetfilter && !hostNetwork.isUnknown) {
        yield atPlace(place, 'unsafe', { name }).as('information');
      }
    }
  },
});
