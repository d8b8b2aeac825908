import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { codeBlock, HEADINGS, type Heading, section } from '../../server/src/features/page.ts';
import { RULES } from '../../server/src/rules/index.ts';
import { LANGUAGES } from '../../server/src/text/wording.ts';
import type { Finding } from '../../server/src/workspace/finding.ts';
import { analyse, type Fixture, fixtures } from './fixture.ts';

const ALL = fixtures();

/** What files of a language end with. */
const ENDINGS: Record<string, string> = {
  yaml: 'yaml',
  nginx: 'conf',
  iptables: 'v4',
  nft: 'nft',
  sh: 'sh',
  systemd: 'service',
  sysctl: 'conf',
  ini: 'sysctl.conf',
};

describe('fixtures', () => {
  for (const fixture of ALL) it(`${fixture.rule} ${fixture.name}`, () => CHECKS[fixture.kind](fixture));
});

const CHECKS: Record<Fixture['kind'], (fixture: Fixture) => void> = {
  fires({ rule, files, expected }) {
    assert.ok(
      expected.some(mark => mark.rule === rule),
      'no caret marks this rule',
    );
    const { findings } = analyse(files);
    const found = [...findings].flatMap(([file, own]) => own.filter(f => f.rule === rule).map(f => shown(file, f)));
    const marked = expected.map(({ file, line, start, end, severity, message }) => ({
      at: `${file}:${line + 1}:${start + 1}-${end + 1}`,
      severity,
      message,
    }));
    assert.deepEqual(
      found.map(({ at, severity }) => ({ at, severity })),
      marked.map(({ at, severity }) => ({ at, severity })),
    );
    for (const [i, { message }] of marked.entries()) assert.ok(found[i]?.message.startsWith(message), found[i]?.message);
    fixesHold(rule, files);
  },
  silent({ rule, files }) {
    const { findings } = analyse(files);
    const found = [...findings].flatMap(([file, own]) => own.filter(f => f.rule === rule).map(f => shown(file, f)));
    assert.deepEqual(found, []);
  },
  fix({ rule, files, fixed }) {
    const { core } = analyse(files);
    for (const file of files.keys()) assert.equal(core.fixAll(file), fixed.get(file));
    fixesHold(rule, files);
  },
};

/** It is said of every file that ingress-nginx serves or runs from: no setting mends the end of the project. */
const ALWAYS_THERE = 'ingress/retired';

/** Every fix that is offered removes its finding, adds none, and has nothing left to do when it is done. */
function fixesHold(rule: string, files: ReadonlyMap<string, string>): void {
  const { core, findings } = analyse(files);
  for (const [file, own] of findings) {
    for (const finding of own.filter(f => f.rule === rule)) {
      for (const fix of finding.fixes) {
        const edits = core.editsOf(file, finding, fix);
        assert.ok(edits && edits.length > 0, `«${fix.title}» makes no edit`);
        const changed = new Set(edits.map(each => each.file));
        const texts = [...changed].map(name => {
          const own = edits.filter(each => each.file === name);
          return [name, apply(files.get(name) ?? '', own)] as const;
        });
        const after = analyse(new Map([...files, ...texts]));
        const said = (from: typeof findings) =>
          [...from].flatMap(([name, list]) => list.map(f => ({ rule: f.rule, text: `${name} ${f.rule} ${f.message}` })));
        const [before, left] = [said(findings), said(after.findings)];
        const ofRule = (all: typeof before) => all.filter(each => each.rule === rule).length;
        assert.equal(ofRule(left), ofRule(before) - 1, `«${fix.title}» leaves ${left.map(({ text }) => text).join('; ')}`);
        // A fix may settle what other rules say of the same setting; it may not give them anything to say.
        const known = new Set(before.map(({ text }) => text));
        assert.deepEqual(
          left.filter(each => !known.has(each.text) && each.rule !== ALWAYS_THERE),
          [],
        );
      }
    }
  }
}

