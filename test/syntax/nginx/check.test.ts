import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { NginxContext } from '../../../server/src/facts/nginx.ts';
import { checkNginx, type NginxRendering } from '../../../server/src/syntax/nginx/check.ts';
import { parseNginx } from '../../../server/src/syntax/nginx/parse.ts';
import { nginxVerdict } from '../../../server/src/syntax/nginx/verdict.ts';
import { marked } from './drawn.ts';

function check(text: string, context: NginxContext | null, rendering: NginxRendering = {}): string[] {
  return checkNginx(parseNginx(text, { context }).tree, rendering).map(problem => marked(text, problem));
}

describe('what nginx refuses though every character is in its place', () => {
  const rows: readonly (readonly [NginxContext, string, readonly string[]])[] = [
    ['location', 'listen 80;', ['notAllowedHere "listen"']],
    ['http', 'listen 80; server { listen 80; }', ['notAllowedHere "listen"']],
    ['server', 'if ($a) { add_header A b; }', ['notAllowedHere "add_header"']],
    ['location', 'if ($a) { add_header A b; }', []],
    ['main', 'http { server { server { } } }', ['notAllowedHere "server"']],
    ['stream', 'server { listen 80; proxy_pass a:1; }', []],
    ['stream', 'server { location / { } }', ['notAllowedHere "location"']],
    ['server', 'etag;', ['argumentCount "etag"']],
    ['server', 'etag on on;', ['argumentCount "etag"']],
    ['location', 'add_header A;', ['argumentCount "add_header"']],
    ['location', 'add_header A b always c;', ['argumentCount "add_header"']],
    ['server', 'location { }', ['argumentCount "location"']],
    ['server', 'etag ON; gzip Off;', []],
    ['server', 'etag true;', ['flagValue "true"']],
    ['server', 'etag $a;', ['flagValue "$a"']],
    ['server', 'etag on { }', ['noBlock "etag"']],
    ['server', 'location / ;', ['blockExpected "location"']],
    ['server', 'etag on; etag off;', ['duplicate "etag"']],
    ['server', 'etag on; location / { etag on; }', []],
    ['server', 'add_header A b; add_header A b;', []],
    ['server', 'ssl_certificate a; ssl_certificate b;', []],
    ['location', 'content_by_lua_block { } content_by_lua_block { }', ['duplicate "content_by_lua_block"']],
    ['upstream', 'server a; server b; keepalive_timeout 1s; keepalive_timeout 1s;', ['duplicate "keepalive_timeout"']],
    ['map', 'a b; hostnames; default c; a; a b c;', ['entryCount "a"', 'entryCount "a"']],
    ['geo', 'ranges; volatile;', ['entryCount "volatile"']],
    ['types', 'text/html html htm; text/css;', []],
    ['server', 'include a; include b; include a b;', ['argumentCount "include"']],
    ['server', 'some_module_of_others a b c; another { listen 80; } constructor; toString { __proto__ a; }', []],
    ['server', 'keyval $a $b zone=c;', []],
    ['stream', 'init_by_lua_block { }', []],
    ['server', 'listen "80"\n', []],
  ];
  for (const [context, text, problems] of rows)
    it(`${context}: ${text}`, () => assert.deepEqual(check(text, context), problems));
});

describe('what is not known is no problem', () => {
  const at = (text: string, part: string) => ({ start: text.indexOf(part), end: text.indexOf(part) + part.length });

  it('in a context that nobody knows', () => assert.deepEqual(check('listen; etag maybe;', null), []));

  it('where a template prints', () => {
    const text = 'etag xxxx; add_header xxxxx; xxxxxx 80;';
    const unknown = ['xxxx;', 'xxxxx;', 'xxxxxx 80'].map(part => at(text, part));
    assert.deepEqual(check(text, 'server'), ['argumentCount "add_header"', 'flagValue "xxxx"'].reverse());
    assert.deepEqual(check(text, 'server', { unknown }), []);
  });

  it('in two arms of a condition', () => {
    const text = 'etag on; etag off;';
    assert.deepEqual(check(text, 'server', { canMeet: () => false }), []);
  });
});

describe('the verdict is the first thing that nginx would notice', () => {
  const rows: readonly (readonly [string, string | null])[] = [
    ['listen 80; etag on;', null],
    ['etag on; etag maybe; }', 'duplicate "etag"'],
    ['location / { root a; } } etag maybe;', 'unexpectedClose "}"'],
    ['location / { root a }', 'missingSemicolon "a"'],
    ['location / { listen "80"}', 'missingSemicolon "\\"80\\""'],
    ['etag on\nlocation / { }', 'noBlock "etag"'],
    ['etag on\nroot a;', 'argumentCount "etag"'],
    ['location / {\n', 'missingClose "location"'],
  ];
  for (const [text, verdict] of rows)
    it(text, () => {
      const problem = nginxVerdict(text, { context: 'server' });
      assert.equal(problem && marked(text, problem), verdict);
    });
});
