import { type CipherSuite, TLS_PROTOCOLS } from '../facts/tlsCiphers.ts';
import { TLS_CLIENTS, type TlsClient } from '../facts/tlsClients.ts';
import { type Around, circumstancesOf, opensslVersionsOf, serversOf, type TlsPolicy } from '../model/tlsPolicy.ts';
import { type CipherList, cipherList } from '../simulate/cipherList/cipherList.ts';
import { type Handshake, type HandshakeOutcome, handshake, type TlsServer } from '../simulate/handshake.ts';
import type { Span } from '../text/span.ts';
import type { Language, Wording } from '../text/wording.ts';
import { table } from './table.ts';

/** More rows than these say no more. */
const MAX_SUITES = 12;

/** What people and their programs come with, the newest of each, and an old browser for TLS 1.2. */
const MAIN_CLIENTS: readonly string[] = [
  'chromium_137_win11',
  'firefox_137_win11',
  'safari_184_osx_154',
  'android_15_16',
  'chrome_65_win7',
  'ie_11_win10',
  'java_1703_2106',
  'go_1178',
  'captured_curl_7881',
];

interface Words {
  readonly refused: (error: string) => string;
  readonly count: (count: number) => string;
  readonly fine: string;
  readonly http1: string;
  readonly open: string;
  readonly prohibited: (clients: string) => string;
  readonly suites: readonly string[];
  readonly clients: readonly string[];
  readonly yes: string;
  readonly no: string;
  readonly more: (count: number) => string;
  readonly assumed: (openssl: string, protocols: string, key: string, prefers: boolean) => string;
  readonly rsa: string;
  readonly outcomes: Readonly<Record<HandshakeOutcome, string>>;
}

const WORDS: Wording<Words> = {
  en: {
    refused: error => `**OpenSSL refuses this list** (${error}): nginx does not load it.`,
    count: count => `**${count} ${count === 1 ? 'suite' : 'suites'} for TLS 1.2**`,
    fine: 'HTTP/2 works with every main client.',
    http1: 'HTTP/2 is off.',
    open: 'This text alone does not tell what clients negotiate.',
    prohibited: clients => `Over HTTP/2 **refused by ${clients}**.`,
    suites: ['suite', 'key exchange', 'AEAD', 'HTTP/2'],
    clients: ['client', 'gets', 'ALPN', 'outcome'],
    yes: 'yes',
    no: 'no',
    more: count => `… and ${count} more`,
    assumed: (openssl, protocols, key, prefers) =>
      `With OpenSSL ${openssl}, ${protocols}, key: ${key}, ${prefers ? 'the server’s order' : 'the client’s order'}.`,
    rsa: 'RSA (assumed)',
    outcomes: {
      works: 'works',
      http2Refused: '**refuses HTTP/2**',
      noSharedCipher: '**no shared cipher**',
      protocolTooOld: '**protocol too old**',
      noApplicationProtocol: '**no common ALPN**',
      listRefused: '**list refused**',
      unknown: 'may refuse HTTP/2',
    },
  },
  zh: {
    refused: error => `**OpenSSL 拒绝此列表**（${error}）：nginx 无法加载。`,
    count: count => `**TLS 1.2 可用 ${count} 个套件**`,
    fine: '主要客户端都能使用 HTTP/2。',
    http1: 'HTTP/2 已关闭。',
    open: '仅凭这段文本无法判断客户端会协商出什么。',
    prohibited: clients => `使用 HTTP/2 时**会被 ${clients} 拒绝**。`,
    suites: ['套件', '密钥交换', 'AEAD', 'HTTP/2'],
    clients: ['客户端', '协商结果', 'ALPN', '结局'],
    yes: '是',
    no: '否',
    more: count => `……另有 ${count} 个`,
    assumed: (openssl, protocols, key, prefers) =>
      `条件：OpenSSL ${openssl}，${protocols}，密钥：${key}，${prefers ? '服务器的顺序' : '客户端的顺序'}。`,
    rsa: 'RSA（假定）',
    outcomes: {
      works: '正常',
      http2Refused: '**拒绝 HTTP/2**',
      noSharedCipher: '**没有共同的套件**',
      protocolTooOld: '**协议版本过旧**',
      noApplicationProtocol: '**没有共同的 ALPN**',
      listRefused: '**列表被拒绝**',
      unknown: '可能拒绝 HTTP/2',
    },
  },
};

