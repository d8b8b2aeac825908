import { configurationOf } from '../../model/kubeProxyLink.ts';
import { atPlace } from '../draft.ts';
import { rule } from '../rule.ts';
import en from './no-restart.md';
import zh from './no-restart.zh.md';

/**
 * kube-proxy reads its file when it starts. What a ConfigMap's volume does on an update is neither of the two events that it exits
 * for, so that a change waits, unnoticed, for whatever restarts the pod.
 */
export const noRestart = rule({
  id: 'conntrack/no-restart',
  severity: 'information',
  on: 'kubeProxyFlags',
  evidence: [
    'kubernetes cmd/kube-proxy/app/options.go, eventHandler: exits on Write and Rename of the file (1.10 to 1.36)',
    'kubernetes/kubernetes#57144, kubernetes/kubernetes#86869: an update of the ConfigMap is neither',
    'aws/containers-roadmap#2849, k0sproject/k0s#7556',
  ],
  summary: {
    en: 'A change of kube-proxy’s ConfigMap that restarts no pod',
    zh: '修改 kube-proxy 的 ConfigMap 不会重启任何 Pod',
  },
  messages: {
    en: {
      unnoticed: v =>
        `A change of the ConfigMap ${v.name} does nothing until the pods restart: kube-proxy reads its file when it starts, and nothing in the pod template changes with it`,
      configuration: () => 'The configuration that kube-proxy reads',
    },
    zh: {
      unnoticed: v =>
        `修改 ConfigMap ${v.name} 之后，Pod 重启之前不会有任何效果：kube-proxy 只在启动时读取文件，而 Pod 模板中没有随之变化的内容`,
      configuration: () => 'kube-proxy 读取的配置',
    },
  },
  page: { en, zh },

  *check(flags, { cluster }) {
    const linked = configurationOf(flags, cluster.all('kubeProxyConfiguration'));
    const name = linked?.entity.configMap?.name.known;
    const use = flags.uses.find(each => each.name === '--config');
    if (!linked || name === undefined || !use || flags.annotations === null) return;
    if (flags.annotations.some(key => CHANGES_WITH_FILE.test(key))) return;
    yield atPlace<'unnoticed' | 'configuration'>(use.place, 'unnoticed', { name }).seeAlso(
      'configuration',
      linked.entity.place,
      linked,
    );
  },
});

/** How charts and operators name an annotation that changes with a file, or asks for a restart when it does. */
const CHANGES_WITH_FILE = /checksum|sha\d*|hash|digest|revision|version|reloader|restart|config/i;
