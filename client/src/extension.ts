import type { ExtensionContext } from 'vscode';
import { LanguageClient, TransportKind } from 'vscode-languageclient/node';
import { run } from './client.ts';

/** Desktop and remote hosts: the server is a process of its own. */
export function activate(context: ExtensionContext): Promise<void> {
  const module = context.asAbsolutePath('dist/server.js');
  return run(
    context,
    options => new LanguageClient('ingressPath', 'Ingress Path', { module, transport: TransportKind.stdio }, options),
  );
}
