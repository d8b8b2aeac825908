// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the variables are those of nginx
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { nginxDirectives } from '../../server/src/facts/nginx.ts';
import type { Completion } from '../../server/src/features/answers.ts';
import { applyEdits } from '../../server/src/text/edits.ts';
import { LineIndex } from '../../server/src/text/lines.ts';
import { assertOffers, configMap, open } from './caret.ts';

/** What is offered at the caret, and the text after one of the offers was taken. */
function complete(file: string, withCaret: string, language: 'en' | 'zh' = 'en') {
  const { core, text, position, covered } = open(file, withCaret, language);
  const found = core.completions(file, position);
  const lines = new LineIndex(text);
  const taken = (label: string) => {
    const item = found?.items.find(each => each.label === label);
    if (!found || !item) return null;
    const { start, end } = found.range;
    const span = { start: lines.offsetAt(start), end: lines.offsetAt(end) };
    return applyEdits(text, [{ span, newText: item.insert }]);
  };
  const labels = found?.items.map(({ label }) => label) ?? [];
  return { items: found?.items ?? [], labels, typed: found ? covered(found.range) : null, taken };
}

const SITE = (...lines: readonly string[]) =>
  ['server {', '    listen 80;', '    server_name a.example;', ...lines, '}', ''].join('\n');
const UPSTREAM = 'upstream a {\n    server b;\n    le¦\n}\nserver {\n    server_name a;\n}\n';
const SNIPPET = (...lines: readonly string[]) => configMap('  http-snippet: |', ...lines);

