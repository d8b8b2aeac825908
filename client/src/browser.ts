import { type ExtensionContext, Uri, workspace } from 'vscode';
import { BrowserMessageReader, BrowserMessageWriter, LanguageClient } from 'vscode-languageclient/browser';
import { run } from './client.ts';

declare class Worker {
  constructor(url: string);
  terminate(): void;
}

/** VS Code for the Web: the server is a web worker. */
export function activate(context: ExtensionContext): Promise<void> {
  const script = Uri.joinPath(context.extensionUri, 'dist/web/server.js');
  let worker: Worker | undefined;
  const start = async () => {
    worker?.terminate();
    worker = new Worker(await address(script));
    // Not the worker itself: VS Code puts a function of its own in the place of Worker, and the client would not
    // know what that makes for one.
    return { reader: new BrowserMessageReader(worker), writer: new BrowserMessageWriter(worker) };
  };
  return run(context, options => new LanguageClient('ingressPath', 'Ingress Path', start, options));
}

/** Something a browser can load: it does not know the scheme of an extension that lies beside a remote VS Code. */
async function address(script: Uri): Promise<string> {
  if (script.scheme !== 'vscode-remote') return script.toString(true);
  return URL.createObjectURL(new Blob([await workspace.fs.readFile(script)], { type: 'text/javascript' }));
}
