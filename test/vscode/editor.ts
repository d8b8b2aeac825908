import * as vscode from 'vscode';

// Neither node:assert nor node:timers exists in the web worker.

/** Fails the test unless `condition` holds. */
export function assert(condition: unknown, message: string): asserts condition {
  if (!condition) throw new Error(message);
}

type Looked<T> = T | undefined | false;

/** Waits until `look` finds something. */
export async function until<T>(what: string, look: () => Looked<T> | Promise<Looked<T>>): Promise<T> {
  const limit = Date.now() + 20_000;
  for (;;) {
    const found = await look();
    if (found) return found;
    assert(Date.now() < limit, `20 s passed without ${what}`);
    await new Promise(resolve => setTimeout(resolve, 50));
  }
}

/** Opens a file of the workspace, by its path there. */
export async function open(path: string): Promise<vscode.TextEditor> {
  const [folder] = vscode.workspace.workspaceFolders ?? [];
  assert(folder, 'no workspace folder');
  return vscode.window.showTextDocument(vscode.Uri.joinPath(folder.uri, path));
}

/** What this extension has found in a document, by rule. */
export function findings(document: vscode.TextDocument, rule: string): vscode.Diagnostic[] {
  return vscode.languages
    .getDiagnostics(document.uri)
    .filter(({ code }) => (typeof code === 'object' ? code.value : code) === rule);
}
