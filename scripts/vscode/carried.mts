import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { withLock } from '../lock.mjs';
import { npm } from '../npm.mjs';

const CODE_SERVER = '4.139.1';
const NODE = '24.21.0';

/** Where everything that is only for running VS Code lives: never in git, never in the VSIX. */
export const cache = fileURLToPath(new URL('../../.vscode-test', import.meta.url));

export interface CarriedCode {
  /** The Node that this VS Code wants, whichever one runs this script. */
  readonly node: string;
  /** VS Code's own server, workbench and extension host included. */
  readonly serverMain: string;
}

/** A complete VS Code out of the npm registry, installed at the first call. */
export async function carriedCode(): Promise<CarriedCode> {
  const code = await once(`code-server-${CODE_SERVER}`, async folder => {
    await npm(folder, `Installing VS Code from npm (code-server ${CODE_SERVER}, about 600 MB on disk)`, [
      'install',
      `code-server@${CODE_SERVER}`,
    ]);
    const vscode = join(folder, 'node_modules', 'code-server', 'lib', 'vscode');
    await npm(vscode, "Installing VS Code's own packages", ['install', '--omit=dev']);
    await npm(join(vscode, 'extensions'), "Installing its built-in extensions' packages", ['install', '--omit=dev']);
  });
  return {
    node: await node(),
    serverMain: join(code, 'node_modules', 'code-server', 'lib', 'vscode', 'out', 'server-main.js'),
  };
}

async function node(): Promise<string> {
  if (process.versions.node.split('.')[0] === NODE.split('.')[0]) return process.execPath;
  const name = `node-${process.platform}-${process.arch}`;
  if (process.platform !== 'linux')
    throw new Error(`The VS Code from npm needs Node 24 here; this is ${process.version}.`);
  const folder = await once(`${name}-${NODE}`, into =>
    npm(into, `Installing Node ${NODE} for it`, ['install', `${name}@${NODE}`]),
  );
  return join(folder, 'node_modules', name, 'bin', 'node');
}

/**
 * Fills the folder `name` of the cache if it is not there. It is filled under another name first: a folder under its
 * final name is always whole, however often an installation was interrupted.
 */
export async function once(name: string, fill: (folder: string) => Promise<void>): Promise<string> {
  const folder = join(cache, name);
  if (existsSync(folder)) return folder;
  await withLock(`${folder}.lock`, async () => {
    if (existsSync(folder)) return;
    const partial = `${folder}.partial`;
    rmSync(partial, { recursive: true, force: true });
    mkdirSync(partial, { recursive: true });
    writeFileSync(join(partial, 'package.json'), '{ "private": true }\n');
    await fill(partial);
    renameSync(partial, folder);
  });
  return folder;
}
