import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import {
  type CompletionItem,
  CompletionItemKind,
  type DocumentSymbol,
  type Hover,
  type SemanticTokens,
  SymbolKind,
} from 'vscode-languageserver-protocol/node';
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

  it('has an outline', async () => {
    const symbols = (await editor.ask('textDocument/documentSymbol', {
      textDocument: { uri: URI },
    })) as DocumentSymbol[];
    assert.deepEqual(
      symbols.map(({ name, children }) => [name, children?.map(({ name, kind }) => [name, kind])]),
      [['http-snippet', [['map $host $x', SymbolKind.Enum]]]],
    );
  });

  it('is folded in its own files, and left to the client in YAML', async () => {
    const uri = 'untitled:nginx';
    editor.open(uri, '# a\n# b\nserver {\n  listen 80;\n}\n', 'nginx');
    assert.deepEqual(await editor.ask('textDocument/foldingRange', { textDocument: { uri } }), [
      { startLine: 0, endLine: 1, kind: 'comment' },
      { startLine: 2, endLine: 3 },
    ]);
    assert.equal(await editor.ask('textDocument/foldingRange', { textDocument: { uri: URI } }), null);
  });

  it('is coloured, whole or in part', async () => {
    const { legend } = editor.initialized.capabilities.semanticTokensProvider ?? {};
    const textDocument = { uri: URI };
    const decoded = ({ data }: SemanticTokens) =>
      Array.from({ length: data.length / 5 }, (_, i) => {
        const [lines, characters, length, type = 0] = data.slice(i * 5);
        return `+${lines} +${characters} ${length} ${legend?.tokenTypes[type]}`;
      });
    const map = ['+0 +4 5 variable', '+0 +6 2 variable', '+1 +6 7 string', '+0 +8 1 number'];
    const full = (await editor.ask('textDocument/semanticTokens/full', { textDocument })) as SemanticTokens;
    assert.deepEqual(decoded(full), [
      '+5 +4 4 function',
      '+0 +5 2 string',
      '+1 +4 3 keyword',
      ...map,
      '+2 +4 3 function',
    ]);
    const range = { start: { line: 6, character: 0 }, end: { line: 7, character: 20 } };
    const part = (await editor.ask('textDocument/semanticTokens/range', { textDocument, range })) as SemanticTokens;
    assert.deepEqual(decoded(part), ['+6 +4 3 keyword', ...map]);
  });

  it('is explained', async () => {
    const hover = (await editor.ask('textDocument/hover', at(6, 5))) as Hover;
    assert.match((hover.contents as { value: string }).value, /^\*\*map\*\* \(ngx_http_map_module\)/);
    assert.deepEqual(hover.range, { start: { line: 6, character: 4 }, end: { line: 6, character: 7 } });
  });
});
