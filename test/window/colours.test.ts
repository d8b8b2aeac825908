import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import { withPlayground } from '../../scripts/vscode/suite.mts';
import { openFile, withWindow } from '../../scripts/vscode/window.mts';

const CONFIG_MAP = `apiVersion: v1
kind: ConfigMap
data:
  before: plain
  http-snippet: |
    content_by_lua_block {
      local sentence = "}"
    }
    proxy_set_header Host "not closed
  after: plain
  server-snippet: "more_set_headers \\"A: b\\";\\nreturn 403;"
  last: plain
`;

/** What VS Code's own inspector says of words: language and innermost scope. */
const EXPECTED: Readonly<Record<string, readonly [language: string, scope: string]>> = {
  last: ['yaml', 'entity.name.tag.yaml'],
  '403': ['nginx', 'constant.numeric.nginx'],
  more_set_headers: ['nginx', 'keyword.other.directive.nginx'],
  after: ['yaml', 'entity.name.tag.yaml'],
  proxy_set_header: ['nginx', 'keyword.other.directive.nginx'],
  sentence: ['lua', 'variable.other.lua'],
  content_by_lua_block: ['nginx', 'keyword.control.block.nginx'],
  'http-snippet': ['yaml', 'entity.name.tag.yaml'],
  before: ['yaml', 'entity.name.tag.yaml'],
};

test("nginx and Lua are coloured inside VS Code's own YAML, and end where their scalar ends", async () => {
  await withPlayground(async playground => {
    const folder = join(playground, 'examples');
    writeFileSync(join(folder, 'snippets.yaml'), CONFIG_MAP);
    await withWindow({ dataDir: join(playground, 'data'), folder, extension: resolve('.') }, async page => {
      await openFile(page, 'snippets.yaml');
      // Grammars are loaded after the text is shown.
      await page.locator('.view-line span[class^=mtk]', { hasText: /^sentence$/ }).waitFor();
      const input = page.locator('.quick-input-widget input[type=text]');
      await page.keyboard.press('F1');
      await input.fill('>Inspect Editor Tokens');
      await page.locator('.quick-input-list .monaco-list-row', { hasText: 'Inspect Editor Tokens' }).first().waitFor();
      await page.keyboard.press('Enter');
      const inspector = page.locator('.token-inspect-widget');
      await inspector.waitFor();
      const said = async (row: string) =>
        (await inspector.locator('tr', { hasText: row }).locator('td').last().innerText()).split('\n')[0];
      for (const [word, expected] of Object.entries(EXPECTED)) {
        const before = CONFIG_MAP.slice(0, CONFIG_MAP.search(new RegExp(`\\b${word}\\b`))).split('\n');
        await page.keyboard.press('Control+G');
        await input.fill(`:${before.length}:${(before.at(-1)?.length ?? 0) + 2}`);
        await page.keyboard.press('Enter');
        // It follows the cursor.
        await inspector.locator('.tiw-token', { hasText: word }).waitFor();
        assert.deepEqual([await said('language'), await said('textmate scopes')], expected, word);
      }
    });
  });
});
