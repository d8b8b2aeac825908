import type { Change } from '../../model/edit.ts';
import type { WrittenRule, WrittenRuleset } from '../../model/ruleset/ruleset.ts';
import type { Rule } from '../../simulate/packetPath/ruleset.ts';
import type { TextEdit } from '../../text/edits.ts';

/** Edits of the text that makes a ruleset. */
export function edit(ruleset: WrittenRuleset, ...edits: readonly TextEdit[]): Change {
  return { address: ruleset.source.address, change: { op: 'edit', edits } };
}

/** A line of its own below a rule. */
export function below(text: string, rule: WrittenRule, line: string): TextEdit {
  const feed = text.indexOf('\n', rule.end);
  const end = feed < 0 ? text.length : feed;
  const lineEnd = text[end - 1] === '\r' ? end - 1 : end;
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  return { span: { start: lineEnd, end: lineEnd }, newText: `${eol}${line}` };
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
