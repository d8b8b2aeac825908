import assert from 'node:assert/strict';
import { mkdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { withPlayground } from '../../scripts/vscode/suite.mts';
import { openFile, showProblems, withWindow } from '../../scripts/vscode/window.mts';

const RULE = 'dns/hostnetwork-dns-policy';
const FILE = '1-hostnetwork-dns/broken/daemonset.yaml';

const pictures = process.env.PICTURES ?? 'out/pictures';

test('a person finds, reads and fixes it with the keyboard', async () => {
  mkdirSync(pictures, { recursive: true });
  await withPlayground(async playground => {
    const folder = join(playground, 'examples');
    const file = join(folder, FILE);
    const original = readFileSync(file, 'utf8');
    await withWindow({ dataDir: join(playground, 'data'), folder, extension: resolve('.') }, async page => {
      await openFile(page, FILE);
      await page.locator('.squiggly-warning').first().waitFor();

      await showProblems(page, RULE);
      const problem = page.locator('.markers-panel .monaco-list-row', { hasText: RULE });
      await problem.waitFor();
      assert.equal(await problem.count(), 1);

      // Enter on a problem goes to its place in the file.
      const list = page.locator('.markers-panel .monaco-list:focus-within');
      for (let stop = 0; stop < 12 && (await list.count()) === 0; stop++) await page.keyboard.press('Tab');
      const focused = page.locator('.markers-panel .monaco-list-row.focused', { hasText: RULE });
      for (let row = 0; row < 20 && (await focused.count()) === 0; row++) await page.keyboard.press('ArrowDown');
      await page.keyboard.press('Enter');
      await picture(page, 'problems');

      // A window that is still busy closes the hover again: a person would ask once more.
      const hover = page.locator('.monaco-hover:visible', { hasText: 'ClusterFirstWithHostNet' });
      for (let asked = 0; asked < 6 && !(await hover.isVisible()); asked++) {
        await page.keyboard.press('Control+K');
        await page.keyboard.press('Control+I');
        await hover.waitFor({ timeout: 5_000 }).catch(() => {});
      }
      assert.ok(await hover.isVisible());
      await picture(page, 'hover');
      await page.keyboard.press('Escape');

      await page.keyboard.press('Control+.');
      const fix = page.locator('.action-widget .monaco-list-row', { hasText: 'ClusterFirstWithHostNet' });
      await fix.waitFor();
      await picture(page, 'quick-fix');
      await page.keyboard.press('Enter');
      await problem.waitFor({ state: 'detached' });
      await page.keyboard.press('Control+S');
      await page.locator('.tab.dirty').waitFor({ state: 'detached' });
      await picture(page, 'fixed');
    });
    const line = '      hostNetwork: true\n';
    assert.equal(
      readFileSync(file, 'utf8'),
      original.replace(line, `${line}      dnsPolicy: ClusterFirstWithHostNet\n`),
    );
  });
});

async function picture(page: Page, name: string): Promise<void> {
  // The window fades and folds for a moment after each key.
  await page.waitForTimeout(700);
  await page.screenshot({ path: join(pictures, `${name}.png`) });
}
