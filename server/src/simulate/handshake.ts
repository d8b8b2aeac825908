import {
  type CipherSuite,
  GROUP_BITS,
  MINIMUM_BITS,
  OPENSSL_PROFILES,
  TLS_PROTOCOLS,
  TLS13_DEFAULT,
  type TlsProtocol,
} from '../facts/tlsCiphers.ts';
import type { TlsClient } from '../facts/tlsClients.ts';
import { type CipherList, isAllowed, needsCallback } from './cipherList/cipherList.ts';

/** An nginx server as the handshake sees it. */
export interface TlsServer {
  /** `ssl_protocols` of the default server on the socket. */
  readonly protocols: readonly TlsProtocol[];
  /** `ssl_ciphers`, with the OpenSSL that reads it and the security level in force. */
  readonly ciphers: CipherList;
  /** TLS 1.3 suites in order; what OpenSSL has on where `ssl_conf_command Ciphersuites` does not say. */
  readonly tls13Suites?: readonly CipherSuite[];
  /** `ssl_prefer_server_ciphers`: the server's order counts, else the client's. */
  readonly preferServerCiphers: boolean;
  /** Of its certificates; ECDSA keys on P-256. */
  readonly keyTypes: readonly ('RSA' | 'ECDSA')[];
  /** `ssl_ecdh_curve` as ids of IANA's registry; what its OpenSSL has on where it does not say. */
  readonly groups?: readonly string[];
  /** True with an `ssl_dhparam` that the security level admits. */
  readonly dhparam: boolean;
  /** True if the socket speaks HTTP/2. */
  readonly http2: boolean;
}

export type HandshakeOutcome =
  | 'works'
  /** The client ends the HTTP/2 connection: Chromium's ERR_HTTP2_INADEQUATE_TRANSPORT_SECURITY. */
  | 'http2Refused'
  | 'noSharedCipher'
  /** One side's newest protocol is older than the other's oldest. */
  | 'protocolTooOld'
  /** The client speaks nothing that the server offers by ALPN; nginx ends the handshake since 1.21.4. */
  | 'noApplicationProtocol'
  /** OpenSSL refuses the cipher string: nginx does not load it. */
  | 'listRefused'
  /** Prohibited under HTTP/2, and nobody knows whether this client minds. */
  | 'unknown';

export type HandshakeReason =
  | 'clientTooOld'
  | 'serverTooOld'
  /** Both sides have the protocol, and the security level does not allow it. */
  | 'securityLevel'
  /** RFC 9113, appendix A lists the suite. */
  | 'prohibitedSuite'
  /** HTTP/2 below TLS 1.2 (RFC 9113, section 9.2). */
  | 'http2BelowTls12'
  /** The client is known, or said, not to look at what HTTP/2 prohibits. */
  | 'notEnforced';

/** What the records do not tell, and the outcome hangs on. */
export type NotKnown =
  /** Whether the client enforces what HTTP/2 prohibits: not measured. */
  | 'enforcement'
  /** The record has no signature algorithms, and SHA-1 alone, which TLS 1.2 clients may offer, would not do. */
  | 'signatureAlgorithms';

/** Why a suite that both sides have is not used. */
export type PassedOver =
  | 'securityLevel'
  /** The suite is of a newer protocol than the one they speak, or TLS 1.2 no longer has it. */
  | 'protocol'
  | 'noDhparam'
  | 'noRsaCertificate'
  | 'noEcdsaCertificate'
  /** DSS: the server has no such certificate. */
  | 'noCertificate'
  /** PSK or SRP, which nginx has no means for. */
  | 'needsCallback'
  | 'noSharedGroup';

export interface Handshake {
  readonly outcome: HandshakeOutcome;
  /** Null where they do not get that far. */
  readonly protocol: TlsProtocol | null;
  readonly suite: CipherSuite | null;
  /** What ALPN agrees on; null where it says nothing, which is HTTP/1.1. */
  readonly alpn: string | null;
  readonly reasons: readonly HandshakeReason[];
  readonly notKnown: readonly NotKnown[];
  /** The suites that both have and that come before the one used, in the order in which they are looked at. */
  readonly passedOver: readonly { readonly suite: CipherSuite; readonly why: PassedOver }[];
}

