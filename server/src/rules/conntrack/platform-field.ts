import { atPlace } from '../draft.ts';
import { rule } from '../rule.ts';
import en from './platform-field.md';
import zh from './platform-field.zh.md';

/** Platforms that install kube-proxy pass on the settings that they have a field for, and these are few. */
export const platformField = rule({
  id: 'conntrack/platform-field',
  severity: 'error',
  on: 'platformField',
  evidence: [
    'cluster-api api/bootstrap/kubeadm/v1beta1 and v1beta2, kubeadmconfig_types.go: KubeadmConfigSpec has clusterConfiguration, initConfiguration and joinConfiguration',
    'kubernetes-sigs/cluster-api#4512, kubernetes-sigs/cluster-api#10237',
    'Kubernetes KEP-2332 and KEP-2885: unknown fields of custom resources are pruned; kubectl asks that they be refused, since 1.25',
    'EKS, configuration schema of the add-on kube-proxy (2025-05): mode, ipvs.scheduler, podAnnotations, podLabels, resources, and no additional properties',
    'minikube pkg/minikube/bootstrapper/bsutil/ktmpl/v1beta4.go (27772aae) and earlier: printMapInOrder .KubeProxyOptions, behind a conntrack section of its own; kubernetes/minikube#11103',
    'aws/containers-roadmap#2318, aws/containers-roadmap#2385, aws/containers-roadmap#2826 (2026-06), terraform-aws-modules/terraform-aws-eks#3367',
  ],
  summary: {
    en: 'kube-proxy’s settings in an object of a platform that has no field for them',
    zh: '写在平台对象中、但平台没有相应字段的 kube-proxy 设置',
  },
  messages: {
    en: {
      clusterApi: v =>
        `kube-proxy gets none of this: a KubeadmConfigSpec of Cluster API has no field ${v.path}, which the API server refuses or drops`,
      eksAddon: v =>
        `EKS refuses these values: the schema of its add-on kube-proxy has mode and ipvs.scheduler, and no ${v.path}`,
      minikube: v =>
        `kube-proxy gets none of this: minikube writes \`${v.path}\` as one key, dot and all, which kubeadm and kube-proxy drop`,
      remove: v => `Remove ${v.path}`,
    },
    zh: {
      clusterApi: v =>
        `kube-proxy 得不到这些设置：Cluster API 的 KubeadmConfigSpec 没有 ${v.path} 字段，API server 会拒绝或丢弃它`,
      eksAddon: v => `EKS 会拒绝这些配置值：其 kube-proxy 插件的 schema 中有 mode 和 ipvs.scheduler，但没有 ${v.path}`,
      minikube: v =>
        `kube-proxy 得不到这个设置：minikube 会把 \`${v.path}\` 连同点号写成一个键，kubeadm 和 kube-proxy 都会丢弃它`,
      remove: v => `删除 ${v.path}`,
    },
  },
  page: { en, zh },

  *check({ platform, path, place, removal }) {
    const draft = atPlace(place, platform, { path }).fix('remove', 'unsafe', removal);
    // AWS may give its schema another field on any day.
    yield platform === 'eksAddon' ? draft.as('warning') : draft;
  },
});
