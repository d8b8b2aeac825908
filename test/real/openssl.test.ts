import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { OpenSslVersion } from '../../server/src/facts/tlsCiphers.ts';
import { cipherList } from '../../server/src/simulate/cipherList/cipherList.ts';
import { cipherStrings } from './opensslStrings.ts';

const SEED = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31));
const STRINGS = 2000;
/** Loops of processes at a time: one a core of a small machine. */
const LOOPS = 2;

/** Debian's build has security level 2 (its changelog, 1.1.1~~pre6-1). */
const DEBIAN_LEVEL = 2;

/** The suites by name, and those usable at TLS 1.2; or the error in OpenSSL's words, and `refused`. */
interface Answer {
  readonly suites: string;
  readonly tls12: string;
}

/** Reads strings that end in NUL; prints two answers for each, which end in NUL too. */
const LOOP = `
while IFS= read -r -d '' string; do
  if openssl ciphers -ciphersuites '' -- "$string" 2>&1; then
    printf '\\0'; openssl ciphers -s -tls1_2 -ciphersuites '' -- "$string" 2>&1; printf '\\0'
  else printf '\\0refused\\0'; fi
done`;

async function opensslAnswers(strings: readonly string[]): Promise<Answer[]> {
  const output = await new Promise<string>((resolve, reject) => {
    const options = { encoding: 'utf8', maxBuffer: 1 << 28, env: { ...process.env, LC_ALL: 'C.UTF-8' } } as const;
    const bash = execFile('bash', ['-c', LOOP], options, (error, stdout) => (error ? reject(error) : resolve(stdout)));
    bash.stdin?.end(strings.map(string => `${string}\0`).join(''));
  });
  const answers = output.split('\0').map(said);
  assert.equal(answers.length, 2 * strings.length + 1);
  return strings.map((_, i) => ({ suites: answers[2 * i] ?? '', tls12: answers[2 * i + 1] ?? '' }));
}

function said(answer: string): string {
  return answer.match(/no cipher match|invalid command/)?.[0] ?? answer.trim();
}

function ourAnswer(string: string, version: OpenSslVersion): Answer {
  const { suites, tls12, error } = cipherList(string, version, DEBIAN_LEVEL);
  const names = (list: typeof tls12) => list.map(({ name }) => name).join(':');
  return error ? { suites: error, tls12: 'refused' } : { suites: names(suites ?? []), tls12: names(tls12) };
}

describe('cipherList and the openssl that is installed', () => {
  it(`agree on ${STRINGS} fresh strings, order and TLS 1.2 included (SEED=${SEED})`, async t => {
    assert.match(execFileSync('openssl', ['version'], { encoding: 'utf8' }), /^OpenSSL 3\.0\./);
    const strings = fc.sample(cipherStrings, { seed: SEED, numRuns: STRINGS });
    const size = Math.ceil(strings.length / LOOPS);
    const parts = Array.from({ length: LOOPS }, (_, i) => strings.slice(i * size, (i + 1) * size));
    const answers = (await Promise.all(parts.map(opensslAnswers))).flat();

    const different = strings.flatMap((string, i) => {
      const [real, ours] = [answers[i], ourAnswer(string, '3.0')];
      return real?.suites === ours.suites && real.tls12 === ours.tls12 ? [] : [{ string, real, ours }];
    });
    const refused = answers.filter(({ suites }) => /^no cipher|^invalid/.test(suites)).length;
    t.diagnostic(`SEED=${SEED}: ${strings.length - different.length} of ${strings.length} agree, ${refused} refused`);
    assert.deepEqual(different.slice(0, 3), []);
    assert.ok(refused > STRINGS / 50 && refused < STRINGS / 2, `${refused} refused: the strings test too little`);
  });
});
