import type { TlsProtocol } from './tlsCiphers.ts';
import table from './tlsGuidelines.json';

/** A configuration that Mozilla recommends. */
export interface TlsGuideline {
  /** Of the guidelines: `6.0`. */
  readonly version: string;
  readonly name: string;
  readonly protocols: readonly TlsProtocol[];
  /** A cipher string; empty where TLS 1.3 is all there is. */
  readonly ciphers: string;
  readonly preferServerCiphers: boolean;
  /** The oldest clients that can connect, as Mozilla names them. */
  readonly oldestClients: readonly string[];
}

/** Newest version first; the strictest configuration of each first. */
export const TLS_GUIDELINES: readonly TlsGuideline[] = Object.freeze(
  Object.entries(table.versions).flatMap(([version, configurations]) =>
    Object.entries(configurations).map(([name, { protocols, ciphers, preferServerCiphers, oldestClients }]) =>
      Object.freeze({
        version,
        name,
        protocols: Object.freeze(protocols.split(' ') as TlsProtocol[]),
        ciphers,
        preferServerCiphers,
        oldestClients: Object.freeze(oldestClients),
      }),
    ),
  ),
);
