import type { OpenSslVersion } from '../facts/tlsCiphers.ts';

/** Programs whose versions decide what a file does. */
export const PROGRAMS = ['controller', 'kubernetes'] as const;
export type Program = (typeof PROGRAMS)[number];

/** Types of the key of a certificate. */
export const CERTIFICATE_KEYS = ['RSA', 'ECDSA'] as const;
export type CertificateKey = (typeof CERTIFICATE_KEYS)[number];

/** What no file says and its owner may tell in the settings; null where nobody did. */
export interface Environment {
  /** CPUs of a node. */
  readonly nodeCores: number | null;
  /** Used where the workspace does not show which version runs, such as `1.36`. */
  readonly kubernetes: string | null;
  readonly controller: string | null;
  /** Null for the one in the controller's image. */
  readonly openssl: OpenSslVersion | null;
  readonly certificateKey: CertificateKey | null;
  /** New connections a second that a node takes. */
  readonly connectionsPerSecond: number | null;
  /** Versions to judge by whatever the workspace shows. */
  readonly against: Readonly<Partial<Record<Program, string>>>;
}

export const DEFAULT_ENVIRONMENT: Environment = {
  nodeCores: null,
  kubernetes: null,
  controller: null,
  openssl: null,
  certificateKey: null,
  connectionsPerSecond: null,
  against: {},
};
