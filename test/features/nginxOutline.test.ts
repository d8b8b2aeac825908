import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { OutlineItem } from '../../server/src/features/answers.ts';
import { configMap, open } from './caret.ts';

/** The outline as lines: kind, name and first words, further in for each level. */
function outlineOf(file: string, text: string): string[] {
  const { core, covered } = open(file, text);
  const lines = (items: readonly OutlineItem[], indent: string): string[] =>
    items.flatMap(({ kind, name, selection, children }) => [
      `${indent}${kind}: ${name} [${covered(selection)}]`,
      ...lines(children, `${indent}  `),
    ]);
  return lines(core.outline(file), '');
}

const FILE = `events { }
http {
  map $host $pool {
    default a;
  }
  upstream a { server b; }
  server {
    listen 80;
    server_name a.example "b.example";
    location = / {
      if ($arg_x) { return 204; }
    }
    location ~ \\.php$ { content_by_lua_block { ngx.say("}") } }
  }
  server { listen 81; }
}
`;

describe('the outline of nginx', () => {
  it('has the blocks of a file', () => {
    assert.deepEqual(outlineOf('nginx.conf', FILE), [
      'section: events [events]',
      'section: http [http]',
      '  map: map $host $pool [map $host $pool]',
      '  upstream: upstream a [upstream a]',
      '  server: server a.example "b.example" [server]',
      '    location: location = / [location = /]',
      '      block: if ($arg_x) [if ($arg_x)]',
      '    location: location ~ \\.php$ [location ~ \\.php$]',
      '      lua: content_by_lua_block [content_by_lua_block]',
      '  server: server [server]',
    ]);
  });

  it('has the blocks of texts within YAML below their keys', () => {
    const text = configMap(
      '  use-http2: "true"',
      '  main-snippet: worker_priority 1;',
      '  http-snippet: |',
      '    gzip on;',
      '    map $host {{ .Values.pool }} { default 1; }',
      '  server-snippet: "location /a { }\\nlocation /b { }"',
    );
    assert.deepEqual(outlineOf('cm.yaml', text), [
      'text: http-snippet []',
      '  map: map $host {{ .Values.pool }} [map $host {{ .Values.pool }}]',
      'text: server-snippet []',
      '  location: location /a [location /a]',
      '  location: location /b [location /b]',
    ]);
  });

  it('covers blocks to their ends', () => {
    const { core, covered } = open(
      'cm.yaml',
      configMap('  http-snippet: |', '    gzip on;', '    map $a $b {', '      default 1;', '    }'),
    );
    const [text] = core.outline('cm.yaml');
    assert.equal(text && covered(text.range), 'gzip on;\n    map $a $b {\n      default 1;\n    }');
    const [map] = text?.children ?? [];
    assert.equal(map && covered(map.range), 'map $a $b {\n      default 1;\n    }');
  });

  it('has a text that an alias repeats once', () => {
    const text = configMap('  server-snippet: &same |', '    location /a { }', '  location-snippet: *same');
    assert.equal(outlineOf('cm.yaml', text).length, 2);
  });

  it('has room for long names, and an end', () => {
    const [item] = outlineOf('a.conf', `server {\n  server_name ${'a'.repeat(99)};\n}\n`);
    assert.equal(item, `server: server ${'a'.repeat(72)}… [server]`);
    const deep = `${'location / {\n'.repeat(3000)}${'}\n'.repeat(3000)}`;
    assert.equal(outlineOf('a.conf', deep).length, 33);
  });

  it('is empty elsewhere', () => {
    assert.deepEqual(outlineOf('a.yaml', 'kind: Pod\napiVersion: v1\nspec: { hostNetwork: true }\n'), []);
    assert.deepEqual(outlineOf('a.txt', 'server'), []);
  });
});

describe('folding of nginx', () => {
  const foldsOf = (file: string, text: string) =>
    open(file, text)
      .core.folds(file)
      ?.map(({ kind, startLine, endLine }) => `${kind} ${startLine}-${endLine}`) ?? null;

  const table: [what: string, text: string, folds: string[]][] = [
    ['blocks, to the line before their brace', FILE, ['block 1-14', 'block 2-3', 'block 6-12', 'block 9-10']],
    ['a brace on the next line', 'server\n{\n  listen 80;\n}\n', ['block 1-2']],
    ['Lua', 'server {\n  listen 80;\n  access_by_lua_block {\n    a()\n  }\n}\n', ['block 0-4', 'block 2-3']],
    ['a block that is not closed', 'server {\n  listen 80;\n  gzip on;\n', ['block 0-2']],
    [
      'comments on neighbouring lines',
      '# a\n# b\nserver {\n  listen 80; # c\n  # d\n\n  # e\n}\n',
      ['comment 0-1', 'block 2-6'],
    ],
    ['CRLF', '# a\r\n# b\r\nserver {\r\n  listen 80;\r\n}\r\n', ['comment 0-1', 'block 2-3']],
  ];
  for (const [what, text, folds] of table)
    it(`folds ${what}`, () => assert.deepEqual(foldsOf('nginx.conf', text), folds));

  it('leaves YAML to its indentation', () => {
    assert.equal(
      foldsOf('cm.yaml', configMap('  http-snippet: |', '    map $a $b {', '      default 1;', '    }')),
      null,
    );
  });
});
