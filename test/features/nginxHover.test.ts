// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the variables are those of nginx
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { configMap, open } from './caret.ts';

/** What the hover says at the caret, and what it is about. */
function hoverAt(file: string, withCaret: string, language: 'en' | 'zh' = 'en') {
  const { core, position, covered } = open(file, withCaret, language);
  const shown = core.hover(file, position);
  return shown && { markdown: shown.markdown, on: covered(shown.range) };
}

const SERVER = (line: string) => `server {\n    listen 80;\n    server_name example.org;\n    ${line}\n}\n`;

describe('hover on nginx', () => {
  it('shows all there is to know of a directive', () => {
    const shown = hoverAt('site.conf', SERVER('absolute_¦redirect off;'));
    assert.deepEqual(shown?.on, 'absolute_redirect');
    assert.deepEqual(shown?.markdown.split('\n'), [
      '**absolute_redirect** (ngx_http_core_module)',
      '',
      '```nginx',
      'absolute_redirect on | off;',
      '```',
      '',
      '- Stands in: `http`, `server`, `location`',
      '- Default: `on`',
      '- Since nginx 1.11.8',
    ]);
  });

  it('says where the controller pastes a snippet, in Chinese as well', () => {
    const text = configMap('  http-snippet: |', '    ma¦p $host $x { default 1; }');
    const shown = hoverAt('cm.yaml', text, 'zh');
    assert.deepEqual(shown?.on, 'map');
    for (const words of ['可写在：`http`', '后接一个块', 'ingress-nginx 会将 `http-snippet` 写入 `http`。'])
      assert.ok(shown?.markdown.includes(words), `${words} in ${shown?.markdown}`);
  });

  it('says in Chinese what the controller writes itself', () => {
    const shown = hoverAt('cm.yaml', configMap('  location-snippet: proxy_read_time¦out 1h;'), 'zh');
    const words = '自己会在同一个 `location` 块中写入此指令，取自键 `proxy-read-timeout`（默认值 `60`）。';
    assert.ok(shown?.markdown.includes(words), shown?.markdown);
  });

  const table: [what: string, file: string, text: string, on: string | null, says: readonly RegExp[]][] = [
    ['the start of a name', 'a.conf', SERVER('¦keepalive_timeout 5s;'), 'keepalive_timeout', [/^- Stands in: `http`/m]],
    ['the end of a name', 'a.conf', SERVER('keepalive_timeout¦ 5s;'), 'keepalive_timeout', [/keepalive_timeout/]],
    [
      'a block',
      'a.conf',
      SERVER('locat¦ion / { }'),
      'location',
      [/^- Takes a block$/m, /^location @<name> \{\.\.\.\}$/m],
    ],
    [
      'only what is meant here',
      'a.conf',
      SERVER('location / { proxy_p¦ass http://a; }'),
      'proxy_pass',
      [/^\*\*proxy_pass\*\* \(ngx_http_proxy_module\)/, /^(?![\s\S]*ngx_stream_proxy_module)/],
    ],
    [
      'all that is known of one that may not stand here, and the rule’s page',
      'a.conf',
      SERVER('wor¦ker_connections 9;'),
      'worker_connections',
      [/- Stands in: `events`/, /---\n\n\*\*Why it hurts\*\*/],
    ],
    ['one without arguments', 'a.conf', 'upstream a {\n  server b;\n  ip_¦hash;\n}\n', 'ip_hash', [/^ip_hash;$/m]],
    [
      'a variable',
      'a.conf',
      SERVER('set $a "$ho¦st:1";'),
      '$host',
      [/^\*\*\$host\*\* \(variable of ngx_http_core_module\)$/],
    ],
    ['a variable in braces', 'a.conf', SERVER('set $a ${ho¦st}x;'), '${host}', [/ngx_http_core_module/]],
    ['a variable with a name of the request’s', 'a.conf', SERVER('set $a $http_x_¦y;'), '$http_x_y', [/\$http_NAME/]],
    ['a variable of the configuration’s own', 'a.conf', SERVER('set $my_¦own 1;'), null, []],
    ['an argument', 'a.conf', SERVER('keepalive_timeout 5¦s;'), null, []],
    ['a comment', 'a.conf', SERVER('# gz¦ip on;'), null, []],
    ['Lua', 'a.conf', SERVER('access_by_lua_block { return¦ }'), null, []],
    ['an entry of a map', 'cm.yaml', configMap('  http-snippet: |', '    map $host $x { ser¦ver 1; }'), null, []],
    [
      'a snippet in a block',
      'cm.yaml',
      configMap('  server-snippet: |', '    gz¦ip on;'),
      'gzip',
      [/pastes `server-snippet` into `server`/],
    ],
    [
      'a snippet of the main context',
      'cm.yaml',
      configMap('  main-snippet: wor¦ker_processes 2;'),
      'worker_processes',
      [/outside of all blocks/],
    ],
    [
      'a quoted snippet',
      'cm.yaml',
      configMap('  http-snippet: "gzip on;\\nser¦ver_tokens off;"'),
      'server_tokens',
      [/`http`/],
    ],
    [
      'what the controller writes beside a snippet',
      'cm.yaml',
      configMap('  http-snippet: |', '    keepalive_time¦out 5s;'),
      'keepalive_timeout',
      [
        /^ingress-nginx itself writes this directive into the same `http` block, from the key `keep-alive` \(by default `75`\)\.$/m,
      ],
    ],
    [
      'what it always writes alike',
      'cm.yaml',
      configMap('  http-snippet: ai¦o on;'),
      'aio',
      [/^ingress-nginx itself writes .* the same `http` block: `aio threads;`$/m],
    ],
    [
      'what it writes under some settings',
      'cm.yaml',
      configMap('  location-snippet: client_max_bo¦dy_size 8m;'),
      'client_max_body_size',
      [/`location` block, under some settings, from the key `proxy-body-size` \(by default `1m`\)\.$/m],
    ],
    [
      'that it writes nothing into a block of the snippet’s own',
      'cm.yaml',
      configMap('  http-snippet: server { listen 8080; keepalive_time¦out 5s; }'),
      'keepalive_timeout',
      [/^(?![\s\S]*itself writes)/],
    ],
    [
      'that it writes nothing into a file',
      'a.conf',
      SERVER('keepalive_time¦out 5s;'),
      'keepalive_timeout',
      [/^(?![\s\S]*itself)/],
    ],
    [
      'a here-document that becomes a file of nginx',
      'setup.sh',
      "#!/bin/sh\ncat >/etc/nginx/conf.d/a.conf <<'EOF'\nserver {\n    listen 80;\n    server_na¦me a;\n}\nEOF\n",
      'server_name',
      [/\(ngx_http_core_module\)/],
    ],
    [
      'YAML beside a snippet',
      'cm.yaml',
      configMap('  http-snippet: |', '    gzip on;').replace('data:', 'da¦ta:'),
      null,
      [],
    ],
    ['a templated name', 'cm.yaml', configMap('  http-snippet: |', '    gzip{{ .¦x }} on;'), null, []],
  ];
  for (const [what, file, text, on, says] of table)
    it(`knows ${what}`, () => {
      const shown = hoverAt(file, text);
      assert.equal(shown?.on ?? null, on);
      for (const pattern of says) assert.match(shown?.markdown ?? '', pattern);
    });
});