const NOTHING: Omit<Handshake, 'outcome'> = {
  protocol: null,
  suite: null,
  alpn: null,
  reasons: [],
  notKnown: [],
  passedOver: [],
};

/**
 * What a client gets from a server.
 *
 * Source: OpenSSL ssl/statem/statem_lib.c, ssl_choose_server_version; ssl/s3_lib.c, ssl3_choose_cipher; ssl/ssl_lib.c,
 * ssl_set_masks; ALPN as in nginx's ngx_http_ssl_alpn_select. Held against Debian's nginx with all 86 clients.
 */
export function handshake(server: TlsServer, client: TlsClient): Handshake {
  if (server.ciphers.error) return { ...NOTHING, outcome: 'listRefused' };
  const { protocol, reason } = chooseProtocol(server, client);
  if (protocol === null) return { ...NOTHING, outcome: 'protocolTooOld', reasons: [reason] };
  const { suite, passedOver } = chooseSuite(server, client, protocol);
  if (suite === null) return { ...NOTHING, outcome: 'noSharedCipher', protocol, passedOver };
  if (cannotSign(server, protocol, suite)) return { ...NOTHING, outcome: 'protocolTooOld', reasons: ['securityLevel'] };
  const alpn = chooseApplicationProtocol(server, client);
  const agreed = { protocol, suite, alpn: alpn ?? null, passedOver };
  if (alpn === undefined) return { ...NOTHING, ...agreed, outcome: 'noApplicationProtocol' };
  const { outcome, reasons, notKnown } = judgeHttp2(client, protocol, suite, alpn);
  const signatures = hangsOnSignatures(server, client, protocol, suite) ? (['signatureAlgorithms'] as const) : [];
  return { ...agreed, outcome, reasons, notKnown: [...notKnown, ...signatures] };
}

const age = (protocol: TlsProtocol) => TLS_PROTOCOLS.indexOf(protocol);

type ChosenProtocol =
  | { readonly protocol: TlsProtocol; readonly reason: null }
  | { readonly protocol: null; readonly reason: HandshakeReason };

/** The server takes the newest that it has and the client is not too old for; SSLv3 is not built in any image. */
function chooseProtocol({ protocols, ciphers }: TlsServer, client: TlsClient): ChosenProtocol {
  const oldestAllowed = OPENSSL_PROFILES[ciphers.openssl].oldestProtocol[ciphers.securityLevel] ?? 'TLSv1';
  const built = protocols.filter(protocol => protocol !== 'SSLv3');
  const notTooNew = built.filter(protocol => age(protocol) <= age(client.newest)).sort((a, b) => age(b) - age(a));
  const allowed = notTooNew.filter(protocol => age(protocol) >= age(oldestAllowed));
  const protocol = allowed[0];
  if (protocol !== undefined && age(protocol) >= age(client.oldest)) return { protocol, reason: null };
  if (notTooNew[0] === undefined) return { protocol: null, reason: 'clientTooOld' };
  return { protocol: null, reason: age(notTooNew[0]) >= age(client.oldest) ? 'securityLevel' : 'serverTooOld' };
}

function chooseSuite(
  server: TlsServer,
  client: TlsClient,
  protocol: TlsProtocol,
): Pick<Handshake, 'suite' | 'passedOver'> {
  const ofServer = protocol === 'TLSv1.3' ? (server.tls13Suites ?? TLS13_DEFAULT) : (server.ciphers.suites ?? []);
  const offered = new Set(client.suites);
  const shared = ofServer.filter(({ id }) => offered.has(id));
  if (!server.preferServerCiphers) {
    shared.sort((a, b) => client.suites.indexOf(a.id) - client.suites.indexOf(b.id));
  }
  const passedOver: { suite: CipherSuite; why: PassedOver }[] = [];
  for (const suite of shared) {
    const why = whyPassedOver(suite, server, client, protocol);
    if (why === null) return { suite, passedOver };
    passedOver.push({ suite, why });
  }
  return { suite: null, passedOver };
}

