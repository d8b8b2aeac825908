import type { Wording } from '../text/wording.ts';

/** What a browser, or OpenSSL in nginx's log, says of a handshake that failed. */
export interface TlsErrorText {
  readonly text: string;
  readonly saidBy: Wording;
  readonly meaning: Wording;
  /** The rules that look for what leads to it, the likeliest first. */
  readonly rules: readonly string[];
  /** Where to look if none of them finds anything: keys of the ConfigMap, and what nginx calls them. */
  readonly settings: readonly string[];
}

const INADEQUATE: Omit<TlsErrorText, 'text' | 'saidBy'> = {
  meaning: {
    en: 'The connection was made, over HTTP/2, with a cipher suite that HTTP/2 prohibits: without ephemeral keys (`AES128-SHA`, `AES128-GCM-SHA256`), or without AEAD (`ECDHE-RSA-AES128-SHA`). The server prefers it to better ones that both have. curl does not mind, not even with `--http2`.',
    zh: '连接已建立，但在 HTTP/2 上使用了 HTTP/2 禁止的密码套件：没有临时密钥（`AES128-SHA`、`AES128-GCM-SHA256`），或者不是 AEAD（`ECDHE-RSA-AES128-SHA`）。服务器优先选择了它，尽管双方都支持更好的套件。curl 不检查这一点，加上 `--http2` 也不检查。',
  },
  rules: ['tls/http2-prohibited-cipher'],
  settings: ['ssl-ciphers (ssl_ciphers)', 'use-http2 (http2)', 'ssl-protocols (ssl_protocols)'],
};

const NO_CIPHER: Omit<TlsErrorText, 'text' | 'saidBy'> = {
  meaning: {
    en: 'Server and client have no protocol version, or no cipher suite, in common: a list that is too narrow, suites for another type of key than the certificate’s, DHE without parameters, or a protocol that OpenSSL does not speak any more.',
    zh: '服务器与客户端没有共同的协议版本或密码套件：列表过窄，套件与证书密钥的类型不符，DHE 没有参数，或者使用了 OpenSSL 已不支持的协议。',
  },
  rules: [
    'tls/key-type-mismatch',
    'tls/dead-dhe',
    'tls/cipher-list-refused',
    'tls/drops-clients',
    'tls/obsolete-protocol',
    'tls/per-host-protocols',
  ],
  settings: ['ssl-ciphers (ssl_ciphers)', 'ssl-protocols (ssl_protocols)'],
};

const TOO_OLD: Omit<TlsErrorText, 'text' | 'saidBy'> = {
  ...NO_CIPHER,
  rules: ['tls/obsolete-protocol', 'tls/drops-clients', 'tls/per-host-protocols', 'tls/tls13-missing'],
  settings: ['ssl-protocols (ssl_protocols)', '@SECLEVEL in ssl-ciphers (ssl_ciphers)'],
};

const REFUSED: Omit<TlsErrorText, 'text' | 'saidBy'> = {
  meaning: {
    en: 'OpenSSL refuses the cipher list, so nginx does not load its configuration; what ran before goes on, without any later change.',
    zh: 'OpenSSL 拒绝了密码套件列表，nginx 因此无法加载配置；之前的配置继续运行，但此后的任何变更都不会生效。',
  },
  rules: ['tls/cipher-list-refused', 'tls/unknown-cipher'],
  settings: ['ssl-ciphers (ssl_ciphers)'],
};

const CHROME: Wording = { en: 'Chrome, Edge, Opera', zh: 'Chrome、Edge、Opera 浏览器' };
const FIREFOX: Wording = { en: 'Firefox', zh: 'Firefox 浏览器' };
const LOG: Wording = { en: 'OpenSSL, in nginx’s log', zh: 'nginx 日志中的 OpenSSL' };

/**
 * Texts by which people look for the cause: Chromium net/base/net_error_list.h (-360, until 80 named after SPDY; -113), Firefox
 * xpcom/base/ErrorList.py and security/manager NSS texts, OpenSSL ssl/ssl_err.c.
 */
export const TLS_ERROR_TEXTS: readonly TlsErrorText[] = Object.freeze([
  { text: 'ERR_HTTP2_INADEQUATE_TRANSPORT_SECURITY', saidBy: CHROME, ...INADEQUATE },
  { text: 'ERR_SPDY_INADEQUATE_TRANSPORT_SECURITY', saidBy: CHROME, ...INADEQUATE },
  { text: 'NS_ERROR_NET_INADEQUATE_SECURITY', saidBy: FIREFOX, ...INADEQUATE },
  { text: 'inadequateSecurityError', saidBy: FIREFOX, ...INADEQUATE },
  { text: 'ERR_SSL_VERSION_OR_CIPHER_MISMATCH', saidBy: CHROME, ...NO_CIPHER },
  { text: 'SSL_ERROR_NO_CYPHER_OVERLAP', saidBy: FIREFOX, ...NO_CIPHER },
  { text: 'SSL_ERROR_UNSUPPORTED_VERSION', saidBy: FIREFOX, ...TOO_OLD },
  { text: 'ERR_SSL_OBSOLETE_VERSION', saidBy: CHROME, ...TOO_OLD },
  { text: 'no shared cipher', saidBy: LOG, ...NO_CIPHER },
  { text: 'unsupported protocol', saidBy: LOG, ...TOO_OLD },
  { text: 'no suitable signature algorithm', saidBy: LOG, ...TOO_OLD },
  { text: 'no cipher match', saidBy: LOG, ...REFUSED },
]);

/** What makes a text of no other interest worth keeping: the names that are nothing but such an error. */
export const BROWSER_ERROR =
  /\b(?:ERR_(?:SPDY|HTTP2|SSL)_[A-Z]|NS_ERROR_NET_INADEQUATE|inadequateSecurityError|SSL_ERROR_)/;
