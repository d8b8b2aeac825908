import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { type BuildOptions, build } from 'esbuild';
import { bundles } from '../../scripts/build.mts';

export const root = fileURLToPath(new URL('../..', import.meta.url));

/** Bundles a program as it is shipped, into a folder of its own, and gives its path. */
export async function bundle(name: 'server' | 'cli'): Promise<string> {
  const options = bundles.find(({ outfile }) => outfile === `dist/${name}.js`);
  if (!options) throw new Error(`nothing builds dist/${name}.js`);
  return bundleAs(name, options);
}

/** Bundles the server that figures are measured against, in the same way. */
export async function bundleFloor(): Promise<string> {
  const server = bundles.find(({ outfile }) => outfile === 'dist/server.js');
  return bundleAs('floor', { ...server, entryPoints: ['test/hosts/floorServer.ts'] });
}

async function bundleAs(name: string, options: BuildOptions): Promise<string> {
  const outfile = join(scratch('programs'), 'dist', `${name}.js`);
  await build({ ...options, outfile });
  return outfile;
}

/** A new empty folder, by its real path. */
export function scratch(name: string): string {
  return mkdtempSync(join(realpathSync(tmpdir()), `ingress-path-${name}-`));
}

/** A new folder with files in it, by their paths with `/`. */
export function folderOf(files: Readonly<Record<string, string | Buffer>>): string {
  const folder = scratch('files');
  for (const [file, content] of Object.entries(files)) put(folder, file, content);
  return folder;
}

export function put(folder: string, file: string, content: string | Buffer): void {
  mkdirSync(dirname(join(folder, file)), { recursive: true });
  writeFileSync(join(folder, file), content);
}

/** How a program ended, and what it printed. */
export interface Outcome {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly cwd?: string;
  readonly input?: string | Buffer;
  readonly env?: Readonly<Record<string, string>>;
  readonly uid?: number;
  /** Flags of node itself. */
  readonly flags?: readonly string[];
}

/** Runs a bundled program in English, whatever the machine speaks. */
export async function run(program: string, args: readonly string[], options: RunOptions = {}): Promise<Outcome> {
  const child = start(program, args, options);
  child.stdin?.end(options.input ?? '');
  const [stdout, stderr, status] = await Promise.all([text(child.stdout), text(child.stderr), ended(child)]);
  return { status, stdout, stderr };
}

export function start(program: string, args: readonly string[], { cwd, env, uid, flags }: RunOptions = {}) {
  return spawn(process.execPath, [...(flags ?? []), program, ...args], {
    cwd: cwd ?? root,
    env: { PATH: process.env.PATH ?? '', LANG: 'C.UTF-8', ...env },
    ...(uid === undefined ? {} : { uid }),
  });
}

export function ended(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
}

async function text(stream: NodeJS.ReadableStream): Promise<string> {
  return (await buffer(stream)).toString('utf8');
}
