import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readDataUrl } from '../../server/src/text/dataUrl.ts';

describe('a data URL', () => {
  const cases: readonly (readonly [url: string, text: string | null])[] = [
    ['data:,a=1', 'a=1'],
    ['data:,a%20%3D%201%0Ab%3d2', 'a = 1\nb=2'],
    ['data:text/plain;charset=utf-8,%E5%86%85%E6%A0%B8%0A', '内核\n'],
    ['data:,', ''],
    ['data:text/plain;charset=utf-8;base64,YT0x', null],
    ['data:,%ZZ', null],
    ['data:,%E5%86', null],
    ['data:,100%', null],
    ['https://a/b,c', null],
    ['', null],
  ];
  for (const [url, text] of cases) it(url || 'nothing', () => assert.equal(readDataUrl(url)?.text ?? null, text));

  it('tells where its characters stand', () => {
    const url = 'data:,a%3D内';
    const { map } = readDataUrl(url) ?? {};
    const written = [0, 1, 2].map(start => map?.spanToSource({ start, end: start + 1 }));
    assert.deepEqual(
      written.map(span => span && url.slice(span.start, span.end)),
      ['a', '%3D', '内'],
    );
  });
});
