import { type IptablesCall, iptablesCallsOf } from '../model/iptablesCall.ts';
import type { ShellText } from '../model/shellText.ts';
import { touches } from '../text/span.ts';
import type { Language } from '../text/wording.ts';
import type { PieceAt } from '../workspace/workspace.ts';
import type { Shown } from './answers.ts';
import { chainMarkdown } from './iptablesHover.ts';
import { chainInScript } from './iptablesScript.ts';
import { ruleInWords } from './iptablesWords.ts';
import { writtenField } from './shellHover.ts';

/** A loop over more addresses says no more. */
const MOST_RULES = 12;

/** The rules that a command of a script adds or asks for in plain words, and what the chain is that the caret is on; null elsewhere. */
export function iptablesCallHover(piece: PieceAt, { language }: { readonly language: Language }): Shown | null {
  const { entities, offset } = piece;
  for (const text of entities) {
    const at = text.is === 'shellText' ? text.offsetOf(offset) : null;
    if (text.is !== 'shellText' || at === null) continue;
    const around = iptablesCallsOf(text).filter(({ invocation: { command } }) => touches(command, at));
    const innermost = Math.max(...around.map(({ invocation }) => invocation.command.start));
    const calls = around.filter(({ invocation }) => invocation.command.start === innermost);
    const [first] = calls;
    const rules = [...new Set(calls.flatMap(call => saidOf(text, call, language) ?? []))];
    const chain = first && chainAt(piece, first, language);
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

/** What the chain under the caret is, by all that the script does to its table. */
function chainAt({ entities, offset }: PieceAt, { table }: IptablesCall, language: Language): string | null {
  const found = table === null ? null : chainInScript(entities, offset);
  return found && chainMarkdown(found.table, found.chain, language);
}

function listOf(rules: readonly string[]): readonly string[] {
  if (rules.length <= 1) return rules;
  const items = rules.slice(0, MOST_RULES).map(rule => `- ${rule}`);
  return [[...items, ...(rules.length > MOST_RULES ? ['- …'] : [])].join('\n')];
}
