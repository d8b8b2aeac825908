import {
  CIPHER_ALIASES,
  CIPHER_SUITES,
  type CipherAlias,
  type CipherClass,
  type CipherSuite,
  FORMER_ALIASES,
  OPENSSL_PROFILES,
  OPENSSL_VERSIONS,
  type OpenSslVersion,
} from '../../facts/tlsCiphers.ts';

/**
 * What a conjunction of words selects: the properties that a suite must have, a bit for each value it may take there.
 * 0 asks nothing of a property. OpenSSL also remembers the id of a suite that is named last; no two suites that are
 * built share key exchange, authentication, cipher and MAC, so that these say as much.
 */
export interface Selection {
  readonly kx: number;
  readonly au: number;
  readonly enc: number;
  readonly mac: number;
  /** Strength classes, and FIPS as if it were one. */
  readonly class: number;
  readonly notDefault: number;
  readonly protocol: number;
}

export const EVERYTHING: Selection = {
  kx: 0,
  au: 0,
  enc: 0,
  mac: 0,
  class: 0,
  notDefault: 0,
  protocol: 0,
};

export interface Word {
  /** The suite of this name; null for an alias. */
  readonly suite: CipherSuite | null;
  readonly selects: Selection;
}

/** A suite that is built, with the bits that a selection is held against. */
export interface BuiltSuite {
  readonly suite: CipherSuite;
  readonly bits: Selection;
}

/** Why OpenSSL passes over a word. */
export type UnknownWord =
  /** A suite or an alias that this OpenSSL is not built with: `RC4`, `DES-CBC3-SHA`. */
  | 'notBuilt'
  /** A TLS 1.3 suite: cipher strings do not govern those. */
  | 'tls13'
  /** A name of IANA's registry, which this version does not read. */
  | 'ianaName'
  /** An alias of older versions, or what looks like one: `EXPORT`, `SSLv2`. */
  | 'former'
  /** Right but for upper and lower case. */
  | 'letterCase'
  | 'noSuchWord';

/** The words of one version of OpenSSL. */
export interface Vocabulary {
  readonly words: ReadonlyMap<string, Word>;
  readonly built: readonly BuiltSuite[];
  /** Matches a word where it is applied; sticky. */
  readonly word: RegExp;
  whyUnknown(word: string): UnknownWord;
}

const vocabularies = new Map<OpenSslVersion, Vocabulary>();

/** The vocabulary of a version; worked out once. */
export function vocabularyOf(version: OpenSslVersion): Vocabulary {
  const known = vocabularies.get(version) ?? makeVocabulary(version);
  vocabularies.set(version, known);
  return known;
}

function makeVocabulary(version: OpenSslVersion): Vocabulary {
  const profile = OPENSSL_PROFILES[version];
  const built = profile.initialOrder.map(suite => ({ suite, bits: bitsOf(suite) }));
  const words = new Map<string, Word>();
  for (const [name, alias] of CIPHER_ALIASES) {
    if (!profile.unknownAliases.has(name)) words.set(name, { suite: null, selects: selectionOf(alias) });
  }
  for (const { suite, bits } of built) {
    // A suite's own protocol is no part of what its name selects.
    const word: Word = { suite, selects: { ...bits, protocol: 0 } };
    if (profile.ianaNames) words.set(suite.iana, word);
    words.set(suite.name, word);
  }
  const lowerCase = new Set([...words.keys()].map(name => name.toLowerCase()));
  return {
    words,
    built,
    word: new RegExp(`[${profile.wordCharacters}]+`, 'y'),
    whyUnknown(word) {
      const why = WHY_UNKNOWN.get(word);
      if (why) return why;
      return lowerCase.has(word.toLowerCase()) ? 'letterCase' : 'noSuchWord';
    },
  };
}

/** True if the suite has every property that is asked for. */
export function matches(selection: Selection, { bits }: BuiltSuite): boolean {
  return (
    admits(selection.kx, bits.kx) &&
    admits(selection.au, bits.au) &&
    admits(selection.enc, bits.enc) &&
    admits(selection.mac, bits.mac) &&
    admits(selection.class, bits.class) &&
    admits(selection.notDefault, bits.notDefault) &&
    admits(selection.protocol, bits.protocol)
  );
}

