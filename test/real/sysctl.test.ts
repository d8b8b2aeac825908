import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import fc from 'fast-check';
import {
  assignmentsOf,
  kernelNumber,
  parseSysctl,
  type SysctlAssignment,
} from '../../server/src/syntax/sysctl/parse.ts';

const folder = mkdtempSync(join(tmpdir(), 'sysctl-'));
after(() => rmSync(folder, { recursive: true }));

/** What a program leaves in files below /proc/sys of a network namespace of its own. */
function inNamespace(script: string): { stdout: string; stderr: string } {
  const { stdout, stderr } = spawnSync('unshare', ['-r', '-n', 'sh', '-c', script], { encoding: 'utf8' });
  return { stdout, stderr };
}

const NAMES = ['udp_timeout', 'udp_timeout_stream', 'icmp_timeout', 'generic_timeout', 'gre_timeout'] as const;
const PATHS = NAMES.map(name => `net/netfilter/nf_conntrack_${name}`);

/** procps writes one line after the other; systemd-sysctl writes the last alone. */
const PROGRAMS: readonly {
  readonly name: string;
  readonly command: string;
  readonly taken: (lines: readonly SysctlAssignment[]) => SysctlAssignment | undefined;
}[] = [
  {
    name: 'procps',
    command: 'sysctl -q -p',
    taken: lines => lines.findLast(({ text }) => kernelNumber(text) !== null),
  },
  { name: 'systemd', command: '/lib/systemd/systemd-sysctl', taken: lines => lines.at(-1) },
];

function valuesAfter(program: string, text: string): string[] {
  const file = join(folder, 'test.conf');
  writeFileSync(file, text);
  const { stdout } = inNamespace(`${program} ${file} >/dev/null 2>&1; cd /proc/sys && cat ${PATHS.join(' ')}`);
  return stdout.trim().split('\n');
}

describe('files are read as the programs read them', () => {
  const defaults = valuesAfter('true', '');
  const name = fc.oneof(
    fc.constantFrom(...NAMES).map(each => `net.netfilter.nf_conntrack_${each}`),
    fc.constantFrom(...NAMES).map(each => `net/netfilter/nf_conntrack_${each}`),
    fc.constantFrom(
      'net.netfilter.nf_conntrack_udp_*',
      'net.netfilter.nf_conntrack_g?e_timeout',
      'net.netfilter/nf_conntrack_icmp_timeout',
    ),
  );
  const value = fc.oneof(
    fc.integer({ min: 1, max: 9999 }).map(String),
    fc.constantFrom('0x20', '010', '12 # why', '7 8', '61s', '"62"', '', '1e3', '99999999999'),
  );
  const line = fc.oneof(
    fc
      .tuple(fc.constantFrom('', ' ', '-', '\t'), name, fc.constantFrom('=', ' = ', '= ', '\t=\t'), value)
      .map(parts => parts.join('')),
    name.map(each => `# ${each} = 1`),
    name.map(each => `; ${each} = 1`),
    name,
  );
  const text = fc
    .tuple(fc.array(line, { maxLength: 8 }), fc.constantFrom('\n', '\r\n'))
    .map(([lines, eol]) => lines.map(each => each + eol).join(''));

  for (const { name: program, command, taken } of PROGRAMS) {
    it(program, () => {
      fc.assert(
        fc.property(text, written => {
          const file = parseSysctl(written);
          const expected = PATHS.map((path, index) => {
            const number = kernelNumber(taken(assignmentsOf(file, path))?.text ?? '');
            return number ? String(number.value) : defaults[index];
          });
          assert.deepEqual(valuesAfter(command, written), expected, written);
        }),
        { seed: 11, numRuns: 150 },
      );
    });
  }
});
