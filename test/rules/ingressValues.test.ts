import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ANNOTATIONS } from '../../server/src/facts/ingressNginxAnnotations.ts';
import { CONFIG_KEYS } from '../../server/src/facts/ingressNginxKeys.ts';
import { KEYS, rows } from './ingressValueTables.ts';
import { Core } from '../../server/src/core.ts';

/** The messages of a rule on a text, as an editor would get them. */
function said(rule: string, text: string): string[] {
  const core = new Core(message => {
    throw new Error(message);
  });
  core.put('x.yaml', text);
  return core.findings('x.yaml').flatMap(each => (each.rule === rule ? [each.message] : []));
}

/** Keys that take any text, as far as anybody can tell: nginx's own words, paths, formats, names. */
const ANY_TEXT = `access-log-params access-log-path add-headers annotation-value-word-blocklist app-root bind-address-ipv4
  bind-address-ipv6 block-referers block-user-agents brotli-types default-type error-log-path forwarded-for-header
  forwarded-for-proxy-protocol-header forwarded-host-header global-auth-cache-key global-auth-request-redirect
  global-auth-signin-redirect-param global-auth-snippet gzip-disable gzip-types hide-headers http-access-log-path http-snippet
  http2-max-field-size http2-max-header-size limit-conn-zone-variable location-snippet log-format-stream log-format-upstream
  main-snippet modsecurity-snippet no-auth-locations no-tls-redirect-locations opentelemetry-config opentelemetry-operation-name
  otel-sampler otel-service-name otlp-collector-host otlp-collector-port proxy-cookie-domain proxy-cookie-path proxy-redirect-from
  proxy-redirect-to proxy-set-headers server-snippet skip-access-log-urls ssl-ciphers ssl-dh-param ssl-ecdh-curve
  ssl-session-ticket-key stream-access-log-path stream-snippet syslog-host upstream-hash-by worker-cpu-affinity`.split(/\s+/);

/** What turns on the part of the template that a key stands in. */
const SWITCHES = '  use-gzip: "true"\n  enable-brotli: "true"\n';

describe('a value of each key', () => {
  const text = (name: string, value: string) =>
    `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: ingress-nginx-controller }\ndata:\n  ${name}: '${value}'\n${SWITCHES.replace(new RegExp(`.*${name}:.*\n`), '')}`;
  for (const { name, type } of CONFIG_KEYS.values()) {
    const byType = type === 'bool' ? (['true', 'on'] as const) : type === 'int' ? (['60', '60x'] as const) : undefined;
    const pair = KEYS.get(name) ?? byType;
    it(name, () => {
      assert.notEqual(pair === undefined, !ANY_TEXT.includes(name), 'in one of the tables, and not in both');
      const [right, wrong] = pair ?? ['any $text {at} all', null];
      assert.deepEqual(said('ingress/bad-value', text(name, right)), []);
      assert.deepEqual(said('ingress/unknown-key', text(name, right)), []);
      if (wrong === null) return;
      const [message = '', ...others] = said('ingress/bad-value', text(name, wrong));
      assert.deepEqual(others, []);
      assert.ok(message.includes(name) && message.includes(wrong.split(/[ ,]/)[0] ?? ''), message);
    });
  }
});