function admits(asked: number, bits: number): boolean {
  return asked === 0 || (asked & bits) !== 0;
}

/**
 * What a conjunction selects with one more word; null if nothing can have both.
 *
 * The first word with a class wipes out COMPLEMENTOFDEFAULT before it (OpenSSL assigns where it means to add:
 * `COMPLEMENTOFDEFAULT+HIGH` is HIGH, measured on 3.0.19).
 */
export function narrow(selection: Selection, { selects }: Word): Selection | null {
  const wiped = selection.class === 0 && selects.class !== 0;
  const narrowed = {
    kx: intersect(selection.kx, selects.kx),
    au: intersect(selection.au, selects.au),
    enc: intersect(selection.enc, selects.enc),
    mac: intersect(selection.mac, selects.mac),
    class: intersect(selection.class, selects.class),
    notDefault: intersect(wiped ? 0 : selection.notDefault, selects.notDefault),
    protocol: intersect(selection.protocol, selects.protocol),
  };
  return Object.values(narrowed).includes(NOTHING) ? null : narrowed;
}

/** No value is left: what no mask can be. */
const NOTHING = -1;

function intersect(a: number, b: number): number {
  if (a === 0 || b === 0) return a | b;
  return a & b || NOTHING;
}

/** The values of each property, in the order of their bits. */
const VALUES = {
  kx: valuesOf('kx'),
  au: valuesOf('au'),
  enc: valuesOf('enc'),
  mac: valuesOf('mac'),
  class: ['HIGH', 'MEDIUM', 'LOW', 'NONE', 'FIPS'] satisfies (CipherClass | 'FIPS')[],
  protocol: ['SSLv3', 'TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'],
} as const;

/** Values of suites and of aliases: some ciphers have an alias and no suite any more. */
function valuesOf(property: 'kx' | 'au' | 'enc' | 'mac'): readonly string[] {
  const ofSuites = [...CIPHER_SUITES.values()].map(suite => suite[property]);
  const ofAliases = [...CIPHER_ALIASES.values()].flatMap(alias => alias[property]?.replace(/^!/, '').split(',') ?? []);
  return [...new Set([...ofSuites, ...ofAliases])];
}

function bit(property: keyof typeof VALUES, value: string): number {
  return 1 << (VALUES[property] as readonly string[]).indexOf(value);
}

function bitsOf(suite: CipherSuite): Selection {
  return {
    kx: bit('kx', suite.kx),
    au: bit('au', suite.au),
    enc: bit('enc', suite.enc),
    mac: bit('mac', suite.mac),
    class: bit('class', suite.class) | (suite.fips ? bit('class', 'FIPS') : 0),
    notDefault: Number(suite.notDefault),
    protocol: bit('protocol', suite.protocol),
  };
}

function selectionOf(alias: CipherAlias): Selection {
  const of = (property: keyof typeof VALUES) => mask(property, alias[property]);
  return {
    kx: of('kx'),
    au: of('au'),
    enc: of('enc'),
    mac: of('mac'),
    class: of('class') | (alias.fips ? bit('class', 'FIPS') : 0),
    notDefault: Number(alias.notDefault ?? false),
    protocol: of('protocol'),
  };
}

function mask(property: keyof typeof VALUES, values: string | undefined): number {
  if (values === undefined) return 0;
  if (values.startsWith('!')) return ((1 << VALUES[property].length) - 1) & ~bit(property, values.slice(1));
  return values.split(',').reduce((sum, value) => sum | bit(property, value), 0);
}

/** Names that at least one version does not know, and what they are; asked about words that are unknown alone. */
const WHY_UNKNOWN = new Map<string, UnknownWord>();
for (const alias of FORMER_ALIASES) WHY_UNKNOWN.set(alias, 'former');
for (const version of OPENSSL_VERSIONS) {
  for (const alias of OPENSSL_PROFILES[version].unknownAliases) WHY_UNKNOWN.set(alias, 'notBuilt');
}
for (const { name, iana, protocol } of CIPHER_SUITES.values()) {
  WHY_UNKNOWN.set(iana, 'ianaName');
  WHY_UNKNOWN.set(name, protocol === 'TLSv1.3' ? 'tls13' : 'notBuilt');
}
