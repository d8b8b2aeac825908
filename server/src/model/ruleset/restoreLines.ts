import type { IptablesText } from '../iptablesText.ts';
import { type RulesetLine, rulesetOf, type WrittenRuleset } from './ruleset.ts';

/** The ruleset that iptables-restore makes of a file. Tables that the file does not name count as empty. */
export function rulesetOfFile(text: IptablesText): WrittenRuleset {
  const { tree } = text;
  const lines = tree.tables.flatMap(({ name: { value: table }, lines: own }) =>
    own.map((line): RulesetLine => {
      if (line.is === 'rule') return { is: 'rule', table: table ?? '', written: line };
      return { is: 'chain', table: table ?? '', name: line.name.value, policy: line.policy?.value ?? null };
    }),
  );
  return rulesetOf(text, lines, { family: tree.family, isWhole: true });
}
