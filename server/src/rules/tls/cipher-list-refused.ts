import { circumstancesOf, opensslVersionsOf } from '../../model/tlsPolicy.ts';
import { type CipherItem, type CipherList, cipherList } from '../../simulate/cipherList/cipherList.ts';
import type { Span } from '../../text/span.ts';
import type { Wording } from '../../text/wording.ts';
import { atPlace, type Params } from '../draft.ts';
import { rule } from '../rule.ts';
import en from './cipher-list-refused.md';
import zh from './cipher-list-refused.zh.md';
import { meantBy } from './words.ts';

/**
 * OpenSSL refuses a cipher string that it cannot read, or of which no suite remains; nginx then refuses its configuration. What
 * it merely does not know it passes over: only if that is all there is, somebody hears of it.
 */
export const cipherListRefused = rule({
  id: 'tls/cipher-list-refused',
  severity: 'error',
  on: 'tlsPolicy',
  evidence: [
    'openssl ssl/ssl_ciph.c, ssl_create_cipher_list (1.1.1, 3.0, 3.5); nginx src/event/ngx_event_openssl.c, ngx_ssl_ciphers',
    'test/simulate/cipherList.test.ts and test/real/tls.test.ts: the same lists with openssl and nginx -t',
    'kubernetes/ingress-nginx#13411',
  ],
  summary: {
    en: 'OpenSSL refuses the cipher list, so nginx refuses its configuration',
    zh: 'OpenSSL 拒绝此密码套件列表，nginx 因此拒绝整个配置',
  },
  messages: {
    en: {
      lineBreak: v =>
        `${consequence(v).en}: a line break or tab in a cipher list is an invalid command to OpenSSL; only : , ; and spaces may separate the suites`,
      command: v => `${consequence(v).en}: OpenSSL takes \`${v.word}\` for an invalid command`,
      noMatch: v => `${consequence(v).en}: no suite of this list exists in OpenSSL (no cipher match)`,
      tls13Only: v =>
        `${consequence(v).en}: a cipher list governs TLS 1.2 alone, and this one names suites of TLS 1.3 only (no cipher match)`,
      join: () => 'Write the list in one line',
      correct: v => `Write ${v.corrected}`,
      remove: () => 'Remove the list: the default of the controller applies',
    },
    zh: {
      lineBreak: v =>
        `${consequence(v).zh}：密码套件列表中的换行或制表符在 OpenSSL 看来是无效命令，套件之间只能用 : , ; 和空格分隔`,
      command: v => `${consequence(v).zh}：OpenSSL 把 \`${v.word}\` 当作无效命令`,
      noMatch: v => `${consequence(v).zh}：OpenSSL 中没有此列表所写的任何套件（no cipher match）`,
      tls13Only: v => `${consequence(v).zh}：密码套件列表只管 TLS 1.2，而这里只写了 TLS 1.3 的套件（no cipher match）`,
      join: () => '将列表写成一行',
      correct: v => `改为 ${v.corrected}`,
      remove: () => '删除此列表，使用控制器的默认值',
    },
  },
  page: { en, zh },

  *check(policy, around) {
    const { ciphers, origin } = policy;
    const string = ciphers.value.known;
    if (string === undefined || string.trim() === '') return;
    const lists = opensslVersionsOf(policy, circumstancesOf(policy, around)).map(version =>
      cipherList(string, version),
    );
    const [list] = lists;
    if (!list || !lists.every(({ error }) => error !== null) || mayBeBuiltElsewhere(list, origin === 'nginx')) return;
    const lineBreak = /[\r\n\t]/.exec(string);
    const isLineBreak = lineBreak !== null && list.error === 'invalid command';
    const key = isLineBreak
      ? 'lineBreak'
      : list.error === 'invalid command'
        ? 'command'
        : isTls13(list)
          ? 'tls13Only'
          : 'noMatch';
    const refused = list.items.find(({ effect }) => effect === 'refused');
    const span = isLineBreak
      ? wordBefore(string, lineBreak.index)
      : (key === 'command' && refused) || wholeLine(string);
    const corrected = correctionOf(list);
    const draft = atPlace<Key>(ciphers.placeOf(span), key, {
      for: origin === 'nginx' ? 'nginx' : 'controller',
      word: string.slice(span.start, span.end),
      corrected: corrected ?? '',
    });
    const joined = string.trim().replace(/[:, ;]*[\r\n\t]\s*/g, ':');
    if (isLineBreak && isTaken(joined, lists)) yield draft.fix('join', 'safe', ciphers.rewrite(joined));
    else if (corrected !== null && isTaken(corrected, lists))
      yield draft.fix('correct', 'safe', ciphers.rewrite(corrected));
    else if (origin === 'nginx') yield draft;
    else yield draft.fix('remove', 'unsafe', { address: ciphers.value.address, change: { op: 'remove' } });
  },
});

type Key = 'lineBreak' | 'command' | 'noMatch' | 'tls13Only' | 'join' | 'correct' | 'remove';

const consequence = (v: Params): Wording => (v.for === 'nginx' ? OF_NGINX : OF_CONTROLLER);

const OF_NGINX: Wording = { en: 'nginx does not start or reload', zh: 'nginx 无法启动或重新加载' };
const OF_CONTROLLER: Wording = {
  en: 'The controller cannot reload nginx, with this change or any later one',
  zh: '控制器无法重新加载 nginx，此后的任何变更也都无法生效',
};

/** An nginx of one's own may be built with weak ciphers, or with a library of another grammar. */
function mayBeBuiltElsewhere({ items, error }: CipherList, isAnyNginx: boolean): boolean {
  return isAnyNginx && error === 'no cipher match' && items.some(({ unknown }) => unknown?.why === 'notBuilt');
}

function isTls13({ items }: CipherList): boolean {
  const added = items.filter(({ rule: kind }) => kind === 'add');
  return added.length > 0 && added.every(({ unknown }) => unknown?.why === 'tls13');
}

function wordBefore(string: string, end: number): Span {
  const [word = ''] = /[^:, ;\r\n\t]*[:, ;]*$/.exec(string.slice(0, end)) ?? [];
  return { start: end - word.length, end };
}

function wholeLine(string: string): Span {
  return { start: 0, end: string.trimEnd().length };
}

/** The list with the words that were plainly meant; null if one of those that are not known stands for nothing. */
function correctionOf({ string, items }: CipherList): string | null {
  const unknown = items.filter((item): item is CipherItem & { unknown: Span } => item.unknown !== null);
  let corrected = string;
  for (const { unknown: span } of unknown.reverse()) {
    const meant = meantBy(string.slice(span.start, span.end));
    if (!meant?.isPlain) return null;
    corrected = corrected.slice(0, span.start) + meant.name + corrected.slice(span.end);
  }
  return corrected === string ? null : corrected;
}

function isTaken(string: string, lists: readonly CipherList[]): boolean {
  return lists.every(({ openssl }) => cipherList(string, openssl).error === null);
}
