import type { IptablesText } from '../../model/iptablesText.ts';
import type { IptablesProblemCode } from '../../syntax/iptables/problem.ts';
import type { Language, Wording } from '../../text/wording.ts';
import { atPlace, type Params } from '../draft.ts';
import { type Message, rule } from '../rule.ts';
import { type MendTitle, mendOf } from './refusalFixes.ts';
import { type Refusal, refusalsOf } from './refusals.ts';
import { REASONS } from './refusalWording.ts';
import en from './syntax.md';
import zh from './syntax.zh.md';

/** What rules of their own say. */
const ELSEWHERE: ReadonlySet<IptablesProblemCode> = new Set([
  ...(['unknownChain', 'unknownTarget', 'dropInNat', 'interfaceOfHook', 'notOnBackend'] as const),
  ...(['targetOutsideTable', 'targetOutsideHook', 'matchOutsideTable', 'matchOutsideHook'] as const),
]);

/** Who stops where; `by` is empty for both programs. */
const CONSEQUENCE: Wording<(v: Params) => string> = {
  en: ({ by, table, byKernel, family }) => {
    const program = `${family === 'ipv6' ? 'ip6' : 'ip'}tables-${by === '' ? '' : `${by}-`}restore`;
    const loads = table === '' ? 'loads nothing of this file' : `loads no rule of table ${table}`;
    return byKernel === 1 ? `${program} ${loads}, as the kernel refuses one` : `${program} stops here and ${loads}`;
  },
  zh: ({ by, table, byKernel, family }) => {
    const program = `${family === 'ipv6' ? 'ip6' : 'ip'}tables-${by === '' ? '' : `${by}-`}restore`;
    const loads = table === '' ? '不会加载此文件' : `不会加载 ${table} 表的任何规则`;
    return byKernel === 1 ? `内核拒绝了其中一条，${program} ${loads}` : `${program} 在此停止，${loads}`;
  },
};

const TITLES: Wording<Readonly<Record<MendTitle, Message>>> = {
  en: {
    removeMark: () => 'Remove the byte order mark',
    lineFeeds: () => 'End lines with line feeds alone',
    commit: () => 'Add COMMIT',
    commitAlone: () => 'Put COMMIT alone on its line',
    lineFeed: () => 'Add a line feed behind COMMIT',
    commentAbove: () => 'Put the comment on a line of its own',
    upperCase: v => `Write ${v.with}`,
    multiport: () => 'Match these ports with -m multiport',
    colon: () => 'Write the range with a colon',
    order: () => 'Put the lower port first',
    removeOption: v => `Remove ${v.what}`,
    removeProgram: v => `Remove ${v.what}`,
    negateBefore: () => 'Put ! before the option',
    dash: () => 'Write - for the policy',
    loadMatch: v => `Put -m ${v.with} before it`,
  },
  zh: {
    removeMark: () => '删除字节顺序标记',
    lineFeeds: () => '行尾只保留换行符',
    commit: () => '添加 COMMIT',
    commitAlone: () => '让 COMMIT 单独成行',
    lineFeed: () => '在 COMMIT 后添加换行',
    commentAbove: () => '把注释放到单独一行',
    upperCase: v => `改为 ${v.with}`,
    multiport: () => '用 -m multiport 匹配这些端口',
    colon: () => '用冒号表示范围',
    order: () => '把较小的端口放在前面',
    removeOption: v => `删除 ${v.what}`,
    removeProgram: v => `删除 ${v.what}`,
    negateBefore: () => '把 ! 放到选项之前',
    dash: () => '策略改为 -',
    loadMatch: v => `在它之前加上 -m ${v.with}`,
  },
};

/**
 * iptables-restore reads a table as a whole: at the first line that it does not understand it stops, and nothing of that table, nor of
 * what follows, is loaded. At boot that leaves a machine without its firewall, and a node without the NOTRACK rules that it counts on.
 */
export const netfilterSyntax = rule({
  id: 'netfilter/syntax',
  severity: 'error',
  on: 'iptablesText',
  evidence: [
    'iptables 1.8.9: iptables/iptables-restore.c, xtables-restore.c, xshared.c (do_parse), libxtables/xtoptions.c',
    'test/real/iptables.test.ts: the verdict and the first bad line of iptables-nft-restore and iptables-legacy-restore on generated rules',
  ],
  summary: {
    en: 'iptables-restore refuses this line, and with it the table',
    zh: 'iptables-restore 拒绝这一行，整个表都不会加载',
  },
  messages: { en: { ...worded('en'), ...TITLES.en }, zh: { ...worded('zh'), ...TITLES.zh } },
  page: { en, zh },

  *check(text) {
    for (const refusal of refusalsOf(text)) {
      const { problem, by } = refusal;
      if (ELSEWHERE.has(problem.code)) continue;
      const draft = atPlace(text.placeOf(problem.span), problem.code, paramsOf(text, refusal));
      const told = by === null ? draft : draft.as('warning');
      const mend = mendOf(text, problem);
      yield mend
        ? told.fix(mend.title, 'safe', { address: text.address, change: { op: 'edit', edits: mend.edits } })
        : told;
    }
  },
});

/** The figures of a refusal; `byKernel` is 1 or 0. */
export function paramsOf({ tree }: IptablesText, { problem, table, by }: Refusal): Params {
  return {
    family: tree.family,
    what: problem.what,
    with: problem.with,
    table: table?.name.value ?? '',
    by: by ?? '',
    byKernel: problem.byKernel ? 1 : 0,
  };
}

/** Every reason as a message: the consequence first. */
export function worded(language: Language): Record<IptablesProblemCode, Message> {
  const entries = Object.entries(REASONS[language]).map(([code, reason]) => [
    code,
    (v: Params) =>
      `${CONSEQUENCE[language](v)}${language === 'zh' ? '：' : ': '}${reason(String(v.what), String(v.with))}`,
  ]);
  return Object.fromEntries(entries) as Record<IptablesProblemCode, Message>;
}
