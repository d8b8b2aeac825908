import type { Cluster } from './cluster.ts';
import { flagNamed } from './controllerWorkload.ts';
import type { Reading } from './reading.ts';
import type { Value } from './value.ts';

/** A ConfigMap of TCP or UDP services: ports of the controller, and what each leads to. */
export interface StreamServices {
  readonly is: 'streamServices';
  readonly protocol: 'tcp' | 'udp';
  /** True if its name tells; else a controller has to name it. */
  readonly isNamed: boolean;
  readonly name: Value<string>;
  readonly namespace: Value<string>;
  readonly ports: readonly { readonly port: string; readonly value: Value<string> }[];
}

/** Names that upstream’s manifests and the chart give it. */
const NAME = /^(?:(?:.+-)?ingress-nginx-(?:tcp|udp)|(?:tcp|udp)-services)$/;

/** The TCP or UDP services that a ConfigMap lists; null for one whose keys are no ports. */
export function streamServicesOf(object: Reading): StreamServices | null {
  if (!object.get('kind').string().is('ConfigMap')) return null;
  const entries = object.get('data').entries();
  if (entries.length === 0 || !entries.every(({ name }) => /^\d{1,5}$/.test(name))) return null;
  const name = object.at('metadata', 'name').string();
  return {
    is: 'streamServices',
    protocol: (name.known ?? '').includes('udp') ? 'udp' : 'tcp',
    isNamed: NAME.test(name.known ?? ''),
    name,
    namespace: object.at('metadata', 'namespace').string(),
    ports: entries.map(({ name: port, value }) => ({ port, value: value.string() })),
  };
}

/** True if a controller reads it, by its name or because a flag of the workspace names it. */
export function isReadAsStream(services: StreamServices, cluster: Cluster): boolean {
  return (
    services.isNamed ||
    cluster.all('controllerWorkload').some(({ entity }) => {
      const written = flagNamed(entity, `--${services.protocol}-services-configmap`)?.value;
      return services.name.known !== undefined && written?.endsWith(`/${services.name.known}`);
    })
  );
}
