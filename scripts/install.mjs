// Makes a fresh clone usable: every npm script begins here, so this file may use nothing but Node itself.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { withLock } from './lock.mjs';
import { npm } from './npm.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Whether node_modules holds what package-lock.json asks for; packages for other systems may be missing. */
function installed() {
  const wanted = packages(join(root, 'package-lock.json'));
  const present = packages(join(root, 'node_modules', '.package-lock.json'));
  const same = ([path, { version, integrity }]) =>
    present[path]?.version === version && present[path]?.integrity === integrity;
  return (
    Object.entries(wanted).every(entry => same(entry) || (entry[1].optional && !present[entry[0]])) &&
    Object.keys(present).every(path => wanted[path])
  );
}

function packages(file) {
  if (!existsSync(file)) return {};
  const { packages } = JSON.parse(readFileSync(file, 'utf8'));
  delete packages[''];
  return packages;
}

if (!installed()) {
  await withLock(join(root, '.vscode-test', 'npm-ci.lock'), async () => {
    if (!installed()) await npm(root, 'Installing the development tools from npm (npm ci)', ['ci']);
  });
}
