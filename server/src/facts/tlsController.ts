import type { TlsProtocol } from './tlsCiphers.ts';

/** What the template writes whatever the version: no key changes it, an annotation does. */
export const CONTROLLER_PREFERS_ITS_ORDER = true;

/** `use-http2` where the ConfigMap does not have it, in every version. */
export const CONTROLLER_HTTP2 = true;

/**
 * nginx without `ssl_protocols`: TLS 1.0 to 1.2 before 1.23.4, then TLS 1.3 too, then the last two alone since 1.27.3
 * (src/http/modules/ngx_http_ssl_module.c).
 */
export const NGINX_DEFAULT_PROTOCOLS: readonly (readonly TlsProtocol[])[] = Object.freeze([
  Object.freeze(['TLSv1', 'TLSv1.1', 'TLSv1.2'] as const),
  Object.freeze(['TLSv1.2', 'TLSv1.3'] as const),
]);
