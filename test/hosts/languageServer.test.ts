import assert from 'node:assert/strict';
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import {
  type ClientCapabilities,
  type CodeAction,
  CodeActionKind,
  type Diagnostic,
  DiagnosticSeverity,
  FileChangeType,
  type TextDocumentContentChangeEvent,
  type TextEdit,
} from 'vscode-languageserver-protocol/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { Editor, type EditorOptions, FULL, PLAIN, PULLING, uriOf } from './editor.ts';
import { BROKEN, crlf, FIXED, LINE, OTHERS, RULE } from './manifests.ts';
import { bundle, folderOf, put, scratch } from './programs.ts';

const UNTITLED = 'untitled:Untitled-1';

let server = '';
const running = new Set<Editor>();

before(async () => {
  server = await bundle('server');
});
after(() => {
  for (const editor of running) editor.process.kill();
});

async function startEditor(options: EditorOptions = {}): Promise<Editor> {
  const editor = await Editor.start(server, options);
  running.add(editor);
  return editor;
}

async function stop(editor: Editor): Promise<void> {
  running.delete(editor);
  assert.equal(await editor.close(), 0);
}

/** Runs a test against a server of its own, which must live to the end of it. */
function served(name: string, options: EditorOptions, work: (editor: Editor) => Promise<void>): void {
  it(name, async () => {
    const editor = await startEditor(options);
    await work(editor);
    await stop(editor);
  });
}

/** The path of a URI, however it is escaped. */
function pathOf(uri: string): string {
  return decodeURIComponent(uri.replace('file://', '').replace(/%(?![\da-fA-F]{2})/g, '%25'));
}

/** What a diagnostic, or a part of it, says. */
function words(said: { readonly message: Diagnostic['message'] } | undefined): string {
  return typeof said?.message === 'string' ? said.message : '';
}

function codes(diagnostics: readonly { readonly code?: unknown }[] | null): unknown[] {
  return (diagnostics ?? []).map(({ code }) => code);
}

function lines(editor: Editor, uri: string): number[] {
  return (editor.shows(uri) ?? []).map(({ range }) => range.start.line);
}

/** The document's text after an action's edits. */
function applied(action: CodeAction | undefined, uri: string, text: string): string {
  const { edit } = action ?? {};
  const change = edit?.documentChanges?.[0];
  const edits = change && 'edits' in change ? (change.edits as TextEdit[]) : edit?.changes?.[uri];
  return TextDocument.applyEdits(TextDocument.create(uri, 'yaml', 1, text), edits ?? []);
}

describe('initialize', () => {
  const table: [name: string, capabilities: ClientCapabilities, pulls: boolean, registered: string[]][] = [
    ['a client that declares nothing', PLAIN, false, []],
    [
      'a client that can be asked to watch',
      FULL,
      false,
      ['workspace/didChangeConfiguration', 'workspace/didChangeWatchedFiles'],
    ],
    [
      'a client that pulls diagnostics',
      PULLING,
      true,
      ['workspace/didChangeConfiguration', 'workspace/didChangeWatchedFiles'],
    ],
    ['a client that registers nothing', { textDocument: { diagnostic: {} } }, true, []],
  ];
  for (const [name, capabilities, pulls, registered] of table) {
    served(name, { capabilities }, async editor => {
      const offered = editor.initialized.capabilities;
      assert.equal(offered.diagnosticProvider !== undefined, pulls);
      assert.equal(offered.hoverProvider, true);
      assert.deepEqual(offered.codeActionProvider, {
        codeActionKinds: ['quickfix', 'source.fixAll.ingress-path'],
      });
      await editor.ask('textDocument/hover', { textDocument: { uri: UNTITLED }, position: { line: 0, character: 0 } });
      assert.deepEqual(editor.heard.registered.sort(), registered);
    });
  }

  const outer = folderOf({ 'a.yaml': BROKEN, 'inner/b.yaml': BROKEN });
  const inner = join(outer, 'inner');
  const other = folderOf({ 'c.yaml': BROKEN });
  const odd = join(folderOf({ 'a#b 100%?/d.yaml': BROKEN }), 'a#b 100%?');
  const folders: [name: string, options: EditorOptions, files: string[]][] = [
    ['no folder', {}, []],
    ['rootUri alone', { rootUri: uriOf(outer) }, [join(outer, 'a.yaml'), join(inner, 'b.yaml')]],
    ['a folder with a slash at its end', { folders: [`${uriOf(other)}/`] }, [join(other, 'c.yaml')]],
    ['several folders', { folders: [inner, other] }, [join(inner, 'b.yaml'), join(other, 'c.yaml')]],
    ['nested folders', { folders: [outer, inner] }, [join(outer, 'a.yaml'), join(inner, 'b.yaml')]],
    ['a folder that does not exist', { folders: [join(outer, 'none'), other] }, [join(other, 'c.yaml')]],
    ['a folder whose name is written as it is', { folders: [`file://${odd}`] }, [join(odd, 'd.yaml')]],
    ['a folder of another machine', { folders: ['vscode-vfs://github/a/b', other] }, [join(other, 'c.yaml')]],
  ];
  for (const [name, options, files] of folders) {
    served(name, options, async editor => {
      await editor.settle();
      assert.deepEqual(editor.showing().map(pathOf).sort(), files.sort());
    });
  }
});

