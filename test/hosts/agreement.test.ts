import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, it } from 'node:test';
import { type CodeAction, DiagnosticSeverity, type Range, type TextEdit } from 'vscode-languageserver-protocol/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { Core } from '../../server/src/core.ts';
import { fixtures } from '../rules/fixture.ts';
import { Editor, FULL, uriOf } from './editor.ts';
import { BROKEN, FIXED, kustomization, OTHERS, patch, RULE } from './manifests.ts';
import { bundle, folderOf, root, run } from './programs.ts';
import { Random } from './random.ts';

/** Real files from elsewhere, where they are at hand. */
const CORPUS = join(root, '../shared/corpus');

let server = '';
let cli = '';
before(async () => {
  [server, cli] = await Promise.all([bundle('server'), bundle('cli')]);
});

type Files = Readonly<Record<string, string>>;

/** All fixtures of all rules in one workspace, each in a folder of its own. */
function fixtureFiles(): Files {
  const entries = fixtures().flatMap(({ rule, name, files }) =>
    [...files].map(([file, text]) => [`${rule}/${name}/${file}`, text] as const),
  );
  return Object.fromEntries(entries);
}

function filesIn(folder: string): Files {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();
  const files = names.filter(name => statSync(join(folder, name)).isFile());
  return Object.fromEntries(files.map(name => [name, readFileSync(join(folder, name), 'utf8')]));
}

interface Edit {
  readonly range: Range;
  readonly newText: string;
}

interface Said {
  readonly file: string;
  readonly rule: string;
  readonly severity: string;
  readonly message: string;
  readonly range: Range;
  readonly related: readonly { readonly file: string; readonly range: Range; readonly message: string }[];
  readonly fixes: readonly { readonly title: string; readonly edits: readonly (Edit & { readonly file: string })[] }[];
}

const SEVERITIES: Record<number, string> = {
  [DiagnosticSeverity.Error]: 'error',
  [DiagnosticSeverity.Warning]: 'warning',
  [DiagnosticSeverity.Information]: 'information',
  [DiagnosticSeverity.Hint]: 'hint',
};

function groupedByFile(findings: readonly Said[]): Map<string, Said[]> {
  const files = new Map<string, Said[]>();
  for (const finding of findings) files.set(finding.file, [...(files.get(finding.file) ?? []), finding]);
  return files;
}

/** What an action writes, and where: in one document or in several. */
function editsOf(action: CodeAction): (Edit & { readonly uri: string })[] {
  return (action.edit?.documentChanges ?? []).flatMap(change =>
    'edits' in change ? (change.edits as TextEdit[]).map(edit => ({ uri: change.textDocument.uri, ...edit })) : [],
  );
}

