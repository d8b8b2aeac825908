import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { FACTS, nginxDirectives as generated } from '../../scripts/facts/nginx-directives.mts';
import { NGINX_DIRECTIVES, NGINX_VARIABLES, nginxDirectives } from '../../server/src/facts/nginx.ts';

describe('facts about nginx', () => {
  it('are what scripts/facts/nginx-directives.mts writes', () =>
    assert.equal(readFileSync(FACTS, 'utf8'), generated()));

  it('know nothing of names that objects have', () => {
    for (const name of ['constructor', '__proto__', 'toString', '']) assert.deepEqual(nginxDirectives(name), []);
  });

  it('cannot be changed', () => {
    for (const directive of NGINX_DIRECTIVES)
      for (const part of [directive, directive.contexts, directive.values, directive.syntax, directive.builds])
        assert.ok(Object.isFrozen(part), directive.name);
  });

  const rows: readonly (readonly [string, string, Record<string, unknown>])[] = [
    ['add_header', 'location', { counts: { min: 2, max: 3, not: [] }, once: false }],
    ['etag', 'server', { flag: true, once: true, default: 'on', module: 'ngx_http_core_module' }],
    ['ssl_ocsp', 'server', { flag: false, values: ['off', 'on', 'leaf'] }],
    ['location', 'server', { block: true, opens: 'location', counts: { min: 1, max: 2, not: [] } }],
    ['if', 'server', { opens: 'if in server' }],
    ['if', 'location', { opens: 'if in location' }],
    ['server', 'stream', { opens: 'stream server' }],
    ['server', 'upstream', { block: false, opens: null }],
    ['http2', 'server', { since: '1.25.1', builds: ['1.26.3', '1.30.6'] }],
    ['ssl', 'server', { until: '1.25.0', builds: ['1.22.1'] }],
    ['more_set_headers', 'if in location', { module: 'ngx_http_headers_more_filter_module' }],
    ['preread_by_lua_block', 'stream server', { opens: 'lua', builds: [] }],
    ['proxy_bind_dynamic', 'server', { commercial: true, counts: null, builds: [] }],
  ];
  for (const [name, context, expected] of rows)
    it(`${name} in ${context}`, () => {
      const found = nginxDirectives(name).find(({ contexts }) => contexts.some(other => other === context));
      assert.ok(found);
      for (const [field, value] of Object.entries(expected))
        assert.deepEqual(found[field as keyof typeof found], value);
    });

  it('name variables with their modules', () => {
    assert.ok(NGINX_VARIABLES.some(({ name, module }) => name === 'request_uri' && module === 'ngx_http_core_module'));
    assert.ok(NGINX_VARIABLES.some(({ name }) => name === 'http_NAME'));
    assert.ok(NGINX_VARIABLES.length > 200);
  });
});
