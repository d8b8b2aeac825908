import { isUtf8 } from 'node:buffer';
import { existsSync, lstatSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import ignore, { type Ignore } from 'ignore';
import { SETTINGS_FILE } from '../workspace/settingsFile.ts';
import { MAX_TEXT_LENGTH, MAX_WORKSPACE_FILES } from './limits.ts';

// All of this is synchronous: a file takes some 30 microseconds so, and four times as long through promises. Callers that
// must stay responsive pause between two files.

/** Folders that hold no configuration of the cluster, whatever a .gitignore says. */
const SKIPPED = new Set(['.git', 'node_modules', '.terraform', '.vscode-test']);

/** Folders of no files on a disk: some of them never end, or wait for what does not come. */
const PSEUDO = new Set(['/proc', '/sys', '/dev']);

const BYTE_ORDER_MARK = '\uFEFF';

/** A file's text as editors hold it, and what it takes to write it back. */
export interface FileText {
  readonly text: string;
  /** What stands before the text in the file: a byte order mark, or nothing. */
  readonly mark: '' | typeof BYTE_ORDER_MARK;
  /** False if writing the text back would not give the same bytes. */
  readonly exact: boolean;
}

/** Why a file is left alone. */
export interface LeftAlone {
  readonly reason: 'binary' | 'long' | 'unreadable';
  readonly detail: string;
}

/** The files below a folder of a workspace, as paths from the workspace's root with `/`, in the order of their names. */
export function* walk(root: string, folder = '', asked = false): Iterable<string> {
  // What is asked for by name is looked at even where it is excluded.
  const rules = rulesFor(root, folder) ?? (asked ? [] : null);
  if (rules) yield* filesBelow(root, folder, rules);
}

/** The files of a workspace that are looked at whether or not anybody asks for them, its settings first. */
export function* workspaceFiles(root: string): Iterable<string> {
  if (isWalked(root, SETTINGS_FILE)) yield SETTINGS_FILE;
  let count = 0;
  for (const file of walk(root)) {
    if (++count > MAX_WORKSPACE_FILES) return;
    if (file !== SETTINGS_FILE) yield file;
  }
}

/** True for a path that `walk` gives. */
export function isWalked(root: string, file: string): boolean {
  const rules = rulesFor(root, file.slice(0, file.lastIndexOf('/') + 1));
  return rules !== null && !isIgnored(rules, file) && isFile(join(root, file));
}

/** True for a folder, also through a symbolic link. */
export function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}

/** Reads a file as UTF-8, or says why it cannot be read so. */
export function readText(path: string): FileText | LeftAlone {
  try {
    const found = statSync(path);
    if (!found.isFile() && !found.isFIFO()) return { reason: 'unreadable', detail: 'it is no file' };
    // UTF-8 needs at most three bytes for a UTF-16 unit.
    if (found.size > 3 * MAX_TEXT_LENGTH) return { reason: 'long', detail: `${found.size} bytes` };
    return textOf(readFileSync(path));
  } catch (error) {
    return { reason: 'unreadable', detail: error instanceof Error ? error.message : String(error) };
  }
}

export function textOf(bytes: Buffer): FileText | LeftAlone {
  if (bytes.subarray(0, 8192).includes(0)) return { reason: 'binary', detail: 'it holds NUL' };
  const whole = bytes.toString('utf8');
  if (whole.length > MAX_TEXT_LENGTH) return { reason: 'long', detail: `${whole.length} characters` };
  const mark = whole.startsWith(BYTE_ORDER_MARK) ? BYTE_ORDER_MARK : '';
  return { text: whole.slice(mark.length), mark, exact: isUtf8(bytes) };
}

/** What one .gitignore says of the paths of a workspace. */
type IgnoreRules = (path: string) => ReturnType<Ignore['test']>;

function* filesBelow(root: string, folder: string, rules: readonly IgnoreRules[]): Iterable<string> {
  for (const entry of entriesOf(join(root, folder))) {
    const path = folder + entry.name;
    if (entry.isFile()) {
      if (!isIgnored(rules, path)) yield path;
    } else if (entry.isDirectory() && !isExcluded(rules, root, path)) {
      yield* filesBelow(root, `${path}/`, withOwn(rules, root, `${path}/`));
    }
  }
}

/** Neither the symbolic links of a folder nor what cannot be read is followed up. */
function entriesOf(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch {
    return [];
  }
}

/** The rules for what is in a folder of a workspace; null if the folder is excluded itself. */
function rulesFor(root: string, folder: string): readonly IgnoreRules[] | null {
  let rules = withOwn(rulesAbove(root), root, '');
  let path = '';
  for (const name of folder.split('/').filter(part => part !== '')) {
    path += name;
    if (isExcluded(rules, root, path)) return null;
    path += '/';
    rules = withOwn(rules, root, path);
  }
  return rules;
}

/** What the repository that a workspace is a part of says, unless it excludes the workspace as a whole. */
function rulesAbove(root: string): readonly IgnoreRules[] {
  const above: string[] = [];
  const top = resolve(root);
  for (let folder = top; !existsSync(join(folder, '.git')); folder = dirname(folder)) {
    if (dirname(folder) === folder) return [];
    above.unshift(dirname(folder));
  }
  const rules = above.flatMap(folder => {
    const own = ignoreFile(folder);
    const inside = relative(folder, top).split(sep).join('/');
    return own ? [{ inside, test: (path: string) => own.test(`${inside}/${path}`), own }] : [];
  });
  return rules.some(({ own, inside }) => own.ignores(`${inside}/`)) ? [] : rules.map(({ test }) => test);
}

function withOwn(rules: readonly IgnoreRules[], root: string, folder: string): readonly IgnoreRules[] {
  const own = ignoreFile(join(root, folder));
  return own ? [...rules, path => own.test(path.slice(folder.length))] : rules;
}

function isFile(path: string): boolean {
  try {
    return lstatSync(path).isFile();
  } catch {
    return false;
  }
}

function ignoreFile(folder: string): Ignore | null {
  const path = join(folder, '.gitignore');
  try {
    // As git does where file names differ by case.
    const ignorecase = process.platform === 'win32' || process.platform === 'darwin';
    return ignore({ ignorecase }).add(readFileSync(path, 'utf8').replace(/^\uFEFF/, ''));
  } catch {
    return null;
  }
}

function isExcluded(rules: readonly IgnoreRules[], root: string, folder: string): boolean {
  return SKIPPED.has(basename(folder)) || PSEUDO.has(join(root, folder)) || isIgnored(rules, `${folder}/`);
}

/** The nearest .gitignore that says anything of a path decides. */
function isIgnored(rules: readonly IgnoreRules[], path: string): boolean {
  for (const test of rules.toReversed()) {
    const { ignored, unignored } = test(path);
    if (ignored || unignored) return ignored;
  }
  return false;
}
