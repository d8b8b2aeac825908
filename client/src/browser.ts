import { type ExtensionContext, Uri } from 'vscode';
import { LanguageClient } from 'vscode-languageclient/browser';
import { run } from './client.ts';

declare class Worker {
  constructor(url: string);
  terminate(): void;
}

/** VS Code for the Web: the server is a web worker. */
export function activate(context: ExtensionContext): Promise<void> {
  const script = Uri.joinPath(context.extensionUri, 'dist/web/server.js').toString(true);
  let worker: Worker | undefined;
  const start = () => {
    worker?.terminate();
    worker = new Worker(script);
    return Promise.resolve(worker);
  };
  return run(context, options => new LanguageClient('ingressPath', 'Ingress Path', start, options));
}
