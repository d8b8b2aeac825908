import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { Editor, FULL, uriOf } from './editor.ts';
import { BROKEN, crlf, LINE, OTHERS, RULE } from './manifests.ts';
import { bundle, folderOf } from './programs.ts';
import { Random } from './random.ts';

const SANE = 'untitled:sane';

let server = '';
let editor: Editor;

before(async () => {
  server = await bundle('server');
  editor = await Editor.start(server, { folders: [folderOf({ 'a.yaml': BROKEN })], capabilities: FULL });
  editor.open(SANE, BROKEN);
});
/** The server lives, and is still right. */
async function assertSane(at: Editor = editor): Promise<void> {
  at.change(SANE, OTHERS);
  assert.deepEqual(await at.diagnostics(SANE), []);
  at.change(SANE, BROKEN);
  assert.deepEqual(
    (await at.diagnostics(SANE)).map(({ code }) => code),
    [RULE],
  );
  assert.match((await at.hover(SANE, LINE, 8)) ?? '', /resolv\.conf/);
  assert.equal((await at.actions(SANE)).length, 2);
}

const REQUESTS = [
  'textDocument/hover',
  'textDocument/codeAction',
  'textDocument/diagnostic',
  'workspace/diagnostic',
  'workspace/executeCommand',
  'textDocument/nothing',
  'codeAction/resolve',
  '$/nothing',
  'initialize',
];
const NOTIFICATIONS = [
  'textDocument/didOpen',
  'textDocument/didChange',
  'textDocument/didClose',
  'textDocument/didSave',
  'workspace/didChangeConfiguration',
  'workspace/didChangeWatchedFiles',
  'workspace/didChangeWorkspaceFolders',
  'window/workDoneProgress/cancel',
  '$/cancelRequest',
  '$/setTrace',
  '$/progress',
  'nothing',
];

const POSITIONS: unknown[] = [
  { line: 0, character: 0 },
  { line: LINE, character: 9 },
  { line: -1, character: -1 },
  { line: 1e9, character: 0 },
  { line: LINE, character: 2 ** 31 },
  { line: 0.5, character: NaN },
  { line: '7', character: null },
  {},
  null,
  7,
];
const URIS: unknown[] = [
  SANE,
  'untitled:unknown',
  'file:///nowhere/a.yaml',
  '',
  ':',
  '%',
  'file://',
  'http://[',
  `file:///${'a/'.repeat(5_000)}`,
  '\0',
  7,
  null,
];
const FOLDERS: unknown[] = ['file:///nowhere', 'vscode-vfs://github/a', 'x', ':', 7, null];
const TEXTS: unknown[] = ['', BROKEN, '\0\uD800', 7, null, ['a']];
const JUNK: unknown[] = [
  null,
  undefined,
  0,
  'x',
  [],
  [null],
  {},
  { textDocument: null },
  { changes: [null] },
  { settings: 7 },
  { settings: { ingressPath: [[[]]] } },
  { event: null },
  { contentChanges: [{}] },
];

const BODIES: (string | Buffer)[] = [
  '{',
  '',
  'null',
  '7',
  '[]',
  '{}',
  '"x"',
  '[{}]',
  '{"jsonrpc":"1.0"}',
  '{"jsonrpc":"2.0","id":{},"method":7}',
  '{"jsonrpc":"2.0","id":99,"result":null}',
  Buffer.from([0xff, 0xfe]),
  '['.repeat(100_000),
];
const HEADERS = [
  'Content-Type: text\r\n\r\n',
  'Content-Length: many\r\n\r\n',
  'Content-Length:\r\n\r\n',
  'X: y\r\nContent-Length: 0\r\n\r\n',
];

/** Parameters that are nearly right, or not at all. */
function params(random: Random): unknown {
  if (random.below(4) === 0) return random.pick(JUNK);
  const range = { start: random.pick(POSITIONS), end: random.pick(POSITIONS) };
  // What is said of the sane document must be sane.
  const uri = random.pick(URIS.slice(1));
  const text = random.pick(TEXTS);
  const folder = random.pick(FOLDERS);
  return {
    textDocument: random.pick<unknown>([
      { uri },
      { uri, version: random.below(3) - 1, text, languageId: 'yaml' },
      null,
    ]),
    position: random.pick(POSITIONS),
    range,
    context: random.pick<unknown>([{ diagnostics: [] }, { only: [''] }, { only: [7] }, { only: 'quickfix' }, null]),
    contentChanges: random.pick<unknown>([[{ text }], [{ range, text }], [], [null], null, {}]),
    changes: random.pick<unknown>([[{ uri, type: random.below(5) }], [null], null, {}]),
    settings: random.pick<unknown>([
      null,
      { ingressPath: random.pick(JUNK) },
      { ingressPath: { levels: random.pick(JUNK), ignore: [7] } },
    ]),
    event: random.pick<unknown>([
      null,
      { added: [{ uri: folder }], removed: [] },
      { added: null },
      { removed: [{ uri: folder }], added: [] },
    ]),
    token: random.pick<unknown>([1, 'x', null]),
    id: random.pick<unknown>([1, 'x', null]),
  };
}

