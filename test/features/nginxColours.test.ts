// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the variables are those of nginx
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { configMap, open } from './caret.ts';

/** The coloured words with their colours, in their order. */
function coloured(file: string, text: string): string[] {
  const { core, text: whole } = open(file, text);
  const lines = whole.split(/\r?\n/);
  return core
    .colouredWords(file)
    .map(
      ({ colour, start, length }) => `${colour} ${lines[start.line]?.slice(start.character, start.character + length)}`,
    );
}

const SITE = (line: string) => `server {\n  server_name a;\n  ${line}\n}\n`;
const AROUND = 3;

describe('colours of nginx', () => {
  const table: [line: string, words: string[]][] = [
    ['gzip on; # why', ['function gzip', 'string on', 'comment # why']],
    ['location / { }', ['keyword location', 'string /']],
    ['keepalive_timeout 75s;', ['function keepalive_timeout', 'number 75s']],
    ['proxy_buffers 8 16k;', ['function proxy_buffers', 'number 8', 'number 16k']],
    [
      'set $a "x-$host-${uri}!";',
      ['function set', 'variable $a', 'string "x-', 'variable $host', 'string -', 'variable ${uri}', 'string !"'],
    ],
    ['allow 10.0.0.0/8;', ['function allow', 'string 10.0.0.0/8']],
    ['access_by_lua_block { local a = "$x" -- 1', ['keyword access_by_lua_block']],
    ['gzip {{ .x }}; listen 80;', ['function gzip', 'function listen', 'number 80']],
  ];
  for (const [line, words] of table)
    it(`knows ${line}`, () => assert.deepEqual(coloured('a.conf', SITE(line)).slice(AROUND), words));

  it('knows entries of a map', () => {
    const text = configMap('  http-snippet: |', '    map $host $a { default 1; ~^b.*$ 0; }');
    assert.deepEqual(coloured('cm.yaml', text), [
      'keyword map',
      'variable $host',
      'variable $a',
      'string default',
      'number 1',
      'string ~^b.*$',
      'number 0',
    ]);
  });

  it('cuts words at the ends of lines, in block scalars with CRLF as well', () => {
    const text = configMap('  http-snippet: |', "    log_format a '$host", "      b';", '').replaceAll('\n', '\r\n');
    assert.deepEqual(coloured('cm.yaml', text), [
      'function log_format',
      'string a',
      "string '",
      'variable $host',
      "string       b'",
    ]);
  });

  it('goes through a file from top to bottom, over its documents and texts, each once', () => {
    const snippets = configMap(
      '  server-snippet: &a "gzip on;\\nreturn 204;"',
      '  location-snippet: *a',
      '  http-snippet: gzip off;',
    );
    const { core } = open('cm.yaml', `${snippets}\n---\n${configMap('  http-snippet: |', '    gzip on;')}`);
    assert.deepEqual(
      core.colouredWords('cm.yaml').map(({ start }) => start.line),
      [4, 4, 4, 4, 6, 6, 13, 13],
    );
  });

  it('leaves other YAML alone', () =>
    assert.deepEqual(coloured('a.yaml', 'kind: Pod\nspec: { hostNetwork: true }\n'), []));
});
