import { CHAINS, HOOKS } from '../../facts/netfilter.ts';
import type { IptablesText } from '../../model/iptablesText.ts';
import { chainsOf, type IptablesTable } from '../../syntax/iptables/tree.ts';
import type { TextEdit } from '../../text/edits.ts';
import { eolOf, nextLine } from '../../text/lineBreaks.ts';
import { atPlace } from '../draft.ts';
import { rule } from '../rule.ts';
import { isOfProgram, loadingOf } from './loading.ts';
import { refusalsOf } from './refusals.ts';
import en from './unknown-chain.md';
import zh from './unknown-chain.zh.md';

/**
 * A chain has to be declared in its own table before a rule goes into it or jumps to it. iptables-nft finds out when it hands the table to the
 * kernel, and names the line of COMMIT; `--test` finds nothing.
 */
export const unknownChain = rule({
  id: 'netfilter/unknown-chain',
  severity: 'error',
  on: 'iptablesText',
  evidence: [
    'iptables 1.8.9: iptables/iptables.c (do_command4), iptables/nft-cmd.c (assert_chain_exists)',
    'test/real/iptables.test.ts: chains that are missing, declared later, or in another table, with both backends',
  ],
  summary: { en: 'A chain that its table does not have', zh: '所在的表中没有这个链' },
  messages: {
    en: {
      rule: v => `No rule of table ${v.table} is loaded: nothing declares chain ${v.chain} above this line`,
      jump: v =>
        `No rule of table ${v.table} is loaded: ${v.chain} is neither a target nor a chain that is declared above`,
      builtIn: v => `No rule of table ${v.table} is loaded: it has no chain ${v.chain}, only ${v.others}`,
      other: v => `declared in table ${v.table}`,
      declare: v => `Declare chain ${v.chain}`,
      rename: v => `Write ${v.meant}`,
    },
    zh: {
      rule: v => `${v.table} 表的规则都不会加载：这一行之前没有声明链 ${v.chain}`,
      jump: v => `${v.table} 表的规则都不会加载：${v.chain} 既不是目标，前面也没有声明这个链`,
      builtIn: v => `${v.table} 表的规则都不会加载：它没有链 ${v.chain}，只有 ${v.others}`,
      other: () => '声明在这个表中',
      declare: v => `声明链 ${v.chain}`,
      rename: v => `改为 ${v.meant}`,
    },
  },
  page: { en, zh },

  *check(text, { file }) {
    const loading = loadingOf(file, text);
    if (text.hasOwnLines) return;
    const told = new Set<string>();
    for (const { problem, table } of refusalsOf(text)) {
      const { code, what: chain, span } = problem;
      if ((code !== 'unknownChain' && code !== 'unknownTarget') || !table) continue;
      const name = table.name.value ?? '';
      // One declaration mends them all.
      const key = `${table.start} ${chain}`;
      if (told.has(key)) continue;
      told.add(key);
      const isBuiltIn = BUILT_IN.includes(chain);
      if (!isBuiltIn && (loading === 'add' || isOfProgram(chain))) continue;
      const others = [...new Set(chainsOf(table).map(({ name: own }) => own.value ?? ''))].filter(own => own !== '');
      const message = isBuiltIn ? 'builtIn' : code === 'unknownChain' ? 'rule' : 'jump';
      const params = {
        chain,
        table: name,
        others: Object.keys(CHAINS[name] ?? {}).join(', '),
        meant: similar(chain, others) ?? '',
      };
      const draft = atPlace(text.placeOf(span), message, params);
      const loud = loading === 'flush' || isBuiltIn ? draft : draft.as('warning');
      const elsewhere = text.tree.tables.find(
        other => other !== table && chainsOf(other).some(own => own.name.value === chain),
      );
      const related = elsewhere ? loud.seeAlso('other', text.placeOf(elsewhere.name)) : loud;
      if (isBuiltIn) {
        yield related;
        continue;
      }
      const edit = (...edits: TextEdit[]) => ({ address: text.address, change: { op: 'edit' as const, edits } });
      const declared = related.fix(
        'declare',
        code === 'unknownChain' ? 'safe' : 'unsafe',
        edit(...declaration(text, table, chain)),
      );
      yield params.meant === '' ? declared : declared.fix('rename', 'unsafe', edit({ span, newText: params.meant }));
    }
  },
});

const BUILT_IN: readonly string[] = HOOKS;

/** A line of its own below the last declared chain above the rules, else below the table's; one that stands too low is moved there. */
function declaration({ tree }: IptablesText, table: IptablesTable, chain: string): TextEdit[] {
  const { text } = tree;
  const firstRule = table.lines.findIndex(line => line.is === 'rule');
  const above = table.lines.slice(0, firstRule < 0 ? table.lines.length : firstRule).at(-1);
  const at = nextLine(text, above?.end ?? table.name.end);
  const later = chainsOf(table).find(({ name }) => name.value === chain);
  if (!later) {
    return [{ span: { start: at, end: at }, newText: `:${chain} - [0:0]${eolOf(text)}` }];
  }
  const end = nextLine(text, later.end);
  return [
    { span: { start: at, end: at }, newText: text.slice(later.start, end) },
    { span: { start: later.start, end }, newText: '' },
  ];
}

/** The name among `names` that differs in one character at most, or in case; null if there is none, or several. */
function similar(name: string, names: readonly string[]): string | null {
  const near = names.filter(
    other => other !== name && (other.toLowerCase() === name.toLowerCase() || isOneOff(other, name)),
  );
  return near.length === 1 ? (near[0] ?? null) : null;
}

function isOneOff(a: string, b: string): boolean {
  if (Math.abs(a.length - b.length) > 1 || Math.min(a.length, b.length) < 3) return false;
  let from = 0;
  while (from < a.length && a[from] === b[from]) from++;
  const rest = (x: string, skip: number) => x.slice(from + skip);
  return rest(a, 1) === rest(b, 1) || rest(a, 1) === rest(b, 0) || rest(a, 0) === rest(b, 1);
}
