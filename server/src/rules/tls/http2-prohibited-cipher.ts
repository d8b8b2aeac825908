import type { CipherSuite } from '../../facts/tlsCiphers.ts';
import { TLS_CLIENTS, type TlsClient } from '../../facts/tlsClients.ts';
import { CONTROLLER_CIPHERS } from '../../model/controllerTls.ts';
import type { Change } from '../../model/edit.ts';
import { circumstancesOf, serversOf, type TlsCircumstances, type TlsPolicy } from '../../model/tlsPolicy.ts';
import { type CipherList, cipherList } from '../../simulate/cipherList/cipherList.ts';
import { handshake, type TlsServer } from '../../simulate/handshake.ts';
import { atPlace, set } from '../draft.ts';
import { rule } from '../rule.ts';
import en from './http2-prohibited-cipher.md';
import zh from './http2-prohibited-cipher.zh.md';
import { without } from './words.ts';

/**
 * HTTP/2 prohibits most suites of TLS 1.2. A server that prefers one of those gets connections that Chrome and Firefox end,
 * while curl and the like see nothing. What counts is the suite that a browser ends up with: hardly a list is without any.
 */
export const http2ProhibitedCipher = rule({
  id: 'tls/http2-prohibited-cipher',
  severity: 'warning',
  on: 'tlsPolicy',
  evidence: [
    'RFC 9113, section 9.2.2 and appendix A',
    'Chromium net/spdy/spdy_session.cc, HasAcceptableTransportSecurity; Firefox netwerk/protocol/http/Http2Session.cpp, ConfirmTLSProfile',
    'test/real/tls.test.ts and test/real/tls-fixes.test.ts: nginx and Chromium, before and after the fix',
    'istio/istio#37765',
  ],
  summary: {
    en: 'Browsers refuse the site: over HTTP/2 they end up with a prohibited cipher suite',
    zh: '浏览器拒绝访问网站：通过 HTTP/2 协商出了被禁止的密码套件',
  },
  messages: {
    en: {
      all: v =>
        `Browsers refuse the site (ERR_HTTP2_INADEQUATE_TRANSPORT_SECURITY): ${v.client} negotiates HTTP/2 with ${v.suite}${v.key}, which HTTP/2 prohibits (${v.count} of the ${v.total} recorded browsers that look at it)`,
      withoutTls13: v =>
        `Browsers that do without TLS 1.3 refuse the site (ERR_HTTP2_INADEQUATE_TRANSPORT_SECURITY): ${v.client} negotiates HTTP/2 with ${v.suite}${v.key}, which HTTP/2 prohibits`,
      http2: () => 'HTTP/2 is on here',
      protocols: () => 'TLS 1.3 is not offered, which would keep this list out of use',
      move: v => `Move ${v.moved} to the front`,
      add: v => `Put ${v.added} in front`,
      remove: () => 'Remove the list: the default of the controller is safe',
      http1: () => 'Turn HTTP/2 off',
    },
    zh: {
      all: v =>
        `浏览器拒绝访问（ERR_HTTP2_INADEQUATE_TRANSPORT_SECURITY）：${v.client} 通过 HTTP/2 协商出 ${v.suite}${v.keyZh}，而 HTTP/2 禁止该套件（会检查的 ${v.total} 个有记录的浏览器中有 ${v.count} 个如此）`,
      withoutTls13: v =>
        `不支持 TLS 1.3 的浏览器拒绝访问（ERR_HTTP2_INADEQUATE_TRANSPORT_SECURITY）：${v.client} 通过 HTTP/2 协商出 ${v.suite}${v.keyZh}，而 HTTP/2 禁止该套件`,
      http2: () => '此处启用了 HTTP/2',
      protocols: () => '没有提供 TLS 1.3；提供之后就用不到此列表',
      move: v => `将 ${v.moved} 移到最前面`,
      add: v => `在最前面加上 ${v.added}`,
      remove: () => '删除此列表：控制器的默认值是安全的',
      http1: () => '关闭 HTTP/2',
    },
  },
  page: { en, zh },

  *check(policy, around) {
    const { ciphers, http2, protocols } = policy;
    const circumstances = circumstancesOf(policy, around);
    const keyTypes = policy.keyTypes ?? circumstances.keyTypes;
    const refusal = leastRefusal(serversOf(policy, circumstances));
    if (!refusal || ciphers.value.known === undefined) return;
    const { list, suite, clients } = refusal;
    const word = list.items.find(({ effect, suites }) => effect === 'added' && suites.includes(suite));
    const isAll = clients.some(({ newest }) => newest === 'TLSv1.3');
    const [moved, movedSuites] = reordered(policy, circumstances, list) ?? [];
    const [grown, grownSuites] =
      moved === undefined ? (extended(policy, circumstances, ciphers.value.known) ?? []) : [];
    let draft = atPlace<Key>(
      ciphers.placeOf(word ?? { start: 0, end: list.string.length }),
      isAll ? 'all' : 'withoutTls13',
      {
        client: clients.at(-1)?.name ?? '',
        suite: suite.name,
        count: clients.length,
        total: ENFORCING.length,
        key: keyTypes === null ? ' (RSA certificate)' : '',
        keyZh: keyTypes === null ? '（RSA 证书）' : '',
        moved: movedSuites ?? '',
        added: grownSuites ?? '',
      },
    );
    if (!isAll) draft = draft.as('information');
    draft = draft.seeAlso('http2', http2.place);
    if (isAll) draft = draft.seeAlso('protocols', protocols.value.place);
    if (moved !== undefined) draft = draft.fix('move', 'safe', ciphers.rewrite(moved));
    if (grown !== undefined) draft = draft.fix('add', 'unsafe', ciphers.rewrite(grown));
    if (policy.origin !== 'nginx') {
      draft = draft.fix('remove', 'unsafe', { address: ciphers.value.address, change: { op: 'remove' } });
    }
    const off = http2Off(policy);
    yield off.length > 0 ? draft.fix('http1', 'unsafe', ...off) : draft;
  },
});