describe('text synchronization', () => {
  let editor: Editor;
  before(async () => {
    editor = await startEditor();
  });
  after(() => stop(editor));

  const at = (line: number, character: number, endLine: number, endCharacter: number, text: string) => ({
    range: { start: { line, character }, end: { line: endLine, character: endCharacter } },
    text,
  });
  const table: [name: string, before: string, changes: (string | TextDocumentContentChangeEvent)[], lines: number[]][] =
    [
      ['the whole text', OTHERS, [BROKEN], [LINE]],
      ['a part', BROKEN, [at(LINE, 23, LINE, 23, '\n      dnsPolicy: ClusterFirstWithHostNet')], []],
      ['a line above', BROKEN, [at(0, 0, 0, 0, '# 1\n# 2\n')], [LINE + 2]],
      [
        'several parts, each in the text after the one before',
        BROKEN,
        [at(LINE, 23, LINE, 23, '\n'), at(LINE, 23, LINE + 1, 0, ''), at(0, 0, 0, 0, '\n')],
        [LINE + 1],
      ],
      ['a part, then the whole, then a part', '', ['x', BROKEN, at(0, 0, 0, 0, '#\n')], [LINE + 1]],
      ['CRLF', crlf(OTHERS), [crlf(BROKEN), at(LINE, 23, LINE, 23, ' # on')], [LINE]],
      ['CRLF written as LF', crlf(BROKEN), [at(0, 18, 1, 0, '\n')], [LINE]],
      [
        'characters beyond the BMP before the change',
        `# 😀😀\n${BROKEN}`,
        [at(0, 4, 0, 6, ''), at(0, 0, 1, 0, '')],
        [LINE],
      ],
      ['a byte order mark', `\uFEFF${BROKEN}`, [at(1, 0, 1, 0, '\n')], [LINE + 1]],
      ['everything taken away', BROKEN, [at(0, 0, 99, 0, '')], []],
    ];
  for (const [name, text, changes, expected] of table) {
    it(name, async () => {
      const uri = `untitled:${name}`;
      editor.open(uri, text);
      editor.change(uri, ...changes);
      await editor.diagnostics(uri);
      assert.deepEqual(lines(editor, uri), expected);
      editor.closeDocument(uri);
    });
  }

  it('answers every version, and says nothing of others', async () => {
    const uri = 'untitled:versions';
    editor.open(uri, BROKEN);
    editor.open('untitled:bystander', BROKEN);
    await editor.diagnostics('untitled:bystander');
    const told = editor.heard.published.length;
    for (const text of [BROKEN, OTHERS, BROKEN]) {
      const version = editor.change(uri, text);
      await editor.diagnostics(uri);
      assert.deepEqual(codes(editor.shows(uri)), text === BROKEN ? [RULE] : []);
      assert.equal(editor.heard.published.at(-1)?.version, version);
    }
    assert.deepEqual([...new Set(editor.heard.published.slice(told).map(each => each.uri))], [uri]);
  });

  it('forgets an untitled document that is closed', async () => {
    const uri = 'untitled:closed';
    editor.open(uri, BROKEN);
    await editor.diagnostics(uri);
    editor.closeDocument(uri);
    await editor.settle();
    assert.deepEqual(editor.shows(uri), []);
    assert.equal(await editor.hover(uri, LINE, 8), null);
  });

  it('judges documents outside of all folders alone', async () => {
    const base = 'file:///nowhere/base.yaml';
    editor.open('file:///nowhere/kustomization.yaml', 'resources: [base.yaml]\npatches: [{path: patch.yaml}]\n');
    editor.open('file:///nowhere/patch.yaml', BROKEN.replace('hostNetwork: true', 'dnsPolicy: None'));
    editor.open(base, BROKEN);
    assert.deepEqual(codes(await editor.diagnostics(base)), [RULE]);
  });
});

