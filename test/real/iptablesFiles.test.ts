import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { BACKENDS } from '../../server/src/facts/netfilter.ts';

const TWO_BLOCKS = `*filter
-A INPUT -i lo -j ACCEPT
COMMIT
*filter
-A INPUT -j DROP
COMMIT
`;

/** The rules of table filter after a text was loaded into a network namespace of its own. */
function rulesAfter(text: string, backend: string, option = ''): string[] {
  const folder = mkdtempSync(join(tmpdir(), 'iptables-files-'));
  try {
    writeFileSync(join(folder, 'rules'), text);
    const script = `iptables-${backend}-restore ${option} rules && iptables-${backend}-save -t filter`;
    const saved = execFileSync('unshare', ['-r', '-n', 'sh', '-c', script], {
      cwd: folder,
      env: { ...process.env, XTABLES_LOCKFILE: join(folder, 'lock') },
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return saved.split('\n').filter(line => line.startsWith('-A'));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

for (const backend of BACKENDS)
  describe(`two blocks of a table, ${backend}`, () => {
    it('the second takes the place of the first', () => {
      assert.deepEqual(rulesAfter(TWO_BLOCKS, backend), ['-A INPUT -j DROP']);
    });

    it('both are there with --noflush', () => {
      assert.deepEqual(rulesAfter(TWO_BLOCKS, backend, '--noflush'), ['-A INPUT -i lo -j ACCEPT', '-A INPUT -j DROP']);
    });
  });
