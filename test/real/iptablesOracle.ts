import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { IpFamily, IptablesBackend } from '../../server/src/facts/netfilter.ts';

/** What a program said of a text. */
export interface Answer {
  readonly status: number;
  readonly output: string;
  /** The line that it named, from 1; null if it named none. */
  readonly line: number | null;
  /** True if the kernel refused what the program had read. */
  readonly byKernel: boolean;
}

export interface Question {
  readonly text: string;
  readonly family: IpFamily;
  /** True to leave what the tables hold already. */
  readonly noflush?: boolean;
}

/**
 * Has iptables-restore load each text, one after the other, in a network namespace that is thrown away. Answers are in the order of the
 * questions; what one has loaded is there for the next.
 */
export function askRestore(questions: readonly Question[], backend: IptablesBackend): Answer[] {
  const folder = mkdtempSync(join(tmpdir(), 'iptables-oracle-'));
  try {
    const lines = questions.map(({ text, family, noflush }, i) => {
      writeFileSync(join(folder, `${i}.rules`), text);
      const program = `${family === 'ipv4' ? 'ip' : 'ip6'}tables-${backend}-restore`;
      return `${program} ${noflush ? '-n ' : ''}${i}.rules >${i}.out 2>&1; echo $? >${i}.status`;
    });
    writeFileSync(join(folder, 'all.sh'), `${lines.join('\n')}\n`);
    execFileSync('unshare', ['-r', '-n', 'sh', 'all.sh'], {
      cwd: folder,
      env: { ...process.env, XTABLES_LOCKFILE: join(folder, 'lock'), LC_ALL: 'C' },
      stdio: 'ignore',
      timeout: 300_000,
    });
    return questions.map((_, i) => {
      const output = readFileSync(join(folder, `${i}.out`), 'latin1');
      const status = Number(readFileSync(join(folder, `${i}.status`), 'latin1'));
      return { status, output, ...placeOf(output) };
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function placeOf(output: string): Pick<Answer, 'line' | 'byKernel'> {
  const found = /(?:line:?|Bad line) (\d+)/.exec(output);
  const byKernel = /RULE_\w+ failed|CHAIN_\w+ failed|TABLE_\w+ failed|\(nf_tables\): +line \d+: |COMMIT failed/.test(
    output,
  );
  return { line: found ? Number(found[1]) : null, byKernel };
}
