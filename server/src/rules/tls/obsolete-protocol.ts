import { OPENSSL_PROFILES, TLS_PROTOCOLS } from '../../facts/tlsCiphers.ts';
import {
  circumstancesOf,
  opensslVersionsOf,
  protocolWords,
  type TlsCircumstances,
  type TlsPolicy,
} from '../../model/tlsPolicy.ts';
import { cipherList } from '../../simulate/cipherList/cipherList.ts';
import { atPlace } from '../draft.ts';
import { rule } from '../rule.ts';
import en from './obsolete-protocol.md';
import zh from './obsolete-protocol.zh.md';

/**
 * nginx takes every protocol's name and says nothing of those that its OpenSSL does not have, or does not allow at the security
 * level in force: SSLv3 is not built, and since OpenSSL 3 TLS 1.0 and 1.1 need level 0.
 */
export const obsoleteProtocol = rule({
  id: 'tls/obsolete-protocol',
  severity: 'warning',
  on: 'tlsPolicy',
  evidence: [
    'openssl CHANGES: SSLv2 removed and SSLv3 off by default in 1.1.0; SHA-1 signatures below level 1 in 3.0',
    'test/real/tls.test.ts: SSLv3, TLS 1.0 and 1.1 with nginx and OpenSSL 3.0',
    'RFC 8996',
    'kubernetes/ingress-nginx#9805',
  ],
  summary: {
    en: 'A protocol that OpenSSL no longer speaks, or that nobody should',
    zh: 'OpenSSL 已不再支持，或者不应再使用的协议版本',
  },
  messages: {
    en: {
      notBuilt: v =>
        `${v.protocols} has no effect: the OpenSSL of the controller is built without it, and nginx does not say so`,
      notBuiltAnywhere: v =>
        `${v.protocols} has no effect where OpenSSL is built as distributions have built it since 1.1.0, and nginx does not say so`,
      level: v =>
        `No client gets ${v.protocols} since OpenSSL 3 (controller 1.6.4) without @SECLEVEL=0 in the cipher list; older releases accept such connections, though RFC 8996 prohibits them`,
      on: v =>
        `Connections with ${v.protocols} are accepted, though RFC 8996 prohibits them and their handshake rests on SHA-1`,
      old: v =>
        `Before OpenSSL 3, connections with ${v.protocols} are accepted, though RFC 8996 prohibits them; since then no client gets one without @SECLEVEL=0 in the cipher list`,
      remove: v => `Remove ${v.protocols}`,
    },
    zh: {
      notBuilt: v => `${v.protocols} 不起作用：控制器的 OpenSSL 不含该协议，而 nginx 不会提示`,
      notBuiltAnywhere: v => `${v.protocols} 不起作用：从 1.1.0 起，发行版编译的 OpenSSL 不含该协议，而 nginx 不会提示`,
      level: v =>
        `从 OpenSSL 3（控制器 1.6.4）起，密码套件列表中没有 @SECLEVEL=0 时没有客户端能使用 ${v.protocols}；更早的版本会启用它，而 RFC 8996 禁止使用`,
      on: v => `会接受 ${v.protocols} 连接，而 RFC 8996 禁止使用，其握手依赖 SHA-1`,
      old: v =>
        `OpenSSL 3 之前会接受 ${v.protocols} 连接，而 RFC 8996 禁止使用；此后密码套件列表中没有 @SECLEVEL=0 时没有客户端能使用`,
      remove: v => `删除 ${v.protocols}`,
    },
  },
  page: { en, zh },

  *check(policy, around) {
    const { protocols, origin } = policy;
    const words = protocolWords(protocols);
    const isController = origin !== 'nginx';
    for (const family of [NOT_BUILT, PROHIBITED]) {
      const own = words.filter(({ word }) => family.includes(word));
      const [first] = own;
      if (!first) continue;
      const key =
        family === PROHIBITED
          ? prohibited(policy, circumstancesOf(policy, around))
          : isController
            ? 'notBuilt'
            : 'notBuiltAnywhere';
      const figures = {
        protocols: own.map(({ word }) => word).join(', '),
      };
      const rest = words.filter(({ word }) => !family.includes(word)).map(({ word }) => word);
      const draft = atPlace(first.place, key, figures).as(SEVERITY[key]);
      // Where nothing else is left, somebody has to say what clients there are.
      if (rest.length === 0) yield draft;
      else yield draft.fix('remove', family === NOT_BUILT ? 'safe' : 'unsafe', protocols.rewrite(rest.join(' ')));
    }
  },
});

const NOT_BUILT: readonly string[] = ['SSLv2', 'SSLv3'];
const PROHIBITED: readonly string[] = ['TLSv1', 'TLSv1.1'];

const SEVERITY = {
  notBuilt: 'error',
  notBuiltAnywhere: 'information',
  level: 'warning',
  on: 'warning',
  old: 'warning',
} as const;

/** What TLS 1.0 and 1.1 come to; where the version of OpenSSL decides and nobody knows it, both are said. */
function prohibited(policy: TlsPolicy, circumstances: TlsCircumstances): 'level' | 'on' | 'old' {
  const { value } = policy.ciphers;
  if (policy.origin === 'nginx' || value.isUnknown) return 'old';
  const [ciphers = ''] = circumstances.controllers.map(controller => value.known ?? controller.ciphers);
  const found = opensslVersionsOf(policy, circumstances).map(openssl => {
    const { securityLevel } = cipherList(ciphers, openssl);
    const oldest = OPENSSL_PROFILES[openssl].oldestProtocol[securityLevel] ?? 'TLSv1';
    return TLS_PROTOCOLS.indexOf(oldest) > TLS_PROTOCOLS.indexOf('TLSv1.1') ? 'level' : 'on';
  });
  const [first = 'old'] = found;
  return found.every(each => each === first) ? first : 'old';
}
