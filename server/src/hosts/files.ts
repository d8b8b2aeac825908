import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import ignore, { type Ignore } from 'ignore';

/** Folders that hold no configuration of the cluster, whatever a .gitignore says. */
const SKIPPED = new Set(['.git', 'node_modules', '.terraform', '.vscode-test']);

/** Larger files are left alone: 16 MiB is beyond any configuration that a person edits. */
const MAX_BYTES = 16 * 1024 * 1024;

/** A file's text, and whether writing it back would give the same bytes. */
export interface FileText {
  readonly text: string;
  readonly exact: boolean;
}

interface IgnoreRules {
  /** The folder they count from, with a `/` at its end unless it is the first. */
  readonly folder: string;
  readonly rules: Ignore;
}

/**
 * The files below a folder, as paths relative to it with `/`, in the order of their names. What a .gitignore excludes is left
 * out, and what cannot be read is passed over.
 */
export async function* walk(root: string, folder = '', above: readonly IgnoreRules[] = []): AsyncIterable<string> {
  const entries = await readdir(join(root, folder), { withFileTypes: true }).catch(() => []);
  const own = entries.some(entry => entry.name === '.gitignore' && entry.isFile())
    ? await readFile(join(root, folder, '.gitignore'), 'utf8').catch(() => '')
    : '';
  const ignores = own === '' ? above : [...above, { folder, rules: ignore().add(own) }];
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = folder + entry.name;
    if (entry.isDirectory()) {
      if (!SKIPPED.has(entry.name) && !isIgnored(ignores, `${path}/`)) yield* walk(root, `${path}/`, ignores);
    } else if (entry.isFile() && !isIgnored(ignores, path)) yield path;
  }
}

/** The nearest .gitignore that says anything of a path decides. */
function isIgnored(ignores: readonly IgnoreRules[], path: string): boolean {
  for (const { folder, rules } of [...ignores].reverse()) {
    const { ignored, unignored } = rules.test(path.slice(folder.length));
    if (ignored || unignored) return ignored;
  }
  return false;
}

/** Null for what is no text, too large, or cannot be read. */
export async function readText(path: string): Promise<FileText | null> {
  try {
    if ((await stat(path)).size > MAX_BYTES) return null;
    const bytes = await readFile(path);
    if (bytes.subarray(0, 8192).includes(0)) return null;
    const text = bytes.toString('utf8');
    return { text, exact: !text.includes('\uFFFD') };
  } catch {
    return null;
  }
}
