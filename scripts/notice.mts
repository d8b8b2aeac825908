// Writes NOTICE: the packages that end up inside the bundles, with their licences.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { bundles } from './build.mts';

const root = fileURLToPath(new URL('..', import.meta.url));

const HEAD = `Ingress Path
Copyright (c) 2026 Ingress Path authors, under the MIT licence (see LICENSE).

The files in dist/ contain these packages:
`;

/** What NOTICE has to say of the bundles as they would be built now. */
export async function notice(): Promise<string> {
  const folders = new Set<string>();
  for (const options of bundles) {
    const { metafile } = await build({ ...options, write: false, metafile: true });
    for (const file of Object.keys(metafile.inputs)) {
      const [folder] = /.*node_modules\/(@[^/]+\/)?[^/]+/.exec(file) ?? [];
      if (folder) folders.add(folder);
    }
  }
  return [HEAD, ...[...folders].sort().map(entry)].join('\n');
}

function entry(folder: string): string {
  const { name, version, license } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));
  const file = readdirSync(join(root, folder)).find(name => /^licen[cs]e/i.test(name));
  if (!file) throw new Error(`${folder} carries no licence text`);
  const text = readFileSync(join(root, folder, file), 'utf8')
    .replaceAll('\r\n', '\n')
    .trim();
  return `${'-'.repeat(80)}\n${name} ${version} (${license})\n\n${text}\n`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  void notice().then(text => writeFileSync(join(root, 'NOTICE'), text));
}
