import type { TlsProtocol } from './tlsCiphers.ts';
import table from './tlsClients.json';

/** Whether a client refuses what RFC 9113, section 9.2 and appendix A prohibit under HTTP/2. */
export interface Http2Enforcement {
  /** Null where it is not known, or where the client speaks no HTTP/2. */
  readonly enforces: boolean | null;
  /** False if nobody measured it, nor read it in the source. */
  readonly verified: boolean;
  readonly source: string;
}

/** What one client offers in its ClientHello. */
export interface TlsClient {
  readonly key: string;
  readonly name: string;
  readonly family: string;
  /** `2016-03`, roughly; undefined where nobody knows. */
  readonly released: string | undefined;
  readonly oldest: TlsProtocol;
  readonly newest: TlsProtocol;
  /** False if it does not say which host it wants, and so gets the default server. */
  readonly sni: boolean;
  /** What it offers by ALPN, dearest first; empty if it sends no such extension. */
  readonly alpn: readonly string[];
  /** Ids of IANA's registry, dearest first. */
  readonly suites: readonly string[];
  /** Ids of IANA's registry, dearest first; empty if it sends no such extension. */
  readonly groups: readonly string[];
  readonly http2: Http2Enforcement;
  readonly note: string | undefined;
}

/** The clients of testssl.sh and seven that were captured, in its order. */
export const TLS_CLIENTS: readonly TlsClient[] = Object.freeze(
  Object.entries(table.clients).map(([key, row]) => clientOf(key, row)),
);

interface ClientRow {
  readonly name: string;
  readonly family: string;
  readonly released?: string;
  readonly protocols: string;
  readonly sni?: boolean;
  readonly alpn: string;
  readonly suites: string;
  readonly groups: string;
  readonly http2: string;
  readonly note?: string;
}

function clientOf(key: string, row: ClientRow): TlsClient {
  const [oldest, newest] = row.protocols.split(' ') as [TlsProtocol, TlsProtocol];
  const enforcement: Readonly<Record<string, Http2Enforcement>> = table.enforcement;
  const http2 = enforcement[row.http2];
  if (http2 === undefined) throw new Error(`tlsClients.json: no enforcement ${row.http2}`);
  return Object.freeze({
    key,
    name: row.name,
    family: row.family,
    released: row.released,
    oldest,
    newest,
    sni: row.sni ?? true,
    alpn: listOf(row.alpn),
    suites: listOf(row.suites),
    groups: listOf(row.groups),
    http2,
    note: row.note,
  });
}

function listOf(words: string): readonly string[] {
  return Object.freeze(words === '' ? [] : words.split(' '));
}