describe('files on the disk', () => {
  served('count as they are saved, but while they are open', { folders: [folderOf({})] }, async editor => {
    const folder = scratch('saved');
    put(folder, 'a.yaml', BROKEN);
    const uri = uriOf(join(folder, 'a.yaml'));
    await stopped(editor, folder, async inside => {
      await inside.settle();
      assert.deepEqual(codes(inside.shows(uri)), [RULE]);
      inside.open(uri, OTHERS);
      assert.deepEqual(await inside.diagnostics(uri), []);
      inside.closeDocument(uri);
      await inside.settle();
      assert.deepEqual(codes(inside.shows(uri)), [RULE]);
    });
  });

  const steps: [name: string, act: (folder: string) => [path: string, type: FileChangeType][], shown: string[]][] = [
    ['a file that is created', folder => [written(folder, 'new.yaml', BROKEN)], ['a.yaml', 'new.yaml', 'sub/b.yaml']],
    ['a file that is changed', folder => [written(folder, 'a.yaml', FIXED, FileChangeType.Changed)], ['sub/b.yaml']],
    ['a file that is deleted', folder => [removed(folder, 'a.yaml')], ['sub/b.yaml']],
    ['a folder that is deleted', folder => [removed(folder, 'sub')], ['a.yaml']],
    ['a folder that is renamed', folder => renamed(folder, 'sub', 'sup'), ['a.yaml', 'sup/b.yaml']],
    [
      'a file that is deleted and back at once',
      folder => [[join(folder, 'a.yaml'), FileChangeType.Deleted]],
      ['a.yaml', 'sub/b.yaml'],
    ],
    ['a file that is excluded', folder => [written(folder, 'out/c.yaml', BROKEN)], ['a.yaml', 'sub/b.yaml']],
    ['a file in node_modules', folder => [written(folder, 'node_modules/c.yaml', BROKEN)], ['a.yaml', 'sub/b.yaml']],
    [
      'a file that turns binary',
      folder => [written(folder, 'a.yaml', `\0${BROKEN}`, FileChangeType.Changed)],
      ['sub/b.yaml'],
    ],
    ['what is not there', folder => [[join(folder, 'ghost.yaml'), FileChangeType.Created]], ['a.yaml', 'sub/b.yaml']],
    [
      'a file outside',
      folder => [written(dirname(folder), 'ingress-path-outside.yaml', BROKEN)],
      ['a.yaml', 'sub/b.yaml'],
    ],
    [
      'other rules of what is excluded',
      folder => [written(folder, '.gitignore', 'sub/\n', FileChangeType.Changed)],
      ['a.yaml'],
    ],
    ['settings that are written', folder => [written(folder, 'ingress-path.yaml', 'ignore: [sub/]\n')], ['a.yaml']],
  ];
  for (const [name, act, shown] of steps) {
    const folder = folderOf({ 'a.yaml': BROKEN, 'sub/b.yaml': BROKEN, '.gitignore': 'out/\n' });
    served(name, { folders: [folder], capabilities: FULL }, async editor => {
      await editor.settle();
      editor.watched(act(folder).map(([path, type]) => ({ uri: uriOf(path), type })));
      await editor.settle();
      const expected = shown.map(file => uriOf(join(folder, file)));
      await editor.until(`${expected}, not ${editor.showing()}`, () => same(editor.showing(), expected));
    });
  }

  served('never replace an open text, however its URI is escaped', {}, async editor => {
    const folder = folderOf({ "it's (a) file.yaml": BROKEN });
    await stopped(editor, folder, async inside => {
      await inside.settle();
      const uri = `${uriOf(folder)}/it%27s%20%28a%29%20file.yaml`;
      inside.open(uri, OTHERS);
      assert.deepEqual(await inside.diagnostics(uri), []);
      inside.watched([{ uri: `${uriOf(folder)}/.gitignore`, type: FileChangeType.Created }]);
      await inside.settle();
      assert.deepEqual(inside.shows(uri), []);
    });
  });

  served('are told of anew when folders come and go', { folders: [folderOf({})], capabilities: FULL }, async editor => {
    const outer = folderOf({
      'a.yaml': BROKEN,
      'inner/b.yaml': BROKEN,
      'inner/ingress-path.yaml': 'ignore: [b.yaml]\n',
    });
    const [a, b] = [uriOf(join(outer, 'a.yaml')), uriOf(join(outer, 'inner/b.yaml'))];
    const folder = (path: string) => ({ uri: uriOf(path), name: path });
    const expecting = async (event: { added?: unknown[]; removed?: unknown[] }, shown: string[]) => {
      editor.notify('workspace/didChangeWorkspaceFolders', { event: { added: [], removed: [], ...event } });
      await editor.until(shown.join(), () => same(editor.showing(), shown));
    };
    await expecting({ added: [folder(outer)] }, [a, b]);
    await expecting({ added: [folder(join(outer, 'inner'))] }, [a]);
    await expecting({ removed: [folder(join(outer, 'inner'))] }, [a, b]);
    editor.open(a, BROKEN);
    await expecting({ removed: [folder(outer)] }, [a]);
    editor.closeDocument(a);
    await editor.settle();
    assert.deepEqual(editor.showing(), []);
  });

  function written(folder: string, file: string, text: string, type: FileChangeType = FileChangeType.Created) {
    put(folder, file, text);
    return [join(folder, file), type] as [string, FileChangeType];
  }

  function removed(folder: string, file: string): [string, FileChangeType] {
    rmSync(join(folder, file), { recursive: true });
    return [join(folder, file), FileChangeType.Deleted];
  }

  function renamed(folder: string, from: string, to: string): [string, FileChangeType][] {
    renameSync(join(folder, from), join(folder, to));
    return [
      [join(folder, from), FileChangeType.Deleted],
      [join(folder, to), FileChangeType.Created],
    ];
  }
});

