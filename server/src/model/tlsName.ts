import type { Value } from './value.ts';

/** A setting of TLS whose name ingress-nginx does not have. */
export interface TlsName {
  readonly is: 'tlsName';
  readonly origin: 'configMap' | 'helmValues' | 'annotation';
  /** Without the prefix of annotations. */
  readonly name: string;
  readonly value: Value<string>;
  /** Of what is meant, in the same mapping; null where it cannot stand there. */
  readonly meant: Value<string> | null;
}
