import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Core } from '../../server/src/core.ts';
import { applyEdits } from '../../server/src/text/edits.ts';
import { LineIndex } from '../../server/src/text/lines.ts';
import { configMap, open } from './caret.ts';

const NGINX = `upstream a {
    server b:80;
    keepalive 4;
}
map $host $pool {
    default a;
}
server {
    listen 80;
    server_name a.example;
    # why
    if ($arg_x) {
        return 204;
    }
    location / {
        proxy_pass http://a;
        limit_except GET {
            deny all;
        }
    }
    location ~ \\.php$ {
        access_by_lua_block {
            local t = { "}" }
        }
    }
}
`;

const indent = (text: string, by: string) => text.replace(/^(?=.)/gm, by).trimEnd();

/** `line`: how a line begins in it, with the break before it. */
const FILES: readonly [file: string, text: string, line: RegExp][] = [
  ['site.conf', NGINX, /\n */g],
  ['cm.yaml', configMap('  http-snippet: |', indent(NGINX, '    '), '  use-http2: "true"', ''), /\n */g],
  ['crlf.yaml', configMap('  http-snippet: |', indent(NGINX, '    '), '').replaceAll('\n', '\r\n'), /\r\n */g],
  ['quoted.yaml', configMap(`  http-snippet: ${JSON.stringify(NGINX)}`, ''), /\\n */g],
];

/** The text after a completion was accepted at an offset, and ended by what makes a statement of it. */
function accepted(core: Core, file: string, text: string, offset: number, pick: number): string | null {
  const lines = new LineIndex(text);
  const found = core.completions(file, lines.positionAt(offset));
  const item = found?.items[pick % found.items.length];
  if (!found || !item || item.kind === 'value') return null;
  const end = item.insert.endsWith(';') ? '' : item.kind === 'block' ? 'x { }' : 'x;';
  const span = { start: lines.offsetAt(found.range.start), end: lines.offsetAt(found.range.end) };
  return applyEdits(text, [{ span, newText: item.insert + end }]);
}

function misplaced(core: Core, file: string, text: string): string[] {
  core.put(file, text);
  return core
    .findings(file)
    .filter(({ rule }) => rule === 'nginx/directive-context')
    .map(({ message }) => message);
}

describe('what completion offers', () => {
  for (const [file, text, line] of FILES)
    it(`may stand where it is offered: a new line anywhere in ${file}`, () => {
      const { core } = open(file, text);
      let offers = 0;
      for (const { 0: start, index } of text.matchAll(line)) {
        const offset = index + start.length;
        const widened = text.slice(0, offset) + start + text.slice(offset);
        for (let pick = index % 97; pick < 700; pick += 97) {
          core.put(file, widened);
          const after = accepted(core, file, widened, offset, pick);
          if (after === null) continue;
          offers++;
          assert.deepEqual(misplaced(core, file, after), [], after);
        }
      }
      assert.ok(offers > 100, `${offers} offers`);
    });

  it('is harmless behind every character of a text that ends there', () => {
    for (const [file, text] of FILES) {
      const { core } = open(file, text);
      for (let end = 0; end <= text.length; end++) {
        const typed = text.slice(0, end);
        core.put(file, typed);
        const position = new LineIndex(typed).positionAt(end);
        const range = core.completions(file, position)?.range;
        assert.deepEqual(range?.end ?? position, position);
        core.hover(file, position);
        core.outline(file);
        core.colouredWords(file);
      }
    }
  });
});
