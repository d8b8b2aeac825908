import {
  type CipherSuite,
  MINIMUM_BITS,
  OPENSSL_PROFILES,
  type OpenSslVersion,
  SECURITY_LEVELS,
  type SecurityLevel,
  SUITE_B,
} from '../../facts/tlsCiphers.ts';
import { type Span, span } from '../../text/span.ts';
import { Preference, type Rule } from './preference.ts';
import { EVERYTHING, narrow, type UnknownWord, type Vocabulary, vocabularyOf } from './vocabulary.ts';

export type { Rule } from './preference.ts';
export type { UnknownWord } from './vocabulary.ts';

/** What OpenSSL makes of a cipher string. */
export interface CipherList {
  readonly string: string;
  readonly openssl: OpenSslVersion;
  /** The cipher list in order, TLS 1.2 and older; null if the string is refused. */
  readonly suites: readonly CipherSuite[] | null;
  /** What of it is usable at TLS 1.2 and at the security level, without the PSK and SRP that nginx never sets up. */
  readonly tls12: readonly CipherSuite[];
  /** `@SECLEVEL` of the string, else what was given, else the default of the version. */
  readonly securityLevel: SecurityLevel;
  /** OpenSSL's own words; nginx does not start, or does not reload. */
  readonly error: 'invalid command' | 'no cipher match' | null;
  readonly items: readonly CipherItem[];
}

/** What the reader of a finding would call an entry of the list, in UTF-16 offsets of the string. */
export interface CipherItem extends Span {
  readonly rule: Rule | 'command' | 'default' | 'suiteB';
  readonly effect: ItemEffect;
  /** The suites it added, moved, deleted, killed or sorted. */
  readonly suites: readonly CipherSuite[];
  /** The first word that this OpenSSL does not know: the item does nothing because of it. */
  readonly unknown: (Span & { readonly why: UnknownWord }) | null;
}

export type ItemEffect =
  | 'added'
  | 'moved'
  | 'deleted'
  | 'killed'
  | 'sorted'
  | 'levelSet'
  /** Understood, but there was no suite left for it to touch. */
  | 'nothing'
  /** No suite can be all that it asks for: `kRSA+kDHE`. */
  | 'contradiction'
  /** It has an unknown word, and is passed over. */
  | 'unknown'
  /** It makes OpenSSL refuse the whole string. */
  | 'refused'
  /** What follows a Suite B word. */
  | 'ignored';

/**
 * The cipher list that SSL_CTX_set_cipher_list makes of `string`; TLS 1.3 suites are no part of it.
 *
 * Source: ssl/ssl_ciph.c of 1.1.1, 3.0 and 3.5 as measured (facts/tlsCiphers.json), and ciphers(1).
 */
export function cipherList(
  string: string,
  openssl: OpenSslVersion,
  securityLevel: SecurityLevel = OPENSSL_PROFILES[openssl].securityLevel,
): CipherList {
  const reader = new Reader(string, vocabularyOf(openssl), securityLevel);
  const suites = reader.read();
  const level = reader.securityLevel;
  const error = reader.refused ? 'invalid command' : suites.length === 0 ? 'no cipher match' : null;
  return {
    string,
    openssl,
    suites: error ? null : suites,
    tls12: error ? [] : suites.filter(suite => !suite.notTls12 && !needsCallback(suite) && isAllowed(suite, level)),
    securityLevel: level,
    error,
    items: reader.items,
  };
}

/**
 * True if a security level admits the suite.
 *
 * Source: ssl/ssl_cert.c, ssl_security_default_callback; SSL_CTX_set_security_level(3).
 */
export function isAllowed(suite: CipherSuite, level: SecurityLevel): boolean {
  if (level === 0) return true;
  if (suite.strengthBits < (MINIMUM_BITS[level] ?? 0)) return false;
  if (suite.au === 'NULL' || suite.mac === 'MD5') return false;
  if (level >= 2 && suite.enc === 'RC4') return false;
  if (level >= 3 && !['DHE', 'ECDHE', 'any'].includes(suite.kx)) return false;
  return level < 4 || suite.mac !== 'SHA1';
}

/** PSK and SRP: the server must bring code of its own, which nginx does not. */
export function needsCallback({ kx }: CipherSuite): boolean {
  return kx.endsWith('PSK') || kx === 'SRP';
}

/** What a string that begins with DEFAULT runs first (ssl/ssl.h, OSSL_default_cipher_list). */
const DEFAULT_RULES = 'ALL:!COMPLEMENTOFDEFAULT:!eNULL';
const DEFAULT = 'DEFAULT';

const RULE_SIGNS: ReadonlyMap<string, Rule | 'command'> = new Map([
  ['+', 'move'],
  ['-', 'delete'],
  ['!', 'kill'],
  ['@', 'command'],
]);

const EFFECTS = { add: 'added', move: 'moved', delete: 'deleted', kill: 'killed' } as const;

/** Tab and line breaks are not among them: they are invalid. */
const SEPARATORS = ':, ;';

