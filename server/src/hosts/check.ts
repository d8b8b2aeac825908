import { writeFileSync } from 'node:fs';
import { relative, resolve, sep } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { createTwoFilesPatch, FILE_HEADERS_ONLY } from 'diff';
import { Core } from '../core.ts';
import { SEVERITIES, type Severity } from '../rules/rule.ts';
import type { Language } from '../text/wording.ts';
import type { Finding } from '../workspace/finding.ts';
import type { Settings } from '../workspace/settings.ts';
import { type Against, upgradeOf } from '../workspace/upgrade.ts';
import { type FileText, isFolder, type LeftAlone, readText, textOf, walk, workspaceFiles } from './files.ts';
import { asGithub } from './github.ts';
import { asJson, asStylish, asSum, type Report, type ReportedFinding } from './report.ts';
import { asSarif } from './sarif.ts';
import { upgradeAsJson, upgradeAsText } from './upgrade.ts';
import { VERSION } from './version.ts';

/** For people, and for programs of any kind. */
export const PLAIN_FORMATS = ['stylish', 'json'] as const;
/** Besides those, what code scanning and GitHub Actions read. */
export const FORMATS = [...PLAIN_FORMATS, 'sarif', 'github'] as const;

export interface CheckOptions {
  /** Files, folders, and `-` for standard input. */
  readonly paths: readonly string[];
  readonly format: (typeof FORMATS)[number];
  readonly fix: boolean;
  readonly diff: boolean;
  readonly failOn: Severity;
  /** What goes before the settings of the workspace. */
  readonly settings: Partial<Settings>;
  readonly stdinFilename: string;
  readonly terminalLanguage: Language;
  /** Versions to compare those in force with: what an upgrade would change is reported then, not what is found. */
  readonly against: Against | null;
}

/** Wrong words on the command line: the message says which. */
export class UsageError extends Error {}

/** Says what it could not do; the exit status is 2 then, whatever else was found. */
type Complain = (problem: string) => void;

/**
 * Checks files, prints what is found, and gives the exit status: 1 if something is at or above `failOn`, 0 if not, 2 if
 * something could not be read or written.
 */
export async function check(options: CheckOptions): Promise<number> {
  const problems: string[] = [];
  const complain = (problem: string) => problems.push(problem);
  const core = new Core(complain);
  core.configure({}, options.terminalLanguage, options.settings);

  const asked = await askedFor(options, complain);
  putAll(core, asked);
  if (options.fix || options.diff) fix(core, asked, options, complain);
  const found = options.against
    ? printUpgrade(core, [...asked.keys()], options.against, options)
    : printFindings(core, [...asked.keys()], options, problems);

  for (const problem of problems) process.stderr.write(`ingress-path: ${problem}\n`);
  if (problems.length > 0) return 2;
  return found.some(({ severity }) => isAtLeast(severity, options.failOn)) ? 1 : 0;
}

/** Prints what is found, and returns it. */
function printFindings(
  core: Core,
  files: readonly string[],
  { format, diff }: CheckOptions,
  problems: readonly string[],
): readonly Pick<Finding, 'severity'>[] {
  const report = reportOf(core, files);
  if (!diff) process.stdout.write(printed(report, format, core.language, problems));
  return report.findings;
}

function printed(
  report: Report,
  format: CheckOptions['format'],
  language: Language,
  problems: readonly string[],
): string {
  switch (format) {
    case 'json':
      return asJson(report);
    case 'sarif':
      return asSarif(report, { version: VERSION, language, problems });
    case 'github':
      return asGithub(report, process.env.GITHUB_WORKSPACE || '.') + asSum(report, language);
    case 'stylish':
      return asStylish(report, language);
  }
}

/** Prints what other versions would change, and returns the findings that would come. */
function printUpgrade(
  core: Core,
  files: readonly string[],
  against: Against,
  { format }: CheckOptions,
): readonly Finding[] {
  const upgrade = upgradeOf(core, files, against);
  process.stdout.write(format === 'json' ? upgradeAsJson(upgrade) : upgradeAsText(upgrade, core.language));
  return upgrade.files.flatMap(({ changes }) =>
    changes.flatMap(({ kind, after }) => (kind === 'comes' ? [after] : [])),
  );
}

