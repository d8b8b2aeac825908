// biome-ignore-all lint/suspicious/noTemplateCurlyInString: they are what it is about
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { placeholdersIn } from '../../server/src/syntax/placeholders.ts';

type Row = readonly [text: string, found: readonly string[], withoutBraces?: readonly string[]];

const FOUND: readonly Row[] = [
  ['listen __PORT__;', ['__PORT__']],
  ['listen @PORT@;', ['@PORT@']],
  ['proxy_pass http://{host}:{port};', ['{host}', '{port}'], []],
  ['server_name *.{site.domain};', ['{site.domain}'], []],
  ['    ${extra}\n    $more\r\n', ['${extra}', '$more']],
  // What the languages mean themselves.
  ['proxy_pass http://$host;\nset $a ${b}c;', []],
  ['location ~ "^/[a-z]{n}/(x){m}" {', []],
  ['events {}\nlocation / { deny all; }', []],
  ['tcp dport { ssh, http }', []],
  ['location @named { }\nerror_page 404 @NAMED;', []],
  ['-A __CHAIN -s {{ net }} -j ACCEPT', []],
];

describe('what other programs fill in', () => {
  for (const [text, found, withoutBraces = found] of FOUND) {
    it(JSON.stringify(text), () => {
      const read = (braces: boolean) =>
        placeholdersIn(text, { braces }).map(({ start, end }) => text.slice(start, end));
      assert.deepEqual({ with: read(true), without: read(false) }, { with: found, without: withoutBraces });
    });
  }
});