function whyPassedOver(
  suite: CipherSuite,
  server: TlsServer,
  client: TlsClient,
  protocol: TlsProtocol,
): PassedOver | null {
  const { securityLevel } = server.ciphers;
  if (age(suite.protocol) > age(protocol) || (suite.notTls12 && protocol === 'TLSv1.2')) return 'protocol';
  if (needsCallback(suite)) return 'needsCallback';
  if (suite.au === 'RSA' && !server.keyTypes.includes('RSA')) return 'noRsaCertificate';
  if (suite.au === 'ECDSA' && !server.keyTypes.includes('ECDSA')) return 'noEcdsaCertificate';
  if (suite.au === 'DSS') return 'noCertificate';
  if (suite.kx === 'DHE' && !server.dhparam) return 'noDhparam';
  if ((suite.kx === 'ECDHE' || suite.kx === 'any') && !sharesGroup(server, client)) return 'noSharedGroup';
  return isAllowed(suite, securityLevel) ? null : 'securityLevel';
}

/** A client without the extension shares none: since 1.1.1 OpenSSL does not guess. */
function sharesGroup({ ciphers, groups }: TlsServer, client: TlsClient): boolean {
  const bits = MINIMUM_BITS[ciphers.securityLevel] ?? 0;
  return (groups ?? OPENSSL_PROFILES[ciphers.openssl].groups).some(
    group => client.groups.includes(group) && (GROUP_BITS.get(group) ?? 0) >= bits,
  );
}

/** What nginx offers, dearest first (ngx_http_ssl_module.c, NGX_HTTP_ALPN_PROTOS). */
const HTTP1 = ['http/1.1', 'http/1.0', 'http/0.9'];

/** Null without ALPN; undefined where the client wants it and finds nothing. */
function chooseApplicationProtocol({ http2 }: TlsServer, { alpn }: TlsClient): string | null | undefined {
  if (alpn.length === 0) return null;
  return [...(http2 ? ['h2'] : []), ...HTTP1].find(protocol => alpn.includes(protocol));
}

type Judgement = Pick<Handshake, 'outcome' | 'reasons' | 'notKnown'>;

function judgeHttp2({ http2 }: TlsClient, protocol: TlsProtocol, suite: CipherSuite, alpn: string | null): Judgement {
  const broken: HandshakeReason[] = [];
  if (alpn === 'h2' && age(protocol) < age('TLSv1.2')) broken.push('http2BelowTls12');
  if (alpn === 'h2' && suite.http2Prohibited) broken.push('prohibitedSuite');
  if (broken.length === 0) return { outcome: 'works', reasons: [], notKnown: [] };
  const notKnown = http2.verified ? [] : (['enforcement'] as const);
  if (http2.enforces === null) return { outcome: 'unknown', reasons: broken, notKnown };
  if (http2.enforces) return { outcome: 'http2Refused', reasons: broken, notKnown };
  return { outcome: 'works', reasons: [...broken, 'notEnforced'], notKnown };
}

/** The security level from which a signature with SHA-1 is too weak: it was made weaker in 3.0 (its CHANGES). */
const SHA1_TOO_WEAK = { '1.1.1': 2, '3.0': 1, '3.5': 1 } as const;

/**
 * True if OpenSSL chooses an ECDSA suite and then has no hash for it: before TLS 1.2 that is SHA-1 (RFC 4492, section 5.4).
 * Measured on 1.1.1v; 3.0 and later allow those protocols at level 0 alone.
 */
function cannotSign({ ciphers }: TlsServer, protocol: TlsProtocol, suite: CipherSuite): boolean {
  return (
    suite.au === 'ECDSA' && age(protocol) < age('TLSv1.2') && ciphers.securityLevel >= SHA1_TOO_WEAK[ciphers.openssl]
  );
}

/** A client of TLS 1.3 has better than SHA-1 (RFC 8446, section 9.1). */
function hangsOnSignatures(
  { ciphers }: TlsServer,
  client: TlsClient,
  protocol: TlsProtocol,
  suite: CipherSuite,
): boolean {
  if (protocol !== 'TLSv1.2' || client.newest === 'TLSv1.3' || suite.au === 'NULL') return false;
  return ciphers.securityLevel >= SHA1_TOO_WEAK[ciphers.openssl];
}
