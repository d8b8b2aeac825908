import { TLS_CLIENTS, type TlsClient } from '../../facts/tlsClients.ts';
import { TLS_GUIDELINES } from '../../facts/tlsGuidelines.ts';
import { circumstancesOf, serversOf, type TlsCircumstances, type TlsPolicy } from '../../model/tlsPolicy.ts';
import { cipherList } from '../../simulate/cipherList/cipherList.ts';
import { handshake, type TlsServer } from '../../simulate/handshake.ts';
import type { Wording } from '../../text/wording.ts';
import { atPlace, type Params } from '../draft.ts';
import { rule } from '../rule.ts';
import en from './drops-clients.md';
import zh from './drops-clients.zh.md';

/**
 * A list, or a choice of protocols or curves, that is narrower than the usual one turns clients away in the handshake, where no request is
 * logged. Which of them is no mistake, but nobody sees it in the text: so the recorded clients are played against both.
 */
export const dropsClients = rule({
  id: 'tls/drops-clients',
  severity: 'information',
  on: 'tlsPolicy',
  evidence: [
    'test/real/tls.test.ts: the handshakes of all recorded clients with a real nginx',
    'ingress-nginx internal/ingress/controller/config/config.go: the defaults of each release',
    'kubernetes/ingress-nginx#5490, kubernetes/ingress-nginx#5735',
  ],
  summary: {
    en: 'Clients that the usual configuration admits can no longer connect',
    zh: '通常的配置所接纳的客户端在此无法连接',
  },
  messages: {
    en: {
      ciphers: v =>
        `${v.count} of the ${v.total} recorded clients that ${usual(v).en} admits cannot connect, for lack of a suite in common: ${v.names}`,
      protocols: v =>
        `${v.count} of the ${v.total} recorded clients that ${usual(v).en} admits cannot connect, for lack of a protocol in common: ${v.names}`,
      curves: v =>
        `${v.count} of the ${v.total} recorded clients that ${usual(v).en} admits cannot connect, for lack of a curve in common: ${v.names}`,
    },
    zh: {
      ciphers: v =>
        `${usual(v).zh}接纳的 ${v.total} 个有记录的客户端中有 ${v.count} 个没有共同的套件，无法连接：${v.names}`,
      protocols: v =>
        `${usual(v).zh}接纳的 ${v.total} 个有记录的客户端中有 ${v.count} 个没有共同的协议版本，无法连接：${v.names}`,
      curves: v =>
        `${usual(v).zh}接纳的 ${v.total} 个有记录的客户端中有 ${v.count} 个没有共同的曲线，无法连接：${v.names}`,
    },
  },
  page: { en, zh },

  *check(policy, around) {
    const { ciphers, protocols, curves, origin } = policy;
    const circumstances = circumstancesOf(policy, around);
    const pairs = pairsOf(policy, circumstances);
    const [first] = pairs;
    if (!first || pairs.some(({ server }) => server.ciphers.error !== null)) return;
    let dropped = TLS_CLIENTS;
    for (const { server, usual } of pairs) {
      // Whatever the key and with parameters too: where only those are missing, other rules say so.
      dropped = dropped.filter(client => !connects(server, client) && connects(usual, client));
    }
    if (dropped.length === 0) return;
    const total = TLS_CLIENTS.filter(client => connects(first.usual, client)).length;
    for (const reason of ['protocols', 'ciphers', 'curves'] as const) {
      const own = dropped.filter(client => reasonFor(first.server, client) === reason);
      const written = [{ protocols, ciphers, curves }[reason], ciphers, protocols].find(({ value }) => value.place);
      if (own.length === 0 || !written) continue;
      const span = { start: 0, end: written.value.known?.trimEnd().length ?? 0 };
      yield atPlace(written.placeOf(span), reason, {
        count: own.length,
        total,
        for: origin === 'nginx' ? 'nginx' : 'controller',
        names: namesOf(own),
      });
    }
  },
});

/** Names of at most this many clients are written out. */
const MAX_NAMES = 4;

const INTERMEDIATE = TLS_GUIDELINES.find(({ name }) => name === 'intermediate');

const usual = (v: Params): Wording => (v.for === 'nginx' ? OF_MOZILLA : OF_CONTROLLER);

const OF_MOZILLA: Wording = { en: 'Mozilla’s intermediate configuration', zh: 'Mozilla 的 intermediate 配置' };
const OF_CONTROLLER: Wording = { en: 'the controller’s default', zh: '控制器的默认值' };

/** Two servers that differ in nothing but what the policy says. */
interface Pair {
  readonly server: TlsServer;
  readonly usual: TlsServer;
}

/** Each server that the policy may be, whatever its key, beside the one that the usual configuration would make of it. */
function pairsOf(policy: TlsPolicy, circumstances: TlsCircumstances): readonly Pair[] {
  const { http2, preferServerCiphers, ciphers } = policy;
  const usual = usualOf(policy, circumstances);
  const list = ciphers.value.known ?? (ciphers.value.isAbsent ? usual?.ciphers : undefined);
  if (list === undefined || preferServerCiphers.isUnknown) return [];
  // HTTP/2 has no part in whether a client gets a connection.
  const known = http2.isUnknown ? { ...policy, http2: policy.preferServerCiphers } : policy;
  const servers = serversOf(known, circumstances, list) ?? [];
  const keys = policy.keyTypes ?? circumstances.keyTypes;
  const keyTypes: readonly TlsServer['keyTypes'][] = keys ? [keys] : [['RSA'], ['ECDSA']];
  if (!usual) return [];
  return servers.flatMap(server => {
    const usualCiphers = cipherList(usual.ciphers, server.ciphers.openssl);
    return keyTypes.flatMap(each =>
      [true, false].map(dhparam => {
        const here = { ...server, keyTypes: each, dhparam };
        const { groups: _, ...anyGroups } = here;
        return { server: here, usual: { ...anyGroups, protocols: usual.protocols, ciphers: usualCiphers } };
      }),
    );
  });
}

function usualOf({ origin }: TlsPolicy, { controllers }: TlsCircumstances) {
  return origin === 'nginx' ? INTERMEDIATE : controllers[0];
}

function connects(server: TlsServer, client: TlsClient): boolean {
  return handshake(server, client).suite !== null;
}

function reasonFor(server: TlsServer, client: TlsClient): 'protocols' | 'ciphers' | 'curves' {
  const { groups, ...anyGroups } = server;
  if (groups && connects(anyGroups, client)) return 'curves';
  return handshake(server, client).outcome === 'protocolTooOld' ? 'protocols' : 'ciphers';
}

/** The newest first: those are missed first. */
function namesOf(clients: readonly TlsClient[]): string {
  const newest = [...clients].sort((a, b) => ((a.released ?? '') < (b.released ?? '') ? 1 : -1));
  const names = newest.slice(0, MAX_NAMES).map(({ name }) => name);
  return names.join(', ') + (clients.length > MAX_NAMES ? ', …' : '');
}
