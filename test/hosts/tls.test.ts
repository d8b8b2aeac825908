import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { CompletionItem, CompletionList, InlayHint, Location } from 'vscode-languageserver-protocol/node';
import { Editor } from './editor.ts';
import { bundle } from './programs.ts';

const CONFIG_MAP = `apiVersion: v1
kind: ConfigMap
metadata:
  name: ingress-nginx-controller
data:
  ssl-protocols: TLSv1.2
  ssl-ciphers: AES128-SHA:ECDHE-RSA-AES128-GCM-SHA256
`;
const NOTE = 'Since Tuesday:\nnet::ERR_HTTP2_INADEQUATE_TRANSPORT_SECURITY\n';
const FOLDER = 'file:///no-such-folder';
const CM = `${FOLDER}/configmap.yaml`;
const SCRATCH = 'untitled:Untitled-2';

describe('cipher lists over the wire', () => {
  let editor: Editor;
  before(async () => {
    editor = await Editor.start(await bundle('server'), { folders: [FOLDER] });
    editor.open(CM, CONFIG_MAP);
    editor.open(SCRATCH, NOTE);
    await editor.diagnostics(CM);
  });
  after(() => editor.process.kill());

  it('have a hint behind them', async () => {
    const range = { start: { line: 0, character: 0 }, end: { line: 9, character: 0 } };
    const hints = (await editor.ask('textDocument/inlayHint', { textDocument: { uri: CM }, range })) as InlayHint[];
    const own = hints.filter(({ position }) => position.line === 6).map(({ label }) => label);
    assert.ok(own.includes('2 suites · TLS 1.2: AES128-SHA · HTTP/2 refused'), JSON.stringify(hints));
  });

  it('are completed', async () => {
    const at = { textDocument: { uri: CM }, position: { line: 6, character: 26 } };
    const found = (await editor.ask('textDocument/completion', at)) as CompletionList | CompletionItem[];
    const items = Array.isArray(found) ? found : found.items;
    assert.ok(items.some(({ label }) => label === 'ECDHE-RSA-AES256-GCM-SHA384'));
  });

  it('are led to by an error in a scratch file', async () => {
    assert.match((await editor.hover(SCRATCH, 1, 10)) ?? '', /configmap\.yaml:7` .*\(tls\/http2-prohibited-cipher\)/);
    const at = { textDocument: { uri: SCRATCH }, position: { line: 1, character: 10 } };
    const found = (await editor.ask('textDocument/definition', at)) as Location[];
    assert.deepEqual(
      found.map(({ uri, range }) => [uri, range.start.line]),
      [[CM, 6]],
    );
  });
});