describe('completion of nginx directives', () => {
  it('tells of each how it is written and whose it is', () => {
    const find = (label: string) =>
      complete('cm.yaml', SNIPPET('    gz¦')).items.find((item): item is Completion => item.label === label);
    assert.deepEqual(find('gzip'), {
      kind: 'directive',
      label: 'gzip',
      detail: 'ngx_http_gzip_module',
      documentation: '`gzip on | off;` Default: `off`',
      insert: 'gzip ',
    });
    assert.equal(find('server')?.kind, 'block');
    const chinese = complete('cm.yaml', SNIPPET('    gz¦'), 'zh').items.find(({ label }) => label === 'gzip');
    assert.equal(chinese?.documentation, '`gzip on | off;` 默认值：`off`');
  });

  it('offers each name once, in order', () => {
    const { labels } = complete('site.conf', SITE('    ¦'));
    assert.deepEqual(labels, [...new Set(labels)].sort());
  });

  /** `yes` and `no`: labels that are offered and that are not; `typed`: what would be replaced. */
  type Row = [what: string, file: string, text: string, yes: readonly string[], no: readonly string[], typed: string];
  const table: Row[] = [
    [
      'half a word in a file',
      'a.conf',
      SITE('    prox¦'),
      ['proxy_buffering', 'location'],
      ['worker_connections', 'upstream'],
      'prox',
    ],
    [
      'half a word before a line',
      'a.conf',
      SITE('    prox¦', '    gzip on;'),
      ['proxy_buffering'],
      ['upstream'],
      'prox',
    ],
    ['a blank line', 'a.conf', SITE('    ¦', '    gzip on;'), ['location', 'return'], ['upstream'], ''],
    ['the end of a line', 'a.conf', SITE('    gzip on; ¦'), ['location'], ['on'], ''],
    ['a line behind one without its semicolon', 'a.conf', SITE('    gzip on', '    loc¦'), ['location'], ['on'], 'loc'],
    [
      'a block in a block',
      'a.conf',
      SITE('    location / {', '        prox¦', '    }'),
      ['proxy_pass', 'limit_except'],
      ['listen'],
      'prox',
    ],
    ['a block on one line', 'a.conf', SITE('    location / { prox¦ }'), ['proxy_pass'], ['listen'], 'prox'],
    [
      'a block that is still open',
      'a.conf',
      'server {\n    listen 80;\n    location / {\n        prox¦',
      ['proxy_pass'],
      ['listen'],
      'prox',
    ],
    [
      'a whole file',
      'nginx.conf',
      'events { }\n¦\nhttp { }\n',
      ['worker_processes', 'stream', 'load_module'],
      ['gzip'],
      '',
    ],
    ['an upstream', 'a.conf', UPSTREAM, ['least_conn', 'server'], ['listen'], 'le'],
    ['an if', 'a.conf', SITE('    if ($host = a) {', '        ¦', '    }'), ['return', 'set'], ['proxy_pass'], ''],
    ['a name with arguments', 'a.conf', SITE('    ser¦_tokens off;'), ['server_tokens'], ['listen_'], 'ser'],
    ['a snippet', 'cm.yaml', SNIPPET('    gz¦'), ['gzip', 'server', 'map'], ['listen', 'events'], 'gz'],
    ['the blank last line of a snippet', 'cm.yaml', SNIPPET('    gzip on;', '    ¦'), ['gzip_vary'], ['listen'], ''],
    [
      'the blank last line of a snippet before others',
      'cm.yaml',
      SNIPPET('    gzip on;', '    ¦', '  use-http2: "true"'),
      ['gzip'],
      ['listen'],
      '',
    ],
    [
      'a blank line within a snippet',
      'cm.yaml',
      SNIPPET('    gzip on;', '    ¦', '    gzip_vary on;'),
      ['gzip'],
      ['listen'],
      '',
    ],
    [
      'a snippet of nothing yet',
      'cm.yaml',
      configMap('  http-snippet: |', '    ¦', '  use-http2: "true"'),
      ['gzip'],
      ['listen'],
      '',
    ],
    ['a block in a snippet', 'cm.yaml', SNIPPET('    server {', '      li¦', '    }'), ['listen'], ['upstream'], 'li'],
    [
      'a blank line of a block in a snippet',
      'cm.yaml',
      SNIPPET('    server {', '      ¦', '    }'),
      ['listen'],
      ['upstream'],
      '',
    ],
    ['CRLF', 'cm.yaml', SNIPPET('    gzip on;', '    ¦', '').replaceAll('\n', '\r\n'), ['gzip'], ['listen'], ''],
    [
      'a snippet with strip and indentation',
      'cm.yaml',
      configMap('  http-snippet: |2-', '    gzip on;', '    gz¦'),
      ['gzip'],
      ['listen'],
      'gz',
    ],
    [
      'a folded snippet',
      'cm.yaml',
      configMap('  http-snippet: >', '    gzip on;', '    gz¦'),
      ['gzip'],
      ['listen'],
      'gz',
    ],
    ['a plain snippet', 'cm.yaml', configMap('  http-snippet: gzip on; gz¦'), ['gzip'], ['listen'], 'gz'],
    ['a quoted snippet', 'cm.yaml', configMap('  http-snippet: "gzip on; gz¦"'), ['gzip'], ['listen'], 'gz'],
    ['a word behind an escape', 'cm.yaml', configMap('  http-snippet: "gzip on;\\ngz¦"'), ['gzip'], ['listen'], 'gz'],
    [
      'an annotation',
      'a.yaml',
      'metadata:\n  annotations:\n    nginx.ingress.kubernetes.io/configuration-snippet: |\n      more_set_¦\n',
      ['more_set_headers', 'proxy_set_header'],
      ['listen', 'server_name'],
      'more_set_',
    ],
    [
      'a file in a ConfigMap',
      'cm.yaml',
      configMap('  default.conf: |', '    server {', '      server_name a;', '      loc¦', '    }'),
      ['location'],
      ['upstream'],
      'loc',
    ],
    [
      'entries of a map',
      'a.conf',
      'map $a $b {\n    def¦\n}\nserver {\n    server_name a;\n}\n',
      ['default', 'hostnames'],
      ['gzip'],
      'def',
    ],
    [
      'a directive that the controller’s nginx has',
      'cm.yaml',
      configMap('  location-snippet: |', '    ¦'),
      ['proxy_pass'],
      ['root', 'alias', 'grpc_ssl_key_log'],
      '',
    ],
    [
      'what the controller does not write into the same block already',
      'cm.yaml',
      configMap('  http-snippet: |', '    ¦'),
      ['client_max_body_size', 'gzip'],
      ['keepalive_timeout', 'tcp_nodelay'],
      '',
    ],
    [
      'what the controller writes outside of this block',
      'cm.yaml',
      configMap('  http-snippet: |', '    server {', '      ¦', '    }'),
      ['keepalive_timeout', 'tcp_nodelay'],
      [],
      '',
    ],
    [
      'a here-document that becomes a file of nginx',
      'setup.sh',
      "#!/bin/sh\ncat >/etc/nginx/conf.d/a.conf <<'EOF'\nserver {\n    listen 80;\n    server_name a;\n    gz¦\n}\nEOF\n",
      ['gzip', 'gzip_vary'],
      ['worker_processes'],
      'gz',
    ],
    ['a directive that other nginx have', 'a.conf', SITE('    ¦'), ['root', 'grpc_ssl_key_log'], [], ''],
    ['on and off', 'a.conf', SITE('    gzip ¦;'), ['on', 'off'], ['gzip'], ''],
    [
      'on and off before the semicolon is there',
      'a.conf',
      SITE('    gzip o¦', '    return 204;'),
      ['on', 'off'],
      ['gzip'],
      'o',
    ],
    ['recorded words', 'a.conf', SITE('    proxy_http_version 1.¦;'), ['1.0', '1.1'], ['on'], '1.'],
    [
      'a variable',
      'a.conf',
      SITE('    return 301 https://$ho¦$request_uri;'),
      ['$host', '$http_NAME'],
      ['$ssl_preread_protocol', 'gzip'],
      '$ho',
    ],
    ['a variable in quotes', 'a.conf', SITE('    add_header X "$¦" always;'), ['$host'], ['on'], '$'],
    ['a variable in braces', 'a.conf', SITE('    return 200 ${ho¦};'), ['${host}'], ['$host'], '${ho'],
    [
      'a variable of a stream',
      'nginx.conf',
      'stream {\n  server {\n    proxy_pass $ssl_¦;\n  }\n}\n',
      ['$ssl_preread_protocol'],
      ['$host'],
      '$ssl_',
    ],
    [
      'a variable of the file’s own',
      'a.conf',
      SITE('    set $mine 1;', '    return 200 $m¦;'),
      ['$mine'],
      ['$mx'],
      '$m',
    ],
    ['a variable that gets its name', 'a.conf', SITE('    set $m¦ 1;'), ['$host'], ['$mx'], '$m'],
    ['a variable in a snippet', 'cm.yaml', SNIPPET('    map $ho¦ $b { default 1; }'), ['$host'], ['gzip'], '$ho'],
  ];
  for (const [what, file, text, yes, no, typed] of table)
    it(`knows ${what}`, () => {
      const found = complete(file, text);
      assertOffers(found.labels, yes, no);
      assert.equal(found.typed, typed);
    });

  const silent: [what: string, file: string, text: string][] = [
    ['in a comment', 'a.conf', SITE('    # gz¦')],
    ['behind a comment’s start', 'cm.yaml', SNIPPET('    gzip on; # ¦')],
    ['in Lua', 'a.conf', SITE('    access_by_lua_block {', '        ng¦', '    }')],
    ['on a blank line of Lua', 'cm.yaml', SNIPPET('    init_by_lua_block {', '      ¦', '    }')],
    ['in YAML keys', 'cm.yaml', SNIPPET('    gzip on;', '  us¦')],
    ['on a line that ends the block', 'cm.yaml', SNIPPET('    gzip on;', '  ¦')],
    ['behind the block’s header', 'cm.yaml', configMap('  http-snippet: |¦', '    gzip on;')],
    ['at the column of the keys', 'cm.yaml', configMap('  http-snippet: |', '  ¦')],
    ['in a template expression', 'cm.yaml', SNIPPET('    gzip {{ .Val¦ }};')],
    ['behind a template expression', 'cm.yaml', SNIPPET('    {{ .Values.x }}¦')],
    ['behind what a template prints', 'cm.yaml', SNIPPET('    gzip {{ .x }}¦;')],
    ['where a variable has escapes', 'cm.yaml', configMap('  http-snippet: "map \\x24ho¦ $b { }"')],
    ['where a word has escapes', 'cm.yaml', configMap('  http-snippet: "\\x67zi¦"')],
    ['behind the last argument', 'a.conf', SITE('    gzip on ¦;')],
    ['in an argument that is free', 'a.conf', SITE('    root /va¦;')],
    ['in a string', 'a.conf', SITE('    add_header X "gz¦";')],
    ['in the first word of an entry', 'a.conf', SITE('    types { text¦ x; }')],
    ['for a variable where a name belongs', 'a.conf', SITE('    $ho¦')],
    ['where a word is broken over lines', 'cm.yaml', configMap('  http-snippet: "gz\\', '    ip¦"')],
    ['in other YAML', 'a.yaml', 'apiVersion: v1\nkind: Pod\nspec:\n  hostNetwork: true\n  gz¦\n'],
  ];
  for (const [what, file, text] of silent)
    it(`offers nothing of nginx ${what}`, () =>
      assert.deepEqual(
        complete(file, text).labels.filter(label => nginxDirectives(label).length > 0),
        [],
      ));

  const inserted: [what: string, file: string, text: string, label: string, line: string][] = [
    ['a name and a blank', 'a.conf', SITE('    prox¦'), 'proxy_buffering', '    proxy_buffering '],
    [
      'a name alone before its arguments',
      'a.conf',
      SITE('    prox¦ on;'),
      'proxy_buffering',
      '    proxy_buffering on;',
    ],
    ['a semicolon behind what takes nothing', 'a.conf', UPSTREAM, 'least_conn', '    least_conn;'],
    [
      'a name in quotes',
      'cm.yaml',
      configMap('  http-snippet: "gzip on;\\ngzip_v¦"'),
      'gzip_vary',
      '  http-snippet: "gzip on;\\ngzip_vary "',
    ],
    ['the closing brace of a variable', 'a.conf', SITE('    return 200 ${ho¦;'), '${host}', '    return 200 ${host};'],
    ['no second one', 'a.conf', SITE('    return 200 ${ho¦};'), '${host}', '    return 200 ${host};'],
    ['the part of a name that is fixed', 'a.conf', SITE('    return 200 $ar¦;'), '$arg_NAME', '    return 200 $arg_;'],
  ];
  for (const [what, file, text, label, line] of inserted)
    it(`writes ${what}`, () => {
      const after = complete(file, text).taken(label) ?? '';
      assert.ok(after.split('\n').includes(line), after);
    });
});
