import type { TlsProtocol } from './tlsCiphers.ts';

/**
 * What ingress-nginx uses where its ConfigMap has no such key: internal/ingress/controller/config/config.go and
 * rootfs/etc/nginx/template/nginx.tmpl, controller 1.15.1, which runs on Alpine 3.23 and its OpenSSL 3.5.
 */
export const CONTROLLER_TLS_DEFAULTS = Object.freeze({
  ciphers:
    'ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305:DHE-RSA-AES256-GCM-SHA384:DHE-RSA-AES128-GCM-SHA256',
  protocols: Object.freeze(['TLSv1.2', 'TLSv1.3'] as const satisfies readonly TlsProtocol[]),
  /** Written into the template: no key changes it, an annotation does. */
  preferServerCiphers: true,
  http2: true,
  openssl: '3.5' as const,
});

/**
 * nginx without `ssl_protocols`: TLS 1.0 to 1.2 before 1.23.4, then TLS 1.3 too, then the last two alone since 1.27.3
 * (src/http/modules/ngx_http_ssl_module.c).
 */
export const NGINX_DEFAULT_PROTOCOLS: readonly (readonly TlsProtocol[])[] = Object.freeze([
  Object.freeze(['TLSv1', 'TLSv1.1', 'TLSv1.2'] as const),
  Object.freeze(['TLSv1.2', 'TLSv1.3'] as const),
]);

/** Keys of the ConfigMap that no other controller's has, as far as known: F5's and HAProxy's share `ssl-ciphers`. */
export const CONTROLLER_ONLY_KEYS: readonly string[] = Object.freeze([
  'allow-snippet-annotations',
  'annotations-risk-level',
  'compute-full-forwarded-for',
  'enable-brotli',
  'enable-modsecurity',
  'enable-real-ip',
  'http-snippet',
  'keep-alive',
  'keep-alive-requests',
  'log-format-upstream',
  'max-worker-connections',
  'max-worker-open-files',
  'proxy-real-ip-cidr',
  'server-snippet',
  'ssl-early-data',
  'ssl-ecdh-curve',
  'ssl-session-cache-size',
  'upstream-keepalive-connections',
  'upstream-keepalive-requests',
  'use-forwarded-headers',
  'use-geoip2',
  'use-gzip',
  'use-http2',
]);

/** What the controller reads as a boolean; with anything else the default stays (strconv.ParseBool). */
export const CONTROLLER_BOOLEANS: ReadonlyMap<string, boolean> = new Map([
  ...['1', 't', 'T', 'TRUE', 'true', 'True'].map(word => [word, true] as const),
  ...['0', 'f', 'F', 'FALSE', 'false', 'False', ''].map(word => [word, false] as const),
]);
