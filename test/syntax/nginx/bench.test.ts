import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { build } from 'esbuild';
import type { parse } from 'nginx-conf/dist/src/parser.js';
import { bundles } from '../../../scripts/build.mts';
import type { checkNginx } from '../../../server/src/syntax/nginx/check.ts';
import type { parseNginx } from '../../../server/src/syntax/nginx/parse.ts';

interface Shipped {
  readonly parseNginx: typeof parseNginx;
  readonly checkNginx: typeof checkNginx;
  readonly parse: typeof parse;
}

/** Both as they are shipped: what runs the tests wraps every function anew at each call. */
async function shipped(): Promise<Shipped> {
  const [, { entryPoints: _, outfile: __, ...server } = {}] = bundles;
  const { outputFiles } = await build({
    ...server,
    write: false,
    stdin: {
      contents: `
        export { checkNginx } from './server/src/syntax/nginx/check.ts';
        export { parseNginx } from './server/src/syntax/nginx/parse.ts';
        export { parse } from 'nginx-conf/dist/src/parser.js';`,
      resolveDir: '.',
    },
  });
  const module = { exports: {} };
  new Function('module', 'require', outputFiles?.[0]?.text ?? '')(module, createRequire(import.meta.url));
  return module.exports as Shipped;
}

const SERVER = (i: number) => `  server {
    listen 80;
    server_name host${i}.example www.host${i}.example; # host ${i}
    location / {
      proxy_pass http://upstream_${i};
      proxy_set_header Host $host;
      proxy_set_header X-Real-IP $remote_addr;
      if ($request_method = POST) {
        return 403 "no \${host}";
      }
    }
    location ~ "\\.(js|css)$" {
      expires 30d;
      add_header Cache-Control "public, immutable" always;
    }
    gzip on;
    client_max_body_size 8m;
  }
`;

test('20,000 lines are parsed and checked faster than nginx-conf parses them', async () => {
  const { parseNginx, checkNginx, parse } = await shipped();
  const text = `http {\n${Array.from({ length: 1111 }, (_, i) => SERVER(i)).join('')}}\n`;
  const { tree, problems } = parseNginx(text, { context: 'main' });
  assert.deepEqual([...problems, ...checkNginx(tree)], []);
  const parsed = quickest(() => parseNginx(text, { context: 'main' }));
  const checked = quickest(() => checkNginx(tree));
  const theirs = quickest(() => parse(text, () => {}));
  const round = (value: number) => value.toFixed(1);
  console.log(
    `${text.split('\n').length} lines: parseNginx ${round(parsed)} ms, checkNginx ${round(checked)} ms, nginx-conf ${round(theirs)} ms: ${round(theirs / (parsed + checked))} times as long`,
  );
  assert.ok(parsed + checked < theirs);
});

/** Milliseconds of the quickest of many runs: what else the machine does only adds. */
function quickest(run: () => void): number {
  let best = Number.POSITIVE_INFINITY;
  for (let i = 0; i < 30; i++) {
    const started = performance.now();
    run();
    best = Math.min(best, performance.now() - started);
  }
  return best;
}