describe('the wire and the command line agree', () => {
  const workspaces: [name: string, files: () => Files][] = [
    ['the fixtures of all rules', fixtureFiles],
    ['the examples', () => filesIn(join(root, 'examples'))],
    [
      'files of every kind',
      () => ({
        'a b#%/配置.yaml': BROKEN,
        'crlf.yaml': BROKEN.replaceAll('\n', '\r\n'),
        'mark.yaml': `\uFEFF${BROKEN}`,
        'base/d.yaml': BROKEN,
        'base/kustomization.yaml': kustomization(['d.yaml']),
        'over/p.yaml': patch('None'),
        'over/kustomization.yaml': kustomization(['../base'], ['p.yaml']),
        'suppressed.yaml': BROKEN.replace('true', `true # ingress-path-ignore ${RULE}: known`),
        'unused.yaml': `# ingress-path-ignore ${RULE}: nothing\n${OTHERS}`,
        'ignored/a.yaml': BROKEN,
        'out/a.yaml': BROKEN,
        '.gitignore': 'out/\n',
        'ingress-path.yaml': 'ignore: [ignored/]\nlanguage: zh\nwrong: 1\n',
      }),
    ],
  ];
  for (const [name, files] of workspaces) {
    it(`on ${name}`, async () => {
      const folder = folderOf(files());
      const copy = folderOf(files());
      const report = JSON.parse((await run(cli, ['check', '--format', 'json'], { cwd: folder })).stdout) as {
        findings: Said[];
      };
      assert.ok(report.findings.length > 0);
      const said = groupedByFile(report.findings);
      const fileOf = (uri: string) => decodeURIComponent(uri.slice(uriOf(folder).length + 1));

      const editor = await Editor.start(server, { folders: [folder], capabilities: FULL });
      await editor.settle();
      assert.deepEqual(editor.showing().map(fileOf).sort(), [...said.keys()].sort());
      for (const uri of editor.showing()) {
        const own = said.get(fileOf(uri)) ?? [];
        const shown = (editor.shows(uri) ?? []).map(({ code, severity, message, range, relatedInformation }) => ({
          rule: code,
          severity: SEVERITIES[severity ?? 0],
          message,
          range,
          related: (relatedInformation ?? []).map(({ location, message }) => ({
            file: fileOf(location.uri),
            range: location.range,
            message,
          })),
        }));
        assert.deepEqual(
          shown,
          own.map(({ rule, severity, message, range, related }) => ({ rule, severity, message, range, related })),
          uri,
        );

        const actions = (await editor.actions(uri, ['quickfix'])).filter(
          ({ isPreferred }) => isPreferred !== undefined,
        );
        const offered = actions.map(action => ({
          title: action.title,
          edits: editsOf(action).map(({ uri, range, newText }) => ({ file: fileOf(uri), range, newText })),
        }));
        const fixes = own.flatMap(finding => finding.fixes);
        assert.deepEqual(
          offered,
          fixes.map(({ title, edits }) => ({
            title,
            edits: edits.map(({ file, range, newText }) => ({ file, range, newText })),
          })),
          uri,
        );
      }

      // In the order in which the command line mends the files: what one says may be mended by another.
      await run(cli, ['check', '--fix'], { cwd: copy });
      for (const [file, text] of Object.entries(files()).sort(([a], [b]) => (a < b ? -1 : 1))) {
        const uri = [...said.keys()].includes(file) ? editor.showing().find(each => fileOf(each) === file) : undefined;
        if (uri === undefined) {
          assert.equal(readFileSync(join(copy, file), 'utf8'), text, file);
          continue;
        }
        const mark = text.startsWith('\uFEFF') ? '\uFEFF' : '';
        const document = TextDocument.create(uri, 'yaml', 1, text.slice(mark.length));
        editor.open(uri, document.getText());
        const [action] = await editor.actions(uri, ['source.fixAll']);
        const fixed = TextDocument.applyEdits(document, action ? editsOf(action) : []);
        editor.change(uri, fixed);
        assert.equal(readFileSync(join(copy, file), 'utf8'), mark + fixed, file);
      }
      assert.equal(await editor.close(), 0);
    });
  }
});

/** What is found in each file, by a core that is new to them all. */
function fresh(texts: ReadonlyMap<string, string>): Map<string, unknown> {
  const core = new Core(message => assert.fail(message));
  for (const [file, text] of texts) core.put(file, text);
  return new Map([...texts.keys()].map(file => [file, core.findings(file)]));
}

/** A change of a text such as people make, or worse. */
function edited(text: string, random: Random, others: readonly string[]): { start: number; end: number; text: string } {
  const at = random.below(text.length + 1);
  const lines = text.split(/(?<=\n)/);
  const line = random.below(lines.length);
  const start = lines.slice(0, line).join('').length;
  const end = start + (lines[line]?.length ?? 0);
  return random.pick([
    () => ({
      start: at,
      end: at,
      text: random.pick(['a', ' ', '\n', ':', '-', '#', '"', '{', '\t', '😀', '---\n', '\r\n']),
    }),
    () => ({ start: at, end: Math.min(text.length, at + 1 + random.below(4)), text: '' }),
    () => ({ start, end, text: '' }),
    () => ({ start, end: start, text: lines[line] ?? '' }),
    () => ({
      start,
      end,
      text: (lines[line] ?? '').replace(
        /true|ClusterFirst|None/,
        word => ({ true: 'false', ClusterFirst: 'Default' })[word] ?? 'ClusterFirst',
      ),
    }),
    () => ({ start, end, text: `  ${lines[line] ?? ''}` }),
    () => ({ start: 0, end: text.length, text: random.pick(others) }),
  ])();
}

