import { circumstancesOf, opensslVersionsOf } from '../../model/tlsPolicy.ts';
import { type CipherItem, cipherList } from '../../simulate/cipherList/cipherList.ts';
import { atPlace } from '../draft.ts';
import { rule } from '../rule.ts';
import en from './unknown-cipher.md';
import zh from './unknown-cipher.zh.md';
import { looksLikeModernSuite, meantBy, without } from './words.ts';

/**
 * OpenSSL passes over every word of a cipher list that it does not know, and says nothing: a list shrinks by a typing error, and
 * what `!` was to keep out stays in. What older releases, or other builds, had is no mistake: it is mentioned at most.
 */
export const unknownCipher = rule({
  id: 'tls/unknown-cipher',
  severity: 'error',
  on: 'tlsPolicy',
  evidence: [
    'openssl ssl/ssl_ciph.c, ssl_cipher_process_rulestr (1.1.1, 3.0, 3.5)',
    'test/simulate/cipherList.test.ts, test/real/openssl.test.ts: the words that openssl ciphers knows',
  ],
  summary: {
    en: 'OpenSSL passes over a word of the cipher list without saying so',
    zh: 'OpenSSL 会忽略密码套件列表中的这个词，而且不提示',
  },
  messages: {
    en: {
      suite: v => `OpenSSL passes over \`${v.word}\` without a word: no release has such a suite`,
      meant: v => `OpenSSL passes over \`${v.word}\` without a word: it does not exist; did you mean ${v.meant}?`,
      other: v => `No OpenSSL since 1.1.1 knows \`${v.word}\`: the item is passed over without a word`,
      former: v => `No OpenSSL of today has \`${v.word}\`: the item is passed over without a word`,
      correct: v => `Write ${v.meant}`,
      remove: v => `Remove ${v.item}, which does nothing`,
    },
    zh: {
      suite: v => `OpenSSL 会忽略 \`${v.word}\`，而且不提示：任何版本都没有这个套件`,
      meant: v => `OpenSSL 会忽略 \`${v.word}\`，而且不提示：它并不存在；是否想写 ${v.meant}？`,
      other: v => `OpenSSL 1.1.1 及以后的版本都不认识 \`${v.word}\`：这一项会被忽略，而且不提示`,
      former: v => `如今的 OpenSSL 都没有 \`${v.word}\`：这一项会被忽略，而且不提示`,
      correct: v => `改为 ${v.meant}`,
      remove: v => `删除不起作用的 ${v.item}`,
    },
  },
  page: { en, zh },

  *check(policy, around) {
    const { ciphers } = policy;
    const string = ciphers.value.known;
    if (string === undefined) return;
    const [list, ...others] = opensslVersionsOf(policy, circumstancesOf(policy, around)).map(version =>
      cipherList(string, version),
    );
    if (!list || [list, ...others].some(({ error }) => error !== null)) return;
    for (const item of list.items) {
      const isUnknown = others.every(({ items }) => items.some(each => each.start === item.start && each.unknown));
      if (item.effect !== 'unknown' || !item.unknown || !isUnknown) continue;
      const { unknown } = item;
      const word = string.slice(unknown.start, unknown.end);
      const meant = meantBy(word);
      const kind = kindOf(word, item, meant?.isPlain ?? false);
      if (kind === null) continue;
      const isThere = list.items.some(({ start, end }) => string.slice(start, end) === meant?.name);
      const draft = atPlace<Key>(ciphers.placeOf(unknown), kind, {
        word,
        meant: meant?.name ?? '',
        item: string.slice(item.start, item.end),
      }).as(SEVERITY[kind]);
      const corrected = string.slice(0, unknown.start) + (meant?.name ?? word) + string.slice(unknown.end);
      const isMeant = meant !== null && !isThere && (kind === 'meant' || kind === 'suite');
      const mended = isMeant
        ? draft.fix('correct', meant.isPlain ? 'safe' : 'unsafe', ciphers.rewrite(corrected))
        : draft;
      // What does nothing can go, but with what was meant in its place the author is better off.
      yield mended.fix(
        'remove',
        kind === 'other' || (meant !== null && !isThere) ? 'unsafe' : 'safe',
        ciphers.rewrite(without(string, item)),
      );
    }
  },
});

type Kind = 'suite' | 'meant' | 'other' | 'former';
type Key = Kind | 'correct' | 'remove';

/** An error for what certainly was meant to do something; what other builds and releases know is no mistake. */
const SEVERITY = { suite: 'error', meant: 'error', other: 'information', former: 'hint' } as const;

/** Null for what another rule says, and for what keeps out what is not there anyway. */
function kindOf(word: string, { unknown, rule: sign }: CipherItem, isPlain: boolean): Kind | null {
  switch (unknown?.why) {
    case 'letterCase':
      return 'meant';
    case 'noSuchWord':
      if (isPlain) return 'meant';
      if (looksLikeModernSuite(word) && sign === 'add') return 'suite';
      return sign === 'add' ? 'other' : null;
    case 'notBuilt':
    case 'former':
      return sign === 'add' ? 'former' : null;
    default:
      return null;
  }
}