type Key = 'all' | 'withoutTls13' | 'http2' | 'protocols' | 'move' | 'add' | 'remove' | 'http1';

/** Browsers that are known to end such a connection, the newest last; those without a date are of no release. */
const ENFORCING = TLS_CLIENTS.filter(({ http2, alpn }) => http2.enforces && http2.verified && alpn.includes('h2')).sort(
  (a, b) => ((a.released ?? '') < (b.released ?? '') ? -1 : 1),
);

/** The list that the controller has, the best for most clients first. */
const GOOD_SUITES: readonly string[] = CONTROLLER_CIPHERS.at(-1)?.value.split(':') ?? [];

interface Refusal {
  readonly list: CipherList;
  /** What the last of the clients ends up with. */
  readonly suite: CipherSuite;
  readonly clients: readonly TlsClient[];
}

/** Of all that the server may be, what refuses the fewest; null if one of them refuses nobody, or nobody knows. */
function leastRefusal(servers: readonly TlsServer[] | null): Refusal | null {
  const refusals = (servers ?? []).map(refusalOf);
  if (refusals.length === 0 || refusals.includes(null)) return null;
  return (refusals as Refusal[]).reduce((least, each) => (each.clients.length < least.clients.length ? each : least));
}

function refusalOf(server: TlsServer): Refusal | null {
  const refused = ENFORCING.flatMap(client => {
    const { outcome, reasons, suite } = handshake(server, client);
    return outcome === 'http2Refused' && reasons.includes('prohibitedSuite') && suite ? [{ client, suite }] : [];
  });
  const last = refused.at(-1);
  return last ? { list: server.ciphers, suite: last.suite, clients: refused.map(({ client }) => client) } : null;
}

/** True if no browser refuses any of the servers that the policy may be with this list, and none is left without a suite. */
function isHarmless(policy: TlsPolicy, circumstances: TlsCircumstances, ciphers: string): boolean {
  const servers = serversOf(policy, circumstances, ciphers);
  return servers?.every(server => server.ciphers.error === null && refusalOf(server) === null) ?? false;
}

/** The least change that helps, with the same suites in the end: the string, and what of it is moved. */
function reordered(
  policy: TlsPolicy,
  circumstances: TlsCircumstances,
  list: CipherList,
): readonly [string, string] | null {
  const { string } = list;
  const isGood = ({ kx, mac, http2Prohibited }: CipherSuite) => kx === 'ECDHE' && mac === 'AEAD' && !http2Prohibited;
  const written = list.items.filter(
    ({ effect, suites }) => effect === 'added' && suites.length > 0 && suites.every(isGood),
  );
  for (const first of choices(written)) {
    const words = first.map(({ start, end }) => string.slice(start, end)).join(':');
    const rest = first.reduceRight(without, string);
    const moved = `${words}:${rest}`;
    if (hasSameSuites(list, moved) && isHarmless(policy, circumstances, moved)) return [moved, words];
  }
  const good = GOOD_SUITES.filter(name => list.tls12.some(suite => suite.name === name && isGood(suite)));
  for (const first of choices(good)) {
    const words = first.join(':');
    const moved = `${words}:${string}`;
    if (hasSameSuites(list, moved) && isHarmless(policy, circumstances, moved)) return [moved, words];
  }
  return null;
}

/** Each alone, then the first two, the first three and so on. */
function choices<T>(items: readonly T[]): readonly (readonly T[])[] {
  return [...items.map(item => [item]), ...items.map((_, index) => items.slice(0, index + 1)).slice(1)];
}

/** The list behind the first suites of the controller's, where it has no good suite itself. */
function extended(
  policy: TlsPolicy,
  circumstances: TlsCircumstances,
  ciphers: string,
): readonly [string, string] | null {
  const suites = GOOD_SUITES.slice(0, 4).join(':');
  const grown = `${suites}:${ciphers}`;
  return isHarmless(policy, circumstances, grown) ? [grown, suites] : null;
}

function hasSameSuites(list: CipherList, string: string): boolean {
  const names = ({ suites }: CipherList) =>
    (suites ?? [])
      .map(({ id }) => id)
      .sort()
      .join(' ');
  return names(list) === names(cipherList(string, list.openssl));
}

function http2Off({ origin, http2, http2Switches }: TlsPolicy): readonly Change[] {
  if (origin === 'annotation') return [];
  if (origin !== 'nginx') return [set(http2, 'false', 'ssl-ciphers')];
  return http2Switches.map(({ address, off }) => ({ address, change: { op: 'arguments', words: off } }));
}
