// Tables of the generated pages, in Markdown.
import type { Pitfall } from '../server/src/facts/pitfall.ts';
import type { Language } from '../server/src/text/wording.ts';

/** A table; what would end a cell is escaped. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map(cell => cell.replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** What goes wrong, and links to the rules that say so, or why none does. */
export function pitfallTable(head: readonly string[], pitfalls: readonly Pitfall[], language: Language): string {
  const page = (rule: string) => `[${rule}](../server/src/rules/${rule}${language === 'zh' ? '.zh' : ''}.md)`;
  return table(
    head,
    pitfalls.map(({ title, rules, reason }) => [
      title[language],
      reason ? reason[language] : rules.map(page).join(' '),
    ]),
  );
}
