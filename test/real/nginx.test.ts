import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { isMap, isScalar, parseAllDocuments, visit } from 'yaml';
import type { NginxContext } from '../../server/src/facts/nginx.ts';
import { parseNginx, parseStrictly } from '../../server/src/syntax/nginx/parse.ts';
import { type NginxDirective, walk } from '../../server/src/syntax/nginx/tree.ts';
import { nginxVerdict } from '../../server/src/syntax/nginx/verdict.ts';
import { mask } from '../../server/src/syntax/template.ts';
import { generatedTexts } from '../syntax/nginx/generated.ts';
import { type Answer, NginxOracle, refusalOf, type Saying } from './nginxOracle.ts';

const CORPUS = join('..', 'shared', 'corpus');

/** Directives that nginx refuses for what is not in the text: they are blanked, and nginx is asked again. */
const PATIENCE = 80;

interface Sample {
  readonly name: string;
  readonly text: string;
  readonly context: NginxContext;
}

const oracle = new NginxOracle();
after(() => oracle.close());

describe('our verdict is that of nginx -t', () => {
  it('on texts that are generated, whole and damaged', async () => {
    const samples = generatedTexts(500).map(({ text, context }, i) => ({ name: `generated ${i}`, text, context }));
    const { refused, taken, disagreements } = await compareAll(samples);
    assert.deepEqual(disagreements, []);
    assert.ok(taken > 100, `${taken} taken`);
    for (const says of ['unexpected', 'unexpected end', 'not terminated', 'no opening', 'not allowed here'] as const)
      assert.ok((refused.get(says) ?? 0) > 1, says);
    for (const says of ['number of arguments', 'duplicate'] as const) assert.ok((refused.get(says) ?? 0) > 10, says);
    console.log(`generated: ${taken} taken alike, refused alike: ${listed(refused)}`);
  });

  it('on real files and snippets, in the contexts in which they may be meant', async () => {
    const all = existsSync(CORPUS) ? [...nginxFiles(), ...yamlSnippets()] : [];
    const samples = all.filter(({ context }) => oracle.can(context));
    const { refused, taken, disagreements } = await compareAll(samples);
    assert.deepEqual(disagreements, []);
    if (samples.length > 0) assert.ok(total(refused) + taken > 40, `${total(refused) + taken} of ${samples.length}`);
    console.log(`real: ${samples.length} texts, ${taken} taken alike, refused alike: ${listed(refused)}`);
  });
});

interface Comparison {
  readonly outcome: Answer['kind'];
  readonly says?: Saying;
  readonly difference?: string;
}

function total(counts: ReadonlyMap<Saying, number>): number {
  return [...counts.values()].reduce((sum, count) => sum + count, 0);
}

function listed(counts: ReadonlyMap<Saying, number>): string {
  return [...counts].map(([says, count]) => `${count} ${says}`).join(', ');
}

async function compareAll(samples: readonly Sample[]) {
  const disagreements: string[] = [];
  const refused = new Map<Saying, number>();
  let taken = 0;
  const waiting = [...samples];
  const worker = async () => {
    for (let sample = waiting.pop(); sample; sample = waiting.pop()) {
      const { outcome, says, difference } = await compare(sample);
      if (says) refused.set(says, (refused.get(says) ?? 0) + 1);
      if (outcome === 'taken') taken++;
      if (difference) disagreements.push(difference);
    }
  };
  await Promise.all([worker(), worker(), worker()]);
  return { refused, taken, disagreements };
}

