import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { test } from 'node:test';
import { openFile, withPage } from '../../scripts/vscode/window.mts';

const LIMIT = 120_000;

test('npm start offers a window on the examples, to those who know its address', async () => {
  const npm = spawn(process.execPath, ['--import', 'tsx', 'scripts/start.mts', '--browser'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise<number | null>(resolve => npm.once('exit', resolve));
  try {
    let output = '';
    const address = await new Promise<string>((resolve, reject) => {
      setTimeout(() => reject(new Error(`no address after ${LIMIT / 1000} s:\n${output}`)), LIMIT).unref();
      npm.stdout.on('data', data => {
        output += data;
        const [found] = /http:\/\/127\.0\.0\.1:\S+/.exec(output) ?? [];
        if (found) resolve(found);
      });
    });
    assert.match(output, /dns\/hostnetwork-dns-policy/);
    assert.equal((await fetch(new URL('/', address))).status, 403);
    await withPage(address, async page => {
      await openFile(page, '1-hostnetwork-dns/broken/daemonset.yaml');
      await page.locator('.squiggly-warning').first().waitFor();
    });
  } finally {
    npm.kill('SIGINT');
  }
  assert.equal(await ended, 0);
});
