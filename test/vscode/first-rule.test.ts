import * as vscode from 'vscode';
import { assert, findings, open, until } from './editor.ts';

const RULE = 'dns/hostnetwork-dns-policy';
const FILE = '1-hostnetwork-dns/broken/daemonset.yaml';

describe(`${RULE} in an open file`, () => {
  let editor: vscode.TextEditor;
  let document: vscode.TextDocument;
  let original: string;
  let finding: vscode.Diagnostic;

  before(async () => {
    editor = await open(FILE);
    document = editor.document;
    original = document.getText();
  });

  it('is found, as a warning on hostNetwork', async () => {
    finding = await until('the finding', () => findings(document, RULE)[0]);
    assert(finding.severity === vscode.DiagnosticSeverity.Warning, `severity ${finding.severity}`);
    const line = document.lineAt(finding.range.start).text;
    assert(line.includes('hostNetwork: true'), `found on "${line}"`);
  });

  it('is explained by the hover', async () => {
    const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
      'vscode.executeHoverProvider',
      document.uri,
      finding.range.start,
    );
    const text = hovers
      .flatMap(({ contents }) => contents)
      .map(part => (typeof part === 'string' ? part : part.value))
      .join('\n');
    // Its table has a line for each policy: what the fix writes must not look like what stands there.
    const outcome = (policy: string) => new RegExp(`^\\|[ *]*${policy}\\b[^|]*\\|(.*)$`, 'm').exec(text)?.[1];
    assert(outcome('ClusterFirst') && outcome('ClusterFirstWithHostNet'), `the hover says "${text}"`);
    assert(outcome('ClusterFirst') !== outcome('ClusterFirstWithHostNet'), `no difference in "${text}"`);
    // By now the server has also read the file from disk and been asked for it: still one finding.
    assert(findings(document, RULE).length === 1, 'found more than once');
  });

  it('goes when its quick fix is applied', async () => {
    const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
      'vscode.executeCodeActionProvider',
      document.uri,
      finding.range,
      vscode.CodeActionKind.QuickFix.value,
      10,
    );
    const titles = actions.map(({ title }) => title).join(', ');
    const edit = actions.find(({ edit, title }) => edit && title.includes('ClusterFirstWithHostNet'))?.edit;
    assert(edit, `no such fix among: ${titles}`);
    assert(await vscode.workspace.applyEdit(edit), 'the edit was refused');
    assert(document.getText().includes('      dnsPolicy: ClusterFirstWithHostNet\n'), document.getText());
    await until('the finding gone', () => findings(document, RULE).length === 0);
  });

  it('comes back when the fix is undone', async () => {
    await vscode.commands.executeCommand('undo');
    assert(document.getText() === original, 'undo left other text');
    await until('the finding back', () => findings(document, RULE).length === 1);
  });

  it('goes and comes back with the settings', async () => {
    const settings = vscode.workspace.getConfiguration('ingressPath');
    await settings.update('levels', { [RULE]: 'off' }, vscode.ConfigurationTarget.Workspace);
    await until('the finding gone', () => findings(document, RULE).length === 0);
    await settings.update('levels', undefined, vscode.ConfigurationTarget.Workspace);
    await until('the finding back', () => findings(document, RULE).length === 1);
  });

  it('is found again after the server was restarted', async () => {
    const changed = new Promise<void>(resolve => {
      const listener = vscode.languages.onDidChangeDiagnostics(() => {
        if (findings(document, RULE).length > 0) return;
        listener.dispose();
        resolve();
      });
    });
    await vscode.commands.executeCommand('ingressPath.restart');
    await changed;
    await until('the finding back', () => findings(document, RULE).length === 1);
  });
});

describe('the snippets', () => {
  const insert = async (language: string, name: string) => {
    const document = await vscode.workspace.openTextDocument({ language, content: '' });
    await vscode.window.showTextDocument(document);
    await vscode.commands.executeCommand('editor.action.insertSnippet', { langId: language, name });
    return until('the snippet in the text', () => document.getText());
  };

  it('give a pod on the network of its host a DNS policy', async () => {
    const text = await insert('yaml', 'hostNetwork with a DNS policy');
    assert(/^hostNetwork: true\ndnsPolicy: ClusterFirstWithHostNet/.test(text), text);
  });

  it('speak nginx', async () => {
    const text = await insert('nginx', 'Catch-all that hangs up');
    assert(text.includes('return 444;'), text);
  });
});
