import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { launchBrowser } from './browser.mts';
import { startServer } from './server.mts';

// Nothing that is not about the file: for the eye, and for the size of the pictures.
const PLAIN_SETTINGS = {
  'breadcrumbs.enabled': false,
  'editor.fontSize': 14,
  'editor.minimap.enabled': false,
  'editor.stickyScroll.enabled': false,
  'window.commandCenter': false,
  'window.menuBarVisibility': 'hidden',
  'workbench.colorTheme': 'Default Light Modern',
  'workbench.layoutControl.enabled': false,
  'workbench.statusBar.visible': true,
};

export interface WindowOptions {
  readonly dataDir: string;
  readonly folder: string;
  /** A checkout to run the extension from; without it the window has what is installed in `dataDir`. */
  readonly extension?: string;
}

/** Opens a window of the npm-carried VS Code in a browser, and closes both after `work`. */
export async function withWindow<T>(options: WindowOptions, work: (page: Page) => Promise<T>): Promise<T> {
  const { dataDir, folder, extension } = options;
  const server = await startServer({ dataDir, settings: PLAIN_SETTINGS });
  try {
    const payload = extension ? ([['extensionDevelopmentPath', server.uri(extension)]] as const) : [];
    return await withPage(server.address(folder, payload), work);
  } finally {
    await server.stop();
  }
}

/** Looks at a VS Code window that a server offers at `address`. */
export async function withPage<T>(address: string, work: (page: Page) => Promise<T>): Promise<T> {
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    page.setDefaultTimeout(30_000);
    try {
      await page.goto(address);
      await page.locator('.explorer-viewlet .monaco-list-row').first().waitFor();
      return await work(page);
    } catch (error) {
      // What a person would want to see first.
      await page.screenshot({ path: join('out', 'window-at-failure.png') });
      throw error;
    }
  } finally {
    await browser.close();
  }
}

/** Opens a file of the workspace with the keys of "Go to File". */
export async function openFile(page: Page, name: string): Promise<void> {
  await page.keyboard.press('Control+P');
  const input = page.locator('.quick-input-widget input[type=text]');
  await input.fill(name);
  const [folder = ''] = name.split('/');
  await page.locator('.quick-input-list .monaco-list-row', { hasText: folder }).first().waitFor();
  await page.keyboard.press('Enter');
  await page.locator('.editor-instance .view-lines').waitFor();
}

/** Shows the problems whose text has these words: the list draws those alone that are in sight. */
export async function showProblems(page: Page, words: string): Promise<void> {
  await page.keyboard.press('Control+Shift+M');
  await page.locator('.markers-panel .monaco-list:focus-within').waitFor();
  await page.keyboard.press('Control+F');
  await page.locator('.viewpane-filter input:focus').waitFor();
  await page.keyboard.type(words);
}