const VALUES = rows(String.raw`
  affinity | cookie | ip
  affinity-canary-behavior | sticky | Sticky
  affinity-mode | persistent | stable
  allowlist-source-range | 10.0.0.0/8,::1 | 10.0.0.0/8,
  app-root | /app | /app?x
  auth-cache-key | $remote_user$http_authorization | a b c!
  auth-method | POST | post
  auth-proxy-set-headers | web/headers | web headers!
  auth-realm | Please log in | Who, you
  auth-response-headers | X-A, X-B | X-A; X-B
  auth-secret | web/users | web users!
  auth-secret-type | auth-map | map
  auth-signin | https://a.example.com/login?rd=$escaped_request_uri | https://a.example.com/%20
  auth-signin-redirect-param | rd | $rd
  auth-tls-error-page | https://a.example.com/error | javascript:x
  auth-tls-match-cn | CN=shop | shop
  auth-tls-secret | web/ca | web ca!
  auth-tls-verify-client | optional | true
  auth-type | digest | Basic
  auth-url | http://auth.web.svc/check?u=$request_uri | http://auth.web.svc/%20
  backend-protocol | GRPCS | HTTP2
  canary-by-cookie | beta | be$ta
  canary-by-header | X-Beta | X-Beta!
  canary-by-header-pattern | ^beta.*$ | be%ta
  canary-by-header-value | yes | yes!
  client-body-buffer-size | 16k | 16kb
  connection-proxy-header | keep-alive | upgrade
  cors-allow-headers | X-A, X-B | X-A; X-B
  cors-allow-methods | GET, PUT | GET; PUT
  cors-allow-origin | https://*.example.com, null | https://a.example.com/path
  cors-expose-headers | X-A, * | X-A; X-B
  custom-headers | web/headers | web/headers!
  custom-http-errors | 404,503 | 301
  default-backend | fallback | web/fallback
  denylist-source-range | 10.0.0.0/8 | 10.0.0.0/40
  fastcgi-index | index.php | /index.php
  fastcgi-params-configmap | web/params | web params!
  limit-allowlist | 10.0.0.0/8 | office
  load-balance | ewma | least_conn
  mirror-host | a.example.com | a b
  mirror-request-body | off | false
  mirror-target | https://a.example.com$request_uri | https://a.example.com/#
  modsecurity-transaction-id | $request_id | a b!
  opentelemetry-operation-name | shop | shop/cart
  permanent-redirect | https://a.example.com/?b=c | https://a.example.com$request_uri
  proxy-body-size | 20m | 20MB
  proxy-buffer-size | 16k | 16kb
  proxy-buffering | on | true
  proxy-busy-buffers-size | 32k | 32kb
  proxy-cookie-domain | a.example.com b.example.com | a.example.com
  proxy-cookie-path | /a | ~*^/(.*)
  proxy-http-version | 1.0 | 2
  proxy-max-temp-file-size | 0 | none
  proxy-next-upstream | error timeout | error,timeout
  proxy-redirect-from | http://a.example.com/ | ~^http
  proxy-redirect-to | https://a.example.com/ | $scheme://a
  proxy-request-buffering | off | false
  proxy-ssl-ciphers | HIGH:!aNULL | HIGH@STRENGTH
  proxy-ssl-name | a.example.com | a b
  proxy-ssl-protocols | TLSv1.2 TLSv1.3 | TLSv1.1
  proxy-ssl-secret | web/client | web client!
  proxy-ssl-server-name | on | true
  proxy-ssl-verify | off | false
  rewrite-target | /$2 | /$1?a=b
  satisfy | any | Any
  server-alias | a.example.com, *.b.example.com | a b
  session-cookie-domain | example.com | example.com;
  session-cookie-expires | 172800 | 2d
  session-cookie-max-age | 172800 | 2d
  session-cookie-name | route | ro$ute
  session-cookie-path | /a | /a(b)
  session-cookie-samesite | Lax | Loose
  ssl-ciphers | ECDHE-RSA-AES128-GCM-SHA256:@SECLEVEL=1 | ECDHE-RSA-AES128-GCM-SHA256,HIGH
  temporal-redirect | https://a.example.com/ | https://a.example.com$request_uri
  upstream-hash-by | $request_uri | a b!
  upstream-vhost | a.example.com | a b
  x-forwarded-prefix | /a | /a?b
`);

/** Annotations that go to nginx, or to ModSecurity, as they are. */
const NOT_CHECKED = 'auth-snippet configuration-snippet modsecurity-snippet server-snippet stream-snippet'.split(' ');

/** Those whose bad values open the location: ingress/auth-dropped says so. */
const OPENING = rows(String.raw`
  auth-always-set-cookie | true | on
  auth-cache-duration | 200 202 401 5m | 200;5m
  auth-request-redirect | https://a.example.com/ | $request_uri
`);

describe('a value of each annotation', () => {
  const text = (lines: readonly string[]) =>
    `apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata:\n  name: shop\n  annotations:\n${lines.map(line => `    nginx.ingress.kubernetes.io/${line}\n`).join('')}spec:\n  ingressClassName: nginx\n`;
  for (const { name, check, readWith } of ANNOTATIONS.values()) {
    if (OPENING.has(name)) continue;
    const byCheck = check === 'bool' ? (['true', 'on'] as const) : check === 'int' ? (['60', '60s'] as const) : undefined;
    const pair = VALUES.get(name) ?? byCheck;
    it(name, () => {
      assert.notEqual(pair === undefined, !NOT_CHECKED.includes(name), 'in one of the tables, and not in both');
      const [right, wrong] = pair ?? ['any text { at } all;', null];
      const leader = readWith === null ? [] : [`${readWith}: ${VALUES.get(readWith)?.[0] ?? "'true'"}`];
      const written = (value: string) => text([...leader, `${name}: '${value}'`]);
      assert.deepEqual(said('ingress/bad-annotation-value', written(right)), []);
      assert.deepEqual(said('ingress/unknown-annotation', written(right)), []);
      if (wrong === null) return;
      const rule = name === 'ssl-ciphers' ? 'tls/annotation-charset' : 'ingress/bad-annotation-value';
      const [message = '', ...others] = said(rule, written(wrong));
      assert.deepEqual(others, []);
      assert.ok(message.includes(name), message);
    });
  }
});