async function compare({ name, text, context }: Sample): Promise<Comparison> {
  let asked = text;
  for (let i = 0; i < PATIENCE; i++) {
    const answer = await oracle.ask(asked, context);
    const ours = refusalOf(nginxVerdict(asked, { context }), asked);
    const differs = (theirs: string) =>
      `${name} in ${context}: nginx says ${theirs}, we say ${JSON.stringify(ours)}\n${JSON.stringify(asked)}`;
    if (answer.kind === 'taken') {
      // What the forgiving reading reports must be what nginx refuses.
      const forgiving = parseNginx(asked, { context }).problems.filter(({ code }) => code !== 'missingSemicolon');
      if (ours || forgiving.length > 0)
        return { outcome: 'taken', difference: differs(`nothing (${JSON.stringify(forgiving)})`) };
      return { outcome: 'taken' };
    }
    if (answer.kind === 'refused') {
      const theirs = JSON.stringify(answer.refusal);
      return theirs === JSON.stringify(ours ? { says: ours.says, line: ours.line, of: ours.of } : null)
        ? { outcome: 'refused', says: answer.refusal.says }
        : { outcome: 'refused', difference: differs(theirs) };
    }
    if (ours && ours.line < answer.line)
      return { outcome: 'other', difference: differs(`${answer.message} at ${answer.line}`) };
    const culprit = culpritOf(asked, context, answer);
    if (!culprit) return { outcome: 'other', difference: differs(answer.message) };
    const { start, end } = culprit;
    asked = asked.slice(0, start) + asked.slice(start, end).replace(/[^\n]/g, ' ') + asked.slice(end);
  }
  return { outcome: 'other', difference: `${name} in ${context}: patience is at its end` };
}

/** The directive that nginx was looking at: the last that ends, or opens its block, on the line that it names. */
function culpritOf(text: string, context: NginxContext, { message, line }: { message: string; line: number }) {
  const lineOf = (offset: number) => text.slice(0, offset).split('\n').length;
  const candidates = [...walk(parseStrictly(text, { context }).tree)].filter(
    directive => lineOf(noticedAt(directive)) === line || lineOf(directive.end - 1) === line,
  );
  const named = candidates.filter(({ name }) => message.includes(`"${name.value}"`));
  const used = candidates.filter(({ arguments: words }) => words.some(({ value }) => message.includes(`"${value}`)));
  return named[0] ?? used[0] ?? candidates.at(-1) ?? null;
}

function noticedAt({ semicolon, block, end }: NginxDirective): number {
  return semicolon ?? block?.open ?? end;
}

function nginxFiles(): Sample[] {
  const folder = join(CORPUS, 'nginx');
  return readdirSync(folder).flatMap(file => {
    const { text } = mask(readFileSync(join(folder, file), 'utf8'));
    return (['main', 'http', 'server', 'location'] as const).map(context => ({ name: file, text, context }));
  });
}

/** Contexts of the keys whose values are nginx text: kubernetes/ingress-nginx, see facts on snippets. */
const SNIPPETS: Readonly<Record<string, NginxContext>> = {
  'main-snippet': 'main',
  'http-snippet': 'http',
  'server-snippet': 'server',
  'location-snippet': 'location',
  'configuration-snippet': 'location',
  'auth-snippet': 'location',
  'stream-snippet': 'stream',
};

function yamlSnippets(): Sample[] {
  return readdirSync(CORPUS, { recursive: true, encoding: 'utf8' })
    .filter(file => /\.(?:ya?ml|j2|gotmpl)$/.test(file))
    .flatMap(file => {
      const found: Sample[] = [];
      for (const document of parseAllDocuments(mask(readFileSync(join(CORPUS, file), 'utf8')).text, {
        logLevel: 'silent',
      })) {
        visit(document, {
          Pair(_, { key, value }) {
            if (!isScalar(key) || !isScalar(value) || typeof value.value !== 'string' || isMap(key)) return;
            const name = String(key.value).split('/').at(-1) ?? '';
            const context =
              SNIPPETS[name] ?? (/\.(?:conf|tmpl)$/.test(name) && /[{;]/.test(value.value) ? 'main' : null);
            if (context) found.push({ name: `${file} ${name}`, text: value.value, context });
          },
        });
      }
      return found;
    });
}
