import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { Folders } from '../../server/src/hosts/folders.ts';
import { changedLines } from '../../server/src/hosts/protocol.ts';
import { addressOf, pathOfAddress, strictFileUri, uriBelow } from '../../server/src/hosts/uris.ts';

describe('addresses', () => {
  const table: [uri: string, address: string][] = [
    ['file:///a/b', 'file:///a/b'],
    ['file:///a/b/', 'file:///a/b'],
    ['file:///', 'file:///'],
    ['file:///c%3A/a', 'file:///c:/a'],
    ['file:///C:/a', 'file:///c:/a'],
    ['file:///C%3a/a', 'file:///c:/a'],
    ['file:///A/b', 'file:///A/b'],
    ['file:///%E9%85%8D', 'file:///配'],
    ['file:///%E9%', 'file:///%E9%'],
    ['file:///100%', 'file:///100%'],
    ['file:///a#b?c', 'file:///a#b?c'],
    ['untitled:Untitled-1', 'untitled:Untitled-1'],
    ['', ''],
  ];
  for (const [uri, address] of table) it(JSON.stringify(uri), () => assert.equal(addressOf(uri), address));

  it('have paths', () => {
    assert.equal(pathOfAddress('file:///a/values.yaml'), 'a/values.yaml');
    assert.equal(pathOfAddress('file://server/a b/c'), 'a b/c');
    assert.equal(pathOfAddress('untitled:a.yaml'), 'a.yaml');
  });

  it('become URIs again', () => {
    assert.equal(uriBelow('file:///', 'a b/#%.yaml'), 'file:///a%20b/%23%25.yaml');
    assert.equal(strictFileUri('file:///a%20b/100%/#?'), 'file:///a%20b/100%25/%23%3F');
  });
});

describe('places', () => {
  const folders = new Folders(() => {});
  folders.set(['file:///', 'file:///a', 'file:///a/b/', 'file:///c%3A/w']);
  const table: [uri: string, folder: string | null, file: string][] = [
    ['file:///x/y', 'file:///', 'x/y'],
    ['file:///a/x', 'file:///a', 'x'],
    ['file:///ab/x', 'file:///', 'ab/x'],
    ['file:///a/b/c/d', 'file:///a/b', 'c/d'],
    ['file:///C:/w/x', 'file:///c:/w', 'x'],
    ['untitled:x', null, 'x'],
  ];
  for (const [uri, folder, file] of table) {
    it(uri, () => {
      const place = folders.placeOf(uri);
      assert.deepEqual([place.folder?.address ?? null, place.file], [folder, file]);
    });
  }

  it('keep what is known of a folder that stays', () => {
    const core = (address: string) => folders.all.find(each => each.address === address)?.core;
    const before = core('file:///a');
    folders.set(['file:///a/', 'file:///z']);
    assert.equal(core('file:///a'), before);
    assert.deepEqual(
      folders.all.map(({ address }) => address),
      ['file:///a', 'file:///z'],
    );
  });
});

describe('one edit for all changes', () => {
  const table: [before: string, after: string, lines: string][] = [
    ['a\nb\nc\n', 'a\nx\nc\n', '1-2'],
    ['a\nb\n', 'a\nb\nc\n', '2-2'],
    ['a\nb', 'a\nb\nc', '1-1:1'],
    ['a\r\nb\r\n', 'a\r\nx\r\nb\r\n', '1-1'],
    ['a\r\nb', 'a\nb', '0-1'],
    ['a\rb\rc', 'a\rx\rc', '1-2'],
    ['', 'a', '0-0'],
    ['a\n\n\n', 'a\n\n', '2-3'],
    ['a\na\na\n', 'a\na\n', '2-3'],
    ['😀\nb\n', '😀\n😀\n', '1-2'],
  ];
  for (const [before, after, lines] of table) {
    it(JSON.stringify([before, after]), () => {
      const edit = changedLines(before, after);
      const { start, end } = edit.range;
      assert.equal(`${start.line}-${end.line}${end.character > 0 ? `:${end.character}` : ''}`, lines);
      assert.equal(TextDocument.applyEdits(TextDocument.create('a', 'yaml', 1, before), [edit]), after);
    });
  }
});