interface Asked extends FileText {
  /** Null for standard input. */
  readonly path: string | null;
}

/** The files that were asked for, by their names in the workspace. */
async function askedFor({ paths, stdinFilename }: CheckOptions, complain: Complain): Promise<Map<string, Asked>> {
  const asked = new Map<string, Asked>();
  const take = (file: string, path: string | null, found: FileText | LeftAlone) => {
    if ('text' in found) asked.set(file, { ...found, path });
    else if (found.reason === 'unreadable') complain(`${file} cannot be read: ${found.detail}`);
    else process.stderr.write(`ingress-path: ${file} is left alone: ${found.detail}\n`);
  };
  for (const path of paths) {
    const name = nameOf(path === '-' ? stdinFilename : path);
    if (path === '-') take(name, null, textOf(await buffer(process.stdin)));
    else if (!isFolder(path)) take(name, path, readText(path));
    else {
      for (const file of filesIn(name)) {
        const found = readText(file);
        if ('text' in found) asked.set(file, { ...found, path: file });
      }
    }
  }
  return asked;
}

/** The files below a folder of the workspace, or one outside of it, by their names in the workspace. */
function* filesIn(folder: string): Iterable<string> {
  if (folder === '') yield* walk('.');
  else if (!isOutside(folder)) yield* walk('.', `${folder}/`, true);
  else for (const file of walk(folder)) yield `${folder}/${file}`;
}

/** Puts the whole workspace into the core, with what was asked for as it was read. */
function putAll(core: Core, asked: ReadonlyMap<string, Asked>): void {
  for (const file of workspaceFiles('.')) {
    const found = asked.has(file) ? null : readText(file);
    if (found && 'text' in found) core.put(file, found.text);
  }
  for (const [file, { text }] of asked) core.put(file, text);
}

function fix(core: Core, asked: ReadonlyMap<string, Asked>, options: CheckOptions, complain: Complain): void {
  for (const [file, { text, mark, exact, path }] of asked) {
    const fixed = core.fixAll(file);
    if (fixed === null || fixed === text) continue;
    if (!exact) complain(`${file} is not fixed: not all of it is UTF-8`);
    else if (options.fix && path === null) complain(`${file} is not fixed: it is standard input`);
    else {
      if (options.diff) process.stdout.write(patch(file, mark + text, mark + fixed));
      if (options.fix && path !== null && write(path, mark + fixed, complain)) core.put(file, fixed);
    }
  }
}

function patch(file: string, before: string, after: string): string {
  // Programs that apply patches take a name with a space for ended there, unless a tab follows it: an empty time does that.
  const time = file.includes(' ') ? ' ' : '';
  return createTwoFilesPatch(file, file, before, after, time, time, { context: 3, headerOptions: FILE_HEADERS_ONLY });
}

function write(path: string, text: string, complain: Complain): boolean {
  try {
    writeFileSync(path, text);
    return true;
  } catch (error) {
    complain(`${path} cannot be written: ${error instanceof Error ? error.message : error}`);
    return false;
  }
}

function reportOf(core: Core, files: readonly string[]): Report {
  const findings = files.flatMap(file =>
    core.findings(file).map(
      (finding): ReportedFinding => ({
        ...finding,
        file,
        fixes: finding.fixes.flatMap(fix => {
          const edits = core.editsOf(file, finding, fix);
          return edits ? [{ title: fix.title, safety: fix.safety, edits }] : [];
        }),
      }),
    ),
  );
  return { files: files.length, findings };
}

/** A path from the workspace's root, with `/`. */
function nameOf(path: string): string {
  return relative('.', resolve(path)).split(sep).join('/');
}

function isOutside(name: string): boolean {
  return name === '..' || name.startsWith('../') || resolve(name) === name;
}

function isAtLeast(severity: Severity, limit: Severity): boolean {
  return SEVERITIES.indexOf(severity) <= SEVERITIES.indexOf(limit);
}