/** Runs with another server on a folder, beside the one that a test already has. */
async function stopped(_: Editor, folder: string, work: (editor: Editor) => Promise<void>): Promise<void> {
  const editor = await startEditor({ folders: [folder], capabilities: FULL });
  await work(editor);
  await stop(editor);
}

function same(a: readonly string[], b: readonly string[]): boolean {
  return JSON.stringify([...a].sort()) === JSON.stringify([...b].sort());
}

describe('URIs', () => {
  const folder = folderOf({});
  const table: [name: string, folder: string, document: string][] = [
    ['spaces', `${uriOf(folder)}/a%20b`, `${uriOf(folder)}/a%20b/c%20d.yaml`],
    ['# escaped', uriOf(folder), `${uriOf(folder)}/a%23b.yaml`],
    ['# as it is', uriOf(folder), `${uriOf(folder)}/a#b.yaml`],
    ['a stray %', uriOf(folder), `${uriOf(folder)}/100%.yaml`],
    ['% escaped', uriOf(folder), `${uriOf(folder)}/100%25.yaml`],
    [
      'non-ASCII escaped',
      `${uriOf(folder)}/%E9%85%8D%E7%BD%AE`,
      `${uriOf(folder)}/%E9%85%8D%E7%BD%AE/%F0%9F%98%80.yaml`,
    ],
    ['non-ASCII as it is', `${uriOf(folder)}/配置`, `${uriOf(folder)}/%E9%85%8D%E7%BD%AE/é.yaml`],
    ['bytes that are no UTF-8', uriOf(folder), `${uriOf(folder)}/%E9t%E9.yaml`],
    ['a drive as VS Code writes it', 'file:///c%3A/work', 'file:///c%3A/work/a.yaml'],
    ['a drive written in two ways', 'file:///C:/work', 'file:///c%3A/work/a.yaml'],
    ['a share', 'file://server/share', 'file://server/share/a.yaml'],
    ['another scheme', 'vscode-vfs://github/a', 'vscode-vfs://github/a/b.yaml'],
  ];
  for (const [name, root, document] of table) {
    // The folder's settings hold for a document if it is found to be inside.
    served(name, { folders: [root] }, async editor => {
      editor.open(document, BROKEN);
      assert.deepEqual(codes(await editor.diagnostics(document)), [RULE]);
      editor.open(`${root}/ingress-path.yaml`, `levels: { ${RULE}: error }\n`);
      await editor.until('the folder’s settings', () => editor.shows(document)?.[0]?.severity === 1);
      assert.match((await editor.hover(document, LINE, 8)) ?? '', /resolv\.conf/);
      const [action] = await editor.actions(document);
      assert.equal(applied(action, document, BROKEN), FIXED);
      editor.closeDocument(document);
      await editor.settle();
      assert.deepEqual(editor.shows(document), []);
    });
  }

  served('files with such names count from the disk', {}, async editor => {
    const names = ['a b.yaml', 'a#b.yaml', 'a?b.yaml', '100%.yaml', '100%25.yaml', '配置.yaml', "it's (1).yaml"];
    const own = folderOf(Object.fromEntries(names.map(name => [name, BROKEN])));
    await stopped(editor, own, async inside => {
      await inside.settle();
      assert.deepEqual(
        inside
          .showing()
          .map(uri => decodeURIComponent(new URL(uri).pathname))
          .sort(),
        names.map(name => join(own, name)).sort(),
      );
      for (const uri of inside.showing()) {
        inside.open(uri, OTHERS);
        assert.deepEqual(await inside.diagnostics(uri), []);
        inside.closeDocument(uri);
      }
      await inside.settle();
      assert.equal(inside.showing().length, names.length);
    });
  });
});

