import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { parseShell } from '../../../server/src/syntax/shell/script.ts';
import {
  type ShellPart,
  type ShellScript,
  type ShellStatement,
  walkShell,
  wordsOf,
} from '../../../server/src/syntax/shell/tree.ts';
import { contains, type Span } from '../../../server/src/text/span.ts';
import { generatedStatements } from './generated.ts';

const SEED = 20261127;

describe('long texts', () => {
  it('are read to their end, however many words and statements there are', () => {
    const many = 200_000;
    for (const text of [
      `iptables ${'a '.repeat(many)}`,
      `for i in ${'a '.repeat(many)}; do :; done`,
      ':; '.repeat(many),
    ]) {
      const { statements } = parseShell(text);
      assert.equal(statements.reduce((sum, each) => sum + wordsOf(each).length, 0) >= many, true);
    }
  });
});

describe('any text', () => {
  const pieces = fc.constantFrom(
    ...[
      '"',
      "'",
      '`',
      '$',
      '$(',
      '${',
      '$((',
      '((',
      '))',
      '(',
      ')',
      '{',
      '}',
      '[[',
      ']]',
      '\\',
      '\n',
      '\r\n',
      ';',
      ';;',
    ],
    ...['&&', '||', '|', '&', '<<EOF', '<<-E', '<<', 'EOF', '\nEOF\n', '>', '2>&1', '<(', '#', '!', '=', 'a=', 'a=('],
    ...[
      'if',
      'then',
      'fi',
      'else',
      'for',
      'in',
      'do',
      'done',
      'case',
      'esac',
      'while',
      'function',
      'f()',
      ' ',
      ' ',
      '\t',
    ],
    ...['iptables', '-A', 'x', '🌍', '\0'],
  );
  const text = fc.array(pieces, { maxLength: 60 }).map(all => all.join(''));

  it('is read to its end, with spans that lie in each other and in order', () => {
    fc.assert(
      fc.property(text, any => exact(parseShell(any))),
      { seed: SEED, numRuns: 5000 },
    );
  });

  it('is read in time that grows with its length', () => {
    const long = [
      '(',
      '$(',
      '$((',
      '${',
      '"',
      '"\n',
      "'\n",
      '`',
      '`\n',
      'if ',
      '{ ',
      'case a in b) ',
      '<<A\n',
      '<<A$(\n',
    ];
    for (const piece of [...long, 'a "$(', 'a=(', '[[ ', '! ', 'a | ', 'a && ', '\\\n', 'f() ', '$(((', '"${']) {
      const started = performance.now();
      parseShell(piece.repeat(60_000 / piece.length));
      const took = performance.now() - started;
      assert.ok(took < 2000, `${JSON.stringify(piece)}: ${took} ms`);
    }
  });
});

describe('a script without one of its characters', () => {
  /**
   * What holds: if one character is taken out of a line, every command on any other line is found as before, except that (1) commands of
   * the same statement may be gone, and of the one behind it if the character was the line feed between them or stood next to it,
   * (2) the lines of a here-document whose beginning or end is damaged may be read as commands, or commands as its lines, and (3) a
   * quote that is alone in a comment, in a here-document, behind a backslash or within other quotes may find its partner in the one
   * that lost its own.
   */
  it('hides no command outside of the statement that it was taken from, and the next', () => {
    for (const statements of generatedStatements(60, SEED, true)) {
      const script = statements.join('\n');
      const whole = namesIn(script);
      let start = 0;
      for (const statement of statements) {
        const end = start + statement.length + 1;
        const behind = script.indexOf('\n', end) < 0 ? script.length : nextStart(statements, end);
        const outside = whole.filter(({ start: at }) => at < start || at >= behind);
        for (let at = start; at < Math.min(end, script.length); at++) {
          const found = new Set(
            namesIn(script.slice(0, at) + script.slice(at + 1)).map(
              ({ name, start: where }) => `${where < at ? where : where + 1} ${name}`,
            ),
          );
          for (const { name, start: where } of outside) {
            assert.ok(
              found.has(`${where} ${name}`),
              `${name} is lost in ${JSON.stringify(script.slice(0, at) + script.slice(at + 1))}`,
            );
          }
        }
        start = end;
      }
    }
  });
});

/** Where the statement behind the one that begins at `from` ends. */
function nextStart(statements: readonly string[], from: number): number {
  let at = 0;
  for (const statement of statements) {
    if (at >= from) return at + statement.length + 1;
    at += statement.length + 1;
  }
  return at;
}

function namesIn(script: string): { readonly name: string; readonly start: number }[] {
  const commands = [...walkShell(parseShell(script).statements)].filter(each => each.kind === 'command');
  return commands.flatMap(({ words: [first] }) =>
    first ? [{ name: script.slice(first.start, first.end), start: first.start }] : [],
  );
}

function exact({ text, statements }: ShellScript): void {
  inOrder(statements, { start: 0, end: text.length });
  for (const statement of walkShell(statements)) {
    for (const { parts } of wordsOf(statement)) exactParts(text, parts);
    if (statement.kind === 'command') {
      const { assignments, words, redirections } = statement;
      const all = [...assignments, ...words, ...redirections].sort((a, b) => a.start - b.start);
      inOrder(all, statement);
      for (const word of words) assert.ok(word.end > word.start && !/^[ \t\n]/.test(text.slice(word.start)));
      for (const word of [...words, ...assignments.flatMap(({ words: values }) => values)]) inOrder(word.parts, word);
    } else if (statement.kind === 'pipeline' || statement.kind === 'andOr') inOrder(statement.parts, statement);
    else if (statement.kind === 'for') inOrder([...(statement.words ?? []), ...statement.body], statement);
    else if ('body' in statement) inOrder(statement.body, statement);
  }
}

/** Text is what stands there, or a character behind its escape. */
function exactParts(text: string, parts: readonly ShellPart[]): void {
  for (const part of parts) {
    const source = text.slice(part.start, part.end);
    if (part.kind === 'text' && part.text !== source)
      assert.ok(source.startsWith('\\') || source.startsWith("$'"), source);
    if (part.kind === 'variable') assert.ok(source.startsWith('$') && source.includes(part.name));
    if (part.kind === 'commands') inOrder(part.body, part);
  }
}

function inOrder(spans: readonly (Span | ShellStatement)[], outer: Span): void {
  let at = outer.start;
  for (const each of spans) {
    assert.ok(contains(outer, each) && each.start >= at && each.end >= each.start, JSON.stringify([outer, each]));
    at = each.end;
  }
}
