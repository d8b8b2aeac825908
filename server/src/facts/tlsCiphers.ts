import table from './tlsCiphers.json';

/** Versions of OpenSSL whose reading of cipher strings was measured, oldest first. */
export const OPENSSL_VERSIONS = ['1.1.1', '3.0', '3.5'] as const;
export type OpenSslVersion = (typeof OPENSSL_VERSIONS)[number];

/** Protocol versions as `ssl_protocols` writes them, oldest first. */
export const TLS_PROTOCOLS = ['SSLv3', 'TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'] as const;
export type TlsProtocol = (typeof TLS_PROTOCOLS)[number];

export const SECURITY_LEVELS = [0, 1, 2, 3, 4, 5] as const;
export type SecurityLevel = (typeof SECURITY_LEVELS)[number];

/** `any`: TLS 1.3, where the suite does not say. */
export type KeyExchange = 'ECDHE' | 'DHE' | 'RSA' | 'PSK' | 'DHEPSK' | 'ECDHEPSK' | 'RSAPSK' | 'SRP' | 'any';
/** `NULL`: the server does not prove who it is. */
export type Authentication = 'RSA' | 'ECDSA' | 'DSS' | 'PSK' | 'SRP' | 'NULL' | 'any';
export type CipherClass = 'HIGH' | 'MEDIUM' | 'LOW' | 'NONE';

/** A cipher suite as OpenSSL describes it; `openssl ciphers -v` prints the same. */
export interface CipherSuite {
  /** Its two bytes in a ClientHello: four hex digits. */
  readonly id: string;
  /** OpenSSL's name: `ECDHE-RSA-AES128-GCM-SHA256`. */
  readonly name: string;
  /** The name in IANA's registry: `TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256`. */
  readonly iana: string;
  readonly kx: KeyExchange;
  readonly au: Authentication;
  readonly enc: string;
  /** `AEAD` where the cipher itself protects the records, else the hash of the HMAC. */
  readonly mac: string;
  readonly strengthBits: number;
  /** The oldest protocol that has it; `TLSv1.3` suites are of no older one and are not named in cipher strings. */
  readonly protocol: TlsProtocol;
  /** True for what TLS 1.2 no longer has. */
  readonly notTls12: boolean;
  readonly class: CipherClass;
  readonly fips: boolean;
  readonly notDefault: boolean;
  /** True if RFC 9113, appendix A prohibits it under HTTP/2. */
  readonly http2Prohibited: boolean;
  /** True if it takes an OpenSSL built with enable-weak-ssl-ciphers, which no image is. */
  readonly weakBuild: boolean;
}

/** What an alias selects: lists of `CipherSuite` properties, `!` for all but that one; absent is all. */
export interface CipherAlias {
  readonly kx?: string;
  readonly au?: string;
  readonly enc?: string;
  readonly mac?: string;
  readonly protocol?: string;
  readonly class?: string;
  readonly fips?: true;
  readonly notDefault?: true;
}

/** How one version of OpenSSL, as distributions build it, reads cipher strings. */
export interface OpenSslProfile {
  /** Where it runs. */
  readonly usedBy: string;
  /** The security level where nobody sets one. */
  readonly securityLevel: SecurityLevel;
  /** True if IANA's names are words too. */
  readonly ianaNames: boolean;
  /** The characters of a word, as in the brackets of a regular expression. */
  readonly wordCharacters: string;
  /** The oldest protocol that still works, for each security level. */
  readonly oldestProtocol: readonly TlsProtocol[];
  /** The groups that a server allows by default, as ids of IANA's registry. */
  readonly groups: readonly string[];
  /** Aliases without a single algorithm that is built: unknown words. */
  readonly unknownAliases: ReadonlySet<string>;
  /** All suites that are built, TLS 1.2 and older, in the order in which a cipher string finds them. */
  readonly initialOrder: readonly CipherSuite[];
}

/** Every suite by its id. */
export const CIPHER_SUITES: ReadonlyMap<string, CipherSuite> = new Map(
  table.suites.map(suiteOf).map(suite => [suite.id, suite]),
);

