import { TABLES } from '../../facts/netfilter.ts';
import type { PlacedRule, WrittenRule, WrittenRuleset } from '../../model/ruleset/ruleset.ts';
import { shadowedIn } from '../../model/ruleset/shadowed.ts';
import { checkCommand } from '../../syntax/iptables/checkCommand.ts';
import type { TextEdit } from '../../text/edits.ts';
import { eolOf, lineEnd, lineStart } from '../../text/lineBreaks.ts';
import { atPlace, type Draft } from '../draft.ts';
import { rule } from '../rule.ts';
import { merged } from './refusals.ts';
import en from './rule-shadowed.md';
import zh from './rule-shadowed.zh.md';
import { edit, withoutLines } from './rulesetEdits.ts';

type Key = 'other' | 'same' | 'earlier' | 'remove' | 'move';

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
      remove: () => 'Remove the rule',
      move: v => `Move the rule before rule ${v.number} of ${v.chain}`,
    },
    zh: {
      other: v =>
        `没有报文能到达这里：${v.chain} 的第 ${v.number} 条规则已经对它们全部执行 ${v.by}，这里的 ${v.target} 永远不会执行`,
      same: v => `这条规则不起作用：${v.chain} 的第 ${v.number} 条规则已经对这些报文执行 ${v.by}`,
      earlier: () => '这条规则处理了所有这些报文',
      remove: () => '删除这条规则',
      move: v => `把规则移到 ${v.chain} 的第 ${v.number} 条规则之前`,
    },
  },
  page: { en, zh },

  *check(ruleset): Iterable<Draft<Key>> {
    if (ruleset.source.hasOwnLines || !ruleset.isWhole) return;
    for (const table of TABLES) {
      const chains = new Map<string, PlacedRule[]>();
      for (const placed of ruleset.rulesOf(table)) {
        const known = chains.get(placed.at.chain);
        if (known) known.push(placed);
        else chains.set(placed.at.chain, [placed]);
      }
      for (const [chain, rules] of chains) {
        // A table with a rule that is refused is not loaded: nothing follows from its rules.
        const found = [...shadowedIn(rules)].filter(each => ![each.rule, each.by].some(one => isRefused(ruleset, one)));
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
          const told = (isSame ? draft.as('hint') : draft).seeAlso('earlier', ruleset.placeOf(by.written));
          if (!isSame) yield told.fix('move', 'unsafe', edit(ruleset, ...moved(ruleset, placed.written, by.written)));
          // Of two that ask for the same, one is enough; a narrower one may be what shall stay when the wider goes.
          else
            yield told.fix(
              'remove',
              isTwice(placed, by) ? 'safe' : 'unsafe',
              edit(ruleset, withoutLines(ruleset.source.text, placed.written)),
            );
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

function isRefused({ family }: WrittenRuleset, { at, written }: PlacedRule): boolean {
  return merged(checkCommand(written.specification, family, at.table)).some(({ by }) => by === null);
}

/** True for rules that ask for the same, with the same counters and comments or others. */
function isTwice(one: PlacedRule, other: PlacedRule): boolean {
  return [...shadowedIn([other, one])].length > 0 && [...shadowedIn([one, other])].length > 0;
}

function moved(ruleset: WrittenRuleset, rule: WrittenRule, before: WrittenRule): readonly TextEdit[] {
  const { text } = ruleset.source;
  const line = text.slice(lineStart(text, rule.start), lineEnd(text, rule.end));
  const start = lineStart(text, before.start);
  return [{ span: { start, end: start }, newText: `${line}${eolOf(text)}` }, withoutLines(text, rule)];
}
