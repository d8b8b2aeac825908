import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { notice } from '../../scripts/notice.mts';

test('NOTICE names every package inside the bundles; `npx tsx scripts/notice.mts` writes it', async () => {
  assert.equal(readFileSync('NOTICE', 'utf8'), await notice());
});

test('what is bundled may be given on under the terms of a permissive licence', () => {
  const licences = [...readFileSync('NOTICE', 'utf8').matchAll(/^-{80}\n(.+) \((.+)\)$/gm)].map(
    ([, , licence]) => licence,
  );
  assert.ok(licences.length > 0);
  for (const licence of licences)
    assert.match(licence ?? '', /^(MIT|ISC|BSD-[23]-Clause|BlueOak-1\.0\.0|Apache-2\.0)$/);
});
