import { chmodSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BuildOptions, build, context } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));

const { version }: { version: string } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

const common: BuildOptions = {
  absWorkingDir: root,
  bundle: true,
  minify: true,
  loader: { '.md': 'text' },
  logLevel: 'warning',
};
const node: BuildOptions = { ...common, platform: 'node', format: 'cjs', target: 'node20' };
const web: BuildOptions = { ...common, platform: 'browser', target: 'es2022' };

/** Every file that is shipped, with the entry it is bundled from. */
export const bundles: readonly BuildOptions[] = [
  { ...node, entryPoints: ['client/src/extension.ts'], outfile: 'dist/client.js', external: ['vscode'] },
  { ...node, entryPoints: ['server/src/hosts/server.ts'], outfile: 'dist/server.js' },
  {
    ...node,
    entryPoints: ['server/src/hosts/cli.ts'],
    outfile: 'dist/cli.js',
    banner: { js: '#!/usr/bin/env node' },
    define: { INGRESS_PATH_VERSION: JSON.stringify(version) },
  },
  {
    ...web,
    entryPoints: ['client/src/browser.ts'],
    outfile: 'dist/web/client.js',
    format: 'cjs',
    external: ['vscode'],
  },
  { ...web, entryPoints: ['server/src/hosts/worker.ts'], outfile: 'dist/web/server.js', format: 'iife' },
];

/** Bundles everything into `dist/`, from nothing. */
export async function buildAll(): Promise<void> {
  rmSync(join(root, 'dist'), { recursive: true, force: true });
  await Promise.all(bundles.map(options => build(options)));
  chmodSync(join(root, 'dist', 'cli.js'), 0o755);
}

async function watch(): Promise<void> {
  for (const options of bundles) {
    await (await context({ ...options, logLevel: 'info' })).watch();
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  void (process.argv.includes('--watch') ? watch() : buildAll());
}
