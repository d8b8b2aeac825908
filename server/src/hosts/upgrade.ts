import { formatCount, type Language, type Wording } from '../text/wording.ts';
import type { Finding } from '../workspace/finding.ts';
import type { Against, ChangedDefault, FindingChange, Upgrade } from '../workspace/upgrade.ts';
import { severityWord } from './severityWord.ts';

interface Words {
  readonly title: (against: string) => string;
  readonly nothing: string;
  readonly defaults: string;
  readonly since: (version: string) => string;
  readonly sum: (comes: string, goes: string, changes: string) => string;
  readonly empty: string;
  readonly none: string;
}

const WORDS: Wording<Words> = {
  en: {
    title: against => `What ${against} would change:`,
    nothing: 'No finding comes, goes or changes.',
    defaults: 'Defaults of the controller that change, and that no file here sets:',
    since: version => `since ${version}`,
    sum: (comes, goes, changes) => `Findings that come: ${comes}, that go: ${goes}, that change: ${changes}.`,
    empty: 'empty',
    none: 'none',
  },
  zh: {
    title: against => `换用 ${against} 后的变化：`,
    nothing: '没有新增、消失或变化的问题。',
    defaults: '控制器中会变化、且此处没有文件设置的默认值：',
    since: version => `自 ${version} 起`,
    sum: (comes, goes, changes) => `新增 ${comes} 个问题，消失 ${goes} 个，变化 ${changes} 个。`,
    empty: '空',
    none: '无',
  },
};

const SIGNS = { comes: '+', goes: '-', changes: '~' } as const;

/** Values longer than this are cut: cipher lists. */
const MAX_VALUE = 60;

/** For people: a block a file, `+` for what comes, `-` for what goes, `~` for what changes. */
export function upgradeAsText({ against, files, defaults }: Upgrade, language: Language): string {
  const words = WORDS[language];
  const lines = [words.title(versionsOf(against))];
  for (const { file, changes } of files) {
    lines.push('', file, ...changes.flatMap(change => linesOf(change, language)));
  }
  const all = files.flatMap(({ changes }) => changes);
  if (defaults.length > 0) lines.push('', words.defaults, ...defaults.map(each => `  ${defaultLine(each, words)}`));
  const count = (kind: FindingChange['kind']) =>
    formatCount(all.filter(change => change.kind === kind).length, language);
  lines.push('', all.length === 0 ? words.nothing : words.sum(count('comes'), count('goes'), count('changes')), '');
  return lines.join('\n');
}

/** For machines; findings are as `check --format json` prints them, without their fixes. */
export function upgradeAsJson({ against, files, defaults }: Upgrade): string {
  const changes = files.flatMap(({ file, changes }) =>
    changes.map(({ kind, before, after }) => ({ change: kind, file, before: printed(before), after: printed(after) })),
  );
  const versions = { ...against.against, ...(against.openssl === null ? {} : { openssl: against.openssl }) };
  return `${JSON.stringify({ version: 1, against: versions, changes, defaults }, null, 2)}\n`;
}

function printed(finding: Finding | null) {
  return finding && { rule: finding.rule, severity: finding.severity, message: finding.message, range: finding.range };
}

function linesOf(change: FindingChange, language: Language): string[] {
  const say = (sign: string, { range, severity, message, rule }: Finding) => {
    const position = `${range.start.line + 1}:${range.start.character + 1}`;
    return `  ${sign} ${position.padEnd(8)} ${severityWord(severity, language)}  ${message}  ${rule}`;
  };
  if (change.kind !== 'changes') return [say(SIGNS[change.kind], change.before ?? change.after)];
  return [say(SIGNS.goes, change.before), say(SIGNS.changes, change.after)];
}

function defaultLine({ name, before, after, since }: ChangedDefault, { since: from, empty, none }: Words): string {
  const short = (value: string | null) => {
    const text = value === null ? none : /^(?:""|)$/.test(value) ? empty : value;
    return text.length > MAX_VALUE ? `${text.slice(0, MAX_VALUE)}…` : text;
  };
  return `${name}: ${short(before)} -> ${short(after)} (${from(since)})`;
}

function versionsOf({ against, openssl }: Against): string {
  const parts = Object.entries(against).map(([program, version]) => `${program} ${version}`);
  return [...parts, ...(openssl === null ? [] : [`openssl ${openssl}`])].join(', ');
}
