import type { Reading } from './reading.ts';
import type { Place } from './value.ts';

/** A KubeProxyConfiguration, bare or inside a ConfigMap. */
export interface KubeProxyConfiguration {
  readonly is: 'kubeProxyConfiguration';
  readonly carrier: 'document' | 'configMap';
  /** The `apiVersion` line; null where a template hides it. */
  readonly place: Place | null;
}

const API_GROUP = 'kubeproxy.config.k8s.io/';

/** The configurations that an object is, or carries in the strings of its `data`. */
export function* kubeProxyConfigurationsOf(object: Reading): Iterable<KubeProxyConfiguration> {
  if (isConfiguration(object))
    yield { is: 'kubeProxyConfiguration', carrier: 'document', place: object.get('apiVersion').place };
  if (!object.get('kind').string().is('ConfigMap')) return;
  for (const { value } of object.get('data').entries()) {
    if (!value.embeddedText()?.text.includes(API_GROUP)) continue;
    for (const document of value.embeddedYaml()) {
      if (isConfiguration(document))
        yield { is: 'kubeProxyConfiguration', carrier: 'configMap', place: document.get('apiVersion').place };
    }
  }
}

function isConfiguration(object: Reading): boolean {
  return (
    object.get('kind').string().is('KubeProxyConfiguration') &&
    (object.get('apiVersion').string().known ?? '').startsWith(API_GROUP)
  );
}
