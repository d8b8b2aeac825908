import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { formatBytes, formatCount, formatDuration, formatList, languageOf } from '../../server/src/text/wording.ts';

const WORDED: readonly [got: string, wanted: string][] = [
  [formatCount(1_048_576, 'en'), '1,048,576'],
  [formatCount(1_048_576, 'zh'), '1,048,576'],
  [formatCount(0.25, 'en'), '0.3'],
  [formatBytes(0, 'en'), '0 bytes'],
  [formatBytes(512, 'zh'), '512 字节'],
  [formatBytes(335_544_320, 'en'), '320 MiB'],
  [formatBytes(1.5 * 2 ** 40, 'en'), '1.5 TiB'],
  [formatDuration(0, 'en'), '0 seconds'],
  [formatDuration(1, 'en'), '1 second'],
  [formatDuration(90, 'en'), '1 minute 30 seconds'],
  [formatDuration(3600, 'en'), '1 hour'],
  [formatDuration(3600, 'zh'), '1 小时'],
  [formatDuration(86_400 + 3600 + 59, 'en'), '1 day 1 hour'],
  [formatList(['a'], 'en'), 'a'],
  [formatList(['a', 'b', 'c'], 'en'), 'a, b and c'],
  [formatList(['a', 'b', 'c'], 'zh'), 'a、b和c'],
  [languageOf('zh-cn'), 'zh'],
  [languageOf('zh_CN.UTF-8'), 'zh'],
  [languageOf('de'), 'en'],
  [languageOf(undefined), 'en'],
];

describe('wording', () => {
  for (const [got, wanted] of WORDED) it(wanted, () => assert.equal(got, wanted));
});
