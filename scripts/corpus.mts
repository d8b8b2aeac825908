// npm run corpus -- DIR: checks real files and prints findings, time and crashes. Where DIR has an index.json that says which
// repository a file came from, each repository is a workspace of its own, and findings are held against the recorded ones.
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { performance } from 'node:perf_hooks';
import { Core } from '../server/src/core.ts';
import { readText, walk } from '../server/src/hosts/files.ts';
import type { Finding } from '../server/src/workspace/finding.ts';

interface Expected {
  readonly line: number;
  readonly endLine?: number;
  readonly area: string;
  readonly rule: string;
  readonly severity: string;
  readonly must: boolean;
}

interface Case {
  readonly file: string;
  readonly repo: string;
  readonly path: string;
  readonly expected: 'clean' | readonly Expected[];
}

const ORDER = ['hint', 'information', 'warning', 'error'];

const directory = resolve(process.argv[2] ?? '../shared/corpus');
const cases = await readCases();
const crashes: string[] = [];
const wrong: string[] = [];
const missed: string[] = [];
let count = 0;
let milliseconds = 0;

for (const own of workspaces()) {
  const core = new Core(message => crashes.push(message));
  const texts = new Map<string, string>();
  for (const { file, path } of own) texts.set(path, textIn(file));
  const start = performance.now();
  for (const [path, text] of texts) core.put(path, text);
  const found = own.map(each => ({ ...each, findings: core.findings(each.path) }));
  milliseconds += performance.now() - start;
  for (const { file, expected, findings } of found) judge(file, expected, findings);
}

console.log(`\n${cases.length} files, ${count} findings, ${milliseconds.toFixed(0)} ms`);
list('crashes', crashes);
list('said, and not recorded or louder than recorded', wrong);
list('not found yet, of those that must be', missed);
process.exitCode = crashes.length > 0 || wrong.length > 0 ? 1 : 0;

function textIn(file: string): string {
  const found = readText(join(directory, file));
  return 'text' in found ? found.text : '';
}

function judge(file: string, expected: Case['expected'], findings: readonly Finding[]): void {
  const recorded = expected === 'clean' ? [] : expected;
  for (const { rule, severity, message, range } of findings) {
    count++;
    const [first, last] = [range.start.line + 1, range.end.line + 1];
    console.log(`${file}:${first}: ${severity} ${rule}: ${message}`);
    const matches = recorded.filter(each => touches(each, first, last) && rule.startsWith(`${each.area}/`));
    const allowed = Math.max(ORDER.indexOf('information'), ...matches.map(each => ORDER.indexOf(each.severity)));
    if (ORDER.indexOf(severity) > allowed) wrong.push(`${file}:${first} ${severity} ${rule}`);
  }
  for (const each of recorded) {
    const hit = findings.some(
      ({ rule, range }) => rule.startsWith(`${each.area}/`) && touches(each, range.start.line + 1, range.end.line + 1),
    );
    if (each.must && !hit) missed.push(`${file}:${each.line} ${each.area}/${each.rule}`);
  }
}

function touches({ line, endLine = line }: Expected, first: number, last: number): boolean {
  return first <= endLine && last >= line;
}

async function readCases(): Promise<Case[]> {
  const index = join(directory, 'index.json');
  if (existsSync(index)) return (JSON.parse(readFileSync(index, 'utf8')) as { cases: Case[] }).cases;
  const files: Case[] = [];
  for await (const file of walk(directory)) files.push({ file, repo: '', path: file, expected: [] });
  return files;
}

function workspaces(): Case[][] {
  const byRepository = new Map<string, Case[]>();
  for (const each of cases) byRepository.set(each.repo, [...(byRepository.get(each.repo) ?? []), each]);
  return [...byRepository.values()];
}

function list(title: string, lines: readonly string[]): void {
  console.log(`${title}: ${lines.length}`);
  for (const line of lines.slice(0, 200)) console.log(`  ${line}`);
}
