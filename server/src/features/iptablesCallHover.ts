import { hookOf } from '../facts/netfilter.ts';
import { type IptablesCall, iptablesCallsOf } from '../model/iptablesCall.ts';
import type { ShellText } from '../model/shellText.ts';
import type { Language } from '../text/wording.ts';
import type { PieceAt } from '../workspace/workspace.ts';
import type { Shown } from './answers.ts';
import { builtInChain } from './iptablesHover.ts';
import { ruleInWords } from './iptablesWords.ts';
import { writtenField } from './shellHover.ts';

/** A loop over more addresses says no more. */
const MOST_RULES = 12;

/** The rules that a command of a script adds or asks for in plain words, and what the chain is that the caret is on; null elsewhere. */
export function iptablesCallHover(
  { entities, offset }: PieceAt,
  { language }: { readonly language: Language },
): Shown | null {
  for (const text of entities) {
    const at = text.is === 'shellText' ? text.offsetOf(offset) : null;
    if (text.is !== 'shellText' || at === null) continue;
    const around = iptablesCallsOf(text).filter(
      ({ invocation: { command } }) => command.start <= at && at <= command.end,
    );
    const innermost = Math.max(...around.map(({ invocation }) => invocation.command.start));
    const calls = around.filter(({ invocation }) => invocation.command.start === innermost);
    const [first] = calls;
    const rules = [...new Set(calls.flatMap(call => saidOf(text, call, language) ?? []))];
    const chain = first && chainAt(first, at, language);
    const shown = [...(chain ? [chain] : []), ...listOf(rules)];
    if (!first || shown.length === 0) continue;
    return { markdown: shown.join('\n\n'), span: text.placeOf(first.invocation.command).value };
  }
  return null;
}

function saidOf(text: ShellText, { specification, table, family, words, program }: IptablesCall, language: Language) {
  if (!specification || table === null) return null;
  const nameOf = (word: (typeof words)[number]) => {
    const field = program.arguments[words.indexOf(word)];
    return field && writtenField(text.script.text, field).replace(/^"(.*)"$/, '$1');
  };
  return ruleInWords(specification, { table, family, language, nameOf });
}

/** What a built-in chain is; of chains of one's own a script tells too little. */
function chainAt({ specification, table }: IptablesCall, at: number, language: Language): string | null {
  const chain = specification?.chain;
  if (!chain?.value || table === null || at < chain.start || chain.end < at) return null;
  const hook = hookOf(table, chain.value);
  return hook && builtInChain(table, hook, [], language);
}

function listOf(rules: readonly string[]): readonly string[] {
  if (rules.length <= 1) return rules;
  const items = rules.slice(0, MOST_RULES).map(rule => `- ${rule}`);
  return [[...items, ...(rules.length > MOST_RULES ? ['- …'] : [])].join('\n')];
}
