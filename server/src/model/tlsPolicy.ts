import { OPENSSL_VERSIONS, type OpenSslVersion, TLS_PROTOCOLS, type TlsProtocol } from '../facts/tlsCiphers.ts';
import { CONTROLLER_HTTP2, CONTROLLER_PREFERS_ITS_ORDER, NGINX_DEFAULT_PROTOCOLS } from '../facts/tlsController.ts';
import { TLS_GROUPS } from '../facts/tlsGroups.ts';
import { cipherList } from '../simulate/cipherList/cipherList.ts';
import { controllerBoolean } from '../simulate/controllerValue.ts';
import type { TlsServer } from '../simulate/handshake.ts';
import type { Span } from '../text/span.ts';
import type { Cluster } from './cluster.ts';
import type { ControllerConfig } from './controllerConfig.ts';
import { configsNear, isReadByController, isServed, keyInForce } from './controllers.ts';
import { type ControllerTls, controllerTls } from './controllerTls.ts';
import type { Change } from './edit.ts';
import type { CertificateKey } from './environment.ts';
import type { Ingress } from './ingress.ts';
import { decisiveType, keysOfIngress, NO_KEYS, type ServedKeys, servedKeys } from './servedKeys.ts';
import type { Address, Place, Value } from './value.ts';

/** A string that the file says, and where each part of it is written. */
export interface WrittenText {
  readonly value: Value<string>;
  /** Of a part of the known string, in UTF-16 offsets of it. */
  placeOf(span: Span): Place;
  /** What writes another string instead. */
  rewrite(text: string): Change;
}

/** How a server, or all servers of a controller, speak TLS, as far as one text tells. */
export interface TlsPolicy {
  readonly is: 'tlsPolicy';
  readonly origin: 'configMap' | 'helmValues' | 'annotation' | 'nginx';
  readonly ciphers: WrittenText;
  /** The annotation's own words, whatever the controller makes of them; null for other origins. */
  readonly annotation: WrittenText | null;
  /** Unknown where the default server on the socket has others: the version of nginx decides which of them count. */
  readonly protocols: WrittenText;
  /** What the server itself says of protocols although those of another may count; null where its own do. */
  readonly idleProtocols: IdleProtocols | null;
  readonly preferServerCiphers: Value<boolean>;
  readonly http2: Value<boolean>;
  /** What to write at each place that turns HTTP/2 on in nginx's language, so that it is off. */
  readonly http2Switches: readonly { readonly address: Address; readonly off: readonly string[] }[];
  readonly dhparam: Value<string>;
  /** Groups for ECDHE; those of the default server on the socket. */
  readonly curves: WrittenText;
  /** Of the certificates; null if nobody knows. */
  readonly keyTypes: TlsServer['keyTypes'] | null;
  /** The Ingress whose annotation it is, or the ConfigMap; null for texts of nginx, and where nothing but the name tells. */
  readonly of: Ingress | ControllerConfig | null;
  /** True if a server in another text may be the default one on the same socket. */
  readonly mayShareSocket: boolean;
}

/** Protocols of a server that is not the default one on its socket. */
export interface IdleProtocols {
  readonly own: Value<string>;
  /** Those of the default server, in the same text; null where that is the controller's, and so has what its ConfigMap says. */
  readonly ofDefault: Value<string> | null;
}

/** What a policy's text leaves to other files and to the settings. */
export interface TlsCircumstances {
  /** What the controller that may run has of its own, the newest first. */
  readonly controllers: readonly ControllerTls[];
  /** Of the settings; null for those that the policy's own program may have. */
  readonly openssl: OpenSslVersion | null;
  /** The types of key that the certificates of its hosts have, where the policy does not say itself; null if nobody knows. */
  readonly keyTypes: readonly CertificateKey[] | null;
  /** What the workspace shows of those keys. */
  readonly served: ServedKeys;
  /** For an annotation, what the controller's ConfigMap says for all hosts; null where it has its defaults. */
  readonly http2: boolean | 'unknown' | null;
  readonly protocols: string | 'unknown' | null;
  readonly curves: string | null;
}

/** What the workspace and the settings say around a policy in `file`. */
export function circumstancesOf(policy: TlsPolicy, { cluster, file }: Around): TlsCircumstances {
  const { oldest, newest } = cluster.version('controller', file);
  const { openssl, certificateKey } = cluster.environment();
  const served = keysFor(policy, cluster);
  const keyType = decisiveType(served) ?? certificateKey;
  return {
    controllers: controllerTls(oldest, newest),
    openssl,
    served,
    keyTypes: keyType === null ? null : [keyType],
    ...(policy.origin === 'annotation' ? sharedSettings(cluster, file) : NOTHING_SHARED),
  };
}

/** False for what no ingress-nginx reads: the ConfigMap of another controller, an Ingress of another class. */
export function isHeeded({ of }: Pick<TlsPolicy, 'of'>, cluster: Cluster): boolean {
  if (of?.is === 'controllerConfig') return isReadByController(of, cluster);
  return of === null || isServed(of, cluster) !== false;
}

function keysFor({ origin, of }: TlsPolicy, cluster: Around['cluster']): ServedKeys {
  if (origin === 'nginx') return NO_KEYS;
  if (origin === 'annotation') return of?.is === 'ingress' ? keysOfIngress(of, cluster) : NO_KEYS;
  return servedKeys(cluster);
}

