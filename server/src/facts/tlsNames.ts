/** What becomes of a name that ingress-nginx does not have. */
export type NoSuchName =
  /** A key of the ConfigMap, for all hosts, and no annotation. */
  | { readonly why: 'keyOnly'; readonly key: string }
  /** An annotation, for one host, and no key of the ConfigMap. */
  | { readonly why: 'annotationOnly'; readonly annotation: string }
  /** Another name for one that is there. */
  | { readonly why: 'misnamed'; readonly meant: string };

const keyOnly = (key: string) => ({ why: 'keyOnly', key }) as const;
const misnamed = (meant: string) => ({ why: 'misnamed', meant }) as const;

/**
 * Annotations of TLS that people write and ingress-nginx does not read, behind `nginx.ingress.kubernetes.io/`. It reads `ssl-ciphers`,
 * `ssl-prefer-server-ciphers`, `ssl-passthrough` and `ssl-redirect`: internal/ingress/annotations, 1.15.1.
 */
export const NO_SUCH_ANNOTATION: ReadonlyMap<string, NoSuchName> = new Map<string, NoSuchName>([
  ['ssl-protocols', keyOnly('ssl-protocols')],
  ['ssl-protocol', keyOnly('ssl-protocols')],
  ['ssl_protocols', keyOnly('ssl-protocols')],
  ['tls-protocols', keyOnly('ssl-protocols')],
  ['tls-version', keyOnly('ssl-protocols')],
  ['ssl-min-version', keyOnly('ssl-protocols')],
  ['tls-min-version', keyOnly('ssl-protocols')],
  ['ssl-dh-param', keyOnly('ssl-dh-param')],
  ['ssl-dhparam', keyOnly('ssl-dh-param')],
  ['ssl-ecdh-curve', keyOnly('ssl-ecdh-curve')],
  ['ssl-session-cache', keyOnly('ssl-session-cache')],
  ['ssl-session-cache-size', keyOnly('ssl-session-cache-size')],
  ['ssl-session-tickets', keyOnly('ssl-session-tickets')],
  ['ssl-session-timeout', keyOnly('ssl-session-timeout')],
  ['ssl-buffer-size', keyOnly('ssl-buffer-size')],
  ['ssl-early-data', keyOnly('ssl-early-data')],
  ['ssl-reject-handshake', keyOnly('ssl-reject-handshake')],
  ['use-http2', keyOnly('use-http2')],
  ['http2', keyOnly('use-http2')],
  ['enable-http2', keyOnly('use-http2')],
  ['ssl-cipher', misnamed('ssl-ciphers')],
  ['ssl-ciphersuites', misnamed('ssl-ciphers')],
  ['ssl-cipher-suites', misnamed('ssl-ciphers')],
  ['ssl_ciphers', misnamed('ssl-ciphers')],
  ['tls-ciphers', misnamed('ssl-ciphers')],
  ['ssl_prefer_server_ciphers', misnamed('ssl-prefer-server-ciphers')],
  ['ssl-prefer-server-cipher', misnamed('ssl-prefer-server-ciphers')],
]);

/**
 * Keys of TLS that people write into the controller's ConfigMap and that it does not have: internal/ingress/controller/config/config.go,
 * 1.15.1. Case does not matter to it, `_` and `-` are not the same.
 */
export const NO_SUCH_KEY: ReadonlyMap<string, NoSuchName> = new Map<string, NoSuchName>([
  ['ssl-prefer-server-ciphers', { why: 'annotationOnly', annotation: 'ssl-prefer-server-ciphers' }],
  ['ssl_prefer_server_ciphers', { why: 'annotationOnly', annotation: 'ssl-prefer-server-ciphers' }],
  ['prefer-server-ciphers', { why: 'annotationOnly', annotation: 'ssl-prefer-server-ciphers' }],
  ['ssl_ciphers', misnamed('ssl-ciphers')],
  ['ssl-cipher', misnamed('ssl-ciphers')],
  ['ssl-cipher-suites', misnamed('ssl-ciphers')],
  ['tls-ciphers', misnamed('ssl-ciphers')],
  ['ssl_protocols', misnamed('ssl-protocols')],
  ['ssl-protocol', misnamed('ssl-protocols')],
  ['tls-protocols', misnamed('ssl-protocols')],
  ['ssl_dhparam', misnamed('ssl-dh-param')],
  ['ssl-dhparam', misnamed('ssl-dh-param')],
  ['ssl-dh-params', misnamed('ssl-dh-param')],
  ['ssl_ecdh_curve', misnamed('ssl-ecdh-curve')],
  ['ssl-ecdh-curves', misnamed('ssl-ecdh-curve')],
  ['ssl_session_cache', misnamed('ssl-session-cache')],
  ['ssl_session_tickets', misnamed('ssl-session-tickets')],
  ['ssl_session_timeout', misnamed('ssl-session-timeout')],
  ['ssl_early_data', misnamed('ssl-early-data')],
  ['use-http-2', misnamed('use-http2')],
  ['use_http2', misnamed('use-http2')],
  ['enable-http2', misnamed('use-http2')],
]);
