/** One value that the controller takes and one that it does not, by hand; `|` parts them. */
export const rows = (table: string): Map<string, readonly [right: string, wrong: string]> =>
  new Map(
    table
      .trim()
      .split('\n')
      .map(line => line.trim().split(/ *\| */))
      .map(([name = '', right = '', wrong = '']) => [name, [right, wrong]] as const),
  );

export const KEYS = rows(String.raw`
  annotations-risk-level | high | Severe
  bind-address | 10.0.0.1,::1 | eth0
  block-cidrs | 10.0.0.0/8 | 10.0.0.256
  client-body-buffer-size | 16k | 16kb
  client-header-buffer-size | 2k | 2 k
  custom-http-errors | 404,503 | 200
  debug-connections | 10.0.0.0/8,::1 | here
  denylist-source-range | 10.0.0.0/8 | 10.0.0.0/64
  error-log-level | warn | warning
  global-allowed-response-headers | X-A,X-B | X A
  global-auth-cache-duration | 200 202 401 5m | soon
  global-auth-method | GET | FETCH
  global-auth-response-headers | X-A,X_B | X:A
  global-auth-signin | https://a.example.com/login | /login
  global-auth-url | http://auth.web.svc/check | auth.web.svc
  hsts-max-age | 31536000 | 365d
  large-client-header-buffers | 4 16k | 16k
  load-balance | ewma | ip_hash
  lua-shared-dicts | a: 100, b: 512k | a=100
  nginx-status-ipv4-whitelist | 127.0.0.1 | 127.0.0.1/99
  nginx-status-ipv6-whitelist | ::1 | ::1/200
  otel-sampler-ratio | 0.5 | half
  proxy-body-size | 2g | 2GB
  proxy-buffer-size | 16k | 16kB
  proxy-buffering | on | yes
  proxy-busy-buffers-size | 32k | 32K8
  proxy-http-version | 1.0 | 2
  proxy-max-temp-file-size | 0 | none
  proxy-next-upstream | error timeout http_502 | error,timeout
  proxy-protocol-header-timeout | 1m30s | 5
  proxy-real-ip-cidr | 10.0.0.0/8,proxy.example.com | 10.0.0/8
  proxy-request-buffering | off | false
  proxy-stream-next-upstream-timeout | 600s | ten
  proxy-stream-timeout | 1h | 1 h
  ssl-buffer-size | 8k | 8kb
  ssl-protocols | TLSv1.2 TLSv1.3 | TLS1.2
  ssl-session-cache-size | 20m | 20MB
  ssl-session-timeout | 1d | 1 day
  upstream-keepalive-time | 30m | 30 min
  whitelist-source-range | 10.0.0.0/8,192.168.0.0/16 | 10.0.0.0/8 192.168.0.0/16
  worker-processes | 4 | all
  worker-shutdown-timeout | 4m | 4min
  brotli-level | 11 | 12
  gzip-level | 9 | 10
  http-redirect-code | 302 | 303
  proxy-stream-responses | 0 | 0x1
`);
