import type { Cluster } from '../../model/cluster.ts';
import { isServed } from '../../model/controllers.ts';
import { wildcardOf } from '../../model/ingressIndex.ts';
import { atPlace } from '../draft.ts';
import { rule } from '../rule.ts';
import en from './unused-certificate.md';
import zh from './unused-certificate.zh.md';

/** The controller gives a certificate to the hosts that both a rule and `spec.tls` name: a host that stands in `tls` alone has none to serve. */
export const unusedCertificate = rule({
  id: 'ingress/unused-certificate',
  severity: 'information',
  on: 'ingress',
  evidence: [
    'kubernetes/ingress-nginx internal/ingress/controller/controller.go, createServers and extractTLSSecretName (1.15.1): servers come from rules',
    'kubernetes/ingress-nginx#4909',
    'kubernetes/ingress-nginx#8414',
  ],
  summary: {
    en: 'A host in spec.tls that no rule names',
    zh: 'spec.tls 中有规则未使用的主机',
  },
  messages: {
    en: {
      unused: v => `Nothing is served under ${v.host} here: it stands in spec.tls, and no rule has this host`,
      rules: v => `The rules have ${v.hosts}`,
    },
    zh: {
      unused: v => `${v.host} 下在此没有任何服务：它只出现在 spec.tls 中，没有规则使用该主机`,
      rules: v => `规则中的主机为 ${v.hosts}`,
    },
  },
  page: { en, zh },

  *check(ingress, { cluster }) {
    if (ingress.origin !== 'ingress' || !ingress.hasSpec || isServed(ingress, cluster) !== true) return;
    const hosts = ingress.rules.map(({ host }) => host);
    if (hosts.length === 0 || ingress.hasDefaultBackend || hosts.some(host => host.known === undefined)) return;
    const aliases = ingress.annotations.some(({ name }) => name === 'server-alias' || name === 'from-to-www-redirect');
    for (const host of aliases ? [] : ingress.tls.flatMap(tls => tls.hosts)) {
      const { known, place } = host;
      if (known === undefined || !place || isClaimed(known, cluster)) continue;
      const draft = atPlace<'unused' | 'rules'>({ value: place.value, entry: place.value }, 'unused', {
        host: known,
        hosts: hosts.map(each => each.known ?? '').join(', '),
      });
      yield draft.seeAlso('rules', hosts[0]?.place ?? null);
    }
  },
});

/** True if a rule names the host, or one that is below it, or the wildcard that it is below. */
function isClaimed(host: string, cluster: Pick<Cluster, 'ingressesOfHost'>): boolean {
  if (cluster.ingressesOfHost(host).length > 0) return true;
  const wildcard = wildcardOf(host);
  return cluster
    .ingressesOfHost(wildcard)
    .some(({ entity }) => entity.rules.some(({ host: each }) => each.isUnknown || each.is(wildcard)));
}
