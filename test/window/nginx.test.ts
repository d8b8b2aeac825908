import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import { withPlayground } from '../../scripts/vscode/suite.mts';
import { openFile, withWindow } from '../../scripts/vscode/window.mts';

const CONFIG_MAP = `apiVersion: v1
kind: ConfigMap
metadata:
  name: ingress-nginx-controller
data:
  http-snippet: |
    map $http_user_agent $is_probe {
      default 0;
      "~kube-probe" 1;
    }
    gzip_vary on
    gzip_proxied any;
  use-http2: "true"
`;

/** The wave is drawn under the last word of the line that lacks its `;`, and under nothing else: in pixels of the window. */
const WAVE_IS_UNDER_ITS_WORD = `(() => {
  const wave = document.querySelector('.squiggly-error')?.getBoundingClientRect();
  const words = [...document.querySelectorAll('.view-line span span')].filter(({ textContent }) => textContent.trim() === 'on');
  const word = words.at(-1)?.getBoundingClientRect();
  return wave && word && wave.left > word.left - 2 && wave.right < word.right + 2 && Math.abs(wave.top - word.top) < word.height;
})()`;

const pictures = process.env.PICTURES ?? 'out/pictures';

test('a person sees what nginx refuses inside a block scalar underlined, and mends it there', async () => {
  mkdirSync(pictures, { recursive: true });
  await withPlayground(async playground => {
    const folder = join(playground, 'examples');
    const file = join(folder, 'snippet.yaml');
    writeFileSync(file, CONFIG_MAP);
    await withWindow({ dataDir: join(playground, 'data'), folder, extension: resolve('.') }, async page => {
      await openFile(page, 'snippet.yaml');
      const squiggle = page.locator('.squiggly-error');
      await squiggle.first().waitFor();
      assert.equal(await squiggle.count(), 1);
      // Drawn anew again and again while the window comes up.
      await page.waitForFunction(WAVE_IS_UNDER_ITS_WORD);
      await page.keyboard.press('Control+G');
      await page.locator('.quick-input-widget input[type=text]').fill(':11:15');
      await page.keyboard.press('Enter');
      await page.locator('.statusbar-item', { hasText: 'Ln 11, Col 15' }).waitFor();
      // A window that is still busy closes the menu again: a person would ask once more.
      const fix = page.locator('.action-widget .monaco-list-row', { hasText: 'gzip_vary' });
      for (let asked = 0; asked < 6 && !(await fix.isVisible()); asked++) {
        await page.keyboard.press('Control+.');
        await fix.waitFor({ timeout: 5_000 }).catch(() => {});
      }
      await page.waitForTimeout(700);
      await page.screenshot({ path: join(pictures, 'nginx-quick-fix.png') });
      await page.keyboard.press('Enter');
      await squiggle.first().waitFor({ state: 'detached' });
      await page.keyboard.press('Control+S');
      const saved = () => readFileSync(file, 'utf8') !== CONFIG_MAP;
      for (let waited = 0; waited < 100 && !saved(); waited++) await page.waitForTimeout(100);
    });
    assert.equal(readFileSync(file, 'utf8'), CONFIG_MAP.replace('gzip_vary on\n', 'gzip_vary on;\n'));
  });
});
