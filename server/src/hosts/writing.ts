import {
  type CompletionItem,
  CompletionItemKind,
  type DocumentSymbol,
  type FoldingRange,
  FoldingRangeKind,
  type InlayHint,
  MarkupKind,
  type SemanticTokens,
  type SemanticTokensLegend,
  SymbolKind,
} from 'vscode-languageserver';
import type { CompletionKind, OutlineItem, OutlineKind } from '../features/answers.ts';
import { COLOURS } from '../features/answers.ts';
import type { Position, Range } from '../text/lines.ts';
import type { Place } from './folders.ts';

/** What has the client ask by itself, beside letters. Not the `{`: the Enter behind it would take the first directive. */
export const COMPLETION_TRIGGERS = ['$'];

const KIND = {
  directive: CompletionItemKind.Property,
  block: CompletionItemKind.Class,
  value: CompletionItemKind.Value,
  variable: CompletionItemKind.Variable,
  key: CompletionItemKind.Field,
  option: CompletionItemKind.EnumMember,
} as const satisfies Record<CompletionKind, CompletionItemKind>;

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

const SYMBOL = {
  text: SymbolKind.File,
  section: SymbolKind.Namespace,
  server: SymbolKind.Class,
  location: SymbolKind.Method,
  upstream: SymbolKind.Struct,
  map: SymbolKind.Enum,
  lua: SymbolKind.Function,
  block: SymbolKind.Object,
} as const satisfies Record<OutlineKind, SymbolKind>;

/** The outline of a place. */
export function symbolsOf({ core, file }: Place): DocumentSymbol[] {
  return core.outline(file).map(symbolOf);
}

function symbolOf({ kind, name, range, selection, children }: OutlineItem): DocumentSymbol {
  return { kind: SYMBOL[kind], name, range, selectionRange: selection, children: children.map(symbolOf) };
}

/** The worked-out values of a range of a place. */
export function inlayHintsOf({ core, file }: Place, range: Range): InlayHint[] {
  return core.inlayHints(file, range).map(({ position, label, tooltip }) => ({
    position,
    label,
    paddingLeft: true,
    ...(tooltip === '' ? {} : { tooltip: { kind: MarkupKind.Markdown, value: tooltip } }),
  }));
}

/** What can be folded at a place; null if that is left to the client. */
export function foldingRangesOf({ core, file }: Place): FoldingRange[] | null {
  const folds = core.folds(file);
  return (
    folds?.map(({ kind, startLine, endLine }) => ({
      startLine,
      endLine,
      ...(kind === 'comment' ? { kind: FoldingRangeKind.Comment } : {}),
    })) ?? null
  );
}

/** The colours are named as the protocol names types of tokens. */
export const LEGEND: SemanticTokensLegend = { tokenTypes: [...COLOURS], tokenModifiers: [] };

/** The colours of a place, or of the lines of it that a range touches: five numbers for each word, as the protocol counts. */
export function semanticTokensOf({ core, file }: Place, range: Range | null): SemanticTokens {
  const data: number[] = [];
  let before: Position = { line: 0, character: 0 };
  for (const { colour, start, length } of core.colouredWords(file)) {
    if (range && (start.line < range.start.line || start.line > range.end.line)) continue;
    const lines = start.line - before.line;
    const characters = lines === 0 ? start.character - before.character : start.character;
    data.push(lines, characters, length, COLOURS.indexOf(colour), 0);
    before = start;
  }
  return { data };
}
