// Builds, says what is found in `examples/`, and opens a real VS Code there with the extension running. With --browser
// that is the one from npm, even where there is a desktop one.
import { spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildAll } from './build.mts';
import { cache } from './vscode/carried.mts';
import { codeCommand } from './vscode/desktop.mts';
import { startServer } from './vscode/server.mts';

const root = fileURLToPath(new URL('..', import.meta.url));
const examples = join(root, 'examples');

console.log('Building …');
await buildAll();

console.log('\n> ingress-path check examples\n');
// Status 1 means that something was found: that is what the examples are for.
const { status } = spawnSync(process.execPath, ['dist/cli.js', 'check', 'examples'], { cwd: root, stdio: 'inherit' });
if (status !== 0 && status !== 1) process.exit(status ?? 1);

const code = process.argv.includes('--browser') ? undefined : codeCommand();
await (code ? openDesktop(code) : openCarried());

async function openDesktop(code: string): Promise<void> {
  console.log(`\nOpening VS Code (${code}) on examples/.`);
  const shell = process.platform === 'win32';
  const args = [`--extensionDevelopmentPath=${root}`, examples];
  const child = spawn(shell ? `"${code}"` : code, shell ? args.map(argument => `"${argument}"`) : args, {
    stdio: 'inherit',
    shell,
  });
  process.exitCode = await new Promise<number>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', status => resolve(status ?? 1));
  });
}

async function openCarried(): Promise<void> {
  console.log('\nUsing the VS Code from npm (a desktop one is used when `code` is on the PATH).');
  const server = await startServer({
    dataDir: join(cache, 'start'),
    token: randomBytes(16).toString('hex'),
  });
  const address = server.address(examples, [['extensionDevelopmentPath', server.uri(root.replace(/\/$/, ''))]]);
  console.log(`\nVS Code runs on examples/. Open this address in a browser of this machine:\n\n  ${address}\n`);
  console.log('Ctrl-C stops it.');
  process.exitCode = 0;
}
