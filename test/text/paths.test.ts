import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { baseName, folderOf, withoutTemplateEnding } from '../../server/src/text/path.ts';
import { compareVersions, formatVersion, parseVersion, versionOf } from '../../server/src/text/version.ts';

const PATHS: readonly (readonly [path: string, folder: string, name: string])[] = [
  ['a/b/c.yaml', 'a/b', 'c.yaml'],
  ['c.yaml', '', 'c.yaml'],
  ['a/', 'a', ''],
];

describe('a path', () => {
  for (const [path, folder, name] of PATHS) {
    it(path, () => assert.deepEqual([folderOf(path), baseName(path)], [folder, name]));
  }
  it('loses the ending of a template, and no other', () => {
    const plain = ['nginx.conf.j2', 'a.sh.tmpl', 'b.service.ERB', 'template', 'x.yaml'].map(withoutTemplateEnding);
    assert.deepEqual(plain, ['nginx.conf', 'a.sh', 'b.service', 'template', 'x.yaml']);
  });
});

const VERSIONS: readonly (readonly [text: string, version: string | null])[] = [
  ['1.36', '1.36'],
  ['v1.36.2', '1.36.2'],
  ['1.9.0-alpha.1+build', '1.9'],
  ['1', '1.0'],
  ['', null],
  ['latest', null],
  ['1.2.3.4', null],
  ['1.12.6, 1.13.2 and later', null],
];

describe('a version', () => {
  for (const [text, version] of VERSIONS) {
    it(text || 'nothing', () => {
      const parsed = parseVersion(text);
      assert.equal(parsed && formatVersion(parsed), version);
      if (!parsed) assert.throws(() => versionOf(text), RangeError);
    });
  }
  it('is ordered by its numbers', () => {
    const ordered = ['1.9.9', '1.10.0', '1.10.1', '2.0.0'].map(versionOf);
    assert.deepEqual([...ordered].reverse().sort(compareVersions), ordered);
  });
});
