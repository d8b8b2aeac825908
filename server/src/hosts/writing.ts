import { type CompletionItem, CompletionItemKind, MarkupKind } from 'vscode-languageserver';
import type { Completion } from '../features/nginxCompletion.ts';
import type { Position } from '../text/lines.ts';
import type { Place } from './folders.ts';

/** What has the client ask by itself, beside letters. Not the `{`: the Enter behind it would take the first directive. */
export const COMPLETION_TRIGGERS = ['$'];

const KIND = {
  directive: CompletionItemKind.Property,
  block: CompletionItemKind.Class,
  value: CompletionItemKind.Value,
  variable: CompletionItemKind.Variable,
} as const satisfies Record<Completion['kind'], CompletionItemKind>;

/** What can be written at a position of a place. */
export function completionItemsOf({ core, file }: Place, position: Position): CompletionItem[] {
  const found = core.completions(file, position);
  return (found?.items ?? []).map(({ kind, label, detail, documentation, insert }) => ({
    label,
    kind: KIND[kind],
    detail,
    ...(documentation === '' ? {} : { documentation: { kind: MarkupKind.Markdown, value: documentation } }),
    textEdit: { range: found?.range ?? { start: position, end: position }, newText: insert },
  }));
}
