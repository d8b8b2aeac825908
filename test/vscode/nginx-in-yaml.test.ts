import * as vscode from 'vscode';
import { assert, findings, until } from './editor.ts';

const CONTENT = `apiVersion: v1
kind: ConfigMap
metadata:
  name: ingress-nginx-controller
data:
  http-snippet: |
    gzip on;
    map $host $pool {
      default a;
    }
    
  use-http2: "true"
`;

/** The blank line behind the block. */
const BLANK = new vscode.Position(10, 4);

describe('nginx in a ConfigMap', () => {
  let document: vscode.TextDocument;
  let editor: vscode.TextEditor;

  before(async () => {
    document = await vscode.workspace.openTextDocument({ language: 'yaml', content: CONTENT });
    editor = await vscode.window.showTextDocument(document);
  });

  const completions = async (position: vscode.Position) => {
    const list = await vscode.commands.executeCommand<vscode.CompletionList>(
      'vscode.executeCompletionItemProvider',
      document.uri,
      position,
    );
    // VS Code itself offers words of the text.
    return list.items.filter(({ detail }) => detail?.startsWith('ngx_'));
  };

  it('is completed on a blank line', async () => {
    const items = await until('completions', async () => {
      const found = await completions(BLANK);
      return found.length > 0 && found;
    });
    const labels = items.map(({ label }) => label);
    assert(labels.includes('gzip_vary'), `gzip_vary is not among ${labels.length}`);
    assert(!labels.includes('listen'), 'listen stands in no http block');
    assert((await completions(new vscode.Position(11, 4))).length === 0, 'completions in a key of YAML');
  });

  it('takes what is accepted in the place of what is typed', async () => {
    await editor.edit(edit => edit.insert(BLANK, 'gzip_va'));
    const typed = BLANK.translate(0, 'gzip_va'.length);
    editor.selection = new vscode.Selection(typed, typed);
    await vscode.commands.executeCommand('editor.action.triggerSuggest');
    const accept = () => vscode.commands.executeCommand('acceptSelectedSuggestion');
    await until('the accepted word', async () => {
      await accept();
      return document.lineAt(BLANK.line).text === '    gzip_vary ';
    });
    await editor.edit(edit => edit.delete(new vscode.Range(BLANK, BLANK.translate(0, 'gzip_vary '.length))));
    assert(document.getText() === CONTENT, document.getText());
  });

  it('is explained by the hover', async () => {
    const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
      'vscode.executeHoverProvider',
      document.uri,
      new vscode.Position(7, 5),
    );
    const text = hovers
      .flatMap(({ contents }) => contents)
      .map(part => (typeof part === 'string' ? part : part.value))
      .join('\n');
    assert(text.includes('ngx_http_map_module'), `the hover says "${text}"`);
    const range = hovers[0]?.range;
    assert(range && document.getText(range) === 'map', `it is about "${range && document.getText(range)}"`);
  });

  it('is underlined where nginx refuses it', async () => {
    await editor.edit(edit => edit.insert(BLANK, 'gzip_vary on\n    gzip_proxied any;'));
    const finding = await until('the finding', () => findings(document, 'nginx/syntax')[0]);
    assert(finding.severity === vscode.DiagnosticSeverity.Error, `severity ${finding.severity}`);
    assert(finding.range.isEqual(new vscode.Range(10, 14, 10, 16)), JSON.stringify(finding.range));
    assert(document.getText(finding.range) === 'on', `it is about "${document.getText(finding.range)}"`);
  });

  it('is mended by the fix, and nothing else is', async () => {
    const broken = document.getText();
    const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
      'vscode.executeCodeActionProvider',
      document.uri,
      new vscode.Range(10, 15, 10, 15),
      vscode.CodeActionKind.QuickFix.value,
      10,
    );
    const edit = actions.find(action => action.edit && action.title.includes('gzip_vary'))?.edit;
    assert(edit, `no such fix among: ${actions.map(({ title }) => title).join(', ')}`);
    assert(await vscode.workspace.applyEdit(edit), 'the edit was refused');
    assert(document.getText() === broken.replace('gzip_vary on\n', 'gzip_vary on;\n'), document.getText());
    await until('the finding gone', () => findings(document, 'nginx/syntax').length === 0);
    const added = document.lineAt(BLANK.line + 1).range.end;
    await editor.edit(edit => edit.delete(new vscode.Range(BLANK, added)));
    assert(document.getText() === CONTENT, document.getText());
  });

  it('is coloured', async () => {
    const legend = await vscode.commands.executeCommand<vscode.SemanticTokensLegend>(
      'vscode.provideDocumentSemanticTokensLegend',
      document.uri,
    );
    const { data } = await vscode.commands.executeCommand<vscode.SemanticTokens>(
      'vscode.provideDocumentSemanticTokens',
      document.uri,
    );
    const [line, character, length, type = 0] = data;
    assert(line === 6 && character === 4 && length === 4, `the first word is at ${data.slice(0, 3)}`);
    assert(legend.tokenTypes[type] === 'function', `and is a ${legend.tokenTypes[type]}`);
  });

  it('leaves YAML its folds', async () => {
    const folds = await vscode.commands.executeCommand<vscode.FoldingRange[]>(
      'vscode.executeFoldingRangeProvider',
      document.uri,
    );
    const starts = folds.map(({ start }) => document.lineAt(start).text.trim());
    assert(
      ['data:', 'http-snippet: |', 'map $host $pool {'].every(line => starts.includes(line)),
      starts.join(', '),
    );
  });
});
