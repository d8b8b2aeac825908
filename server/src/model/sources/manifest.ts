import { type Certificate, certificateOf } from '../certificate.ts';
import type { Entity } from '../entity.ts';
import { kubeProxyConfigurationsOf } from '../kubeProxyConfiguration.ts';
import { nestedClustersOf } from '../nestedCluster.ts';
import { kubeadmConfigFields, type PlatformField } from '../platformField.ts';
import { podNetworkOf } from '../podNetwork.ts';
import { podSpecsOf, podTemplatesOf } from '../podSpec.ts';
import { podSysctlsOf } from '../podSysctls.ts';
import { probesOf } from '../probe.ts';
import type { Reading } from '../reading.ts';

/** What the Kubernetes objects of a document say; a `kind: List` is as good as its items. */
export function* manifestEntities(root: Reading): Iterable<Entity> {
  for (const object of objects(root)) {
    yield* podSpecsOf(object);
    for (const { spec, metadata } of podTemplatesOf(object)) yield podNetworkOf(object, spec, metadata);
    yield* podSysctlsOf(object);
    yield* probesOf(object);
    yield* kubeProxyConfigurationsOf(object);
    yield* nestedClustersOf(object);
  }
}

/** Settings of kube-proxy's that the objects of Cluster API among them have no field for. */
export function* kubeadmFields(root: Reading): Iterable<PlatformField> {
  for (const object of objects(root)) yield* kubeadmConfigFields(object);
}

/** The Certificates of cert-manager among them. */
export function* certificates(root: Reading): Iterable<Certificate> {
  for (const object of objects(root)) {
    const certificate = certificateOf(object);
    if (certificate) yield certificate;
  }
}

/** The objects of a document. */
export function* objects(root: Reading): Iterable<Reading> {
  const kind = root.get('kind').string().known;
  if (kind === undefined || root.get('apiVersion').isAbsent) return;
  if (!kind.endsWith('List')) yield root;
  else for (const item of root.get('items').items()) yield* objects(item);
}
