// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the variables are those of nginx
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { NginxContext } from '../../../server/src/facts/nginx.ts';
import { parseNginx } from '../../../server/src/syntax/nginx/parse.ts';
import { directivesAt, tokens, walk } from '../../../server/src/syntax/nginx/tree.ts';
import { drawn, emitted, marked } from './drawn.ts';

describe('words are read as nginx reads them', () => {
  const rows: readonly (readonly [string, string, string])[] = [
    ['plain words', 'root /a b.c;', 'root|/a|b.c;'],
    ['the value of a quoted word', `set "a b" 'c;{}# d';`, 'set|a b|c;{}# d;'],
    ['a quote inside a word', `set a"b c'd;`, `set|a"b|c'd;`],
    ['escapes that stand for a character', String.raw`set "\"" '\'' \\ a\tb\r\n;`, `set|"|'|\\|a\tb\r\n;`],
    [
      'a backslash before anything else',
      String.raw`rewrite ^/a\;b\ c\{2\}\.$ /;`,
      String.raw`rewrite|^/a\;b\ c\{2\}\.$|/;`,
    ],
    ['the brace of a variable', 'set $a ${b}c $${d};', 'set|$a|${b}c|$${d};'],
    ['a closing brace inside a word', 'return 444}; x;', 'return|444}; x;'],
    ['a sharp inside a word', 'return /#a; # comment', 'return|/#a;'],
    ['a parenthesis behind a quote', 'if ($a = "b") { x; }', 'if|($a|=|b|){x;}'],
    ['a quoted pattern with braces', 'location ~ "a{2}" { }', 'location|~|a{2}{}'],
    ['a comment inside a statement', 'log_format a # one\n b;', 'log_format|a|b;'],
    ['carriage returns', 'a b;\r\nc\r\n{\r\n}\r\n', 'a|b; c{}'],
    ['an empty word', 'set $a "";', 'set|$a|;'],
    ['other spaces as letters', 'a\u00a0b c;', 'a\u00a0b|c;'],
    ['a masked template as a word', 'xxxxxxxx a-xxxxx;', 'xxxxxxxx|a-xxxxx;'],
    ['words of other alphabets', 'return 200 "你好 🌍";', 'return|200|你好 🌍;'],
  ];
  for (const [name, text, tree] of rows)
    it(name, () => {
      const parsed = parseNginx(text, { context: 'server' });
      assert.equal(drawn(parsed.tree), tree);
      assert.deepEqual(parsed.problems, []);
      assert.equal(emitted(parsed.tree), text);
    });
});

describe('Lua blocks end where lua-nginx-module ends them', () => {
  const rows: readonly (readonly [string, string])[] = [
    ['braces', 'a = { b = {} }'],
    ['a brace in a string', `a = "}" .. '}' .. "\\"}"`],
    ['a brace in a comment', 'a = 1 -- }\n'],
    ['a brace in a long comment', '--[==[ } ]] ]==] a = 1'],
    ['a brace in a long string', 'a = [[ } ]]'],
    ['an apostrophe in a comment', "-- it's\n a = {}"],
    ['a quote that its line does not close', 'a = " \n b = {}'],
    ['an index of an index', 'a = b[c[1]]'],
  ];
  for (const [name, lua] of rows)
    it(name, () => {
      const text = `content_by_lua_block {${lua}} deny all;`;
      const { tree, problems } = parseNginx(text, { context: 'location' });
      assert.equal(drawn(tree), 'content_by_lua_block{lua} deny|all;');
      const { start = 0, end = 0 } = tree.directives[0]?.block?.lua ?? {};
      assert.equal(text.slice(start, end), lua);
      assert.deepEqual(problems, []);
    });
});