/** Breaks whatever asks a map for one file. */
const FAILING = `
  const { get } = Map.prototype;
  Map.prototype.get = function (key) {
    if (key === 'explode.yaml') throw new Error('exploded');
    return get.call(this, key);
  };
`;

/** Fails outside of any message, a moment after the start. */
const STRAY = `
  setTimeout(() => { throw new Error('thrown'); }, 300);
  setTimeout(() => Promise.reject(new Error('rejected')), 400);
`;

describe('the server survives', () => {
  after(async () => {
    assert.equal(await editor.close(), 0);
  });

  for (const method of ['textDocument/hover', 'textDocument/codeAction', 'textDocument/diagnostic']) {
    it(`${method} with every document, position and range`, async () => {
      for (const uri of URIS) {
        for (const position of POSITIONS) {
          const range = { start: position, end: position };
          await editor.ask(method, { textDocument: { uri }, position, range, context: { diagnostics: [] } });
        }
      }
      await assertSane();
    });
  }

  it('every method with junk', async () => {
    for (const junk of JUNK) {
      for (const method of NOTIFICATIONS) editor.notify(method, junk);
      for (const method of REQUESTS.filter(each => each !== 'initialize')) await editor.ask(method, junk);
    }
    await assertSane();
  });

  it('documents with impossible names, versions and texts', async () => {
    for (const uri of URIS.slice(1)) {
      for (const text of TEXTS) {
        const textDocument = { uri, languageId: 'yaml', version: null, text };
        editor.notify('textDocument/didOpen', { textDocument });
        editor.notify('textDocument/didChange', { textDocument: { uri, version: -1 }, contentChanges: [{ text }] });
        editor.notify('textDocument/didClose', { textDocument });
      }
    }
    await assertSane();
  });

  it('frames that are no messages', async () => {
    const frame = (body: string | Buffer) => {
      const bytes = Buffer.from(body);
      return Buffer.concat([Buffer.from(`Content-Length: ${bytes.length}\r\n\r\n`), bytes]);
    };
    for (const body of BODIES) editor.process.stdin.write(frame(body));
    await assertSane();
    for (const header of HEADERS) {
      editor.process.stdin.write(header);
      // After such a header, the transport goes on with the next bytes that arrive.
      await new Promise(resolve => setTimeout(resolve, 20));
      editor.notify('$/setTrace', { value: 'off' });
      await assertSane();
    }
  });

  it('what a random client sends (seed 20261122)', async () => {
    const random = new Random(20_261_122);
    for (let i = 0; i < 2_000; i++) {
      if (random.below(3) === 0)
        void editor.ask(random.pick(REQUESTS.filter(each => each !== 'initialize')), params(random));
      else editor.notify(random.pick(NOTIFICATIONS), params(random));
      if (i % 500 === 0) await editor.settle();
    }
    // Whatever settings came of it, these hold now.
    editor.notify('workspace/didChangeConfiguration', { settings: {} });
    await editor.settle();
    await assertSane();
  });

  it('thousands of edits, as fast as they can be sent', async () => {
    const uri = 'untitled:rapid';
    editor.open(uri, BROKEN);
    const random = new Random(7);
    for (let i = 0; i < 5_000; i++) {
      const start = { line: random.below(12), character: random.below(30) };
      const text = random.pick(['', '\n', ' ', 'a', ': ', '- ', '{', '"', '---\n', '\t']);
      editor.change(uri, {
        range: { start, end: random.below(3) === 0 ? { line: start.line + 1, character: 0 } : start },
        text,
      });
    }
    editor.change(uri, BROKEN);
    assert.deepEqual(
      (await editor.diagnostics(uri)).map(({ code }) => code),
      [RULE],
    );
    editor.closeDocument(uri);
    await assertSane();
  });

  const halves: [name: string, text: string][] = [
    ['YAML', `# a comment\n${BROKEN}---\n# another\n`],
    ['CRLF', crlf(BROKEN)],
    [
      'JSON',
      JSON.stringify(
        {
          apiVersion: 'apps/v1',
          kind: 'DaemonSet',
          metadata: { name: 'edge' },
          spec: {
            template: {
              spec: {
                hostNetwork: true,
                containers: [{ name: 'controller', image: 'registry.k8s.io/ingress-nginx/controller' }],
              },
            },
          },
        },
        null,
        1,
      ),
    ],
  ];
  for (const [name, text] of halves) {
    it(`${name} as it is typed, asked at every key`, async () => {
      const uri = `untitled:typed ${name}`;
      editor.open(uri, '');
      for (let length = 1; length <= text.length; length++) {
        editor.change(uri, text.slice(0, length));
        const line = text.slice(0, length).split('\n').length - 1;
        const answers = await Promise.all([
          editor.ask('textDocument/hover', { textDocument: { uri }, position: { line, character: 3 } }),
          editor.ask('textDocument/codeAction', {
            textDocument: { uri },
            range: { start: { line, character: 0 }, end: { line, character: 99 } },
            context: { diagnostics: [] },
          }),
        ]);
        for (const answer of answers) assert.ok(!JSON.stringify(answer).includes('refused'), JSON.stringify(answer));
      }
      assert.deepEqual(
        (await editor.diagnostics(uri)).map(({ code }) => code),
        [RULE],
      );
      await assertSane();
    });
  }

  const texts: [name: string, text: () => string][] = [
    ['20 MB of YAML of interest', () => `${BROKEN}---\n`.repeat(20_000_000 / (BROKEN.length + 4))],
    ['20 MB in one line', () => `hostNetwork: ${'a'.repeat(20_000_000)}`],
    ['300 kB of nothing but line breaks', () => `hostNetwork: true${'\n'.repeat(300_000)}`],
    ['1 MB of brackets', () => `hostNetwork: ${'['.repeat(1_000_000)}`],
    [
      '1 MB of nested maps',
      () => `hostNetwork: true\n${Array.from({ length: 1_000 }, (_, i) => `${' '.repeat(i)}a:\n`).join('')}`,
    ],
    [
      'random bytes',
      () => Buffer.from(Array.from({ length: 300_000 }, (_, i) => (i * 7919 + (i >> 3)) & 255)).toString('latin1'),
    ],
    ['lone surrogates', () => `# \uD800\n${BROKEN}# \uDC00`],
    [
      'a bomb of aliases',
      () =>
        `hostNetwork: true\na0: &a0 [x, x]\n${Array.from({ length: 40 }, (_, i) => `a${i + 1}: &a${i + 1} [*a${i}, *a${i}]\n`).join('')}`,
    ],
  ];
  for (const [name, text] of texts) {
    it(name, async () => {
      const uri = `untitled:${name}`;
      editor.open(uri, text());
      await editor.diagnostics(uri);
      editor.change(uri, { range: { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } }, text: '#\n' });
      await editor.diagnostics(uri);
      await editor.hover(uri, 1, 3);
      editor.closeDocument(uri);
      await assertSane();
    });
  }

  it('requests before, and instead of, initialize', async () => {
    const early = Editor.silent(server);
    early.notify('initialized');
    early.notify('textDocument/didChange', null);
    await early.ask('textDocument/hover', { textDocument: { uri: SANE }, position: { line: 0, character: 0 } });
    for (const junk of JUNK) await early.ask('initialize', junk);
    await early.hello({});
    early.open(SANE, BROKEN);
    await assertSane(early);
    assert.equal(await early.close(), 0);
  });

  it('a client that refuses whatever it is asked', async () => {
    const grim = Editor.silent(server);
    const refused = () => Promise.reject(new Error('no'));
    for (const method of [
      'workspace/configuration',
      'client/registerCapability',
      'window/workDoneProgress/create',
      'workspace/diagnostic/refresh',
    ])
      grim.connection.onRequest(method, refused);
    await grim.hello({ capabilities: FULL });
    grim.open(SANE, BROKEN);
    await assertSane(grim);
    assert.equal(await grim.close(), 0);
  });

  it('failures of its own that nobody has foreseen', async () => {
    const preload = join(folderOf({ 'stray.cjs': STRAY }), 'stray.cjs');
    const failing = Editor.silent(server, null, ['--stdio'], ['--require', preload]);
    await failing.hello({});
    await failing.until('both failures', () => /thrown[\s\S]*rejected/.test(failing.heard.log.join('')));
    failing.open(SANE, BROKEN);
    await assertSane(failing);
    assert.equal(await failing.close(), 0);
  });

  it('failures of its own: one document that cannot be judged takes no other with it', async () => {
    const preload = join(folderOf({ 'fail.cjs': FAILING }), 'fail.cjs');
    const folder = folderOf({ 'a.yaml': BROKEN, 'explode.yaml': BROKEN });
    const failing = Editor.silent(server, null, ['--stdio'], ['--require', preload]);
    await failing.hello({ folders: [folder], capabilities: FULL });
    const uri = uriOf(join(folder, 'explode.yaml'));
    failing.open(SANE, BROKEN);
    failing.open(uri, BROKEN);
    for (const method of REQUESTS.slice(0, 3))
      await failing.ask(method, { textDocument: { uri }, position: { line: 0, character: 0 }, range: {}, context: {} });
    await assertSane(failing);
    await failing.until('the others', () => failing.showing().includes(uriOf(join(folder, 'a.yaml'))));
    assert.match(failing.heard.log.join('\n'), /exploded/);
    failing.closeDocument(uri);
    await assertSane(failing);
    assert.equal(await failing.close(), 0);
  });
});