describe('pulled diagnostics', () => {
  const folder = folderOf({ 'a.yaml': BROKEN, 'b.yaml': BROKEN });
  const [a, b] = [uriOf(join(folder, 'a.yaml')), uriOf(join(folder, 'b.yaml'))];

  served(
    'are answered for what is open, and pushed for what is not: never both',
    { folders: [folder], capabilities: PULLING },
    async editor => {
      await editor.until('both files', () => same(editor.showing(), [a, b]));
      editor.open(a, BROKEN);
      assert.deepEqual(codes(await editor.pull(a)), [RULE]);
      await editor.until('a no longer pushed', () => same(editor.showing(), [b]));
      editor.change(a, `#\n${BROKEN}`);
      assert.deepEqual(
        (await editor.pull(a)).map(({ range }) => range.start.line),
        [LINE + 1],
      );
      assert.deepEqual(await editor.pull(b), []);
      assert.deepEqual(editor.showing(), [b]);
      editor.closeDocument(a);
      await editor.until('a pushed again', () => same(editor.showing(), [a, b]));
      assert.deepEqual(lines(editor, a), [LINE]);
    },
  );

  served(
    'are asked for again when another file changes them, and only then',
    { folders: [folder], capabilities: PULLING },
    async editor => {
      const settings = uriOf(join(folder, 'ingress-path.yaml'));
      editor.open(a, BROKEN);
      editor.open(settings, '');
      await editor.until('b alone', () => same(editor.showing(), [b]));
      await editor.pull(a);
      const asked = editor.heard.refreshes;
      for (let i = 0; i < 5; i++) {
        editor.change(a, `${'#\n'.repeat(i)}${BROKEN}`);
        await editor.pull(a);
      }
      editor.change(settings, `levels: { ${RULE}: error }\n`);
      await editor.until('a refresh', () => editor.heard.refreshes > asked);
      await editor.pull(a);
      assert.equal(editor.heard.refreshes, asked + 1);
      assert.equal((await editor.pull(a))[0]?.severity, DiagnosticSeverity.Error);
    },
  );

  served(
    'of a client that cannot be told to ask again',
    { folders: [folder], capabilities: { textDocument: { diagnostic: {} } } },
    async editor => {
      editor.open(a, BROKEN);
      editor.open(uriOf(join(folder, 'ingress-path.yaml')), `levels: { ${RULE}: off }\n`);
      assert.deepEqual(await editor.pull(a), []);
      await editor.ask('textDocument/diagnostic', { textDocument: { uri: a } });
      assert.equal(editor.heard.refreshes, 0);
    },
  );
});

