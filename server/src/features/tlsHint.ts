import { TLS_CLIENTS, type TlsClient } from '../facts/tlsClients.ts';
import { circumstancesOf, isHeeded, opensslVersionsOf, serversOf, type TlsPolicy } from '../model/tlsPolicy.ts';
import { cipherList } from '../simulate/cipherList/cipherList.ts';
import { handshake, type TlsServer } from '../simulate/handshake.ts';
import type { Wording } from '../text/wording.ts';
import type { FilePiece, Workspace } from '../workspace/workspace.ts';
import type { HintInPiece } from './answers.ts';

/** A browser of today that is held back to TLS 1.2, as by a middlebox: whom cipher lists are for. */
const CAPPED: readonly TlsClient[] = TLS_CLIENTS.filter(({ key }) => key === 'chromium_137_win11').map(client => ({
  ...client,
  newest: 'TLSv1.2',
}));

interface Words {
  readonly refused: string;
  readonly suites: (count: number) => string;
  readonly nobody: string;
  readonly http2: string;
  readonly http1: string;
  readonly bad: string;
  readonly tooltip: string;
}

const WORDS: Wording<Words> = {
  en: {
    refused: 'refused by OpenSSL',
    suites: count => (count === 1 ? '1 suite' : `${count} suites`),
    nobody: 'none for a browser with TLS 1.2',
    http2: 'HTTP/2 works',
    http1: 'HTTP/2 off',
    bad: 'HTTP/2 refused',
    tooltip:
      'Suites for TLS 1.2 in this list, the one that a browser of today gets if it is held back to TLS 1.2, and what it makes of HTTP/2 then. With TLS 1.3 the list is not used.',
  },
  zh: {
    refused: 'OpenSSL 拒绝',
    suites: count => `${count} 个套件`,
    nobody: '没有适合 TLS 1.2 浏览器的套件',
    http2: 'HTTP/2 正常',
    http1: 'HTTP/2 已关闭',
    bad: 'HTTP/2 被拒绝',
    tooltip:
      '此列表中 TLS 1.2 的套件数，如今的浏览器限于 TLS 1.2 时得到的套件，以及此时它对 HTTP/2 的反应。使用 TLS 1.3 时不用此列表。',
  },
};

/** Behind each cipher list: how many suites, the one that counts, and whether HTTP/2 goes with it. */
export function* tlsHints({ file, entities }: FilePiece, workspace: Workspace): Iterable<HintInPiece> {
  const words = WORDS[workspace.language];
  // Servers that share a list say the same of it, or one of them more.
  const labels = new Map<number, string>();
  for (const entity of entities) {
    if (entity.is !== 'tlsPolicy' || !isHeeded(entity, workspace.linked)) continue;
    const { known = '', place } = entity.ciphers.value;
    const end = entity.ciphers.placeOf({ start: 0, end: known.trimEnd().length }).value.end;
    if (!place || known.trim() === '') continue;
    const label = labelOf(entity, { cluster: workspace.linked, file }, words);
    if ((labels.get(end)?.length ?? 0) < label.length) labels.set(end, label);
  }
  for (const [offset, label] of labels) yield { offset, label, tooltip: words.tooltip };
}

function labelOf(policy: TlsPolicy, around: Parameters<typeof circumstancesOf>[1], words: Words): string {
  const circumstances = circumstancesOf(policy, around);
  const openssl = opensslVersionsOf(policy, circumstances).at(-1) ?? '3.5';
  const list = cipherList(policy.ciphers.value.known ?? '', openssl);
  if (list.error !== null) return words.refused;
  const count = words.suites(list.tls12.length);
  const server = serversOf(policy, circumstances)?.find(({ ciphers }) => ciphers.openssl === openssl);
  return server ? `${count} · ${verdict(server, words)}` : count;
}

function verdict(server: TlsServer, words: Words): string {
  const [client] = CAPPED;
  const met = client && handshake(server, client);
  if (!met?.suite || met.protocol === 'TLSv1.3') return words.nobody;
  const http2 = !server.http2 ? words.http1 : met.outcome === 'http2Refused' ? words.bad : words.http2;
  return `TLS 1.2: ${met.suite.name} · ${http2}`;
}
