import type { IptablesText } from '../../model/iptablesText.ts';
import type { IptablesProblem, IptablesProblemCode } from '../../syntax/iptables/problem.ts';
import { optionNamed, type Specification } from '../../syntax/iptables/specification.ts';
import type { IptablesRule, IptablesTable } from '../../syntax/iptables/tree.ts';
import type { TextEdit } from '../../text/edits.ts';
import { eolOf, lineStart, nextLine } from '../../text/lineBreaks.ts';
import { atPlace } from '../draft.ts';
import { rule } from '../rule.ts';
import { refusalsOf } from './refusals.ts';
import { paramsOf, worded } from './syntax.ts';
import en from './wrong-table.md';
import zh from './wrong-table.zh.md';

const OWN: ReadonlySet<IptablesProblemCode> = new Set([
  ...(['targetOutsideTable', 'targetOutsideHook', 'matchOutsideTable', 'matchOutsideHook'] as const),
  ...(['dropInNat', 'interfaceOfHook', 'notOnBackend'] as const),
]);

/**
 * Most targets, and some matches, work in some tables and some chains alone: NOTRACK before a packet is tracked, DNAT before it is
 * routed. The kernel checks that, jumps into chains of one's own included, and refuses the table as a whole; `--test` asks no kernel.
 */
export const wrongTable = rule({
  id: 'netfilter/wrong-table',
  severity: 'error',
  on: 'iptablesText',
  evidence: [
    'Linux net/netfilter/x_tables.c, xt_check_target and xt_check_match; net/netfilter/nft_compat.c',
    'test/real/iptables.test.ts: rules loaded one by one with iptables 1.8.9, nft and legacy, Linux 6.18',
  ],
  summary: {
    en: 'A target, a match or an interface where it cannot work',
    zh: '目标、匹配或接口用在了不能使用的表或链中',
  },
  messages: {
    en: {
      ...worded('en'),
      toRaw: v => `Move the rule to ${v.chain} of table raw`,
      otherSide: v => `Ask for the interface with ${v.option}`,
    },
    zh: {
      ...worded('zh'),
      toRaw: v => `把规则移到 raw 表的 ${v.chain} 链`,
      otherSide: v => `改用 ${v.option} 匹配接口`,
    },
  },
  page: { en, zh },

  *check(text) {
    for (const refusal of refusalsOf(text)) {
      const { problem, table, by } = refusal;
      if (!OWN.has(problem.code)) continue;
      const written = ruleAround(table, problem);
      const params = {
        ...paramsOf(text, refusal),
        chain: written ? rawChain(written.specification) : '',
        option: otherSide(problem),
      };
      const draft = atPlace(text.placeOf(problem.span), problem.code, params);
      const told = by === null ? draft : draft.as('warning');
      const edits = written && table ? toRaw(text, table, written, problem) : null;
      if (edits && written) {
        const stays = written.specification.chain?.value === rawChain(written.specification);
        yield told.fix('toRaw', stays ? 'safe' : 'unsafe', { address: text.address, change: { op: 'edit', edits } });
      } else if (problem.code === 'interfaceOfHook' && written) {
        const option = optionNamed(
          written.specification,
          problem.what.startsWith('-o') || problem.what.startsWith('--o') ? 'out-interface' : 'in-interface',
        );
        if (!option?.argument) yield told;
        else {
          const span = { start: option.word.start, end: option.argument.start };
          const newText = `${otherSide(problem)} `;
          yield told.fix('otherSide', 'unsafe', {
            address: text.address,
            change: { op: 'edit', edits: [{ span, newText }] },
          });
        }
      } else yield told;
    }
  },
});

function ruleAround(table: IptablesTable | null, { span }: IptablesProblem): IptablesRule | null {
  const line = table?.lines.find(each => each.start <= span.start && span.end <= each.end);
  return line?.is === 'rule' ? line : null;
}

function otherSide({ what }: IptablesProblem): string {
  return /^--?o/.test(what) ? '-i' : '-o';
}

/** Where packets of a chain can be left untracked: those that come in, and those that are made here. */
function rawChain({ chain }: Specification): string {
  return chain?.value === 'OUTPUT' || chain?.value === 'POSTROUTING' ? 'OUTPUT' : 'PREROUTING';
}

/** NOTRACK and CT belong to raw, and were never meant for another table. */
function toRaw(
  text: IptablesText,
  table: IptablesTable,
  rule: IptablesRule,
  { code, what }: IptablesProblem,
): TextEdit[] | null {
  const { chain, command, options } = rule.specification;
  if (code !== 'targetOutsideTable' || (what !== 'NOTRACK' && what !== 'CT') || !chain || command?.name !== 'append')
    return null;
  // A chain of one's own would have to come along, and raw has interfaces on the other side.
  if (!/^(?:PREROUTING|INPUT|FORWARD|OUTPUT|POSTROUTING)$/.test(chain.value ?? '')) return null;
  const wrongSide = rawChain(rule.specification) === 'OUTPUT' ? 'in-interface' : 'out-interface';
  if (options.some(({ name, loaded }) => !loaded && name === wrongSide)) return null;
  const { tree } = text;
  const all = tree.text;
  const whole = { start: lineStart(all, rule.start), end: nextLine(all, rule.end) };
  const line = `${all.slice(whole.start, chain.start)}${rawChain(rule.specification)}${all.slice(chain.end, rule.end)}`;
  const raw = tree.tables.find(({ name, commit }) => name.value === 'raw' && commit);
  const eol = eolOf(all);
  const at = raw?.commit?.start ?? table.start;
  const added = raw
    ? `${line}${eol}`
    : [`*raw`, ':PREROUTING ACCEPT [0:0]', ':OUTPUT ACCEPT [0:0]', line, 'COMMIT', ''].join(eol);
  return [
    { span: whole, newText: '' },
    { span: { start: at, end: at }, newText: added },
  ];
}
