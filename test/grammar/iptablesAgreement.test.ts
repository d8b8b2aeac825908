import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { createRegistry } from 'vscode-tmgrammar-test/dist/common/index.js';
import { parseIptables } from '../../server/src/syntax/iptables/parse.ts';
import { type IptablesTokenKind, tokens } from '../../server/src/syntax/iptables/tree.ts';
import { generatedTables } from '../syntax/iptables/generated.ts';

const registry = createRegistry(JSON.parse(readFileSync('package.json', 'utf8')).contributes.grammars);

/** What a word that our parser calls so may be to the grammar. */
const SCOPES: Readonly<Partial<Record<IptablesTokenKind, RegExp>>> = {
  table: /\.table\./,
  chain: /\.chain\./,
  policy: /\.(?:target|policy)\./,
  counters: /counters/,
  option: /^keyword\.(?:other\.option|control\.command)/,
  not: /^keyword\.operator/,
  argument: /^(?!keyword\.(?:other|control\.command|operator)|comment)/,
  commit: /commit/,
  comment: /^comment|\.comment\./,
};

test('the grammar sees in a word what the parser sees in it', async () => {
  const grammar = await registry.loadGrammar('source.iptables');
  assert.ok(grammar);
  const wrong = new Set<string>();
  let compared = 0;
  for (const { head, rules } of generatedTables(150, 5)) {
    const text = `# Generated\n${head}${rules.map((rule, i) => (i % 3 === 0 ? `[0:0] ${rule}` : rule)).join('\n')}\nCOMMIT\n`;
    const starts = new Map<number, string>();
    let from = 0;
    let state: Parameters<typeof grammar.tokenizeLine>[1] = null;
    for (const line of text.split('\n')) {
      const tokenized = grammar.tokenizeLine(line, state);
      state = tokenized.ruleStack;
      for (const { startIndex, endIndex, scopes } of tokenized.tokens)
        for (let at = startIndex; at < endIndex; at++) starts.set(from + at, scopes.at(-1) ?? '');
      from += line.length + 1;
    }
    for (const { kind, start, end } of tokens(parseIptables(text, { family: 'ipv4' }))) {
      const scope = starts.get(start) ?? '';
      compared++;
      if (SCOPES[kind] && !SCOPES[kind].test(scope)) wrong.add(`${kind} ${text.slice(start, end)}: ${scope}`);
    }
  }
  assert.deepEqual([...wrong], []);
  assert.ok(compared > 5000, String(compared));
});