describe('what the braces open depends on where they stand', () => {
  const rows: readonly (readonly [NginxContext, string, readonly (string | null)[]])[] = [
    [
      'main',
      'http { server { location / { if ($a) { x; } } if ($a) { x; } } }',
      ['main', 'http', 'server', 'location', 'if in location', 'server', 'if in server'],
    ],
    [
      'main',
      'stream { upstream u { x; } server { x; } }',
      ['main', 'stream', 'stream upstream', 'stream', 'stream server'],
    ],
    ['http', 'map $a $b { x y; } upstream u { x; }', ['http', 'map', 'http', 'upstream']],
    ['location', 'limit_except GET { x; } types { a b; }', ['location', 'limit_except', 'location', 'types']],
    ['http', 'rtmp { server { x; } }', ['http', null, null]],
    ['server', 'server { x; }', ['server', 'server']],
  ];
  for (const [context, text, contexts] of rows)
    it(`${context}: ${text}`, () => {
      const { tree } = parseNginx(text, { context });
      assert.deepEqual(
        [...walk(tree)].map(directive => directive.context),
        contexts,
      );
    });
});

describe('damage stays where it is', () => {
  const rows: readonly (readonly [string, NginxContext, string, string, readonly string[]])[] = [
    [
      'a missing ; before }',
      'server',
      'location / {\n  return 444\n}\netag on;',
      'location|/{return|444?} etag|on;',
      ['missingSemicolon "444"'],
    ],
    ['a missing ; at the end', 'server', 'etag on', 'etag|on?', ['missingSemicolon "on"']],
    ['a missing ; before a directive', 'server', 'etag on\nroot /a;', 'etag|on? root|/a;', ['missingSemicolon "on"']],
    [
      'three of them',
      'server',
      'etag on\nroot /a\ngzip on\nlisten 80;',
      'etag|on? root|/a? gzip|on? listen|80;',
      ['missingSemicolon "on"', 'missingSemicolon "/a"', 'missingSemicolon "on"'],
    ],
    [
      'a missing ; where no other directive can be an argument',
      'server',
      'listen 80\nserver_name a;',
      'listen|80? server_name|a;',
      ['missingSemicolon "80"'],
    ],
    [
      'a missing ; before a block',
      'server',
      'server_name a\nlocation / {\n}',
      'server_name|a? location|/{}',
      ['missingSemicolon "a"'],
    ],
    [
      'no missing ; where nginx takes the line as arguments',
      'server',
      'server_name a\nlisten 80;',
      'server_name|a|listen|80;',
      [],
    ],
    ['no missing ; for a line that begins with no directive', 'server', 'add_header A\n  b;', 'add_header|A|b;', []],
    ['half a directive', 'location', 'proxy_s\nproxy_pass http://a;', 'proxy_s? proxy_pass|http://a;', []],
    [
      'a missing {',
      'http',
      'server\n  listen 80;\n}\ngzip on;',
      'server?{listen|80;} gzip|on;',
      ['missingOpen "server"'],
    ],
    [
      'a missing } of an indented block',
      'http',
      'server {\n  listen 80;\nserver {\n  listen 81;\n}\n',
      'server{listen|80;?} server{listen|81;}',
      ['missingClose "server"'],
    ],
    [
      'a missing } of a block in one line',
      'server',
      'location /a { return 1;\nlocation /b {\n  return 2;\n}\n',
      'location|/a{return|1;?} location|/b{return|2;}',
      ['missingClose "location"'],
    ],
    [
      'a missing } without indentation',
      'http',
      'server {\nlisten 80;\nserver {\nlisten 81;\n}\n',
      'server{listen|80;?} server{listen|81;}',
      ['missingClose "server"'],
    ],
    [
      'a } too many',
      'http',
      'server {\n  }\n  listen 80;\n}\ngzip on;',
      'server{listen|80;} gzip|on;',
      ['unexpectedClose "}"'],
    ],
    ['a } too many at the end', 'http', 'gzip on;\n}\netag on;', 'gzip|on; etag|on;', ['unexpectedClose "}"']],
    ['a ; too many', 'http', 'gzip on;;\netag on;', 'gzip|on; etag|on;', ['unexpectedSemicolon ";"']],
    ['a { too many', 'http', '{ gzip on; }\netag on;', '{gzip|on;} etag|on;', ['unexpectedOpen "{"']],
    [
      'a missing closing quote',
      'server',
      'add_header A "x;\nadd_header B "y";\netag on;',
      'add_header|A|x; add_header|B|y; etag|on;',
      ['unclosedQuote "\\"x"'],
    ],
    [
      'a missing closing quote to the end',
      'server',
      "add_header A 'x;\nlocation / {\n}\n",
      'add_header|A|x; location|/{}',
      ['unclosedQuote "\'x"'],
    ],
    [
      'a quote inside quotes',
      'server',
      'add_header A "x"y" always;',
      'add_header|A|x|y"|always;',
      ['unexpectedCharacter "y"'],
    ],
    [
      'a block inside a map',
      'http',
      'map $a $b {\n  a {\n  }\n}\ngzip on;',
      'map|$a|$b{a{}} gzip|on;',
      ['unexpectedOpen "{"'],
    ],
    [
      'Lua with a brace too few',
      'http',
      'server {\n  set_by_lua_block $a {\n    a = {\n  }\n  etag on;\n}\n',
      'server{set_by_lua_block|$a{lua} etag|on;}',
      ['unbalancedLua "set_by_lua_block"'],
    ],
    [
      'Lua with a brace too many',
      'http',
      'server {\n  set_by_lua_block $a {\n    a = 1 }\n  }\n  etag on;\n}\n',
      'server{set_by_lua_block|$a{lua} etag|on;}',
      ['unbalancedLua "set_by_lua_block"'],
    ],
    ['a byte order mark', 'main', '\uFEFFuser a;', 'user|a;', ['byteOrderMark "\uFEFF"']],
    [
      'a word longer than 4096 bytes',
      'server',
      `set $a "${'x'.repeat(4097)}"; etag on;`,
      `set|$a|${'x'.repeat(4097)}; etag|on;`,
      [`tooLong ${JSON.stringify(`"${'x'.repeat(4097)}"`)}`],
    ],
  ];
  for (const [name, context, text, tree, problems] of rows)
    it(name, () => {
      const parsed = parseNginx(text, { context });
      assert.equal(drawn(parsed.tree), tree);
      assert.deepEqual(
        parsed.problems.map(problem => marked(text, problem)),
        problems,
      );
      assert.equal(emitted(parsed.tree), text);
    });

  it('takes 4096 bytes at the end of a file, as nginx does', () => {
    assert.deepEqual(
      parseNginx(`set $a ${'é'.repeat(2048)}`, { context: 'server' }).problems.map(({ code }) => code),
      ['missingSemicolon'],
    );
  });

  it('lets inserted text close its block and open another', () => {
    const text = 'etag on;\n}\nlocation /b {\n  etag off;\n';
    assert.deepEqual(parseNginx(text, { context: 'location', inserted: true }).problems, []);
    assert.deepEqual(
      parseNginx(text, { context: 'location' }).problems.map(({ code }) => code),
      ['unexpectedClose', 'missingClose'],
    );
  });
});

