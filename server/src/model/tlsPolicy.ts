import { OPENSSL_VERSIONS, type OpenSslVersion, TLS_PROTOCOLS, type TlsProtocol } from '../facts/tlsCiphers.ts';
import { CONTROLLER_TLS_DEFAULTS, NGINX_DEFAULT_PROTOCOLS } from '../facts/tlsController.ts';
import { cipherList } from '../simulate/cipherList/cipherList.ts';
import type { TlsServer } from '../simulate/handshake.ts';
import type { Span } from '../text/span.ts';
import type { Change } from './edit.ts';
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
  /** Unknown where the default server on the socket has others: the version of nginx decides which of them count. */
  readonly protocols: WrittenText;
  readonly preferServerCiphers: Value<boolean>;
  readonly http2: Value<boolean>;
  /** What to write at each place that turns HTTP/2 on in nginx's language, so that it is off. */
  readonly http2Switches: readonly { readonly address: Address; readonly off: readonly string[] }[];
  readonly dhparam: Value<string>;
  /** Of the certificates; null if nobody knows. */
  readonly keyTypes: TlsServer['keyTypes'] | null;
  /** True if a server in another text may be the default one on the same socket. */
  readonly mayShareSocket: boolean;
}

/** The versions of OpenSSL that may read it: the one in the controller's image; for nginx's own files, any. */
export function opensslVersionsOf({ origin }: TlsPolicy): readonly OpenSslVersion[] {
  return origin === 'nginx' ? OPENSSL_VERSIONS : [CONTROLLER_TLS_DEFAULTS.openssl];
}

/** The words of an `ssl_protocols`, in their order, with their places. */
export function protocolWords({ value, placeOf }: WrittenText): { readonly word: string; readonly place: Place }[] {
  return [...(value.known ?? '').matchAll(/\S+/g)].map(({ 0: word, index }) => ({
    word,
    place: placeOf({ start: index, end: index + word.length }),
  }));
}

/** The protocols that the servers may have; null if nobody knows. */
function protocolsOf(policy: TlsPolicy): readonly (readonly TlsProtocol[])[] | null {
  const { protocols, origin, mayShareSocket } = policy;
  const isController = origin !== 'nginx';
  if (protocols.value.isUnknown) return null;
  if (protocols.value.isAbsent) {
    return isController ? [CONTROLLER_TLS_DEFAULTS.protocols] : NGINX_DEFAULT_PROTOCOLS;
  }
  const words = protocolWords(protocols).map(({ word }) => word);
  const known = TLS_PROTOCOLS.filter(protocol => words.includes(protocol));
  if (known.length === 0 || words.some(word => word !== 'SSLv2' && !TLS_PROTOCOLS.some(each => each === word))) {
    return null;
  }
  return mayShareSocket ? [known, CONTROLLER_TLS_DEFAULTS.protocols] : [known];
}

/**
 * The servers that a policy may be, with another cipher string if one is given: one for each thing that the text leaves
 * open and that seldom matters. Null if something decisive is not known. Where the type of its key is not known, it is RSA.
 */
export function serversOf(policy: TlsPolicy, ciphers = policy.ciphers.value.known): readonly TlsServer[] | null {
  const { preferServerCiphers: preference, http2, dhparam, keyTypes, origin } = policy;
  const protocols = protocolsOf(policy);
  const isController = origin !== 'nginx';
  if (ciphers === undefined || protocols === null || preference.isUnknown || http2.isUnknown) return null;
  return opensslVersionsOf(policy).flatMap(openssl =>
    protocols.flatMap(each =>
      (dhparam.isAbsent ? [false] : [true, false]).map(
        (withDhparam): TlsServer => ({
          protocols: each,
          ciphers: cipherList(ciphers, openssl),
          preferServerCiphers: preference.known ?? (isController && CONTROLLER_TLS_DEFAULTS.preferServerCiphers),
          keyTypes: keyTypes ?? ['RSA'],
          dhparam: withDhparam,
          http2: http2.known ?? (isController && CONTROLLER_TLS_DEFAULTS.http2),
        }),
      ),
    ),
  );
}
