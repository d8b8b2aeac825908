import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import fc from 'fast-check';
import { Reading } from '../../server/src/model/reading.ts';
import { parseYaml } from '../../server/src/syntax/yaml/parse.ts';

const KEYS = ['a', 'b', 'c'] as const;
const COUNT = 400;

let folder = '';
before(() => {
  folder = mkdtempSync(join(tmpdir(), 'ingress-path-'));
});
after(() => rmSync(folder, { recursive: true }));

/** What kubectl reads in objects, one for each text. */
function kubectl(texts: readonly string[]): Record<string, unknown>[] {
  const file = join(folder, 'objects.yaml');
  writeFileSync(file, texts.join('---\n'));
  const args = ['label', '--local', '-f', file, 'x=y', '-o', 'json'];
  const json = execFileSync('kubectl', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  return JSON.parse(`[${json.trim().replace(/^\}\n\{$/gm, '},\n{')}]`);
}

/** Entries of a mapping: own keys, equal ones too, and merge keys of one or several of the mappings before it. */
const entries = (earlier: number): fc.Arbitrary<string[]> => {
  const own = fc.tuple(fc.constantFrom(...KEYS), fc.nat(9)).map(([key, value]) => `${key}: "${value}"`);
  if (earlier === 0) return fc.array(own, { minLength: 1, maxLength: 3 });
  const anchor = fc.nat(earlier - 1).map(index => `*m${index}`);
  const merge = fc.oneof(
    anchor.map(one => `<<: ${one}`),
    fc.array(anchor, { minLength: 1, maxLength: 3 }).map(all => `<<: [${all.join(', ')}]`),
    fc.constant('<<: {a: "inline"}'),
  );
  return fc.array(fc.oneof({ weight: 2, arbitrary: own }, { weight: 1, arbitrary: merge }), {
    minLength: 1,
    maxLength: 4,
  });
};

const objects = fc
  .tuple(entries(0), entries(1), entries(2), entries(3))
  .map(
    mappings =>
      `apiVersion: v1\nkind: Any\nmetadata: {name: any}\n${mappings
        .map((lines, i) => `m${i}: &m${i}\n${lines.map(line => `  ${line}\n`).join('')}`)
        .join('')}`,
  );

test('what is known of mappings with merge keys and equal keys is what kubectl reads; absent is what it has not', () => {
  const texts = fc.sample(objects, { seed: 20261122, numRuns: COUNT });
  const read = kubectl(texts);
  assert.equal(read.length, COUNT);
  const count = { known: 0, absent: 0, unknown: 0 };
  for (const [i, text] of texts.entries()) {
    const root = Reading.of(parseYaml(text));
    for (const name of ['m0', 'm1', 'm2', 'm3']) {
      for (const key of KEYS) {
        const value = root.at(name, key).text();
        const real = (read[i]?.[name] as Record<string, string> | undefined)?.[key];
        if (value.known !== undefined) assert.equal(value.known, real, text);
        if (value.isAbsent) assert.equal(real, undefined, text);
        count[value.isUnknown ? 'unknown' : value.isAbsent ? 'absent' : 'known']++;
      }
    }
  }
  assert.ok(count.known > 1000 && count.absent > 100 && count.unknown < count.known, JSON.stringify(count));
});
