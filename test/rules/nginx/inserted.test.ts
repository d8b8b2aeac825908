import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { BLOCKS, blocks, SNIPPETS, snippets } from '../../../scripts/facts/nginx-blocks.mts';
import { Core } from '../../../server/src/core.ts';
import * as inserted from '../../../server/src/facts/nginxBlocks.ts';
import { parseNginx } from '../../../server/src/syntax/nginx/parse.ts';
import { applyEdits } from '../../../server/src/text/edits.ts';
import { LineIndex } from '../../../server/src/text/lines.ts';

describe('blocks of nginx', () => {
  it('are what nginx-conf writes, in fixes and in snippets', () => {
    assert.equal(readFileSync(BLOCKS, 'utf8'), blocks());
    assert.equal(readFileSync(SNIPPETS, 'utf8'), snippets());
  });

  it('read back as they were meant', () => {
    for (const lines of Object.values(inserted)) {
      const { tree, problems } = parseNginx(lines.join('\n').replace('<listen>', '80'), { context: 'http' });
      assert.deepEqual(problems, []);
      assert.deepEqual(
        tree.directives.map(({ name }) => name.value),
        ['server'],
      );
    }
  });
});

/** Two sites, each line as far in as `step` says. */
const sites = (step: string, listen: string) =>
  ['a', 'b'].flatMap(name => ['server {', `${step}listen ${listen};`, `${step}server_name ${name}.example.com;`, '}']);

const whole = (step: string, listen: string) =>
  ['events {}', 'http {', ...sites(step, listen).map(line => step + line), '}', ''].join('\n');

const block = (step: string, ...lines: string[]) =>
  ['server {', ...lines.map(line => step + line), '}'].map(line => `${step}${line}\n`).join('');

describe('the block that hangs up on unknown names is inserted', () => {
  const plain = ['listen 80 default_server;', 'server_name _;', 'return 444;'];
  const rows: readonly (readonly [how: string, file: string, text: string, block: string])[] = [
    ['in the steps of the file', 'nginx.conf', whole('  ', '80'), block('  ', ...plain)],
    ['in its tabs', 'nginx.conf', whole('\t', '80'), block('\t', ...plain)],
    [
      'with what all servers of a socket share, and no certificate',
      'nginx.conf',
      whole('    ', '"443" ssl http2 reuseport'),
      block(
        '    ',
        'listen "443" ssl http2 default_server;',
        'server_name _;',
        'ssl_reject_handshake on;',
        'return 444;',
      ),
    ],
    [
      'in a block scalar',
      'cm.yaml',
      `apiVersion: v1\nkind: ConfigMap\ndata:\n  nginx.conf: |\n${whole('  ', '80').replace(/^(?=.)/gm, '    ')}  mode: "1"\n`,
      block('  ', ...plain).replace(/^(?=.)/gm, '    '),
    ],
  ];
  for (const eol of ['\n', '\r\n'])
    for (const [how, file, lf, lines] of rows)
      it(`${how}, lines ending in ${JSON.stringify(eol)}`, () => {
        const text = lf.replaceAll('\n', eol);
        const core = new Core(message => assert.fail(message));
        core.put(file, text);
        const [finding] = core.findings(file).filter(({ rule }) => rule === 'nginx/catch-all');
        const [fix] = finding?.fixes ?? [];
        const edits = finding && fix && core.editsOf(file, finding, fix);
        assert.ok(edits && edits.length > 0);
        const index = new LineIndex(text);
        const after = applyEdits(
          text,
          edits.map(({ range, newText }) => ({
            span: { start: index.offsetAt(range.start), end: index.offsetAt(range.end) },
            newText,
          })),
        );
        const [close] = /\n *\}\n(?! *\})(?:  mode.*\n)?$/.exec(lf) ?? [''];
        const kept = lf.slice(0, lf.length - close.length + 1);
        assert.equal(after, `${kept}\n${lines}${close.slice(1)}`.replaceAll('\n', eol));
      });
});
