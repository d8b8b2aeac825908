import { flagInForce } from '../../model/controllers.ts';
import { hasReached } from '../../model/versions.ts';
import { at, set } from '../draft.ts';
import { rule } from '../rule.ts';
import en from './no-class.md';
import zh from './no-class.zh.md';

/** Since 1.0.0 the controller passes over an Ingress that names no class, unless the cluster has a default one or a flag says otherwise. */
export const noClass = rule({
  id: 'ingress/no-class',
  severity: 'warning',
  on: 'ingress',
  evidence: [
    'kubernetes/ingress-nginx internal/ingress/controller/store/store.go, GetIngressClass (1.0.0 to 1.15.1)',
    'kubernetes plugin/pkg/admission/network/defaultingressclass: a default IngressClass is put in when an Ingress is created',
    'rancher/rancher#35053',
    'fission/fission#2650',
  ],
  summary: {
    en: 'An Ingress without a class: the controller passes over it',
    zh: '没有指定类的 Ingress：控制器会忽略它',
  },
  messages: {
    en: {
      none: () =>
        'The controller passes over this Ingress, and its hosts answer 404, unless the cluster has a default IngressClass: no class is named',
      add: () => 'Add ingressClassName: nginx',
    },
    zh: {
      none: () => '控制器会忽略此 Ingress，其主机返回 404，除非集群有默认的 IngressClass：没有指定类',
      add: () => '添加 ingressClassName: nginx',
    },
  },
  page: { en, zh },

  *check(ingress, { cluster, file }) {
    const { className, annotations, name } = ingress;
    if (ingress.origin !== 'ingress' || !ingress.hasSpec || ingress.isOpen || !className.isAbsent || !name.place)
      return;
    const isOurs = annotations.some(each => each.name !== null);
    if (!isOurs || annotations.some(({ key }) => key === 'kubernetes.io/ingress.class')) return;
    const version = cluster.version('controller', file);
    // 1.0.0 asks for the API that took the place of the betas: these were written for a controller before it.
    const isOlder = version.from === 'default' && ingress.apiVersion.known?.endsWith('beta1') === true;
    if (isOlder || !hasReached(version, '1.0.0')) return;
    if (cluster.all('ingressClass').some(({ entity }) => entity.isDefault)) return;
    // A patch, or the base that it patches, may name the class.
    if (name.known === undefined) return;
    if (cluster.ingressesNamed(name.known).some(({ entity }) => !entity.className.isAbsent)) return;
    const watches = flagInForce(cluster, file, '--watch-ingress-without-class');
    if (watches.state === 'known' && watches.value !== 'false') return;
    yield at(name, 'none').fix('add', 'unsafe', set(className, 'nginx'));
  },
});
