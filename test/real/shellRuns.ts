import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Core } from '../../server/src/core.ts';

export const BACKENDS = ['nft', 'legacy'] as const;
export type Backend = (typeof BACKENDS)[number];

/**
 * Runs a script twice in a network namespace of its own, in which `iptables` is the one of that backend; gives the rules after each run, in
 * the order of the alphabet. Throws an AssertionError if that could not be done.
 */
export function runTwice(
  backend: Backend,
  script: string,
  {
    table = 'raw',
    vips = [],
    rules = [],
  }: { readonly table?: string; readonly vips?: readonly string[]; readonly rules?: readonly string[] },
): [string[], string[]] {
  const list = `echo ===; iptables -w -t ${table} -S | grep ^-A`;
  const output = inNamespace(backend, script, file => [
    ...vips.map(vip => `ip addr add ${vip}/32 dev lo`),
    ...rules.map(rule => `iptables -w -t ${table} ${rule}`),
    `bash ${file} >/dev/null 2>&1`,
    list,
    `bash ${file} >/dev/null 2>&1`,
    list,
  ]);
  const [, first, second] = output.split('===\n');
  assert.ok(first !== undefined && second !== undefined, output);
  const sorted = (text: string) =>
    text
      .split('\n')
      .filter(line => line !== '')
      .sort();
  return [sorted(first), sorted(second)];
}

/** What commands print in such a namespace; the script is kept in a file. */
export function inNamespace(backend: Backend, script: string, steps: (file: string) => readonly string[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'iptables-'));
  for (const program of ['iptables', 'ip6tables', 'iptables-save', 'iptables-restore']) {
    symlinkSync(`/usr/sbin/xtables-${backend}-multi`, join(folder, program));
  }
  const file = join(folder, 'script');
  writeFileSync(file, script);
  const all = ['ip link set lo up', ...steps(file)].join('\n');
  // The lock of the machine is for its own rules.
  const env = {
    ...process.env,
    PATH: `${folder}:/usr/sbin:/usr/bin:/sbin:/bin`,
    XTABLES_LOCKFILE: join(folder, 'lock'),
  };
  const { stdout } = spawnSync('unshare', ['-r', '-n', 'bash', '-c', all], { encoding: 'utf8', env });
  rmSync(folder, { recursive: true, force: true });
  return stdout;
}

/** The script with the first safe fix of every finding. */
export function fixed(file: string, script: string): string {
  const core = new Core(message => assert.fail(message));
  core.put(file, script);
  return core.fixAll(file) ?? script;
}
