import type { ControllerConfig } from './controllerConfig.ts';
import type { Ingress } from './ingress.ts';
import type { Value } from './value.ts';

/** A setting of TLS whose name ingress-nginx does not have. */
export interface TlsName {
  readonly is: 'tlsName';
  readonly origin: 'configMap' | 'helmValues' | 'annotation';
  /** Without the prefix of annotations. */
  readonly name: string;
  readonly value: Value<string>;
  /** The Ingress whose annotation it is, or the ConfigMap; null where nothing but the name tells. */
  readonly of: Ingress | ControllerConfig | null;
  /** Of what is meant, in the same mapping; null where it cannot stand there. */
  readonly meant: Value<string> | null;
}
