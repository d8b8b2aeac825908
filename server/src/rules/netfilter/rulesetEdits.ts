import type { Change } from '../../model/edit.ts';
import type { WrittenRule, WrittenRuleset } from '../../model/ruleset/ruleset.ts';
import type { Rule } from '../../simulate/packetPath/ruleset.ts';
import type { TextEdit } from '../../text/edits.ts';
import { eolOf, lineEnd, lineStart, nextLine } from '../../text/lineBreaks.ts';
import type { Span } from '../../text/span.ts';

/** Edits of the text that makes a ruleset. */
export function edit(ruleset: WrittenRuleset, ...edits: readonly TextEdit[]): Change {
  return { address: ruleset.source.address, change: { op: 'edit', edits } };
}

/** A line of its own below a rule, indented as that is. */
export function below(text: string, rule: WrittenRule, line: string): TextEdit {
  const indent = /^[ \t]*/.exec(text.slice(lineStart(text, rule.start)))?.[0] ?? '';
  const end = lineEnd(text, rule.end);
  return { span: { start: end, end }, newText: `${eolOf(text)}${indent}${line}` };
}

/** The text without the lines that a stretch of it is on. */
export function withoutLines(text: string, { start, end }: Span): TextEdit {
  return { span: { start: lineStart(text, start), end: nextLine(text, end) }, newText: '' };
}

/** What the line above a command ends in if it begins there. */
const GOES_ON = /(?:\|\||&&|\||\\)[ \t]*\r?\n[ \t]*$/;

/** True if nothing else stands on the lines of a rule, and there is more than one line: a list of commands has others. */
export function isAloneOnItsLine(text: string, rule: WrittenRule): boolean {
  const before = text.slice(lineStart(text, rule.start), rule.start);
  const behind = text.slice(rule.end, lineEnd(text, rule.end));
  if (GOES_ON.test(text.slice(0, rule.start))) return false;
  return text.includes('\n') && /^[ \t]*$/.test(before) && /^[ \t]*(?:#.*)?$/.test(behind);
}

/** True for rules that ask for the same addresses, ports and protocol. */
export function isSameExceptInterfaces(one: Rule, other: Rule): boolean {
  return conditions(one) === conditions(other);
}

function conditions({ matches }: Rule): string {
  const asked = matches.filter(({ on }) => on !== 'in' && on !== 'out');
  return JSON.stringify(
    asked.map(match => JSON.stringify(match, (_, value) => (typeof value === 'bigint' ? `${value}` : value))).sort(),
  );
}
