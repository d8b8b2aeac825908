import assert from 'node:assert/strict';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { packageVsix, shippedFiles } from '../../scripts/package.mts';
import { installVsix } from '../../scripts/vscode/server.mts';
import { withPlayground } from '../../scripts/vscode/suite.mts';
import { openFile, showProblems, withWindow } from '../../scripts/vscode/window.mts';
import { pagePath, ruleSummaries } from '../../server/src/core.ts';
import { LANGUAGES } from '../../server/src/text/wording.ts';

/** The pages that the code of each diagnostic leads to. */
const PAGES = LANGUAGES.flatMap(language => ruleSummaries(language).map(({ id }) => pagePath(id, language)));

const SHIPPED = [
  'CHANGELOG.md',
  'LICENSE',
  'NOTICE',
  'README.md',
  'dist/cli.js',
  'dist/client.js',
  'dist/server.js',
  'dist/web/client.js',
  'dist/web/server.js',
  'docs/images/quick-fix.png',
  'l10n/bundle.l10n.zh-cn.json',
  'package.json',
  'package.nls.json',
  'package.nls.zh-cn.json',
  'snippets/nginx.json',
  'snippets/shell.json',
  'snippets/yaml.json',
  'syntaxes/iptables.language-configuration.json',
  'syntaxes/iptables.tmLanguage.json',
  'syntaxes/nginx-in-yaml.tmLanguage.json',
  'syntaxes/nginx.language-configuration.json',
  'syntaxes/nginx.tmLanguage.json',
  ...PAGES,
];

const SIZE_LIMIT = 3_000_000;

test('the package holds what runs, and nothing else', async () => {
  assert.deepEqual((await shippedFiles()).sort(), SHIPPED.sort());
});

test('the package, installed, finds the first example', async () => {
  await withPlayground(async playground => {
    const vsix = join(playground, 'ingress-path.vsix');
    await packageVsix(vsix);
    const { size } = statSync(vsix);
    assert.ok(size < SIZE_LIMIT, `${size} bytes`);

    const dataDir = join(playground, 'data');
    assert.match(await installVsix(vsix, dataDir), /successfully installed/);
    await withWindow({ dataDir, folder: join(playground, 'examples') }, async page => {
      await openFile(page, '1-hostnetwork-dns/broken/daemonset.yaml');
      await page.locator('.squiggly-warning').first().waitFor();
      await showProblems(page, 'dns/hostnetwork-dns-policy');
      await page.locator('.markers-panel .monaco-list-row', { hasText: 'dns/hostnetwork-dns-policy' }).waitFor();
    });
  });
});
