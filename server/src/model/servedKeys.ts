import type { Certificate } from './certificate.ts';
import type { Cluster, Located } from './cluster.ts';
import { isServed } from './controllers.ts';
import { CERTIFICATE_KEYS, type CertificateKey } from './environment.ts';
import type { Ingress } from './ingress.ts';
import type { Place, Value } from './value.ts';

/** The type of a key that a controller serves some hosts with, and where that is said. */
export interface ServedKey {
  readonly type: CertificateKey;
  /** Null for the piece of whoever asks. */
  readonly elsewhere: { readonly file: string; readonly piece: number } | null;
  /** Null where nothing says it: cert-manager makes RSA keys unless it is told otherwise. */
  readonly place: Place | null;
}

/** What the hosts of some Ingresses are served with. */
export interface ServedKeys {
  readonly known: readonly ServedKey[];
  /** True if the key of every one of their Secrets is known, and there is one. */
  readonly isComplete: boolean;
}

/** Nothing is known of any. */
export const NO_KEYS: ServedKeys = { known: [], isComplete: false };

/** The annotations by which cert-manager is told to make a Certificate for an Ingress. */
const ISSUERS: readonly string[] = [
  'cert-manager.io/cluster-issuer',
  'cert-manager.io/issuer',
  'kubernetes.io/tls-acme',
];
const ALGORITHM = 'cert-manager.io/private-key-algorithm';

/** The keys of all hosts whose Ingresses the workspace shows. */
export function servedKeys(cluster: Cluster): ServedKeys {
  const served = cluster
    .all('ingress')
    .filter(({ entity }) => entity.origin === 'ingress' && isServed(entity, cluster) !== false);
  const all = served.flatMap(({ entity, file, piece }) => keysOf(entity, { file, piece }, cluster));
  return summed(all);
}

/** The keys of the hosts of an Ingress in the piece of whoever asks. */
export function keysOfIngress(ingress: Ingress, cluster: Cluster): ServedKeys {
  return summed(keysOf(ingress, null, cluster));
}

function summed(all: readonly (ServedKey | null)[]): ServedKeys {
  const known = all.filter(key => key !== null);
  return { known, isComplete: known.length > 0 && known.length === all.length };
}

function keysOf(ingress: Ingress, elsewhere: ServedKey['elsewhere'], cluster: Cluster): readonly (ServedKey | null)[] {
  return ingress.tls.map(({ secret }): ServedKey | null => {
    if (secret.known === undefined) return null;
    const own = cluster.all('certificate').filter(({ entity }) => fills(entity, secret.known ?? '', ingress.namespace));
    if (own.length > 0) return ofCertificates(own);
    const annotation = (name: string) => ingress.annotations.find(({ key }) => key === name)?.value;
    if (!ISSUERS.some(name => annotation(name) !== undefined)) return null;
    const algorithm = annotation(ALGORITHM);
    const type = algorithm ? typeOf(algorithm) : ingress.isOpen ? null : 'RSA';
    return type === null ? null : { type, elsewhere, place: algorithm?.place ?? null };
  });
}

/** The type that matters: RSA where any host has it, since more suites then count; null if nobody knows. */
export function decisiveType({ known, isComplete }: ServedKeys): CertificateKey | null {
  if (known.some(({ type }) => type === 'RSA')) return 'RSA';
  return isComplete ? 'ECDSA' : null;
}

function fills({ secret, namespace }: Certificate, name: string, space: Value<string>): boolean {
  if (!secret.is(name)) return false;
  return namespace.known === undefined || space.known === undefined || namespace.known === space.known;
}

/** One Secret's; null where they do not agree. */
function ofCertificates(certificates: readonly Located<Certificate>[]): ServedKey | null {
  const types = certificates.map(({ entity }) => (entity.algorithm.isAbsent ? 'RSA' : typeOf(entity.algorithm)));
  const [first] = certificates;
  const [type] = types;
  if (!first || !type || types.some(each => each !== type)) return null;
  const { file, piece, entity } = first;
  return { type, elsewhere: { file, piece }, place: entity.algorithm.place };
}

/** Null for Ed25519, which no recorded client was played against, and for what is not known. */
function typeOf({ known }: Value<string>): CertificateKey | null {
  return CERTIFICATE_KEYS.find(type => type === known?.toUpperCase()) ?? null;
}