const NOTHING_SHARED = { http2: null, protocols: null, curves: null } as const;

/** What the ConfigMap near a file says for every host; where the workspace has none, it may well have nothing to say. */
function sharedSettings(
  cluster: Around['cluster'],
  file: string,
): Pick<TlsCircumstances, 'http2' | 'protocols' | 'curves'> {
  if (configsNear(cluster, file).length === 0) return NOTHING_SHARED;
  const [http2, protocols, curves] = ['use-http2', 'ssl-protocols', 'ssl-ecdh-curve'].map(name =>
    keyInForce(cluster, file, name),
  );
  return {
    http2: http2?.state === 'known' ? controllerBoolean(http2.value) : http2?.state === 'unknown' ? 'unknown' : null,
    protocols: protocols?.state === 'known' ? protocols.value : protocols?.state === 'unknown' ? 'unknown' : null,
    curves: curves?.state === 'known' ? curves.value : null,
  };
}

/** The workspace, and the file in it that a policy stands in. */
export interface Around {
  readonly cluster: Cluster;
  readonly file: string;
}

/** The versions of OpenSSL that may read its list: that of the settings, those in the controller's image; for nginx's own files, any. */
export function opensslVersionsOf(
  { origin }: TlsPolicy,
  { openssl, controllers }: TlsCircumstances,
): readonly OpenSslVersion[] {
  if (openssl !== null) return [openssl];
  if (origin === 'nginx') return OPENSSL_VERSIONS;
  return OPENSSL_VERSIONS.filter(version => controllers.some(each => each.openssl.includes(version)));
}

/** The words of an `ssl_protocols`, in their order, with their places. */
export function protocolWords({ value, placeOf }: WrittenText): { readonly word: string; readonly place: Place }[] {
  return [...(value.known ?? '').matchAll(/\S+/g)].map(({ 0: word, index }) => ({
    word,
    place: placeOf({ start: index, end: index + word.length }),
  }));
}

/** The protocols that the servers may have, where the controller has these by default; null if nobody knows. */
function protocolsOf(
  { protocols, mayShareSocket }: TlsPolicy,
  { protocols: shared }: TlsCircumstances,
  controller: ControllerTls | null,
): readonly (readonly TlsProtocol[])[] | null {
  if (protocols.value.isUnknown || shared === 'unknown') return null;
  const written = protocols.value.known ?? shared;
  if (written === null) return controller ? [controller.protocols] : NGINX_DEFAULT_PROTOCOLS;
  const words = written.split(/\s+/).filter(word => word !== '');
  const known = TLS_PROTOCOLS.filter(protocol => words.includes(protocol));
  if (known.length === 0 || words.some(word => word !== 'SSLv2' && !TLS_PROTOCOLS.some(each => each === word))) {
    return null;
  }
  return mayShareSocket ? [known, ['TLSv1.2', 'TLSv1.3']] : [known];
}

/**
 * The servers that a policy may be, with another cipher string if one is given: one for each thing that the text leaves
 * open and that seldom matters. Null if something decisive is not known. Where the type of its key is not known, it is RSA.
 */
export function serversOf(
  policy: TlsPolicy,
  circumstances: TlsCircumstances,
  ciphers = policy.ciphers.value.known,
): readonly TlsServer[] | null {
  const { preferServerCiphers: preference, http2, dhparam, origin } = policy;
  const isController = origin !== 'nginx';
  const controllers = isController ? circumstances.controllers : [null];
  const protocols = distinct(controllers.map(controller => protocolsOf(policy, circumstances, controller)));
  if (ciphers === undefined || protocols === null || preference.isUnknown) return null;
  if (http2.isUnknown || circumstances.http2 === 'unknown') return null;
  const isHttp2 = http2.known ?? circumstances.http2 ?? (isController && CONTROLLER_HTTP2);
  const groups = groupsOf(policy.curves.value.known ?? circumstances.curves ?? 'auto');
  return opensslVersionsOf(policy, circumstances).flatMap(openssl => {
    const list = cipherList(ciphers, openssl);
    return protocols.flatMap(each =>
      (dhparam.isAbsent ? [false] : [true, false]).map(
        (withDhparam): TlsServer => ({
          protocols: each,
          ciphers: list,
          preferServerCiphers: preference.known ?? (isController && CONTROLLER_PREFERS_ITS_ORDER),
          keyTypes: policy.keyTypes ?? circumstances.keyTypes ?? ['RSA'],
          dhparam: withDhparam,
          ...(groups === null ? {} : { groups }),
          http2: isHttp2,
        }),
      ),
    );
  });
}

/** Null for those of OpenSSL, and for names that are not known here. */
function groupsOf(curves: string): readonly string[] | null {
  const ids = curves.split(':').map(name => TLS_GROUPS.get(name));
  return ids.includes(undefined) ? null : ids.filter(id => id !== undefined);
}

/** Each of the lists once; null if one of them is. */
function distinct(
  lists: readonly (readonly (readonly TlsProtocol[])[] | null)[],
): readonly (readonly TlsProtocol[])[] | null {
  if (lists.includes(null)) return null;
  const all = lists.flatMap(list => list ?? []);
  return [...new Map(all.map(protocols => [protocols.join(' '), protocols])).values()];
}