/** The TLS 1.3 suites that are on unless `Ciphersuites` says otherwise, in the server's order. */
export const TLS13_DEFAULT: readonly CipherSuite[] = suitesOf(table.tls13Default);

/** Every alias by its name, whether or not a given version knows it. */
export const CIPHER_ALIASES: ReadonlyMap<string, CipherAlias> = new Map(
  Object.entries(table.aliases).map(([name, selects]) => [name, aliasOf(selects)]),
);

/** Words that were aliases before 1.1.1, or that look like one. */
export const FORMER_ALIASES: ReadonlySet<string> = new Set(table.formerAliases.split(' '));

/** Beginnings that replace the whole string, with the suites they stand for, in the order in which they are tried. */
export const SUITE_B: ReadonlyMap<string, readonly CipherSuite[]> = new Map(
  Object.entries(table.suiteB).map(([name, ids]) => [name, suitesOf(ids)]),
);

/** Bits of security that each security level wants. */
export const MINIMUM_BITS: readonly number[] = table.minimumBits;

/** Bits of security of a group, by its id in IANA's registry. */
export const GROUP_BITS: ReadonlyMap<string, number> = new Map(Object.entries(table.groupBits));

export const OPENSSL_PROFILES: Readonly<Record<OpenSslVersion, OpenSslProfile>> = {
  '1.1.1': profileOf(table.profiles['1.1.1']),
  '3.0': profileOf(table.profiles['3.0']),
  '3.5': profileOf(table.profiles['3.5']),
};

function suiteOf(row: string): CipherSuite {
  const [id = '', name = '', iana = '', kx, au, enc = '', mac = '', bits, protocol, cipherClass, flags = ''] =
    row.split(' ');
  const flagged = flags.split(',');
  return Object.freeze({
    id,
    name,
    iana,
    kx: kx as KeyExchange,
    au: au as Authentication,
    enc,
    mac,
    strengthBits: Number(bits),
    protocol: protocol as TlsProtocol,
    notTls12: flagged.includes('notTLSv1.2'),
    class: cipherClass as CipherClass,
    fips: flagged.includes('fips'),
    notDefault: flagged.includes('notDefault'),
    http2Prohibited: flagged.includes('http2Prohibited'),
    weakBuild: flagged.includes('weakBuild'),
  });
}

function suitesOf(ids: string): readonly CipherSuite[] {
  return Object.freeze(
    ids.split(' ').map(id => {
      const suite = CIPHER_SUITES.get(id);
      if (suite === undefined) throw new Error(`tlsCiphers.json: no suite ${id}`);
      return suite;
    }),
  );
}

function aliasOf(selects: string): CipherAlias {
  const properties = selects.split(' ').map(property => property.split('='));
  return Object.freeze(Object.fromEntries(properties.map(([name, values]) => [name, values ?? true])));
}

interface ProfileRow {
  readonly usedBy: string;
  readonly securityLevel: number;
  readonly ianaNames: boolean;
  readonly wordCharacters: string;
  readonly oldestProtocol: readonly string[];
  readonly groups: string;
  readonly unknownAliases: string;
  readonly initialOrder: string;
  /** Suites that this version counts weaker than the others do. */
  readonly weakerSuites?: { readonly suites: string; readonly strengthBits: number; readonly class: string };
}

function profileOf(row: ProfileRow): OpenSslProfile {
  const { suites = '', ...weaker } = row.weakerSuites ?? {};
  const isWeaker = new Set(suites.split(' '));
  return Object.freeze({
    usedBy: row.usedBy,
    securityLevel: row.securityLevel as SecurityLevel,
    ianaNames: row.ianaNames,
    wordCharacters: row.wordCharacters,
    oldestProtocol: row.oldestProtocol as readonly TlsProtocol[],
    groups: Object.freeze(row.groups.split(' ')),
    unknownAliases: new Set(row.unknownAliases.split(' ')),
    initialOrder: Object.freeze(
      suitesOf(row.initialOrder).map(suite =>
        isWeaker.has(suite.id) ? Object.freeze({ ...suite, ...(weaker as Partial<CipherSuite>) }) : suite,
      ),
    ),
  });
}