describe('every rule', () => {
  for (const rule of RULES) {
    describe(rule.id, () => {
      const own = ALL.filter(fixture => fixture.rule === rule.id);

      it('has one case that fires, and two that stay silent, one of them a template', () => {
        assert.ok(own.some(({ kind }) => kind === 'fires'));
        assert.ok(own.filter(({ kind }) => kind === 'silent').length >= 2);
        assert.ok(own.some(({ kind, name }) => kind === 'silent' && name.includes('template')));
      });

      it('stands in a file of its name, and says the same things in both languages', () => {
        const source = readFileSync(`server/src/rules/${rule.id}.ts`, 'utf8');
        assert.match(source, new RegExp(`id: '${rule.id}'`));
        const { en, zh } = rule.messages;
        assert.deepEqual(Object.keys(zh).sort(), Object.keys(en).sort());
        for (const text of [rule.summary.zh, ...zhTexts(source)]) assert.match(text, /\p{Script=Han}/u);
        assert.ok(rule.evidence.length > 0);
      });

      for (const language of LANGUAGES) {
        it(`has a page in ${language} with every heading`, () => {
          const page = rule.page[language];
          assert.ok(page.startsWith(`# ${rule.id}\n\n${rule.summary[language]}\n\n`));
          for (const heading of Object.keys(HEADINGS) as Heading[]) {
            assert.notEqual(section(page, heading, language), '', `${HEADINGS[heading][language]} is missing or empty`);
          }
        });
      }

      it('fires on the Example of its page; its safe fix, if it has one, gives exactly Fixed, which is silent', () => {
        const example = codeBlock(section(rule.page.en, 'example', 'en'));
        const fixed = codeBlock(section(rule.page.en, 'fixed', 'en'));
        assert.ok(example && fixed);
        const file = `example.${ENDINGS[example.language]}`;
        const { core, findings } = analyse(new Map([[file, example.text]]));
        const own = findings.get(file)?.filter(finding => finding.rule === rule.id) ?? [];
        assert.ok(own.length > 0);
        const isFixable = own.some(({ fixes }) => fixes.some(({ safety }) => safety === 'safe'));
        assert.equal(core.fixAll(file), isFixable ? fixed.text : example.text);
        const left = analyse(new Map([[file, fixed.text]])).findings.get(file);
        assert.deepEqual(left?.filter(finding => rule.id === ALWAYS_THERE || finding.rule !== ALWAYS_THERE), []);
      });

      it('is in the table of rules in both languages', () => {
        for (const [table, summary] of [
          ['docs/rules.md', rule.summary.en],
          ['docs/rules.zh.md', rule.summary.zh],
        ] as const) {
          const row = readFileSync(table, 'utf8')
            .split('\n')
            .find(line => line.includes(`[${rule.id}]`));
          assert.ok(row?.includes(summary), `npm run docs`);
        }
      });
    });
  }

  it('has a name of its own, and its fixtures have a rule', () => {
    const ids = RULES.map(({ id }) => id);
    assert.equal(new Set(ids).size, ids.length);
    assert.deepEqual(
      ALL.map(({ rule }) => rule).filter(rule => !ids.includes(rule)),
      [],
    );
  });
});

/** The string literals behind `zh:` keys that hold messages. */
function zhTexts(source: string): string[] {
  const block = /zh: \{\n([\s\S]*?)\n {4}\}/.exec(source)?.[1] ?? '';
  return [...block.matchAll(/=>\s*[`']([^`']*)[`']/g)].map(([, text = '']) => text);
}

function shown(file: string, { range: { start, end }, severity, message }: Finding) {
  return { at: `${file}:${start.line + 1}:${start.character + 1}-${end.character + 1}`, severity, message };
}

function apply(text: string, edits: NonNullable<ReturnType<import('../../server/src/core.ts').Core['editsOf']>>): string {
  const lines = text.split('\n');
  const offset = ({ line, character }: { line: number; character: number }) =>
    lines.slice(0, line).reduce((sum, each) => sum + each.length + 1, 0) + character;
  return [...edits]
    .sort((a, b) => offset(b.range.start) - offset(a.range.start))
    .reduce((result, { range, newText }) => result.slice(0, offset(range.start)) + newText + result.slice(offset(range.end)), text);
}
