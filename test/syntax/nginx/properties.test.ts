import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { NginxConfFile } from 'nginx-conf';
import { parse as parseAsNginxConf } from 'nginx-conf/dist/src/parser.js';
import { checkNginx } from '../../../server/src/syntax/nginx/check.ts';
import { parseNginx, parseStrictly } from '../../../server/src/syntax/nginx/parse.ts';
import { type NginxDirective, walk } from '../../../server/src/syntax/nginx/tree.ts';
import { nginxVerdict } from '../../../server/src/syntax/nginx/verdict.ts';
import { CONTEXTS, emitted } from './drawn.ts';
import { generatedTexts } from './generated.ts';

const SEED = 20261122;
const whole = generatedTexts(600, SEED).filter(text => text.whole);

describe('any text', () => {
  const pieces = fc.constantFrom(
    ...[
      '{',
      '}',
      ';',
      '"',
      "'",
      '\\',
      '#',
      '$',
      '${',
      '\n',
      '\r\n',
      ' ',
      '\t',
      '\uFEFF',
      '🌍',
      'x',
      ')',
      '[[',
      ']]',
      '--',
    ],
    ...['server', 'location /', 'listen', 'etag on', 'content_by_lua_block {', 'map $a $b {', 'http {', '  ', 'root'],
  );
  const text = fc.array(pieces, { maxLength: 60 }).map(all => all.join(''));

  it('is read to its end, and comes out of the tree as it was', () => {
    fc.assert(
      fc.property(text, fc.constantFrom(...CONTEXTS), (any, context) => {
        for (const { tree } of [parseNginx(any, { context }), parseStrictly(any, { context })]) {
          assert.equal(emitted(tree), any);
          checkNginx(tree);
        }
      }),
      { seed: SEED, numRuns: 3000 },
    );
  });

  it('has problems if nginx would refuse it, and the other way round', () => {
    fc.assert(
      fc.property(text, fc.constantFrom(...CONTEXTS), (any, context) => {
        const { tree, problems } = parseNginx(any, { context });
        const forgiving = [...problems, ...checkNginx(tree)];
        const refused = nginxVerdict(any, { context }) !== null;
        // Only a `;` that is missed by its neighbour's arguments is refused with words that do not count here.
        if (refused) assert.notDeepEqual(forgiving, []);
        else
          assert.deepEqual(
            forgiving.filter(({ code }) => code !== 'missingSemicolon'),
            [],
          );
      }),
      { seed: SEED, numRuns: 3000 },
    );
  });

  it('is read in time that grows with its length', () => {
    const long = [
      '{',
      '}',
      '"',
      "'a\n",
      'set $a "b\n',
      'a { ',
      'etag on\n',
      '${',
      'content_by_lua_block {\n',
      'x "y"z ',
      '#\n',
      'server\n',
    ];
    for (const piece of long) {
      const time = (count: number) => {
        const started = performance.now();
        parseNginx(piece.repeat(count), { context: 'http' });
        return performance.now() - started;
      };
      time(1000);
      assert.ok(time(20_000) < 2000, `${JSON.stringify(piece)} 20,000 times`);
    }
  });
});

describe('a text that nginx takes', () => {
  it('has no problems', () => {
    for (const { text, context } of whole) {
      const { tree, problems } = parseNginx(text, { context });
      assert.deepEqual([...problems, ...checkNginx(tree)], [], text);
    }
  });

  it('is read by nginx-conf as the same names and arguments', () => {
    let compared = 0;
    for (const { text } of whole) {
      // It counts every brace of Lua, and takes a comment inside a directive for a part of it.
      if (/_by_lua_block|\\;|\n {4}'/.test(text)) continue;
      compared++;
      const ours = [...walk(parseNginx(text, { context: 'main' }).tree)].map(sourceOf(text));
      assert.deepEqual(ours, namesAndValues(text), text);
    }
    assert.ok(compared > 80, `${compared}`);
  });

  it('loses, with any one character, no directive outside the block of that character', () => {
    fc.assert(
      fc.property(fc.constantFrom(...whole), fc.nat(), ({ text, context }, number) => {
        const at = number % Math.max(1, text.length);
        const damaged = text.slice(0, at) + text.slice(at + 1);
        const before = parseNginx(text, { context }).tree;
        const after = parseNginx(damaged, { context }).tree;
        assert.equal(emitted(after), damaged);
        const kept = new Set([...walk(after)].map(({ start, end }) => `${start} ${end}`));
        for (const { start, end } of outside(before.directives, at)) {
          const moved = start > at ? 1 : 0;
          assert.ok(
            kept.has(`${start - moved} ${end - moved}`),
            `${JSON.stringify(text.slice(start, end))} after ${at} of ${text}`,
          );
        }
      }),
      { seed: SEED, numRuns: 4000 },
    );
  });
});

describe('nginx-conf', () => {
  it('writes a block that reads back as it was meant', () => {
    let written = '';
    NginxConfFile.createFromSource('', (_, conf) => {
      conf?.nginx._add('server', '', [], []);
      written = conf?.toString() ?? '';
    });
    const { tree, problems } = parseNginx(written, { context: 'http' });
    assert.deepEqual(problems, []);
    assert.deepEqual(
      tree.directives.map(({ name }) => name.value),
      ['server'],
    );
  });
});

/** Directives of the blocks that do not hold the offset themselves: neither it nor what is around it. */
function outside(directives: readonly NginxDirective[], at: number): NginxDirective[] {
  const around = directives.find(({ block, start, end }) => block && start <= at && at < end);
  const inner = around?.block?.directives;
  const header = around && (at <= (around.block?.open ?? 0) || at === around.block?.close || around.block?.lua);
  if (!around || !inner || header) return [];
  const deeper = inner.some(({ block, start, end }) => block && !block.lua && start <= at && at < end);
  const siblings = directives.filter(directive => directive !== around);
  return [
    ...siblings.flatMap(directive => [...walk({ directives: [directive] })]),
    ...(deeper ? outside(inner, at) : []),
  ];
}

const sourceOf =
  (text: string) =>
  ({ name, arguments: words }: NginxDirective): string =>
    [name, ...words]
      .map(({ start, end }) => text.slice(start, end))
      .join(' ')
      // A parenthesis behind a quote is a word of its own; no space need be before it.
      .replace(/(?<=["']) \)/g, ')');

interface ForeignNode {
  readonly name: string;
  readonly value: string;
  readonly children: readonly ForeignNode[] | null;
}

function namesAndValues(text: string): string[] {
  const found: string[] = [];
  parseAsNginxConf(text, (error, tree) => {
    assert.equal(error, null);
    const visit = ({ name, value, children }: ForeignNode) => {
      found.push([name, ...value.split(/\s+/)].filter(Boolean).join(' '));
      children?.forEach(visit);
    };
    tree?.children?.forEach(visit);
  });
  return found;
}
