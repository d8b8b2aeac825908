import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runTests } from '@vscode/test-electron';
import { build } from 'esbuild';
import { desktopExecutable } from './desktop.mts';
import { QUIET_SETTINGS } from './server.mts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const tests = join(root, 'test', 'vscode');

/** A folder to play in, removed after `work`; it holds a copy of `examples/`, which tests may open and change. */
export async function withPlayground<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'ingress-path-'));
  try {
    cpSync(join(root, 'examples'), join(folder, 'examples'), { recursive: true });
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** Runs test/vscode in the extension host of a desktop VS Code, or of the one that npm carries. */
export async function runInNodeHost(): Promise<void> {
  const extensionTestsPath = await bundleTests('node');
  await withPlayground(folder =>
    run(folder, desktopExecutable() ?? carried, { extensionDevelopmentPath: root, extensionTestsPath }),
  );
}

/** Runs test/vscode in the extension host of VS Code for the Web, a worker of the browser. */
export async function runInWebHost(): Promise<void> {
  const extensionTestsPath = await bundleTests('browser');
  await withPlayground(folder =>
    run(folder, carried, { extensionDevelopmentPath: webOnly(folder), extensionTestsPath }, [
      '--extensionDevelopmentKind=web',
    ]),
  );
}

const carried = fileURLToPath(new URL('code', import.meta.url));

async function run(
  folder: string,
  vscodeExecutablePath: string,
  paths: { extensionDevelopmentPath: string; extensionTestsPath: string },
  more: readonly string[] = [],
): Promise<void> {
  const userData = join(folder, 'user-data');
  mkdirSync(join(userData, 'User'), { recursive: true });
  writeFileSync(join(userData, 'User', 'settings.json'), JSON.stringify(QUIET_SETTINGS));
  const launchArgs = [join(folder, 'examples'), `--user-data-dir=${userData}`, '--disable-extensions', ...more];
  await runTests({ vscodeExecutablePath, ...paths, launchArgs });
}

/** With `main` in its package.json an extension runs in the Node host, where there is one. */
function webOnly(folder: string): string {
  const copy = join(folder, 'extension');
  for (const part of ['dist', 'l10n', 'snippets', 'syntaxes', 'package.nls.json', 'package.nls.zh-cn.json']) {
    cpSync(join(root, part), join(copy, part), { recursive: true });
  }
  const { main: _, ...manifest } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  writeFileSync(join(copy, 'package.json'), JSON.stringify(manifest));
  return copy;
}

async function bundleTests(platform: 'node' | 'browser'): Promise<string> {
  const outfile = join(root, 'out', platform, 'tests.js');
  const files = readdirSync(tests).filter(file => file.endsWith('.test.ts'));
  // The package says that all of it is ESM; this file of it is not.
  const mocha = join(root, 'out', 'mocha.cjs');
  cpSync(join(root, 'node_modules', 'mocha', 'mocha.js'), mocha);
  // The tests call `describe` while they load: mocha has to be there before them.
  const imports = ['./mocha.ts', ...files.map(file => `./${file}`)].map(file => `import '${file}';`);
  await build({
    stdin: { contents: `${imports.join('\n')}\nexport { run } from './mocha.ts';`, resolveDir: tests, loader: 'ts' },
    outfile,
    bundle: true,
    format: 'cjs',
    platform,
    target: 'es2022',
    alias: { 'mocha/mocha.js': mocha },
    external: ['vscode'],
    sourcemap: 'inline',
    logLevel: 'warning',
  });
  return outfile;
}
