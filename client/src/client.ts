import * as vscode from 'vscode';
import type { BaseLanguageClient, ConfigurationItem, LanguageClientOptions } from 'vscode-languageclient';

/** What a host brings: a client that knows how to reach its server. */
export type CreateClient = (options: LanguageClientOptions) => BaseLanguageClient;

/** Starts the language server and keeps it, its log and its restart command for as long as the extension lives. */
export async function run(context: vscode.ExtensionContext, create: CreateClient): Promise<void> {
  const log = vscode.window.createOutputChannel('Ingress Path', { log: true });
  const client = create({
    documentSelector: documents(languagesOf(context.extension)),
    diagnosticCollectionName: 'ingress-path',
    outputChannel: log,
    initializationOptions: { language: vscode.env.language },
    middleware: { workspace: { configuration: ({ items }) => items.map(written) } },
  });
  context.subscriptions.push(
    log,
    { dispose: () => client.dispose().catch(() => {}) },
    vscode.commands.registerCommand('ingressPath.restart', () => attempt(log, () => restart(client, log))),
    vscode.commands.registerCommand('ingressPath.showLog', () => log.show()),
    vscode.commands.registerCommand('ingressPath.upgrade', () => showUpgrade(client)),
  );
  await attempt(log, () => client.start());
}

/**
 * The languages that the extension is started for. Text without a language of its own is among them, as saved rules often have no
 * extension, and languages of other extensions: the server looks at the content and stays idle on what is not its own.
 */
function languagesOf({ packageJSON }: vscode.Extension<unknown>): readonly string[] {
  const { activationEvents }: { readonly activationEvents: readonly string[] } = packageJSON;
  return activationEvents.flatMap(event => /^onLanguage:(.+)/.exec(event)?.[1] ?? []);
}

/** Files and unsaved text; not the old sides of a comparison (`git:`), whose problems nobody can fix. */
function documents(languages: readonly string[]): { scheme: string; language: string }[] {
  const folders = vscode.workspace.workspaceFolders ?? [];
  const schemes = new Set(['file', 'untitled', 'vscode-remote', ...folders.map(folder => folder.uri.scheme)]);
  return [...schemes].flatMap(scheme => languages.map(language => ({ scheme, language })));
}

/**
 * The settings that somebody wrote. VS Code makes up an empty list or text for one that nobody did, and the server would
 * take that for a choice.
 */
function written({ section = 'ingressPath', scopeUri }: ConfigurationItem): Record<string, unknown> {
  const scope = scopeUri ? vscode.Uri.parse(scopeUri) : null;
  const values = vscode.workspace.getConfiguration(section, scope);
  const names = Object.keys(vscode.workspace.getConfiguration(undefined, scope).get<object>(section, {}));
  const isWritten = (name: string) => {
    const { globalValue, workspaceValue, workspaceFolderValue } = values.inspect(name) ?? {};
    return [globalValue, workspaceValue, workspaceFolderValue].some(value => value !== undefined);
  };
  return Object.fromEntries(names.filter(isWritten).map(name => [name, values.get(name)]));
}

/** Asks for versions, and shows what they would change in a document of its own. */
async function showUpgrade(client: BaseLanguageClient): Promise<void> {
  const versions = await vscode.window.showInputBox({
    title: vscode.l10n.t('What would an upgrade change?'),
    prompt: vscode.l10n.t('Versions to compare with; leave out what stays as it is.'),
    value: 'controller=1.15.1,kubernetes=1.36,openssl=3.5',
  });
  if (versions === undefined) return;
  const asked = { command: 'ingressPath.upgradeReport', arguments: [versions] };
  const content = await client.sendRequest<string | null>('workspace/executeCommand', asked);
  if (content === null) {
    void vscode.window.showErrorMessage(vscode.l10n.t('These are no versions: {0}', versions));
    return;
  }
  await vscode.window.showTextDocument(await vscode.workspace.openTextDocument({ language: 'plaintext', content }));
}

async function restart(client: BaseLanguageClient, log: vscode.LogOutputChannel): Promise<void> {
  // A server that hangs does not answer the request to stop; it is abandoned then.
  await client.stop().catch(error => log.warn(String(error)));
  await client.start();
}

async function attempt(log: vscode.LogOutputChannel, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    log.error(reason);
    const showLog = vscode.l10n.t('Show Log');
    const message = vscode.l10n.t('Ingress Path checks nothing now: its language server did not start ({0}).', reason);
    // Not awaited: the message may stand for hours, and the activation must end.
    void vscode.window.showErrorMessage(message, showLog).then(answer => {
      if (answer === showLog) log.show();
    });
  }
}