describe('a tree', () => {
  const text = '# c\nhttp {\n  set $a "b\\"\\tc"; }\n';
  const { tree } = parseNginx(text, { context: 'main' });
  const [http] = tree.directives;
  const [set] = http?.block?.directives ?? [];
  const word = set?.arguments[1];

  it('has the place of everything', () => {
    const texts = tokens(tree).map(({ kind, start, end }) => `${kind} ${text.slice(start, end)}`);
    assert.deepEqual(texts, [
      'comment # c',
      'name http',
      'open {',
      'name set',
      'argument $a',
      'argument "b\\"\\tc"',
      'semicolon ;',
      'close }',
    ]);
    assert.equal(text.slice(set?.start, set?.end), 'set $a "b\\"\\tc";');
  });

  it('leads from each character of a value back to the text', () => {
    assert.ok(word);
    const map = word.map();
    const source = [...word.value].map((_, i) => {
      const { start, end } = map.spanToSource({ start: i, end: i + 1 });
      return text.slice(start, end);
    });
    assert.deepEqual(source, ['b', '\\"', '\\t', 'c']);
    assert.equal(map.length, word.value.length);
  });

  it('finds the directives around an offset', () => {
    const path = (offset: number) => directivesAt(tree, offset).map(({ name }) => name.value);
    assert.deepEqual(path(text.indexOf('$a')), ['http', 'set']);
    assert.deepEqual(path(text.indexOf('{') + 1), ['http']);
    assert.deepEqual(path(0), []);
  });
});