describe('what is said', () => {
  for (const [language, message, hover] of [
    ['en', /Names of the cluster do not resolve/, /Why it hurts[\s\S]*Check it on a live node/],
    ['zh-cn', /此 Pod 无法解析集群内部域名/, /为什么有害[\s\S]*在节点上验证/],
  ] as const) {
    served(`in ${language}`, { language }, async editor => {
      editor.open(UNTITLED, BROKEN);
      const [found] = await editor.diagnostics(UNTITLED);
      assert.match(words(found), message);
      assert.match((await editor.hover(UNTITLED, LINE, 8)) ?? '', hover);
      assert.equal(await editor.hover(UNTITLED, 0, 0), null);
    });
  }

  served('links to a page that the extension holds', {}, async editor => {
    editor.open(UNTITLED, BROKEN);
    const [found] = await editor.diagnostics(UNTITLED);
    const page = found?.codeDescription?.href ?? '';
    const carried = pathToFileURL(join(dirname(server), '..')).href;
    assert.ok(page.startsWith(`${carried}/`), page);
    assert.ok(existsSync(fileURLToPath(page.replace(carried, uriOf(join(import.meta.dirname, '../..'))))), page);
    assert.equal(found?.source, 'ingress-path');
    assert.equal(found?.severity, DiagnosticSeverity.Warning);
  });

  served('has the other places with it', {}, async editor => {
    editor.open(UNTITLED, BROKEN.replace('true\n', 'true\n      dnsPolicy: ClusterFirst\n'));
    const [found] = await editor.diagnostics(UNTITLED);
    assert.deepEqual(
      found?.relatedInformation?.map(({ location, message }) => [location.uri, location.range.start.line, message]),
      [[UNTITLED, LINE, 'hostNetwork is on here']],
    );
  });
});