class Reader {
  readonly items: CipherItem[] = [];
  securityLevel: SecurityLevel;
  refused = false;
  readonly #text: string;
  readonly #vocabulary: Vocabulary;
  readonly #preference: Preference;
  #position = 0;

  constructor(string: string, vocabulary: Vocabulary, securityLevel: SecurityLevel) {
    // To OpenSSL a string ends at its first NUL.
    this.#text = string.split('\0', 1)[0] ?? '';
    this.#vocabulary = vocabulary;
    this.#preference = new Preference(vocabulary.built);
    this.securityLevel = securityLevel;
  }

  read(): readonly CipherSuite[] {
    for (const [beginning, suites] of SUITE_B) {
      if (this.#text.startsWith(beginning)) return this.#suiteB(beginning, suites);
    }
    if (this.#text.startsWith(DEFAULT)) this.#default();
    while (this.#position < this.#text.length) {
      if (this.#atSeparator()) this.#position++;
      else this.#item();
    }
    return this.#preference.active;
  }

  #suiteB(beginning: string, suites: readonly CipherSuite[]): readonly CipherSuite[] {
    const { length } = this.#text;
    this.items.push({ ...span(0, beginning.length), rule: 'suiteB', effect: 'added', suites, unknown: null });
    if (beginning.length < length) {
      this.items.push({ ...span(beginning.length, length), rule: 'add', effect: 'ignored', suites: [], unknown: null });
    }
    return suites;
  }

  /** DEFAULT kills what it leaves out: nothing that follows can bring it back. */
  #default(): void {
    for (const rule of DEFAULT_RULES.split(':')) {
      const kills = rule.startsWith('!');
      const word = this.#vocabulary.words.get(kills ? rule.slice(1) : rule);
      if (word) this.#preference.apply(kills ? 'kill' : 'add', word.selects);
    }
    this.#position = DEFAULT.length;
    const suites = this.#preference.active;
    this.items.push({ ...span(0, this.#position), rule: 'default', effect: 'added', suites, unknown: null });
  }

  #item(): void {
    const start = this.#position;
    const rule = RULE_SIGNS.get(this.#text[start] ?? '') ?? 'add';
    if (rule !== 'add') this.#position++;
    const done = rule === 'command' ? this.#command() : this.#conjunction(rule);
    this.items.push({ suites: [], unknown: null, ...done, ...span(start, this.#position), rule });
  }

  /** `@STRENGTH`, `@SECLEVEL=n`: what follows up to a separator is not looked at. */
  #command(): Partial<CipherItem> & { effect: ItemEffect } {
    const command = this.#word();
    if (command === '') return this.#refuse();
    this.#skipItem();
    if (command === 'STRENGTH') return { effect: 'sorted', suites: this.#preference.sortByStrength() };
    const level = SECURITY_LEVELS.find(known => command === `SECLEVEL=${known}`);
    if (level === undefined) return this.#refuse();
    this.securityLevel = level;
    return { effect: 'levelSet' };
  }

  /**
   * Words joined by `+`. One that is unknown or contradicts those before it loses everything up to the next separator;
   * after a conjunction that is understood the next item may follow at once: `ALL!RC4`.
   */
  #conjunction(rule: Rule): Partial<CipherItem> & { effect: ItemEffect } {
    let selection = EVERYTHING;
    let joined: boolean;
    do {
      const start = this.#position;
      const name = this.#word();
      if (name === '') return this.#refuse();
      joined = this.#text[this.#position] === '+';
      if (joined) this.#position++;
      const word = this.#vocabulary.words.get(name);
      if (word === undefined) {
        this.#skipItem();
        return { effect: 'unknown', unknown: this.#unknown(start) };
      }
      const narrowed = narrow(selection, word);
      if (narrowed === null) {
        this.#skipItem();
        return { effect: 'contradiction' };
      }
      selection = narrowed;
    } while (joined);
    const suites = this.#preference.apply(rule, selection);
    return { effect: suites.length > 0 ? EFFECTS[rule] : 'nothing', suites };
  }

  /** The longest run of word characters; empty where there is none. */
  #word(): string {
    const { word } = this.#vocabulary;
    word.lastIndex = this.#position;
    const [found = ''] = word.exec(this.#text) ?? [];
    this.#position += found.length;
    return found;
  }

  /** The word as its author meant it: before 3.2 OpenSSL itself stops at a `_`. */
  #unknown(start: number): CipherItem['unknown'] {
    ANY_NAME.lastIndex = start;
    const [name = ''] = ANY_NAME.exec(this.#text) ?? [];
    return { ...span(start, start + name.length), why: this.#vocabulary.whyUnknown(name) };
  }

  #refuse(): { effect: 'refused' } {
    this.refused = true;
    this.#skipItem();
    return { effect: 'refused' };
  }

  #skipItem(): void {
    while (this.#position < this.#text.length && !this.#atSeparator()) this.#position++;
  }

  #atSeparator(): boolean {
    return SEPARATORS.includes(this.#text[this.#position] ?? '');
  }
}

const ANY_NAME = /[\w.=-]+/y;
