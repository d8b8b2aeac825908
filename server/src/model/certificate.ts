import type { Reading } from './reading.ts';
import type { Value } from './value.ts';

/** A Certificate of cert-manager: the Secret that it keeps filled, and the kind of key that it puts there. */
export interface Certificate {
  readonly is: 'certificate';
  readonly namespace: Value<string>;
  readonly secret: Value<string>;
  /** `RSA`, `ECDSA`, `Ed25519`; RSA where it is absent. */
  readonly algorithm: Value<string>;
}

/** The Certificate that an object is, if it is one. Before v1 the algorithm was `keyAlgorithm`, in small letters. */
export function certificateOf(object: Reading): Certificate | null {
  if (!object.get('kind').string().is('Certificate')) return null;
  if (!/^(?:cert-manager\.io|certmanager\.k8s\.io)\//.test(object.get('apiVersion').string().known ?? '')) return null;
  const spec = object.get('spec');
  const algorithm = spec.at('privateKey', 'algorithm');
  return {
    is: 'certificate',
    namespace: object.at('metadata', 'namespace').string(),
    secret: spec.get('secretName').string(),
    algorithm: (algorithm.isAbsent ? spec.get('keyAlgorithm') : algorithm).string(),
  };
}