describe('code actions', () => {
  let editor: Editor;
  before(async () => {
    editor = await startEditor({ capabilities: FULL });
    editor.open(UNTITLED, BROKEN);
  });
  after(() => stop(editor));

  const kinds: [only: string[] | undefined, titles: RegExp[]][] = [
    [undefined, [/^Set dnsPolicy/, /^Ignore dns/]],
    [[CodeActionKind.QuickFix], [/^Set dnsPolicy/, /^Ignore dns/]],
    [['quickfix.ingress-path'], []],
    [[CodeActionKind.Source], [/^Fix all/]],
    [[CodeActionKind.SourceFixAll], [/^Fix all/]],
    [['source.fixAll.ingress-path'], [/^Fix all/]],
    [['source.fixAll.eslint'], []],
    [['source.organizeImports'], []],
    [[CodeActionKind.Empty], [/^Set dnsPolicy/, /^Ignore dns/, /^Fix all/]],
    [[], []],
  ];
  for (const [only, titles] of kinds) {
    it(`of ${only ? `the kinds [${only}]` : 'any kind'}`, async () => {
      const actions = await editor.actions(UNTITLED, only);
      assert.equal(actions.length, titles.length, JSON.stringify(actions.map(({ title }) => title)));
      for (const [i, title] of titles.entries()) assert.match(actions[i]?.title ?? '', title);
    });
  }

  const ranges: [name: string, line: number, character: number, count: number][] = [
    ['at its start', LINE, 6, 2],
    ['inside', LINE, 10, 2],
    ['at its end', LINE, 23, 2],
    ['before it', LINE, 5, 0],
    ['on the line after', LINE + 1, 0, 0],
  ];
  for (const [name, line, character, count] of ranges) {
    it(`for a cursor ${name}`, async () => {
      const position = { line, character };
      assert.equal((await editor.actions(UNTITLED, undefined, { start: position, end: position })).length, count);
    });
  }

  it('the first safe fix is preferred, and mends what it names', async () => {
    const [fix, suppression] = await editor.actions(UNTITLED);
    assert.equal(fix?.isPreferred, true);
    assert.ok(!suppression?.isPreferred);
    assert.deepEqual(codes(fix?.diagnostics ?? []), [RULE]);
    assert.equal(applied(fix, UNTITLED, BROKEN), FIXED);
  });

  it('a suppression silences its finding, once the reason is written or not', async () => {
    const suppression = (await editor.actions(UNTITLED))[1];
    const suppressed = applied(suppression, UNTITLED, BROKEN);
    assert.match(suppressed, /^ {6}# ingress-path-ignore dns\/hostnetwork-dns-policy: REASON\n {6}hostNetwork/m);
    editor.open('untitled:suppressed', suppressed);
    assert.deepEqual(await editor.diagnostics('untitled:suppressed'), []);
  });

  it('a notice on a comment cannot be suppressed by a comment', async () => {
    editor.open('untitled:notice', `# ingress-path-ignore ${RULE}: nothing here\n`);
    assert.deepEqual(codes(await editor.diagnostics('untitled:notice')), ['ingress-path/unused-suppression']);
    assert.deepEqual(await editor.actions('untitled:notice'), []);
  });

  const fixAll: [name: string, text: string, fixed: string][] = [
    ['one finding', BROKEN, FIXED],
    ['two documents', `${BROKEN}---\n${BROKEN}`, `${FIXED}---\n${FIXED}`],
    ['CRLF', crlf(BROKEN), crlf(FIXED)],
    ['no line break at the end', BROKEN.trimEnd(), FIXED.trimEnd()],
    ['a byte order mark and characters beyond the BMP', `\uFEFF# 😀\n${BROKEN}`, `\uFEFF# 😀\n${FIXED}`],
  ];
  for (const [name, text, fixed] of fixAll) {
    it(`fixes all: ${name}`, async () => {
      const uri = `untitled:all ${name}`;
      editor.open(uri, text);
      const [action] = await editor.actions(uri, [CodeActionKind.SourceFixAll]);
      assert.equal(applied(action, uri, text), fixed);
      const change = action?.edit?.documentChanges?.[0];
      assert.deepEqual(change && 'textDocument' in change && change.textDocument, { uri, version: 1 });
      editor.change(uri, fixed);
      assert.deepEqual(await editor.actions(uri, [CodeActionKind.SourceFixAll]), []);
    });
  }

  served('for a client that takes no versioned edits', {}, async plain => {
    plain.open(UNTITLED, BROKEN);
    const [fix] = await plain.actions(UNTITLED);
    assert.deepEqual(Object.keys(fix?.edit ?? {}), ['changes']);
    assert.equal(applied(fix, UNTITLED, BROKEN), FIXED);
  });
});

describe('settings', () => {
  served(
    'are asked for',
    { capabilities: FULL, settings: { levels: { [RULE]: 'error' }, language: 'zh' } },
    async editor => {
      editor.open(UNTITLED, BROKEN);
      const [found] = await editor.diagnostics(UNTITLED);
      assert.equal(found?.severity, DiagnosticSeverity.Error);
      assert.match(words(found), /集群/);
      editor.settings = { levels: { [RULE]: 'off' } };
      editor.notify('workspace/didChangeConfiguration', { settings: null });
      await editor.settle();
      await editor.settle();
      editor.change(UNTITLED, BROKEN);
      assert.deepEqual(await editor.diagnostics(UNTITLED), []);
    },
  );

  served('are taken as sent by a client that cannot be asked', {}, async editor => {
    editor.notify('workspace/didChangeConfiguration', { settings: { ingressPath: { levels: { [RULE]: 'hint' } } } });
    editor.open(UNTITLED, BROKEN);
    assert.equal((await editor.diagnostics(UNTITLED))[0]?.severity, DiagnosticSeverity.Hint);
  });

  served(
    'that are wrong are logged, and the others hold',
    { capabilities: FULL, settings: { levels: { [RULE]: 'loud' }, ignore: 7, language: 'zh' } },
    async editor => {
      editor.open(UNTITLED, BROKEN);
      const [found] = await editor.diagnostics(UNTITLED);
      assert.match(words(found), /集群/);
      assert.equal(found?.severity, DiagnosticSeverity.Warning);
      assert.match(editor.heard.log.join('\n'), /ingressPath\.levels[\s\S]*ingressPath\.ignore/);
    },
  );

  it('that never come keep nobody waiting', async () => {
    const editor = Editor.silent(server);
    running.add(editor);
    editor.connection.onRequest('workspace/configuration', () => new Promise(() => {}));
    await editor.hello({ capabilities: FULL });
    editor.open(UNTITLED, BROKEN);
    assert.deepEqual(codes(await editor.diagnostics(UNTITLED)), [RULE]);
    await stop(editor);
  });
});

describe('background indexing', () => {
  it('leaves the editor served', async () => {
    const folder = scratch('large');
    for (let i = 0; i < 300; i++) {
      mkdirSync(join(folder, `d${i}`));
      for (let j = 0; j < 20; j++) put(folder, `d${i}/${j}.yaml`, i % 10 === 0 ? BROKEN : `a: ${j}\n`);
    }
    const editor = await startEditor({ folders: [folder], capabilities: FULL });
    editor.open(UNTITLED, BROKEN);
    assert.match((await editor.hover(UNTITLED, LINE, 8)) ?? '', /resolv/);
    assert.equal(editor.showing().length, 0);
    await editor.until('all of it', () => editor.showing().length === 601);
    await stop(editor);
  });
});

describe('the end', () => {
  const endings: [name: string, end: (editor: Editor) => Promise<unknown>, status: number][] = [
    ['shutdown and exit', editor => editor.close(), 0],
    ['exit without shutdown', async editor => editor.notify('exit'), 1],
    ['standard input closed', async editor => editor.process.stdin.end(), 1],
    [
      'standard input closed after shutdown',
      async editor => {
        await editor.ask('shutdown');
        editor.process.stdin.end();
      },
      0,
    ],
    [
      'both ends closed',
      async editor => {
        editor.process.stdout.destroy();
        editor.process.stdin.end();
      },
      1,
    ],
  ];
  for (const [name, end, status] of endings) {
    it(name, async () => {
      const editor = await startEditor();
      editor.open(UNTITLED, BROKEN);
      await editor.diagnostics(UNTITLED);
      await end(editor);
      assert.equal(await editor.exit, status);
      running.delete(editor);
    });
  }

  it('through the command line’s `lsp`, with what clients add to it', async () => {
    const cli = await bundle('cli');
    for (const flags of [
      ['lsp', '--stdio'],
      ['lsp', '--stdio', `--clientProcessId=${process.pid}`],
    ]) {
      const editor = Editor.silent(cli, null, flags);
      await editor.hello({});
      editor.open(UNTITLED, BROKEN);
      assert.deepEqual(codes(await editor.diagnostics(UNTITLED)), [RULE]);
      assert.equal(await editor.close(), 0);
    }
  });
});
