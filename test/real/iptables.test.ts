import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { BACKENDS, type IptablesBackend } from '../../server/src/facts/netfilter.ts';
import { checkIptables } from '../../server/src/syntax/iptables/check.ts';
import { parseIptables } from '../../server/src/syntax/iptables/parse.ts';
import { type RestoreVerdict, restoreVerdict } from '../../server/src/syntax/iptables/verdict.ts';
import { rulesWithArguments } from '../syntax/iptables/arguments.ts';
import { FILES, FILTER_RULES, inFilter } from '../syntax/iptables/cases.ts';
import { type GeneratedTable, generatedRules, generatedTables } from '../syntax/iptables/generated.ts';
import { type Answer, askRestore, type Question } from './iptablesOracle.ts';

const CORPUS = join('..', 'shared', 'corpus');

/** Set `SEED` and `COUNT` to ask about other texts, and more. */
const SEED = Number(process.env.SEED ?? 7);
const COUNT = Number(process.env.COUNT ?? 1000);

/** Tables whose rules are loaded one by one. */
const SINGLE = 120;

function verdictOf({ text, family }: Question, backend: IptablesBackend): RestoreVerdict {
  const tree = parseIptables(text, { family });
  return restoreVerdict(tree, checkIptables(tree), backend);
}

/** The help or the version: with it the program ends, and calls that a success. */
const PRINTS = /^ip6?tables-\S+ v[\d.]+ \(\w+\)\n(?:\nUsage: |$)/;

/** How the two differ; null if they do not. */
function difference(verdict: RestoreVerdict, answer: Answer): string | null {
  const refused = answer.status !== 0 || PRINTS.test(answer.output);
  if (verdict.kind === 'unsure') return null;
  if (verdict.kind === 'taken') return refused ? 'we take it' : null;
  if (!refused) return `we refuse it: ${verdict.problem.code} ${verdict.problem.what} ${verdict.problem.with}`;
  if (verdict.line === null || answer.byKernel || answer.line === null) return null;
  return verdict.line === answer.line
    ? null
    : `we refuse line ${verdict.line}: ${verdict.problem.code} ${verdict.problem.what}`;
}

function compare(questions: readonly Question[]) {
  const differences: string[] = [];
  const counts = { taken: 0, refused: 0, unsure: 0, line: 0 };
  for (const backend of BACKENDS) {
    const answers = askRestore(questions, backend);
    for (const [i, question] of questions.entries()) {
      const answer = answers[i];
      assert.ok(answer);
      const verdict = verdictOf(question, backend);
      counts[verdict.kind]++;
      if (verdict.kind === 'refused' && verdict.line !== null && answer.line !== null && !answer.byKernel)
        counts.line++;
      const differs = difference(verdict, answer);
      if (differs) differences.push(`${backend} ${question.family}: ${differs}\n${question.text}--- ${answer.output}`);
    }
  }
  return { differences, counts };
}

describe('our verdict is that of iptables-restore', () => {
  it('on rules that are generated, whole and damaged', () => {
    const { differences, counts } = compare(generatedRules(COUNT, SEED));
    console.log(`seed ${SEED}:`, JSON.stringify(counts), `${differences.length} differ`);
    assert.deepEqual(differences.slice(0, Number(process.env.SHOW ?? 5)), []);
    assert.ok(
      counts.taken > COUNT / 5 && counts.line > COUNT / 10 && counts.unsure < COUNT / 5,
      JSON.stringify(counts),
    );
  });

  it('on every argument that an option may choke on', () => {
    const { differences, counts } = compare(rulesWithArguments());
    console.log('arguments:', JSON.stringify(counts));
    assert.deepEqual(differences.slice(0, 5), []);
    assert.ok(counts.taken > 1000 && counts.refused > 1000, JSON.stringify(counts));
  });

  it('on the cases that the unit tests show', () => {
    const rules = Object.values(FILTER_RULES).flatMap(cases =>
      cases.map(([rule, , family = 'ipv4']) => ({ text: inFilter(rule), family })),
    );
    const files = FILES.map(([, text]) => ({ text, family: 'ipv4' as const }));
    assert.deepEqual(compare([...rules, ...files]).differences, []);
  });

  it('on rules that are loaded one by one, as the kernel sees them', () => {
    for (const backend of BACKENDS) {
      const { differences, counts } = compareOneByOne(generatedTables(SINGLE, SEED), backend);
      console.log(`${backend}, one by one:`, JSON.stringify(counts));
      assert.deepEqual(differences.slice(0, 5), []);
      assert.ok(counts.taken > SINGLE && counts.byKernel > SINGLE / 4, JSON.stringify(counts));
    }
  });

  it('on real files', () => {
    const files = existsSync(CORPUS)
      ? ['save', 'notrack'].flatMap(kind => readdirSync(join(CORPUS, kind)).map(name => join(CORPUS, kind, name)))
      : [];
    const texts = files.map(file => readFileSync(file, 'utf8')).filter(text => /^\*\w+$/m.test(text));
    const { differences, counts } = compare(texts.map(text => ({ text, family: 'ipv4' })));
    console.log('real:', JSON.stringify(counts));
    assert.deepEqual(differences, []);
  });
});

/** Each rule of each table by itself, behind those that were taken before it. */
function compareOneByOne(tables: readonly GeneratedTable[], backend: IptablesBackend) {
  const questions: Question[] = [];
  for (const { head, rules, family } of tables) {
    questions.push({ text: `${head}COMMIT\n`, family });
    for (const rule of rules)
      questions.push({ text: `${head.split('\n')[0]}\n${rule}\nCOMMIT\n`, family, noflush: true });
  }
  const answers = askRestore(questions, backend);
  const differences: string[] = [];
  const counts = { taken: 0, refused: 0, byKernel: 0, unsure: 0 };
  let next = 0;
  for (const { head, rules, family } of tables) {
    let text = head;
    next++;
    for (const rule of rules) {
      const answer = answers[next++];
      assert.ok(answer);
      const verdict = verdictOf({ text: `${text}${rule}\nCOMMIT\n`, family }, backend);
      if (answer.status === 0) text += `${rule}\n`;
      counts[verdict.kind]++;
      if (verdict.kind === 'refused' && verdict.problem.byKernel) counts.byKernel++;
      if (verdict.kind !== 'unsure' && (verdict.kind === 'refused') !== (answer.status !== 0))
        differences.push(`${backend} ${family}: ${JSON.stringify(verdict)}\n${text}${rule}\n--- ${answer.output}`);
    }
  }
  return { differences, counts };
}
