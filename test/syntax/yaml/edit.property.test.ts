import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { editYaml, type YamlData } from '../../../server/src/syntax/yaml/edit.ts';
import { parseYaml, type YamlDocument } from '../../../server/src/syntax/yaml/parse.ts';
import { cutStream } from '../../../server/src/syntax/yaml/stream.ts';
import { nodesOf } from '../../../server/src/syntax/yaml/tree.ts';
import { applyEdits } from '../../../server/src/text/edits.ts';
import { changedData, changesOf, OPERATIONS, type RandomChange, readByYaml } from './changes.ts';
import { corpusFiles } from './corpus.ts';
import { manifests } from './manifests.ts';

const SEED = 20261122;

/** How often changes were refused: a rule of the game that "refuse everything" would win without. */
class Tally {
  tried = 0;
  readonly refused: string[] = [];

  /** Makes the change, and has what is then read differ just there; false if it was refused. */
  make(text: string, data: YamlData, { path, change }: RandomChange): boolean {
    const result = editYaml(text, path, change);
    this.tried++;
    if ('refused' in result) {
      this.refused.push(`${result.refused}: ${JSON.stringify([path, change])}`);
      return false;
    }
    const after = applyEdits(text, result.edits);
    if (!isDeepStrictEqual(readByYaml(after), changedData(data, path, change)))
      assert.fail(`${JSON.stringify([path, change])} gave\n${after}`);
    return true;
  }
}

describe('a change changes what is read there, and nothing else', () => {
  for (const operation of OPERATIONS) {
    it(`in 1,000 generated manifests: ${operation}`, () => {
      const tally = new Tally();
      const cases = manifests.chain(manifest => {
        const changes = changesOf(operation, manifest.data);
        return changes ? changes.map(change => ({ ...manifest, change })) : fc.constant(null);
      });
      fc.assert(
        fc.property(cases, found => {
          fc.pre(found !== null);
          tally.make(found.text, found.data, found.change);
        }),
        { seed: SEED, numRuns: 1000 },
      );
      assert.ok(tally.refused.length <= tally.tried / 100, `${tally.tried} tried, refused ${tally.refused.join('\n')}`);
    });
  }

  it('and comes back', () => {
    fc.assert(
      fc.property(manifests, ({ text }) => {
        const added = editYaml(text, ['added'], { op: 'set', value: { deep: ['x'] } });
        assert.ok('edits' in added);
        const after = applyEdits(text, added.edits);
        const removed = editYaml(after, ['added'], { op: 'remove' });
        assert.ok('edits' in removed);
        assert.equal(applyEdits(after, removed.edits), text);
      }),
      { seed: SEED, numRuns: 500 },
    );
  });
});

const files = corpusFiles();

/** The documents of real files that are YAML, and are not broken. */
const documents = files.flatMap(({ name, text }) =>
  cutStream(text).flatMap(({ start, end }, i) => {
    const document = parseYaml(text.slice(start, end));
    const isCollection = document.root?.kind === 'map' || document.root?.kind === 'seq';
    return isCollection && document.problems.length === 0 ? [{ name: `${name} #${i}`, document }] : [];
  }),
);

/** True if every address in it can be changed: nothing comes from a template or stands in two places. */
function isPlain({ root, template }: YamlDocument): boolean {
  return template.statements.length === 0 && ![...nodesOf(root ?? never())].some(({ kind }) => kind === 'alias');
}

function never(): never {
  throw new Error('a document without content');
}

// Files of others, which are not part of this project: where they are not, the generated ones above stand for them.
describe(`${files.length} files of others`, () => {
  it('are cut into documents that make up the whole text', () => {
    for (const { name, text } of files)
      assert.equal(
        cutStream(text)
          .map(({ start, end }) => text.slice(start, end))
          .join(''),
        text,
        name,
      );
  });

  it('say the same when each scalar is set to what it says: no edits', () => {
    for (const { name, document } of documents.filter(each => isPlain(each.document))) {
      for (const { path, text } of scalarsIn(document))
        assert.deepEqual(editYaml(document.text, path, { op: 'set', value: text }), { edits: [] }, name);
    }
  });

  it('differ in 20 random addresses just there: set, add, insert, remove, move', () => {
    const [plain, others] = [new Tally(), new Tally()];
    for (const { document } of documents) {
      const data = readByYaml(document.text);
      for (const operation of OPERATIONS) {
        const changes = changesOf(operation, data);
        const tally = isPlain(document) ? plain : others;
        for (const change of changes ? fc.sample(changes, { seed: SEED, numRuns: 20 }) : [])
          tally.make(document.text, data, change);
      }
    }
    assert.ok(plain.refused.length <= plain.tried / 100, `${plain.tried} tried, refused ${plain.refused.join('\n')}`);
    assert.ok(others.refused.length <= others.tried / 2, `${others.tried} tried, ${others.refused.length} refused`);
  });
});

function* scalarsIn({ root }: YamlDocument) {
  const pending: { node: typeof root; path: (string | number)[] }[] = [{ node: root, path: [] }];
  for (let next = pending.pop(); next; next = pending.pop()) {
    const { node, path } = next;
    if (node?.kind === 'seq')
      for (const [i, { value }] of node.items.entries()) pending.push({ node: value, path: [...path, i] });
    if (node?.kind === 'map') {
      const names = node.entries.map(({ name }) => name);
      for (const { name, value } of node.entries)
        if (name !== null && names.lastIndexOf(name) === names.indexOf(name))
          pending.push({ node: value, path: [...path, name] });
    }
    if (node?.kind === 'scalar' && !node.templated && node.style !== 'plain') yield { path, text: node.text };
  }
}
