import { spawn } from 'node:child_process';

/**
 * Runs npm in `folder`. npm shows nothing while it works when its output is no terminal, so a line with the seconds
 * spent comes every ten of them.
 */
export function npm(folder, title, args) {
  const started = Date.now();
  const seconds = () => Math.round((Date.now() - started) / 1000);
  console.log(`${title} …`);
  const ticking = setInterval(() => console.log(`  … ${seconds()} s`), 10_000);
  // Under `npm run` this is the very npm in use; elsewhere the one on the PATH (on Windows a .cmd, which needs a shell).
  const own = process.env.npm_execpath?.endsWith('.js') ? process.env.npm_execpath : undefined;
  const flags = [...args, '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  const child = own
    ? spawn(process.execPath, [own, ...flags], { cwd: folder, stdio: ['ignore', 'inherit', 'inherit'] })
    : spawn('npm', flags, {
        cwd: folder,
        stdio: ['ignore', 'inherit', 'inherit'],
        shell: process.platform === 'win32',
      });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      if (code === 0) resolve();
      else reject(new Error(`npm ${args.join(' ')} in ${folder} ended with ${signal ?? code}`));
    });
  }).finally(() => clearInterval(ticking));
}
