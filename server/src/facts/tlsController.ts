import type { OpenSslVersion, TlsProtocol } from './tlsCiphers.ts';

/** What the template writes whatever the version: no key changes it, an annotation does. */
export const CONTROLLER_PREFERS_ITS_ORDER = true;

/** `use-http2` where the ConfigMap does not have it, in every version. */
export const CONTROLLER_HTTP2 = true;

/** A value that holds from a release on, up to the next row. */
export interface SinceRelease<Value> {
  readonly since: string;
  readonly value: Value;
}

/** `ssl-ciphers` where the ConfigMap does not have it: internal/ingress/controller/config/config.go, 0.9.0 to 1.15.1. */
export const CONTROLLER_CIPHERS: readonly SinceRelease<string>[] = Object.freeze([
  {
    since: '0.9.0',
    value:
      'ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305:ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-SHA384:ECDHE-RSA-AES256-SHA384:ECDHE-ECDSA-AES128-SHA256:ECDHE-RSA-AES128-SHA256',
  },
  {
    since: '0.27.0',
    value:
      'ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305:DHE-RSA-AES128-GCM-SHA256:DHE-RSA-AES256-GCM-SHA384',
  },
  {
    since: '1.14.0',
    value:
      'ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305:DHE-RSA-AES256-GCM-SHA384:DHE-RSA-AES128-GCM-SHA256',
  },
]);

/** `ssl-protocols` where the ConfigMap does not have it; same source. */
export const CONTROLLER_PROTOCOLS: readonly SinceRelease<readonly TlsProtocol[]>[] = Object.freeze([
  { since: '0.9.0', value: Object.freeze(['TLSv1.2'] as const) },
  { since: '0.33.0', value: Object.freeze(['TLSv1.2', 'TLSv1.3'] as const) },
]);

/**
 * The OpenSSL of the image, as which of the measured versions it reads cipher strings: more than one where it is none of them.
 * Inferred from the Alpine release that the image is built on (3.13 to 3.16: 1.1.1; 3.17: 3.0; 3.18 and 3.19: 3.1; 3.20 and 3.21:
 * 3.3; 3.22 and later: 3.5), which the repository names; kubernetes/ingress-nginx#9805 agrees. In the order of releases, and so
 * 1.12.0 comes behind 1.11.8, which is younger.
 */
export const CONTROLLER_OPENSSL: readonly SinceRelease<readonly OpenSslVersion[]>[] = Object.freeze([
  { since: '0.9.0', value: Object.freeze(['1.1.1'] as const) },
  { since: '1.6.0', value: Object.freeze(['3.0'] as const) },
  { since: '1.10.2', value: Object.freeze(['3.0', '3.5'] as const) },
  { since: '1.11.8', value: Object.freeze(['3.5'] as const) },
  { since: '1.12.0', value: Object.freeze(['3.0', '3.5'] as const) },
  { since: '1.12.4', value: Object.freeze(['3.5'] as const) },
]);

/**
 * nginx without `ssl_protocols`: TLS 1.0 to 1.2 before 1.23.4, then TLS 1.3 too, then the last two alone since 1.27.3
 * (src/http/modules/ngx_http_ssl_module.c).
 */
export const NGINX_DEFAULT_PROTOCOLS: readonly (readonly TlsProtocol[])[] = Object.freeze([
  Object.freeze(['TLSv1', 'TLSv1.1', 'TLSv1.2'] as const),
  Object.freeze(['TLSv1.2', 'TLSv1.3'] as const),
]);

/** What the controller reads as a boolean; with anything else the default stays (strconv.ParseBool). */
export const CONTROLLER_BOOLEANS: ReadonlyMap<string, boolean> = new Map([
  ...['1', 't', 'T', 'TRUE', 'true', 'True'].map(word => [word, true] as const),
  ...['0', 'f', 'F', 'FALSE', 'false', 'False', ''].map(word => [word, false] as const),
]);
