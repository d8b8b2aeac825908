import { CIPHER_ALIASES, CIPHER_SUITES, TLS_PROTOCOLS } from '../../facts/tlsCiphers.ts';
import { distance } from '../../text/spelling.ts';

/** Names that a cipher string may have: suites up to TLS 1.2, and aliases. */
const NAMES: readonly string[] = [
  ...[...CIPHER_SUITES.values()].filter(({ protocol, weakBuild }) => protocol !== TLS_PROTOCOLS[4] && !weakBuild),
].map(({ name }) => name);

const BY_LOWER_CASE: ReadonlyMap<string, string> = new Map(
  [...NAMES, ...CIPHER_ALIASES.keys()].map(name => [name.toLowerCase(), name]),
);

/** Suites of today, as their names begin; none of them ever had RC4, DES or the like behind it. */
const MODERN_SUITE = /^(?:(?:ECDHE-(?:RSA|ECDSA)|DHE-RSA)-)?AES_?(?:128|256)-/i;

/** True for what reads like a suite that any OpenSSL of the last ten years might have. */
export function looksLikeModernSuite(word: string): boolean {
  return MODERN_SUITE.test(word) && !/NULL|DES|RC4/i.test(word);
}

/** What was meant by a word that OpenSSL does not know; null if that is not plain. */
export function meantBy(word: string): { readonly name: string; readonly isPlain: boolean } | null {
  const sameLetters = BY_LOWER_CASE.get(word.toLowerCase());
  if (sameLetters !== undefined) return { name: sameLetters, isPlain: true };
  // Short aliases lie too close together: RC4, RC2, AES.
  const close = [...NAMES, ...[...CIPHER_ALIASES.keys()].filter(alias => alias.length >= 4)].filter(
    name => Math.abs(name.length - word.length) <= 1 && distance(name.toUpperCase(), word.toUpperCase()) === 1,
  );
  if (close[0] !== undefined && close.length === 1) return { name: close[0], isPlain: true };
  if (!looksLikeModernSuite(word)) return null;
  const [beginning = ''] = /^.*-/.exec(word) ?? [];
  const alike = NAMES.filter(name => name.startsWith(beginning) && !name.slice(beginning.length).includes('-'));
  return alike[0] !== undefined && alike.length === 1 ? { name: alike[0], isPlain: false } : null;
}

/** The text without an item, and without the separators behind it, or before it where it is the last. */
export function without(text: string, { start, end }: { readonly start: number; readonly end: number }): string {
  const separators = /^[:, ;]+/.exec(text.slice(end))?.[0].length ?? 0;
  const rest = text.slice(0, start) + text.slice(end + separators);
  return separators > 0 ? rest : rest.replace(/[:, ;]+$/, '');
}
