import { resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { createConnection, ProposedFeatures } from 'vscode-languageserver/node';
import { isWalked, readText, walk, workspaceFiles } from './files.ts';
import type { FoundFile } from './indexing.ts';
import { serve } from './languageServer.ts';
import { strictFileUri } from './uris.ts';

/** Serves a client over standard input and output, with the workspace's files at hand. */
export function startOnStdio(): void {
  // Whatever goes wrong with one message must not end the session. What is left to fail then is the log itself.
  process.stderr.on('error', () => {});
  for (const event of ['uncaughtException', 'unhandledRejection'])
    process.on(event, (error: unknown) => process.stderr.write(`${error instanceof Error ? error.stack : error}\n`));
  const connection = createConnection(ProposedFeatures.all, process.stdin, process.stdout);
  serve(connection, { files, read, pages: `${pathToFileURL(resolve(__dirname, '..')).href}/` });
}

function* files(folder: string, below = ''): Iterable<FoundFile> {
  const root = pathOf(folder);
  if (root === null) return;
  for (const file of below === '' ? workspaceFiles(root) : walk(root, `${below}/`)) {
    const found = readText(resolve(root, file));
    if ('text' in found) yield { file, text: found.text };
  }
}

function read(folder: string, file: string): string | null {
  const root = pathOf(folder);
  if (root === null || !isWalked(root, file)) return null;
  const found = readText(resolve(root, file));
  return 'text' in found ? found.text : null;
}

/** Null for what is not on this machine's disk. */
function pathOf(uri: string): string | null {
  try {
    return fileURLToPath(strictFileUri(uri));
  } catch {
    return null;
  }
}
