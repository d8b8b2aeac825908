import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const root = fileURLToPath(new URL('..', import.meta.url));

/** The files that go into the VSIX, as paths of this repository. */
export async function shippedFiles(): Promise<string[]> {
  return (await vsce('ls')).split('\n').filter(line => line !== '');
}

/** Packs what `dist/` holds into a VSIX, by default one named after the version. */
export async function packageVsix(file?: string): Promise<void> {
  const out = file ? ['--out', file] : [];
  console.log((await vsce('package', '--allow-missing-repository', '--no-rewrite-relative-links', ...out)).trim());
}

/** Everything is bundled, so vsce is told not to look for dependencies. */
async function vsce(command: string, ...flags: string[]): Promise<string> {
  const program = join(root, 'node_modules', '@vscode', 'vsce', 'vsce');
  const { stdout } = await promisify(execFile)(process.execPath, [program, command, '--no-dependencies', ...flags], {
    cwd: root,
  });
  return stdout;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) void packageVsix();
