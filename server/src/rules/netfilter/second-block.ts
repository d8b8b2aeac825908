import type { IptablesText } from '../../model/iptablesText.ts';
import { chainsOf, type IptablesTable, rulesOf } from '../../syntax/iptables/tree.ts';
import type { TextEdit } from '../../text/edits.ts';
import { nextLine } from '../../text/lineBreaks.ts';
import { atPlace } from '../draft.ts';
import { rule } from '../rule.ts';
import { loadingOf } from './loading.ts';
import en from './second-block.md';
import zh from './second-block.zh.md';

/**
 * iptables-restore empties a table at each `*table` line. A second block of one table does not add to the first: it takes the place of it, and
 * the rules of the first are there for a moment.
 */
export const secondBlock = rule({
  id: 'netfilter/second-block',
  severity: 'error',
  on: 'iptablesText',
  evidence: [
    'iptables 1.8.9: iptables/iptables-restore.c and xtables-restore.c flush the table at each `*table` line without --noflush',
    'test/real/iptablesFiles.test.ts: what is there after both blocks, with both backends',
  ],
  summary: {
    en: 'A second block of a table empties it, and the first one is lost',
    zh: '同一个表的第二个块会清空该表，第一个块的规则丢失',
  },
  messages: {
    en: {
      lost: v =>
        `${v.rules === 1 ? 'The rule' : `The ${v.rules} rules`} of the first \`*${v.table}\` ${v.rules === 1 ? 'is' : 'are'} lost: this second one empties the table first, unless --noflush is given`,
      first: () => 'the first one',
      merge: v => `Put both blocks of ${v.table} together`,
    },
    zh: {
      lost: v => `第一个 \`*${v.table}\` 的 ${v.rules} 条规则会丢失：除非使用 --noflush，这里的第二个块会先清空该表`,
      first: () => '第一个块',
      merge: v => `合并 ${v.table} 的两个块`,
    },
  },
  page: { en, zh },

  *check(text, { file }) {
    const loading = loadingOf(file, text);
    if (text.hasOwnLines || loading === 'add') return;
    const { tables } = text.tree;
    for (const [i, table] of tables.entries()) {
      const first = tables
        .slice(0, i)
        .findLast(other => other.name.value !== null && other.name.value === table.name.value);
      const rules = first ? rulesOf(first).length : 0;
      if (!first || rules === 0) continue;
      const span = { start: table.start, end: table.name.end };
      const draft = atPlace(text.placeOf(span), 'lost', { table: table.name.value ?? '', rules });
      const loud = loading === 'flush' ? draft : draft.as('warning');
      const related = loud.seeAlso('first', text.placeOf({ start: first.start, end: first.name.end }));
      const edits = merged(text, first, table);
      yield edits ? related.fix('merge', 'safe', { address: text.address, change: { op: 'edit', edits } }) : related;
    }
  },
});

/** The lines of the second block before the COMMIT of the first; null where a chain is declared in both, or one is not closed. */
function merged({ tree }: IptablesText, first: IptablesTable, second: IptablesTable): TextEdit[] | null {
  const { text } = tree;
  if (!first.commit || !second.commit) return null;
  const names = new Set(chainsOf(first).map(({ name }) => name.value));
  const both = chainsOf(second).filter(({ name }) => names.has(name.value));
  // One of the two policies of a built-in chain would be lost, and legacy takes no chain twice.
  if (both.length > 0) return null;
  const from = nextLine(text, second.name.end);
  const end = nextLine(text, second.commit.end);
  const lines = text.slice(from, second.commit.start);
  const blank = /\n\r?\n$/.test(text.slice(0, second.start))
    ? second.start - (text[second.start - 2] === '\r' ? 2 : 1)
    : second.start;
  return [
    { span: { start: first.commit.start, end: first.commit.start }, newText: lines },
    { span: { start: blank, end }, newText: '' },
  ];
}
