import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { createRegistry } from 'vscode-tmgrammar-test/dist/common/index.js';
import { parseGrammarTestCase, runGrammarTestCase } from 'vscode-tmgrammar-test/dist/unit/index.js';

const HERE = join('test', 'grammar');

interface Contributed {
  scopeName: string;
  path: string;
  injectTo?: string[];
}

const contributed: Contributed[] = JSON.parse(readFileSync('package.json', 'utf8')).contributes.grammars;

// VS Code has YAML and Lua built in; test/vscode holds the injection against those.
const standIns = ['yaml', 'lua'].map(name => ({
  scopeName: `source.${name}`,
  path: join(HERE, 'standIns', `${name}.tmLanguage.json`),
}));

const registry = createRegistry([...contributed, ...standIns]);

const files = readdirSync(HERE, { recursive: true, encoding: 'utf8' })
  .map(file => join(HERE, file))
  .filter(file => /\.(conf|yaml|v4)$/.test(file))
  .sort();

describe('a file is coloured as its assertions say', () => {
  for (const file of files) {
    const { metadata, source, assertions } = parseGrammarTestCase(readFileSync(file, 'utf8'));
    it(`${file}: ${metadata.description}`, async () => {
      assert.ok(assertions.length > 0);
      const failures = await runGrammarTestCase(registry, { metadata, source, assertions });
      const said = failures.map(({ line, srcLine, start, end, missing, unexpected, actual }) => {
        const wrong = [...missing.map(scope => `no ${scope}`), ...unexpected.map(scope => `unexpected ${scope}`)];
        const text = source[srcLine]?.slice(start, end);
        return `${file}:${line + 1}: '${text}': ${wrong.join(', ')}; it has ${actual.join(' ')}`;
      });
      assert.equal(said.join('\n'), '');
    });
  }
});

describe('a line whose end is not typed yet', () => {
  // Entries, strings of many lines and Lua's long brackets: nothing tells where what is not closed would have ended.
  const finished = files.filter(file => !/unfinished|tables|multiline|lua|yaml/.test(file));
  for (const file of finished) {
    it(`leaves the colours of the lines after the next as they were: ${file}`, async () => {
      const { metadata, source } = parseGrammarTestCase(readFileSync(file, 'utf8'));
      const whole = await colours(metadata.scope, source);
      const changed: string[] = [];
      for (const [row, line] of source.entries()) {
        for (let end = line.search(/\S/) + 1; end < line.length; end++) {
          const typed = source.with(row, line.slice(0, end));
          const now = await colours(metadata.scope, typed);
          const first = now.findIndex((each, i) => i > row + 1 && each !== whole[i]);
          if (first >= 0) changed.push(`${typed[row]} … ${source[first]}`);
        }
      }
      assert.equal(changed.join('\n'), '');
    });
  }
});

/** What a theme sees of each line but for its white space: pieces of text with their innermost scopes. */
async function colours(scope: string, lines: readonly string[]): Promise<string[]> {
  const grammar = await registry.loadGrammar(scope);
  assert.ok(grammar);
  let state: Parameters<typeof grammar.tokenizeLine>[1] = null;
  return lines.map(line => {
    const { tokens, ruleStack } = grammar.tokenizeLine(line, state);
    state = ruleStack;
    return tokens
      .map(({ startIndex, endIndex, scopes }) => ({
        text: line.slice(startIndex, endIndex).trim(),
        scope: scopes.findLast(each => !each.startsWith('meta')),
      }))
      .filter(({ text }) => text !== '')
      .map(({ text, scope }) => `${text} ${scope}`)
      .join('\n');
  });
}
