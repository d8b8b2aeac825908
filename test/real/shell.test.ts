import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import type { ShellField } from '../../server/src/model/shell/fields.ts';
import { invocationsOf } from '../../server/src/model/shell/invocations.ts';
import { parseShell } from '../../server/src/syntax/shell/script.ts';
import { literal, walkShell } from '../../server/src/syntax/shell/tree.ts';
import { dice, generatedStatements } from '../syntax/shell/generated.ts';

const folder = mkdtempSync(join(tmpdir(), 'shell-'));
after(() => rmSync(folder, { recursive: true, force: true }));

/** `w` writes down what it was given: how many words, then the words, each with a zero behind it. */
const PROGRAMS = join(folder, 'programs');
writeFileSync(PROGRAMS, `w() { printf '%s\\0' "$#" "$@" >&9; }\n`);

const KNOWN = "V=v.1\nW='w  1 w2'\nE=\n";

describe('bash and the reader', () => {
  it('see the same words, in 400 scripts', () => {
    let compared = 0;
    for (const statements of generatedStatements(400, 7)) {
      const script = numbered(KNOWN + statements.join('\n'));
      const parsed = parseShell(script);
      assert.ok(parsed.whole, script);
      const found = invocationsOf(parsed).filter(({ fields }) => fields[0]?.value === 'w');
      for (const [number, ...words] of ran(script)) {
        const same = found.filter(({ fields }) => fields[1]?.value === number);
        assert.ok(
          same.some(({ fields }) => fits(fields.slice(2), words)),
          `${JSON.stringify([number, words])} in\n${script}`,
        );
        compared++;
      }
    }
    assert.ok(compared > 1500, `${compared}`);
  });

  it('agree that a quote or a here-document never ends', () => {
    const roll = dice(11);
    let broken = 0;
    for (const statements of generatedStatements(300, 12)) {
      const script = statements.join('\n');
      const at = roll(script.length);
      const damaged = script.slice(0, at) + script.slice(at + 1);
      const { stderr } = spawnSync('bash', ['-n', '-c', damaged], { encoding: 'utf8' });
      const says = /looking for matching|here-document at line|unexpected EOF/.test(stderr);
      const { whole } = parseShell(damaged);
      if (!whole) broken++;
      // Bash stops at the first thing it cannot read, and may not come as far.
      if (says !== !whole) assert.match(stderr, /syntax error|unexpected end of file/, `${stderr}\n${damaged}`);
    }
    assert.ok(broken > 15, `${broken}`);
  });
});

/** The script with a number behind each `w`, by which its words are found again. */
function numbered(script: string): string {
  let text = '';
  let from = 0;
  let number = 0;
  const commands = [...walkShell(parseShell(script).statements)]
    .filter(each => each.kind === 'command')
    .sort((a, b) => a.start - b.start);
  for (const { words } of commands) {
    const [name] = words;
    if (!name || literal(name) !== 'w') continue;
    text += `${script.slice(from, name.end)} ${number++}`;
    from = name.end;
  }
  return text + script.slice(from);
}

function ran(script: string): string[][] {
  const file = join(folder, 'script');
  const output = join(folder, 'output');
  writeFileSync(file, script);
  writeFileSync(output, '');
  const { status, stderr } = spawnSync(
    'bash',
    ['-c', `exec 9>>"$0"; BASH_ENV="$1" bash "$2"`, output, PROGRAMS, file],
    {
      encoding: 'utf8',
      input: '',
    },
  );
  assert.doesNotMatch(stderr, /syntax error|unexpected|not found/, `${status} ${stderr}\n${script}`);
  const words = readFileSync(output, 'utf8').split('\0').slice(0, -1);
  const all: string[][] = [];
  for (let at = 0; at < words.length; ) {
    const count = Number(words[at]);
    all.push(words.slice(at + 1, at + 1 + count));
    at += count + 1;
  }
  return all;
}

/** True if the words are what the fields say: a field that may be several takes any number. */
function fits(fields: readonly ShellField[], words: readonly string[]): boolean {
  const [first, ...rest] = fields;
  if (!first) return words.length === 0;
  if (first.value !== null) return words[0] === first.value && fits(rest, words.slice(1));
  const most = first.single ? 1 : words.length;
  const counts = Array.from({ length: most + 1 }, (_, count) => count).slice(first.single ? 1 : 0);
  return counts.some(count => count <= words.length && fits(rest, words.slice(count)));
}