/** Sets of files that go together: what somebody may have open. */
function sets(): [name: string, files: Files][] {
  const related: Files = {
    'base/d.yaml': BROKEN,
    'base/kustomization.yaml': kustomization(['d.yaml']),
    'over/p.yaml': patch('None'),
    'over/kustomization.yaml': kustomization(['../base'], ['p.yaml']),
    'ingress-path.yaml': 'ignore: [none]\n',
    'fixed.yaml': `${FIXED}---\n${OTHERS}`,
  };
  const own = [...fixtures()].map(
    ({ rule, name, files }) => [`${rule}/${name}`, Object.fromEntries(files)] as [string, Files],
  );
  const situations = readdirSync(join(root, 'examples'), { withFileTypes: true }).filter(entry => entry.isDirectory());
  const examples = situations.map(({ name }) => [name, filesIn(join(root, 'examples', name))] as [string, Files]);
  const corpus = !existsSync(CORPUS)
    ? []
    : readdirSync(CORPUS, { withFileTypes: true }).filter(entry => entry.isDirectory());
  const real = corpus.map(({ name }) => [name, filesIn(join(CORPUS, name))] as [string, Files]);
  return [['a kustomization', related], ...own, ...examples, ...real];
}

describe('after every edit, the findings are those of a fresh analysis', () => {
  /** Milliseconds for all scripts together. */
  const TIME = 4_000;

  it('of the core, which names the files whose findings changed, and no others (seed 20261123)', () => {
    const all = sets();
    const random = new Random(20_261_123);
    const texts = all.flatMap(([, files]) => Object.values(files)).filter(text => text.length < 5_000);
    const end = performance.now() + TIME;
    let edits = 0;
    for (const [name, files] of all) {
      const share = performance.now() + (TIME / all.length) * (name === 'a kustomization' ? 10 : 1);
      const now = new Map(Object.entries(files));
      const core = new Core(message => assert.fail(message));
      for (const [file, text] of now) core.put(file, text);
      core.changedFiles();
      let before = fresh(now);
      // One edit at least of each, however slow the machine is.
      for (let step = 0; step < 60 && (step === 0 || performance.now() < Math.min(end, share)); step++, edits++) {
        const file = random.pick([...now.keys()]);
        if (random.below(12) === 0 && now.size > 1) {
          now.delete(file);
          core.remove(file);
        } else {
          const text = now.get(file) ?? '';
          const edit = edited(text, random, texts);
          now.set(file, text.slice(0, edit.start) + edit.text + text.slice(edit.end));
          core.put(file, now.get(file) ?? '');
        }
        const after = fresh(now);
        const differing = [...new Set([...before.keys(), ...after.keys()])].filter(
          each => JSON.stringify(before.get(each) ?? []) !== JSON.stringify(after.get(each) ?? []),
        );
        const where = `${name}, edit ${step} of ${file}`;
        assert.deepEqual(core.changedFiles().sort(), differing.sort(), where);
        for (const [each, findings] of after) assert.deepEqual(core.findings(each), findings, `${each} after ${where}`);
        before = after;
      }
    }
    assert.ok(edits >= all.length, String(edits));
  });

  it('of the server, told of parts (seed 20261124)', async () => {
    const [, files = {}] = sets()[0] ?? [];
    const random = new Random(20_261_124);
    const folder = folderOf(files);
    const editor = await Editor.start(server, { folders: [folder], capabilities: FULL });
    const now = new Map(Object.entries(files));
    const uri = (file: string) => uriOf(join(folder, file));
    for (const [file, text] of now) editor.open(uri(file), text);
    for (let step = 0; step < 150; step++) {
      const file = random.pick([...now.keys()]);
      const text = now.get(file) ?? '';
      const { start, end, text: newText } = edited(text, random, Object.values(files));
      const document = TextDocument.create('a', 'yaml', 1, text);
      const range = { start: document.positionAt(start), end: document.positionAt(end) };
      now.set(file, TextDocument.applyEdits(document, [{ range, newText }]));
      editor.change(uri(file), { range, text: newText });
      await editor.settle();
      for (const [each, findings] of fresh(now)) {
        const expected = (findings as Said[]).map(({ rule, range, message }) => ({ rule, range, message }));
        const shown = (editor.shows(uri(each)) ?? []).map(({ code, range, message }) => ({
          rule: code,
          range,
          message,
        }));
        assert.deepEqual(shown, expected, `${each} after edit ${step} of ${file}`);
      }
    }
    assert.equal(await editor.close(), 0);
  });
});
