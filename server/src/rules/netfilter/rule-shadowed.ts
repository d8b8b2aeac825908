import { TABLES } from '../../facts/netfilter.ts';
import type { PlacedRule, WrittenRule } from '../../model/ruleset/ruleset.ts';
import { shadowedIn } from '../../model/ruleset/shadowed.ts';
import { atPlace } from '../draft.ts';
import { rule } from '../rule.ts';
import en from './rule-shadowed.md';
import zh from './rule-shadowed.zh.md';

/**
 * The first rule that a packet meets decides. One that stands behind another which asks for no more, and ends a packet's way through the chain, never
 * meets any.
 */
export const ruleShadowed = rule({
  id: 'netfilter/rule-shadowed',
  severity: 'warning',
  on: 'ruleset',
  evidence: [
    'Linux net/ipv4/netfilter/ip_tables.c, ipt_do_table: a verdict ends the chain (6.18)',
    'test/model/shadowed.test.ts: without such rules, generated rulesets treat all connections as before; test/real/packetPath.test.ts holds that against the kernel',
  ],
  summary: { en: 'An earlier rule leaves nothing for this one', zh: '前面的规则已经处理了这条规则的所有报文' },
  messages: {
    en: {
      other: v =>
        `No packet gets here: rule ${v.number} of ${v.chain} has ${v.by} for all of them, and this ${v.target} is never done`,
      same: v => `This does nothing: rule ${v.number} of ${v.chain} has ${v.by} for all of these packets already`,
      earlier: () => 'this takes all of them',
    },
    zh: {
      other: v =>
        `没有报文能到达这里：${v.chain} 的第 ${v.number} 条规则已经对它们全部执行 ${v.by}，这里的 ${v.target} 永远不会执行`,
      same: v => `这条规则不起作用：${v.chain} 的第 ${v.number} 条规则已经对这些报文执行 ${v.by}`,
      earlier: () => '这条规则处理了所有这些报文',
    },
  },
  page: { en, zh },

  *check(ruleset) {
    if (ruleset.source.hasOwnLines || !ruleset.isWhole) return;
    for (const table of TABLES) {
      const chains = new Map<string, PlacedRule[]>();
      for (const placed of ruleset.rulesOf(table)) {
        const known = chains.get(placed.at.chain);
        if (known) known.push(placed);
        else chains.set(placed.at.chain, [placed]);
      }
      for (const [chain, rules] of chains) {
        const found = [...shadowedIn(rules)];
        for (const { rule: placed, by } of found) {
          // Of a rule for several addresses, all of the rules that it makes.
          if (!rules.every(each => each.written !== placed.written || found.some(other => other.rule === each)))
            continue;
          if (rules.find(each => each.written === placed.written) !== placed) continue;
          const isSame = JSON.stringify(targetOf(placed.written)) === JSON.stringify(targetOf(by.written));
          const figures = {
            chain,
            number: by.at.index + 1,
            by: targetOf(by.written)[0] ?? '',
            target: targetOf(placed.written)[0] ?? '',
          };
          const draft = atPlace(
            ruleset.placeOf(placed.written),
            isSame ? ('same' as const) : ('other' as const),
            figures,
          );
          yield (isSame ? draft.as('hint') : draft).seeAlso('earlier', ruleset.placeOf(by.written));
        }
      }
    }
  },
});

/** The target's name, and what it is given. */
function targetOf({ specification }: WrittenRule): readonly string[] {
  const { jump, options, target } = specification;
  const given = options.filter(option => option.loaded !== null && option.loaded === target);
  return [jump?.argument?.value ?? '', ...given.map(({ name, argument }) => `${name} ${argument?.value ?? ''}`)];
}
