import { resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { createConnection, ProposedFeatures } from 'vscode-languageserver/node';
import { readText, walk } from './files.ts';
import { serve } from './languageServer.ts';

/** Serves a client over standard input and output, with the workspace's files at hand. */
export function startOnStdio(): void {
  const connection = createConnection(ProposedFeatures.all, process.stdin, process.stdout);
  serve(connection, { files, read, pages: `${pathToFileURL(resolve(__dirname, '..')).href}/` });
}

async function* files(folder: string): AsyncIterable<{ uri: string; text: string }> {
  const root = pathOf(folder);
  if (root === null) return;
  for await (const path of walk(root)) {
    const found = await readText(resolve(root, path));
    if (found)
      yield {
        uri: `${folder.replace(/\/$/, '')}/${path.split('/').map(encodeURIComponent).join('/')}`,
        text: found.text,
      };
  }
}

async function read(uri: string): Promise<string | null> {
  const path = pathOf(uri);
  return path === null ? null : ((await readText(path))?.text ?? null);
}

/** Null for what is not on this machine's disk. */
function pathOf(uri: string): string | null {
  try {
    return fileURLToPath(uri);
  } catch {
    return null;
  }
}
