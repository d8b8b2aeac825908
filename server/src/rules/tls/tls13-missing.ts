import { TLS_PROTOCOLS } from '../../facts/tlsCiphers.ts';
import { TLS_CLIENTS } from '../../facts/tlsClients.ts';
import { protocolWords } from '../../model/tlsPolicy.ts';
import { atPlace } from '../draft.ts';
import { rule } from '../rule.ts';
import en from './tls13-missing.md';
import zh from './tls13-missing.zh.md';

/**
 * Lists of protocols outlive the year they were written in: what came later is off. Without TLS 1.3 every client depends on
 * the cipher list, so that a mistake in it meets all of them, and each new connection takes one round trip more.
 */
export const tls13Missing = rule({
  id: 'tls/tls13-missing',
  severity: 'information',
  on: 'tlsPolicy',
  evidence: [
    'RFC 8446, section 2: one round trip; RFC 9325, section 3.1.1: implementations should support TLS 1.3 and prefer it',
    'ingress-nginx internal/ingress/controller/config/config.go: TLSv1.3 is on by default since 0.33.0',
    'test/real/tls.test.ts: the lines of the outage with and without TLS 1.3',
  ],
  summary: {
    en: 'TLS 1.3 is switched off: its name is missing from the list of protocols',
    zh: '协议列表中没有 TLS 1.3，因而未启用',
  },
  messages: {
    en: {
      missing: v =>
        `TLS 1.3 is off: the ${v.count} recorded clients that have it fall back to TLS 1.2, to a round trip more for each connection and to the suites of the cipher list`,
      add: () => 'Add TLSv1.3',
    },
    zh: {
      missing: v =>
        `TLS 1.3 没有启用：${v.count} 个支持它的有记录的客户端都会退回 TLS 1.2，每次连接多一次往返，并且受密码套件列表约束`,
      add: () => '加上 TLSv1.3',
    },
  },
  page: { en, zh },

  *check({ protocols }) {
    const words = protocolWords(protocols).map(({ word }) => word);
    // A word that nginx does not know keeps the whole configuration from loading.
    if (!words.includes('TLSv1.2') || words.includes('TLSv1.3') || !words.every(isProtocol)) return;
    const span = { start: 0, end: protocols.value.known?.trimEnd().length ?? 0 };
    yield atPlace(protocols.placeOf(span), 'missing', { count: ABLE.length }).fix(
      'add',
      'unsafe',
      protocols.rewrite([...words, 'TLSv1.3'].join(' ')),
    );
  },
});

/** Clients of TLS 1.3; all of them speak TLS 1.2 too. */
const ABLE = TLS_CLIENTS.filter(({ newest }) => newest === 'TLSv1.3');

function isProtocol(word: string): boolean {
  return word === 'SSLv2' || TLS_PROTOCOLS.some(protocol => protocol === word);
}
