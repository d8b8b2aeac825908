import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { type CompletionItem, CompletionItemKind, type Hover } from 'vscode-languageserver-protocol/node';
import { configMap } from '../features/caret.ts';
import { Editor } from './editor.ts';
import { bundle } from './programs.ts';

const URI = 'untitled:configMap';
const TEXT = configMap(
  '  http-snippet: |',
  '    gzip on;',
  '    map $host $x {',
  '      default 1;',
  '    }',
  '    ',
  '',
);

let editor: Editor;

before(async () => {
  editor = await Editor.start(await bundle('server'));
  editor.open(URI, TEXT);
});
after(() => editor.process.kill());

const at = (line: number, character: number) => ({ textDocument: { uri: URI }, position: { line, character } });

describe('nginx over the wire', () => {
  it('is completed on a blank line of a block scalar', async () => {
    const items = (await editor.ask('textDocument/completion', at(9, 4))) as CompletionItem[];
    assert.deepEqual(
      items.find(({ label }) => label === 'gzip_vary'),
      {
        label: 'gzip_vary',
        kind: CompletionItemKind.Property,
        detail: 'ngx_http_gzip_module',
        documentation: { kind: 'markdown', value: '`gzip_vary on | off;` Default: `off`' },
        textEdit: {
          range: { start: { line: 9, character: 4 }, end: { line: 9, character: 4 } },
          newText: 'gzip_vary ',
        },
      },
    );
  });

  it('is completed as it was changed a moment ago', async () => {
    editor.change(URI, { range: { start: { line: 9, character: 4 }, end: { line: 9, character: 4 } }, text: 'ser' });
    const items = (await editor.ask('textDocument/completion', at(9, 7))) as CompletionItem[];
    const range = { start: { line: 9, character: 4 }, end: { line: 9, character: 7 } };
    assert.deepEqual(items.find(({ label }) => label === 'server')?.textEdit, { range, newText: 'server ' });
    assert.deepEqual(await editor.ask('textDocument/completion', at(2, 3)), []);
  });

  it('is explained', async () => {
    const hover = (await editor.ask('textDocument/hover', at(6, 5))) as Hover;
    assert.match((hover.contents as { value: string }).value, /^\*\*map\*\* \(ngx_http_map_module\)/);
    assert.deepEqual(hover.range, { start: { line: 6, character: 4 }, end: { line: 6, character: 7 } });
  });
});
