import {
  type CodeAction,
  CodeActionKind,
  type CodeActionParams,
  type Diagnostic,
  DiagnosticSeverity,
  type TextEdit,
  type WorkspaceEdit,
} from 'vscode-languageserver';
import { pagePath } from '../core.ts';
import type { Position, Range } from '../text/lines.ts';
import type { Wording } from '../text/wording.ts';
import type { FileEdit, Finding } from '../workspace/finding.ts';
import type { Place } from './folders.ts';

/** By which editors tell this server's diagnostics from those of others. */
export const SOURCE = 'ingress-path';

export const FIX_ALL = `${CodeActionKind.SourceFixAll}.${SOURCE}`;

const SEVERITY = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  information: DiagnosticSeverity.Information,
  hint: DiagnosticSeverity.Hint,
} as const;

const SUPPRESS: Wording<{ readonly title: (rule: string) => string; readonly reason: string }> = {
  en: { title: rule => `Ignore ${rule} here, with a reason`, reason: 'REASON' },
  zh: { title: rule => `在此忽略 ${rule}，并写明理由`, reason: '理由' },
};

const FIX_ALL_TITLE: Wording = {
  en: 'Fix all that is safe to fix (Ingress Path)',
  zh: '修复所有可安全修复的问题（Ingress Path）',
};

/** What of the client and the machine shapes the answers. */
export interface Dialect {
  /** Where the rules' pages are, as a URI that ends with `/`; null if they are nowhere. */
  readonly pages: string | null;
  /** The URI of another file of a place's workspace. */
  uriOf(place: Place, file: string): string;
  /** Edits of documents by their URIs, in the form that the client takes. */
  edit(edits: ReadonlyMap<string, TextEdit[]>): WorkspaceEdit;
}

/** What is found at a place, as diagnostics. */
export function diagnosticsOf(place: Place, dialect: Dialect): Diagnostic[] {
  return place.core.findings(place.file).map(finding => diagnosticOf(finding, place, dialect));
}

function diagnosticOf(
  { rule, severity, message, range, related }: Finding,
  place: Place,
  dialect: Dialect,
): Diagnostic {
  const page = pagePath(rule, place.core.language);
  return {
    range,
    severity: SEVERITY[severity],
    code: rule,
    source: SOURCE,
    message,
    ...(page !== null && dialect.pages !== null ? { codeDescription: { href: dialect.pages + page } } : {}),
    ...(related.length > 0
      ? {
          relatedInformation: related.map(({ file, range, message }) => ({
            location: { uri: dialect.uriOf(place, file), range },
            message,
          })),
        }
      : {}),
  };
}

/** What can be done about the findings that a range touches, and about all in an open document's text. */
export function codeActionsOf(
  place: Place,
  text: string | null,
  { range, context }: CodeActionParams,
  dialect: Dialect,
): CodeAction[] {
  const asked = context.only ?? [CodeActionKind.QuickFix];
  const wants = (kind: string) => asked.some(only => only === '' || kind === only || kind.startsWith(`${only}.`));
  return [
    ...(wants(CodeActionKind.QuickFix) ? quickFixes(place, range, dialect) : []),
    ...(text !== null && wants(FIX_ALL) ? fixAll(place, text, dialect) : []),
  ];
}

function quickFixes(place: Place, range: Range, dialect: Dialect): CodeAction[] {
  const touched = place.core.findings(place.file).filter(finding => touches(finding.range, range));
  return touched.flatMap(finding => {
    const about = { kind: CodeActionKind.QuickFix, diagnostics: [diagnosticOf(finding, place, dialect)] };
    return [...fixes(finding, place, dialect), ...suppression(finding, place, dialect)].map(action => ({
      ...about,
      ...action,
    }));
  });
}

function fixes(finding: Finding, place: Place, dialect: Dialect): CodeAction[] {
  const preferred = finding.fixes.find(({ safety }) => safety === 'safe');
  return finding.fixes.flatMap(fix => {
    const edits = place.core.editsOf(place.file, finding, fix);
    return edits ? [{ title: fix.title, edit: editOf(edits, place, dialect), isPreferred: fix === preferred }] : [];
  });
}

function editOf(edits: readonly FileEdit[], place: Place, dialect: Dialect): WorkspaceEdit {
  const documents = new Map<string, TextEdit[]>();
  for (const { file, range, newText } of edits) {
    const uri = file === place.file ? place.uri : dialect.uriOf(place, file);
    documents.set(uri, [...(documents.get(uri) ?? []), { range, newText }]);
  }
  return dialect.edit(documents);
}

/** Notices on comments and settings have no page, and cannot be suppressed by a comment. */
function suppression(finding: Finding, place: Place, dialect: Dialect): CodeAction[] {
  const { core, file } = place;
  if (pagePath(finding.rule, core.language) === null) return [];
  const { title, reason } = SUPPRESS[core.language];
  const edit = core.suppressionOf(file, finding, reason);
  return edit ? [{ title: title(finding.rule), edit: editOf([{ file, ...edit }], place, dialect) }] : [];
}

function fixAll(place: Place, text: string, dialect: Dialect): CodeAction[] {
  const fixed = place.core.fixAll(place.file);
  if (fixed === null || fixed === text) return [];
  const edit = editOf([{ file: place.file, ...changedLines(text, fixed) }], place, dialect);
  return [{ title: FIX_ALL_TITLE[place.core.language], kind: FIX_ALL, edit }];
}

/** One edit that leaves the lines before and behind the changes alone, and with them the editor's marks and folds. */
export function changedLines(before: string, after: string): TextEdit {
  const [from, to] = [linesOf(before), linesOf(after)];
  const shorter = Math.min(from.length, to.length);
  let start = 0;
  while (start < shorter && from[start] === to[start]) start++;
  let kept = 0;
  while (kept < shorter - start && from[from.length - 1 - kept] === to[to.length - 1 - kept]) kept++;
  return {
    range: { start: startOf(from, start), end: startOf(from, from.length - kept) },
    newText: to.slice(start, to.length - kept).join(''),
  };
}

/** Lines with their line breaks; the last one has none and may be empty. */
function linesOf(text: string): string[] {
  return text.split(/(?<=\r\n|\n|\r(?!\n))/);
}

function startOf(lines: readonly string[], line: number): Position {
  if (line < lines.length) return { line, character: 0 };
  const last = lines.at(-1) ?? '';
  return /[\r\n]$/.test(last) ? { line, character: 0 } : { line: lines.length - 1, character: last.length };
}

function touches(a: Range, b: Range): boolean {
  return !isBefore(a.end, b.start) && !isBefore(b.end, a.start);
}

function isBefore(a: Position, b: Position): boolean {
  return a.line < b.line || (a.line === b.line && a.character < b.character);
}
