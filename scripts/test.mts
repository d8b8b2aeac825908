// Runs one kind of tests with node's own runner: `tsx scripts/test.mts unit|vscode|real|pictures [part of a file name] [--flag]`.
import { spawn } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

// test/vscode is not here: those files run inside VS Code, started by test/window.
const FOLDERS: Record<string, (folder: string) => boolean> = {
  unit: folder => !['vscode', 'window', 'real'].includes(folder),
  vscode: folder => folder === 'window',
  real: folder => folder === 'real',
  pictures: folder => folder === 'window',
};

const [kind = '', ...rest] = process.argv.slice(2);
const inKind = FOLDERS[kind];
if (!inKind) {
  console.error(
    `usage: test.mts ${Object.keys(FOLDERS).join('|')} [part of a file name] [--flag of node's test runner]`,
  );
  process.exit(2);
}

const flags = rest.filter(argument => argument.startsWith('-'));
const parts = rest.filter(argument => !argument.startsWith('-'));
if (kind === 'pictures') {
  process.env.PICTURES = join('docs', 'images');
  parts.push('keys');
}

const files = readdirSync(join(root, 'test'), { recursive: true, encoding: 'utf8' })
  .filter(file => file.endsWith('.test.ts') && inKind(file.split(sep)[0] ?? ''))
  .filter(file => parts.length === 0 || parts.some(part => file.includes(part)))
  .sort()
  .map(file => join('test', file));

const report = join(root, 'out', `${kind}.tap`);
mkdirSync(join(root, 'out'), { recursive: true });

// A window at a time is enough for two cores.
if (kind !== 'unit') flags.push('--test-concurrency=1');
const status = files.length === 0 ? 0 : await runner();
const complaints = files.length === 0 ? ['no test file'] : judge(readFileSync(report, 'utf8'));
for (const complaint of complaints) console.error(`test ${kind}: ${complaint}`);
process.exit(status || (complaints.length > 0 ? 1 : 0));

function runner(): Promise<number> {
  const reporters = ['spec', 'stdout', 'tap', report].map((value, i) =>
    i % 2 === 0 ? `--test-reporter=${value}` : `--test-reporter-destination=${value}`,
  );
  const child = spawn(
    process.execPath,
    ['--require', './test/page-hook.cjs', '--import', 'tsx', '--test', ...reporters, ...flags, ...files],
    { cwd: root, stdio: 'inherit' },
  );
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', code => resolve(code ?? 1));
  });
}

/** What node's runner calls a success and this project does not: nothing run, something left out, an empty file. */
function judge(tap: string): string[] {
  const total = (name: string) => Number([...tap.matchAll(new RegExp(`^# ${name} (\\d+)$`, 'gm'))].at(-1)?.[1] ?? 0);
  const complaints = ['skipped', 'todo', 'cancelled']
    .filter(name => total(name) > 0)
    .map(name => `${total(name)} ${name}`);
  if (total('tests') === 0) complaints.push('no test ran');
  // Node reports such a file as one test of the file's name: all of its path in Node 20, what it was given in Node 22.
  for (const [, name = ''] of tap.matchAll(/^ok \d+ - (.*\.test\.ts)$/gm)) {
    if (files.some(file => name.endsWith(file))) complaints.push(`${name} holds no test`);
  }
  return complaints;
}
