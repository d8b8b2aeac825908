import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { carriedCode } from './carried.mts';

/** A window that shows the file and what is found in it, and little else. */
export const QUIET_SETTINGS: Readonly<Record<string, unknown>> = {
  'chat.disableAIFeatures': true,
  'workbench.startupEditor': 'none',
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.tips.enabled': false,
  'telemetry.telemetryLevel': 'off',
  'extensions.autoCheckUpdates': false,
  'extensions.ignoreRecommendations': true,
  'git.openRepositoryInParentFolders': 'never',
};

export interface ServerOptions {
  /** Where the server keeps settings, state and installed extensions. */
  readonly dataDir: string;
  /** What a person's browser must show; without it everybody on this machine may connect. */
  readonly token?: string;
  readonly settings?: Readonly<Record<string, unknown>>;
}

/** A running VS Code server on this machine. */
export interface CodeServer {
  readonly authority: string;
  /** The address of a window on `folder`, with the pairs that the workbench calls its payload. */
  address(folder: string, payload?: readonly (readonly [string, string])[]): string;
  /** How the workbench names a file of this machine. */
  uri(path: string): string;
  stop(): Promise<void>;
}

const START_LIMIT = 60_000;

/** Starts the VS Code that npm carries on a free port of 127.0.0.1. */
export async function startServer({ dataDir, token, settings }: ServerOptions): Promise<CodeServer> {
  const { node, serverMain } = await carriedCode();
  writeSettings(dataDir, { ...QUIET_SETTINGS, ...settings });
  const child = spawn(
    node,
    [
      serverMain,
      '--host=127.0.0.1',
      '--port=0',
      ...(token ? [`--connection-token=${token}`] : ['--without-connection-token']),
      '--accept-server-license-terms',
      '--disable-workspace-trust',
      '--disable-telemetry',
      '--disable-experiments',
      // Without it the built workbench ignores the payload.
      '--enable-smoke-test-driver',
      `--server-data-dir=${dataDir}`,
    ],
    // A group of its own, so that its extension hosts end with it.
    { stdio: ['ignore', 'pipe', 'pipe'], detached: process.platform !== 'win32' },
  );
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(name, () => void stop(child).finally(() => process.exit(process.exitCode ?? 130)));
  }
  const authority = `127.0.0.1:${await port(child)}`;
  return {
    authority,
    uri: path => `vscode-remote://${authority}${path}`,
    address(folder, payload = []) {
      const query = new URLSearchParams({ folder });
      if (token) query.set('tkn', token);
      if (payload.length > 0) query.set('payload', JSON.stringify(payload));
      return `http://${authority}/?${query}`;
    },
    stop: () => stop(child),
  };
}

/** Installs a packaged extension for the servers that use `dataDir`. */
export async function installVsix(vsix: string, dataDir: string): Promise<string> {
  const { node, serverMain } = await carriedCode();
  const { stdout, stderr } = await promisify(execFile)(node, [
    serverMain,
    '--accept-server-license-terms',
    `--server-data-dir=${dataDir}`,
    `--install-extension=${vsix}`,
  ]);
  return stdout + stderr;
}

function writeSettings(dataDir: string, settings: Readonly<Record<string, unknown>>): void {
  const file = join(dataDir, 'data', 'User', 'settings.json');
  // A person's own choices in a window of `npm start` stay.
  if (existsSync(file)) return;
  mkdirSync(join(dataDir, 'data', 'User'), { recursive: true });
  writeFileSync(file, `${JSON.stringify(settings, null, 2)}\n`);
}

function port(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let output = '';
    const fail = (reason: string) => {
      clearTimeout(limit);
      void stop(child);
      reject(new Error(`VS Code's server ${reason}:\n${output}`));
    };
    const limit = setTimeout(() => fail(`was not up after ${START_LIMIT / 1000} s`), START_LIMIT);
    child.once('error', error => fail(`did not start (${error.message})`));
    child.once('exit', code => fail(`ended with ${code}`));
    const listen = (data: Buffer) => {
      output += data;
      const [, found] = /Extension host agent listening on (\d+)/.exec(output) ?? [];
      if (!found) return;
      clearTimeout(limit);
      child.removeAllListeners('exit');
      resolve(found);
    };
    child.stdout?.on('data', listen);
    child.stderr?.on('data', listen);
  });
}

async function stop(child: ChildProcess): Promise<void> {
  const { pid } = child;
  if (child.exitCode !== null || child.signalCode !== null || pid === undefined) return;
  const ended = new Promise<void>(resolve => child.once('exit', () => resolve()));
  signal(pid, 'SIGTERM');
  const limit = setTimeout(() => signal(pid, 'SIGKILL'), 3000);
  await ended;
  clearTimeout(limit);
  // An extension host may outlive the server that started it.
  signal(pid, 'SIGKILL');
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(process.platform === 'win32' ? pid : -pid, name);
  } catch {
    // It is gone already.
  }
}
