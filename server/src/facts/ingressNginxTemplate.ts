/** A block of the configuration that ingress-nginx writes; `location`: one that leads to a backend. */
export type TemplateBlock = 'main' | 'http' | 'server' | 'location';

/** What the controller always writes into a block. */
export interface TemplateDirective {
  readonly name: string;
  /** The key that gives it another value, in the ConfigMap and, for a location, among the annotations; null without one. */
  readonly key: string | null;
}

/**
 * Directives that the controller writes whatever its ConfigMap says, of those that nginx takes once:
 * rootfs/etc/nginx/template/nginx.tmpl of ingress-nginx at f3e609a (1.x before 1.7) and of 2024 (kept at 0e7a583 among the test data of
 * its template package), what both have. Left out: what stands behind a condition, such as `resolver` and `client_max_body_size`.
 */
export const TEMPLATE_DIRECTIVES: Readonly<Record<TemplateBlock, readonly TemplateDirective[]>> = Object.freeze({
  main: rows(`
    pid
    daemon
    worker_processes worker-processes
    worker_rlimit_nofile max-worker-open-files
    worker_shutdown_timeout worker-shutdown-timeout
  `),
  http: rows(`
    init_by_lua_block
    init_by_lua_file
    init_worker_by_lua_block
    init_worker_by_lua_file
    aio
    tcp_nopush
    tcp_nodelay
    log_subrequest
    reset_timedout_connection
    keepalive_timeout keep-alive
    keepalive_requests keep-alive-requests
    client_body_temp_path
    fastcgi_temp_path
    proxy_temp_path
    client_header_buffer_size client-header-buffer-size
    client_header_timeout client-header-timeout
    large_client_header_buffers large-client-header-buffers
    client_body_buffer_size client-body-buffer-size
    client_body_timeout client-body-timeout
    http2_max_concurrent_streams http2-max-concurrent-streams
    types_hash_max_size
    server_names_hash_max_size server-name-hash-max-size
    server_names_hash_bucket_size server-name-hash-bucket-size
    map_hash_bucket_size map-hash-bucket-size
    proxy_headers_hash_max_size proxy-headers-hash-max-size
    proxy_headers_hash_bucket_size proxy-headers-hash-bucket-size
    variables_hash_bucket_size variables-hash-bucket-size
    variables_hash_max_size variables-hash-max-size
    underscores_in_headers enable-underscores-in-headers
    ignore_invalid_headers ignore-invalid-headers
    limit_req_status limit-req-status-code
    limit_conn_status limit-conn-status-code
    default_type default-type
    server_tokens server-tokens
    uninitialized_variable_warn
    server_name_in_redirect
    port_in_redirect
    ssl_early_data ssl-early-data
    ssl_session_tickets ssl-session-tickets
    ssl_buffer_size ssl-buffer-size
    ssl_ecdh_curve ssl-ecdh-curve
    proxy_ssl_session_reuse
  `),
  server: rows(`
    ssl_certificate_by_lua_block
    ssl_certificate_by_lua_file
  `),
  location: rows(`
    rewrite_by_lua_block
    rewrite_by_lua_file
    header_filter_by_lua_block
    header_filter_by_lua_file
    log_by_lua_block
    log_by_lua_file
    port_in_redirect use-port-in-redirects
    proxy_connect_timeout proxy-connect-timeout
    proxy_send_timeout proxy-send-timeout
    proxy_read_timeout proxy-read-timeout
    proxy_buffering proxy-buffering
    proxy_buffer_size proxy-buffer-size
    proxy_buffers proxy-buffers-number
    proxy_request_buffering proxy-request-buffering
    proxy_http_version proxy-http-version
    proxy_next_upstream_timeout proxy-next-upstream-timeout
    proxy_next_upstream_tries proxy-next-upstream-tries
  `),
});

function rows(table: string): readonly TemplateDirective[] {
  return Object.freeze(
    table
      .trim()
      .split(/\s*\n\s*/)
      .map(row => row.split(' '))
      .map(([name = '', key]) => Object.freeze({ name, key: key ?? null })),
  );
}
