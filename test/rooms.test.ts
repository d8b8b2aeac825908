import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, it } from 'node:test';
import { SETTINGS_SCHEMA } from '../server/src/workspace/settings.ts';

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

  it('keeps simulations from knowing files: they take figures and texts, and no trees', () => {
    assert.deepEqual(
      files
        .filter(file => roomOf(file) === 'simulate')
        .flatMap(file => imports(file).filter(target => target.includes('/syntax/'))),
      [],
    );
  });

  it('reads each setting', () => {
    const source = files.map(code).join('\n');
    assert.deepEqual(
      Object.keys(SETTINGS_SCHEMA).filter(name => {
        const read = new RegExp(`[.]${name}\\b|[{][^{}]*\\b${name}\\b[^{}]*[}](?:: Settings| =)`);
        return !read.test(source);
      }),
      [],
    );
  });

  it('keeps rules from parsing text: they look at what sources have read', () => {
    const parsers = /\/syntax\/(?:.*\/)?(?:parse|template|kubernetesScalar)\.ts$/;
    assert.deepEqual(
      files
        .filter(file => roomOf(file) === 'rules')
        .flatMap(file =>
          valueImports(file)
            .filter(target => parsers.test(target))
            .map(target => `${file} imports ${target}`),
        ),
      [],
    );
  });
});

function roomOf(file: string): string {
  return file.split('/')[0] ?? '';
}

function imports(file: string): string[] {
  return [...code(file).matchAll(/(?:from|import)\s+'([^']+)'/g)].map(([, target = '']) => target);
}

/** Those of values: a type may come from anywhere. */
function valueImports(file: string): string[] {
  return [...code(file).matchAll(/import (?!type\b)[^;]*?from\s+'([^']+)'/g)].map(([, target = '']) => target);
}

/** The source without comments. */
function code(file: string): string {
  return readFileSync(join(SOURCE, file), 'utf8')
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/(^|\s)\/\/.*$/gm, '$1');
}
