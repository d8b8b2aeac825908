import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Core } from '../../server/src/core.ts';
import type { Finding } from '../../server/src/workspace/finding.ts';

/** What a fixture shows: that a rule fires where the carets are, that it stays silent, or what its fix makes of a text. */
export type FixtureKind = 'fires' | 'silent' | 'fix';

export interface Fixture {
  readonly kind: FixtureKind;
  readonly name: string;
  readonly rule: string;
  /** The workspace: one file, or all files of a folder. Without the lines that hold the carets. */
  readonly files: ReadonlyMap<string, string>;
  /** For `fix`: what becomes of each file. */
  readonly fixed: ReadonlyMap<string, string>;
  readonly expected: readonly Mark[];
}

/** `# ^^^^ warning dns/some-rule: beginning of the message`, under the text that it is about. */
export interface Mark {
  readonly file: string;
  readonly line: number;
  readonly start: number;
  readonly end: number;
  readonly severity: string;
  readonly rule: string;
  readonly message: string;
}

const ROOT = fileURLToPath(new URL('.', `file://${__filename}`));
const MARK = /^(\s*(?:#|\/\/)?\s*)(\^+) (\w+) ([\w/-]+): (.*)$/;
const CUT = /^.*---8<---.*\r?\n/m;

/** The fixtures of all rules: `test/rules/<area>/<rule>/<kind>-<what>`, a file or a folder. */
export function fixtures(): Fixture[] {
  return folders(ROOT).flatMap(area =>
    folders(join(ROOT, area)).flatMap(rule =>
      readdirSync(join(ROOT, area, rule))
        .sort()
        .map(name => readFixture(`${area}/${rule}`, name)),
    ),
  );
}

/** A core that knows these files, and what it finds in each. */
export function analyse(files: ReadonlyMap<string, string>): { core: Core; findings: Map<string, readonly Finding[]> } {
  const core = new Core(message => {
    throw new Error(message);
  });
  for (const [file, text] of files) core.put(file, text);
  return { core, findings: new Map([...files.keys()].map(file => [file, core.findings(file)])) };
}

function readFixture(rule: string, name: string): Fixture {
  const kind = name.split('-')[0];
  if (kind !== 'fires' && kind !== 'silent' && kind !== 'fix') throw new Error(`${rule}/${name}: no kind of fixture`);
  const path = join(ROOT, rule, name);
  const names = statSync(path).isDirectory()
    ? readdirSync(path, { recursive: true, encoding: 'utf8' }).filter(file => statSync(join(path, file)).isFile())
    : [''];
  const files = new Map<string, string>();
  const fixed = new Map<string, string>();
  const expected: Mark[] = [];
  for (const inner of names.sort()) {
    const file = inner === '' ? name : inner;
    const text = readFileSync(join(path, inner), 'utf8');
    const [before = '', after] = kind === 'fix' ? text.split(CUT) : [text];
    const marked = marks(file, before);
    files.set(file, marked.text);
    expected.push(...marked.marks);
    fixed.set(file, after ?? before);
  }
  return { kind, name, rule, files, fixed, expected };
}

function marks(file: string, text: string): { text: string; marks: Mark[] } {
  const kept: string[] = [];
  const found: Mark[] = [];
  for (const line of text.split('\n')) {
    const match = MARK.exec(line);
    if (!match) {
      kept.push(line);
      continue;
    }
    const [, before = '', carets = '', severity = '', rule = '', message = ''] = match;
    const at = { line: kept.length - 1, start: before.length, end: before.length + carets.length };
    found.push({ file, ...at, severity, rule, message: message.trim() });
  }
  return { text: kept.join('\n'), marks: found };
}

function folders(path: string): string[] {
  return readdirSync(path, { withFileTypes: true })
    .filter(entry => entry.isDirectory())
    .map(entry => entry.name)
    .sort();
}
