import { stat, writeFile } from 'node:fs/promises';
import { relative, resolve, sep } from 'node:path';
import { text as readAll } from 'node:stream/consumers';
import { createTwoFilesPatch } from 'diff';
import { Core } from '../core.ts';
import type { Severity } from '../rules/rule.ts';
import type { Language } from '../text/wording.ts';
import { readText, walk } from './files.ts';
import { asJson, asStylish, type Report, type ReportedFinding } from './report.ts';

export const FORMATS = ['stylish', 'json'] as const;

export interface CheckOptions {
  /** Files, folders, and `-` for standard input. */
  readonly paths: readonly string[];
  readonly format: (typeof FORMATS)[number];
  readonly fix: boolean;
  readonly diff: boolean;
  readonly failOn: Severity;
  readonly levels: Readonly<Record<string, string>>;
  readonly stdinFilename: string;
  readonly language: Language;
}

/** Wrong words on the command line: the message says which. */
export class UsageError extends Error {}

/** Files of the workspace beyond this many are not looked at, unless they were asked for. */
const MAX_WORKSPACE_FILES = 10_000;

/** Checks files, prints what is found, and gives the exit status: 1 if something is at or above `failOn`, else 0. */
export async function check(options: CheckOptions): Promise<number> {
  const core = new Core(message => process.stderr.write(`${message}\n`));
  core.configure({ levels: options.levels, language: options.language }, options.language);
  const asked = await load(core, options);
  if (options.fix || options.diff) await fix(core, asked, options);

  const report = reportOf(
    core,
    asked.map(({ file }) => file),
  );
  if (!options.diff)
    process.stdout.write(options.format === 'json' ? asJson(report) : asStylish(report, options.language));
  return report.findings.some(({ severity }) => isAtLeast(severity, options.failOn)) ? 1 : 0;
}

interface Asked {
  /** Relative to the workspace, with `/`. */
  readonly file: string;
  readonly text: string;
  /** Null for standard input; also for bytes that writing the text back would not give again. */
  readonly path: string | null;
}

/** Puts the whole workspace into the core, and returns the files that were asked for, in their order. */
async function load(core: Core, { paths, stdinFilename }: CheckOptions): Promise<Asked[]> {
  const asked = new Map<string, Asked>();
  const take = async (path: string) => {
    const found = await readText(path);
    const file = nameOf(path);
    if (found) asked.set(file, { file, text: found.text, path: found.exact ? path : null });
  };
  for (const path of paths) {
    if (path === '-') {
      const file = nameOf(stdinFilename);
      asked.set(file, { file, text: await readAll(process.stdin), path: null });
      continue;
    }
    const found = await stat(path).catch(() => null);
    if (!found) throw new UsageError(`there is no file or folder ${path}`);
    if (found.isDirectory()) for await (const inside of walk(resolve(path))) await take(resolve(path, inside));
    else await take(resolve(path));
  }
  let count = 0;
  for await (const file of walk(process.cwd())) {
    if (asked.has(file)) continue;
    if (++count > MAX_WORKSPACE_FILES) break;
    const found = await readText(file);
    if (found) core.put(file, found.text);
  }
  for (const { file, text } of asked.values()) core.put(file, text);
  return [...asked.values()];
}

async function fix(core: Core, asked: readonly Asked[], options: CheckOptions): Promise<void> {
  for (const { file, text, path } of asked) {
    const fixed = core.fixAll(file);
    if (fixed === null || fixed === text) continue;
    if (options.diff) process.stdout.write(createTwoFilesPatch(file, file, text, fixed, '', '', { context: 3 }));
    if (!options.fix) continue;
    if (path) await writeFile(path, fixed);
    else process.stderr.write(`${file} is not written: it is standard input, or not all of it is UTF-8\n`);
    if (path) core.put(file, fixed);
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
          return edits ? [{ title: fix.title, safety: fix.safety, edits: edits.map(edit => ({ file, ...edit })) }] : [];
        }),
      }),
    ),
  );
  return { files: files.length, findings };
}

function nameOf(path: string): string {
  return relative(process.cwd(), resolve(path)).split(sep).join('/');
}

function isAtLeast(severity: Severity, limit: Severity): boolean {
  const order: readonly Severity[] = ['error', 'warning', 'information', 'hint'];
  return order.indexOf(severity) <= order.indexOf(limit);
}
