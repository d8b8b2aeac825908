import assert from 'node:assert/strict';
import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { isWalked, readText, textOf, walk, workspaceFiles } from '../../server/src/hosts/files.ts';
import { MAX_TEXT_LENGTH } from '../../server/src/hosts/limits.ts';
import { folderOf } from './programs.ts';

describe('walk', () => {
  const table: [name: string, files: Record<string, string>, left: string[]][] = [
    [
      'names in their order, folders among them',
      { 'b.yaml': '', 'a/z': '', 'a.yaml': '', 'c/a': '' },
      ['a/z', 'a.yaml', 'b.yaml', 'c/a'],
    ],
    [
      'what a .gitignore names',
      { '.gitignore': 'out/\n*.tmp\n', a: '', 'out/b': '', 'c.tmp': '', 'd/out/e': '' },
      ['.gitignore', 'a'],
    ],
    ['a pattern from the root', { '.gitignore': '/out\n', 'out/a': '', 'b/out/c': '' }, ['.gitignore', 'b/out/c']],
    [
      'a negation',
      { '.gitignore': '*.yaml\n!keep.yaml\n', 'a.yaml': '', 'keep.yaml': '', 'b/keep.yaml': '' },
      ['.gitignore', 'b/keep.yaml', 'keep.yaml'],
    ],
    ['a negation below an excluded folder', { '.gitignore': 'out/\n!out/keep\n', 'out/keep': '' }, ['.gitignore']],
    [
      'an exception in a folder below',
      { '.gitignore': '*.yaml\n', 'a/.gitignore': '!b.yaml\n', 'a/b.yaml': '', 'a/c.yaml': '', 'b.yaml': '' },
      ['.gitignore', 'a/.gitignore', 'a/b.yaml'],
    ],
    ['an exclusion in a folder below', { 'a/.gitignore': 'b\n', 'a/b': '', 'a/c/b': '', b: '' }, ['a/.gitignore', 'b']],
    [
      'a pattern anchored in a folder below',
      { 'a/.gitignore': '/b\n', 'a/b': '', 'a/c/b': '' },
      ['a/.gitignore', 'a/c/b'],
    ],
    ['upper case is another name', { '.gitignore': 'OUT\n', out: '', OUT: '' }, ['.gitignore', 'out']],
    [
      'CRLF, a byte order mark, comments and blank lines',
      { '.gitignore': '\uFEFFout\r\n\r\n# a\r\na\r\n', out: '', a: '', b: '' },
      ['.gitignore', 'b'],
    ],
    ['a pattern that is none', { '.gitignore': '[\n\\\n**/**/\na\n', a: '', b: '' }, ['.gitignore', 'b']],
    [
      'folders without configuration',
      { 'node_modules/a': '', '.git/b': '', '.terraform/c': '', 'd/node_modules/e': '', f: '' },
      ['f'],
    ],
  ];
  for (const [name, files, left] of table) {
    it(name, () => {
      const folder = folderOf(files);
      assert.deepEqual([...walk(folder)], left);
      for (const file of Object.keys(files)) assert.equal(isWalked(folder, file), left.includes(file), file);
    });
  }

  it('heeds the repository around a workspace, up to its root and no further', () => {
    const files = {
      '.gitignore': 'b\n',
      'r/.git/HEAD': '',
      'r/.gitignore': 'a\n/w/sub/c\n',
      'r/w/a': '',
      'r/w/b': '',
      'r/w/sub/c': '',
    };
    const folder = folderOf(files);
    assert.deepEqual([...walk(join(folder, 'r/w'))], ['b']);
    assert.deepEqual([...walk(join(folder, 'r/w/sub'))], []);
  });

  it('looks into a workspace that its repository excludes as a whole', () => {
    const folder = folderOf({ '.git/HEAD': '', '.gitignore': 'out/\n*.tmp\n', 'out/a': '', 'out/b.tmp': '' });
    assert.deepEqual([...walk(join(folder, 'out'))], ['a', 'b.tmp']);
  });

  it('looks into a folder below, and into an excluded one if it was asked for', () => {
    const folder = folderOf({ '.gitignore': 'out/\n*.tmp\n', 'out/a': '', 'b/c': '', 'b/d.tmp': '' });
    assert.deepEqual([...walk(folder, 'b/')], ['b/c']);
    assert.deepEqual([...walk(folder, 'out/')], []);
    assert.deepEqual([...walk(folder, 'out/', true)], ['out/a']);
  });

  it('follows no symbolic link, and passes over what is not there', () => {
    const folder = folderOf({ 'a/b': '' });
    symlinkSync('..', join(folder, 'a', 'loop'));
    symlinkSync('b', join(folder, 'a', 'link'));
    assert.deepEqual([...walk(folder)], ['a/b']);
    assert.equal(isWalked(folder, 'a/link'), false);
    assert.deepEqual([...walk(join(folder, 'none'))], []);
    mkdirSync(join(folder, 'empty'));
    assert.deepEqual([...walk(join(folder, 'empty'))], []);
  });

  it('never enters what is no disk', () => {
    for (const file of walk('/', 'proc/self/')) assert.fail(file);
    const first = walk('/')[Symbol.iterator]();
    for (let i = 0; i < 2_000; i++) assert.doesNotMatch(first.next().value ?? '', /^(?:proc|sys|dev)\//);
  });
});

it('a workspace begins with its settings', () => {
  assert.deepEqual(
    [...workspaceFiles(folderOf({ a: '', 'ingress-path.yaml': '', z: '' }))],
    ['ingress-path.yaml', 'a', 'z'],
  );
});

describe('texts', () => {
  const table: [name: string, bytes: Buffer, expected: object][] = [
    ['UTF-8', Buffer.from('é😀'), { text: 'é😀', mark: '', exact: true }],
    ['a byte order mark', Buffer.from('\uFEFFa'), { text: 'a', mark: '\uFEFF', exact: true }],
    [
      'a second byte order mark is text',
      Buffer.from('\uFEFF\uFEFFa'),
      { text: '\uFEFFa', mark: '\uFEFF', exact: true },
    ],
    ['the replacement character itself', Buffer.from('\uFFFD'), { text: '\uFFFD', mark: '', exact: true }],
    ['Latin-1', Buffer.from('# é', 'latin1'), { text: '# \uFFFD', mark: '', exact: false }],
    ['UTF-16', Buffer.from('\uFEFFa: b', 'utf16le'), { reason: 'binary', detail: 'it holds NUL' }],
    ['nothing', Buffer.from(''), { text: '', mark: '', exact: true }],
    ['the longest', Buffer.alloc(MAX_TEXT_LENGTH, 'a'), { text: 'a'.repeat(MAX_TEXT_LENGTH), mark: '', exact: true }],
    [
      'too long',
      Buffer.alloc(MAX_TEXT_LENGTH + 1, 'a'),
      { reason: 'long', detail: `${MAX_TEXT_LENGTH + 1} characters` },
    ],
  ];
  for (const [name, bytes, expected] of table) it(name, () => assert.deepEqual(textOf(bytes), expected));

  for (const path of ['/dev/zero', '/nowhere', '.', '\0'])
    it(`${JSON.stringify(path)} cannot be read`, () =>
      assert.equal((readText(path) as { reason?: string }).reason, 'unreadable'));
});
