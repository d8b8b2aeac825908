import type { ShellField } from '../model/shell/fields.ts';
import type { Invocation } from '../model/shell/invocation.ts';
import type { ShellText } from '../model/shellText.ts';
import { touches } from '../text/span.ts';
import type { Language, Wording } from '../text/wording.ts';
import type { PieceAt } from '../workspace/workspace.ts';

/** More lines say no more. */
const MAX_LINES = 12;

const TITLE: Wording<(count: number) => string> = {
  en: count => (count === 1 ? '**Runs as**' : `**Runs ${count} times**`),
  zh: count => (count === 1 ? '**实际执行**' : `**执行 ${count} 次**`),
};
const MORE: Wording<(count: number) => string> = { en: count => `and ${count} more`, zh: count => `另有 ${count} 次` };

/**
 * What a script makes of a command with variables: once for each round of a loop and each call of its function. Null where it runs as it is
 * written, or where nothing of it is known.
 */
export function shellHover({ entities, offset }: PieceAt, { language }: { readonly language: Language }) {
  for (const text of entities) {
    const at = text.is === 'shellText' ? text.offsetOf(offset) : null;
    if (text.is !== 'shellText' || at === null) continue;
    const around = text.invocations.filter(({ command }) => touches(command, at));
    const innermost = Math.max(...around.map(({ command }) => command.start));
    const runs = around.filter(({ command }) => command.start === innermost);
    const [first] = runs;
    if (!first || !runs.some(isExpanded)) continue;
    const lines = [...new Set(runs.map(run => lineOf(text, run)))];
    const more = lines.length - MAX_LINES;
    const shown = [...lines.slice(0, MAX_LINES), ...(more > 0 ? [`# ${MORE[language](more)}`] : [])];
    const markdown = `${TITLE[language](runs.length)}\n\n\`\`\`sh\n${shown.join('\n')}\n\`\`\``;
    return { markdown, span: text.placeOf(first.command).value };
  }
  return null;
}

/** True if a variable of it is known. */
function isExpanded({ fields }: Invocation): boolean {
  return fields.some(({ value, word }) => value !== null && word.parts.some(({ kind }) => kind === 'variable'));
}

function lineOf({ script }: ShellText, { fields }: Invocation): string {
  return fields.map(field => writtenField(script.text, field)).join(' ');
}

/** A word as it would be typed; as it is written where it is not known. */
export function writtenField(source: string, { value, word, from = word }: ShellField): string {
  if (value === null) return source.slice(from.start, from.end).replace(/\s*\\?\r?\n\s*/g, ' ');
  return /^[\w@%+=:,./!^-]+$/.test(value) ? value : `'${value.replaceAll("'", "'\\''")}'`;
}
