/** A block of the configuration that ingress-nginx writes; `location`: one that leads to a backend, `auth`: one that asks for authentication. */
export type TemplateBlock = 'main' | 'http' | 'server' | 'location' | 'auth';

/** What the controller writes into a block. */
export interface TemplateDirective {
  readonly name: string;
  /** What it writes in any case; null where a key, the node or the object decides. */
  readonly value: string | null;
  /** The key that it comes from, in the ConfigMap and, for a location, among the annotations; null without one. */
  readonly key: string | null;
  /** What decides whether it is written, if that is one key of the ConfigMap; null otherwise. */
  readonly when: TemplateCondition | null;
}

/** A key, and what it must be: `true`, not empty, or a size. */
export interface TemplateCondition {
  readonly key: string;
  readonly is: 'true' | 'set' | 'size';
  /** The first release that writes it. */
  readonly since: string;
}

/**
 * Directives that the controller writes whatever its ConfigMap says, of those that nginx takes once: what these have in common of
 * rootfs/etc/nginx/template/nginx.tmpl of ingress-nginx: f3e609a (1.x before 1.7), that of 2024 (kept at 0e7a583 among the test data of
 * its template package), and that of forkline/ingress-nginx at 7293e0a, which went on from 1.15 in 2026. Left out: what stands
 * behind a condition, such as `resolver` and `client_max_body_size`.
 */
export const TEMPLATE_DIRECTIVES: Readonly<Record<TemplateBlock, readonly TemplateDirective[]>> = Object.freeze({
  main: rows(`
    pid
    daemon =off
    worker_processes worker-processes
    worker_rlimit_nofile max-worker-open-files
    worker_shutdown_timeout worker-shutdown-timeout
  `),
  http: rows(`
    lua_package_path
    init_by_lua_block
    init_by_lua_file
    init_worker_by_lua_block
    init_worker_by_lua_file
    aio =threads
    tcp_nopush =on
    tcp_nodelay =on
    log_subrequest =on
    reset_timedout_connection =on
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
    types_hash_max_size =2048
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
    uninitialized_variable_warn =off
    server_name_in_redirect =off
    port_in_redirect =off
    ssl_early_data ssl-early-data
    ssl_session_tickets ssl-session-tickets
    ssl_buffer_size ssl-buffer-size
    ssl_ecdh_curve ssl-ecdh-curve
    proxy_ssl_session_reuse =on
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
  auth: rows(`
    internal
    proxy_pass_request_body =off
    proxy_pass_request_headers =on
    proxy_ssl_server_name =on
    proxy_buffering proxy-buffering
    proxy_buffer_size proxy-buffer-size
    proxy_buffers proxy-buffers-number
    proxy_request_buffering proxy-request-buffering
    proxy_http_version
    proxy_pass
  `),
});

/** What it writes under some settings alone, or nginx takes more than once, in the templates above from 2024 on. */
export const TEMPLATE_MORE: Readonly<Record<TemplateBlock, readonly TemplateDirective[]>> = Object.freeze({
  main: rows(`
    load_module
    worker_cpu_affinity worker-cpu-affinity
  `),
  http: rows(`
    lua_shared_dict lua-shared-dicts
    real_ip_header forwarded-for-header
    real_ip_recursive =on
    set_real_ip_from proxy-real-ip-cidr
    modsecurity enable-modsecurity
    modsecurity_rules modsecurity-snippet
    modsecurity_rules_file
    geoip2 use-geoip2
    aio_write enable-aio-write enable-aio-write=true@1.9.0
    grpc_buffer_size grpc-buffer-size-kb
    brotli enable-brotli
    brotli_comp_level brotli-level
    brotli_min_length brotli-min-length
    brotli_types brotli-types
    gzip use-gzip use-gzip=true
    gzip_comp_level gzip-level use-gzip=true
    gzip_disable gzip-disable
    gzip_http_version =1.1 use-gzip=true
    gzip_min_length gzip-min-length use-gzip=true
    gzip_types gzip-types
    gzip_proxied =any
    gzip_vary =on use-gzip=true
    more_set_headers add-headers
    log_format log-format-upstream
    access_log access-log-path
    error_log error-log-path
    resolver
    ssl_protocols ssl-protocols
    ssl_session_cache ssl-session-cache
    ssl_session_timeout ssl-session-timeout ssl-session-cache=true
    ssl_session_ticket_key ssl-session-ticket-key
    ssl_ciphers ssl-ciphers ssl-ciphers=set
    ssl_prefer_server_ciphers =on ssl-ciphers=set
    ssl_dhparam ssl-dh-param ssl-dh-param=set
    ssl_certificate
    ssl_certificate_key
    proxy_intercept_errors custom-http-errors
    absolute_redirect relative-redirects relative-redirects=true@1.13.0
    error_page custom-http-errors
    proxy_pass_header allow-backend-server-header
    proxy_hide_header hide-headers
    proxy_cache_path
    deny block-cidrs
  `),
  server: rows(`
    listen
    server_name
    http2 use-http2 use-http2=true@1.10.0
    ssl_reject_handshake ssl-reject-handshake
    ssl_client_certificate
    ssl_verify_client
    ssl_verify_depth
    ssl_ciphers ssl-ciphers
    ssl_prefer_server_ciphers
  `),
  location: rows(`
    access_log
    deny
    allow
    auth_request
    auth_basic
    auth_basic_user_file
    limit_req
    limit_conn
    limit_rate limit-rate
    limit_rate_after limit-rate-after
    client_max_body_size proxy-body-size proxy-body-size=size
    client_body_buffer_size client-body-buffer-size
    proxy_set_header
    proxy_busy_buffers_size proxy-busy-buffers-size
    proxy_max_temp_file_size proxy-max-temp-file-size proxy-max-temp-file-size=size
    proxy_cookie_domain proxy-cookie-domain
    proxy_cookie_path proxy-cookie-path
    proxy_next_upstream proxy-next-upstream
    proxy_redirect proxy-redirect-from
    proxy_pass
    satisfy
    error_page custom-http-errors
    proxy_intercept_errors custom-http-errors
    absolute_redirect relative-redirects
    return
  `),
  auth: rows(`
    access_log enable-auth-access-log
    client_max_body_size proxy-body-size proxy-body-size=size
    client_body_buffer_size client-body-buffer-size
    proxy_set_header
    proxy_method
    proxy_cache
    proxy_cache_valid
    proxy_cache_key
    proxy_busy_buffers_size proxy-busy-buffers-size
  `),
});

/** A row: the name; `=` and a value, or the name of a key; a key, `=` and what it must be, `@` and the first release. */
function rows(table: string): readonly TemplateDirective[] {
  return Object.freeze(
    table
      .trim()
      .split(/\s*\n\s*/)
      .map(row),
  );
}

function row(line: string): TemplateDirective {
  const [name = '', from = '', when = ''] = line.split(' ');
  const [, key = '', is = '', since = '0.0.0'] = /^(.+)=(\w+)(?:@(.+))?$/.exec(when) ?? [];
  return Object.freeze({
    name,
    value: from.startsWith('=') ? from.slice(1) : null,
    key: from === '' || from.startsWith('=') ? null : from,
    when: key === '' ? null : Object.freeze({ key, is: is as TemplateCondition['is'], since }),
  });
}