/** The list at an offset: what OpenSSL makes of it and what clients then get, in Markdown; null where no list is known. */
export function tlsHover(
  policy: TlsPolicy,
  offset: number,
  around: Around,
  language: Language,
): { readonly markdown: string; readonly span: Span } | null {
  const { value } = policy.ciphers;
  const span = policy.origin === 'nginx' ? value.place?.value : value.place?.entry;
  if (value.known === undefined || !span || offset < span.start || offset > span.end) return null;
  const circumstances = circumstancesOf(policy, around);
  // Of the versions in question the newest stands for all.
  const openssl = opensslVersionsOf(policy, circumstances).at(-1) ?? '3.5';
  const server = serversOf(policy, circumstances)?.find(({ ciphers }) => ciphers.openssl === openssl) ?? null;
  const list = server?.ciphers ?? cipherList(value.known, openssl);
  const words = WORDS[language];
  if (list.error !== null) return { markdown: words.refused(list.error), span };
  const met = server ? MAIN.map(client => ({ client, got: handshake(server, client) })) : [];
  const blocks = [
    `${words.count(list.tls12.length)}${language === 'en' ? '. ' : '。'}${verdict(server, met, words)}`,
    table(words.suites, suiteRows(list, words)),
    server
      ? table(
          words.clients,
          met.map(({ client, got }) => clientRow(client, got, words)),
        )
      : '',
    server ? assumptions(policy.keyTypes ?? circumstances.keyTypes, server, words) : '',
  ];
  return { markdown: blocks.filter(block => block !== '').join('\n\n'), span };
}

const MAIN: readonly TlsClient[] = MAIN_CLIENTS.flatMap(key => TLS_CLIENTS.filter(client => client.key === key));

interface Met {
  readonly client: TlsClient;
  readonly got: Handshake;
}

function verdict(server: TlsServer | null, met: readonly Met[], words: Words): string {
  if (!server) return words.open;
  if (!server.http2) return words.http1;
  const refusing = met.filter(({ got }) => got.outcome === 'http2Refused').map(({ client }) => client.name);
  return refusing.length > 0 ? words.prohibited(refusing.join(', ')) : words.fine;
}

function suiteRows({ tls12 }: CipherList, { yes, no, more }: Words): string[][] {
  const rows = tls12
    .slice(0, MAX_SUITES)
    .map(({ name, kx, mac, http2Prohibited }: CipherSuite) => [
      `\`${name}\``,
      kx,
      mac === 'AEAD' ? yes : no,
      http2Prohibited ? no : yes,
    ]);
  return tls12.length > MAX_SUITES ? [...rows, [more(tls12.length - MAX_SUITES), '', '', '']] : rows;
}

function clientRow({ name }: TlsClient, { protocol, suite, alpn, outcome }: Handshake, { outcomes }: Words): string[] {
  const got = suite ? `${protocol ?? ''} \`${suite.name}\`` : '';
  return [name, got, alpn ?? '', outcomes[outcome]];
}

function assumptions(keyTypes: TlsPolicy['keyTypes'], server: TlsServer, words: Words): string {
  const protocols = TLS_PROTOCOLS.filter(protocol => protocol !== 'SSLv3' && server.protocols.includes(protocol)).join(
    ' ',
  );
  const key = keyTypes === null ? words.rsa : keyTypes.join(' + ');
  return words.assumed(server.ciphers.openssl, protocols, key, server.preferServerCiphers);
}
