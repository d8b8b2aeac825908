import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, it } from 'node:test';

/** The rooms from the ground up: each may import from itself and from those before it. */
const ROOMS = ['text', 'facts', 'syntax', 'simulate', 'model', 'rules', 'workspace', 'features', 'core.ts', 'hosts'];

/** Packages that a room may use; node's own modules are for the hosts alone. */
const PACKAGES: Record<string, RegExp> = {
  syntax: /^yaml$/,
  workspace: /^ignore$/,
  hosts: /^(?:diff|ignore|vscode-languageserver.*|node:.*)$/,
};

const SOURCE = 'server/src';
const files = readdirSync(SOURCE, { recursive: true, encoding: 'utf8' }).filter(
  file => file.endsWith('.ts') && !file.endsWith('.d.ts'),
);

describe('rooms', () => {
  it('holds every file', () => {
    assert.deepEqual(
      files.filter(file => !ROOMS.includes(roomOf(file))),
      [],
    );
  });

  it('imports from itself and from the rooms before it', () => {
    assert.deepEqual(
      files.flatMap(file =>
        imports(file)
          .filter(target => target.startsWith('.'))
          .map(target => relative(SOURCE, join(dirname(join(SOURCE, file)), target)))
          .filter(target => ROOMS.indexOf(roomOf(target)) > ROOMS.indexOf(roomOf(file)))
          .map(target => `${file} imports ${target}`),
      ),
      [],
    );
  });

  it('uses the packages that its room may use', () => {
    assert.deepEqual(
      files.flatMap(file =>
        imports(file)
          .filter(target => !target.startsWith('.') && !PACKAGES[roomOf(file)]?.test(target))
          .map(target => `${file} imports ${target}`),
      ),
      [],
    );
  });

  it('knows no process, console, timer or network below the hosts', () => {
    const outside =
      /\b(?:process|console|setTimeout|setInterval|setImmediate|fetch|require|globalThis|Buffer|__dirname)\b\s*[.([]/;
    assert.deepEqual(
      files.filter(file => roomOf(file) !== 'hosts' && outside.test(code(file))),
      [],
    );
  });

  it('keeps simulations from knowing files, and facts from knowing anything', () => {
    const knows = (room: string, others: readonly string[]) =>
      files
        .filter(file => roomOf(file) === room)
        .flatMap(file => imports(file).filter(target => others.some(other => target.includes(`/${other}/`))));
    assert.deepEqual(knows('simulate', ['syntax', 'model']), []);
    assert.deepEqual(knows('rules', ['workspace', 'features', 'hosts']), []);
  });
});

function roomOf(file: string): string {
  return file.split('/')[0] ?? '';
}

function imports(file: string): string[] {
  return [...code(file).matchAll(/(?:from|import)\s+'([^']+)'/g)].map(([, target = '']) => target);
}

/** The source without comments. */
function code(file: string): string {
  return readFileSync(join(SOURCE, file), 'utf8')
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/(^|\s)\/\/.*$/gm, '$1');
}
