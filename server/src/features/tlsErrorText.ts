import { TLS_ERROR_TEXTS, type TlsErrorText } from '../facts/browserErrors.ts';
import { isHeeded } from '../model/tlsPolicy.ts';
import { lineEnd, lineStart } from '../text/lineBreaks.ts';
import { type Span, touches } from '../text/span.ts';
import type { Wording } from '../text/wording.ts';
import type { Finding } from '../workspace/finding.ts';
import type { PieceAt, Workspace } from '../workspace/workspace.ts';
import type { Links, Shown, Target } from './answers.ts';

/** More places than these are left out. */
const MAX_PLACES = 8;

interface Words {
  readonly found: string;
  readonly nothing: (settings: string) => string;
  readonly more: (count: number) => string;
}

const WORDS: Wording<Words> = {
  en: {
    found: 'In this workspace it comes from:',
    nothing: settings => `Nothing in this workspace leads there. What decides it: ${settings}.`,
    more: count => `… and ${count} more`,
  },
  zh: {
    found: '在此工作区中，原因在于：',
    nothing: settings => `此工作区中没有导致该错误的设置。起决定作用的是：${settings}。`,
    more: count => `……另有 ${count} 处`,
  },
};

/**
 * What an error that stands in a comment or a note means, and the settings of the workspace that lead to it; `around` is the one to look
 * in where the note's own has none.
 */
export function tlsErrorHover(piece: PieceAt, workspace: Workspace, around = workspace): Shown | null {
  const at = errorAt(piece);
  if (!at) return null;
  const { language } = workspace;
  const [words, { error }] = [WORDS[language], at];
  const own = causesOf(error, workspace);
  const causes = own.length > 0 ? own : causesOf(error, around);
  const lines = causes
    .slice(0, MAX_PLACES)
    .map(({ file, finding }) => `- \`${file}:${finding.range.start.line + 1}\` ${finding.message} (${finding.rule})`);
  const rest = causes.length > MAX_PLACES ? [`- ${words.more(causes.length - MAX_PLACES)}`] : [];
  const markdown = [
    `**${error.text}** (${error.saidBy[language]})`,
    error.meaning[language],
    causes.length > 0
      ? [words.found, '', ...lines, ...rest].join('\n')
      : words.nothing(error.settings.map(setting => `\`${setting}\``).join(', ')),
  ].join('\n\n');
  return { markdown, span: at.span };
}

/** The settings that lead to the error at the caret; where none does, those that decide it. */
export function tlsErrorLinks(piece: PieceAt, workspace: Workspace): Links | null {
  const at = errorAt(piece);
  if (!at) return null;
  const causes = causesOf(at.error, workspace).map(({ file, finding }) => ({ file, range: finding.range }));
  return { definitions: causes.length > 0 ? causes : settingsOf(workspace), references: [] };
}

interface ErrorAt {
  readonly error: TlsErrorText;
  readonly span: Span;
}

function errorAt({ text, offset }: PieceAt): ErrorAt | null {
  const start = lineStart(text, offset);
  const line = text.slice(start, lineEnd(text, offset));
  for (const error of TLS_ERROR_TEXTS) {
    for (let found = line.indexOf(error.text); found >= 0; found = line.indexOf(error.text, found + 1)) {
      const span = { start: start + found, end: start + found + error.text.length };
      if (touches(span, offset)) return { error, span };
    }
  }
  return null;
}

interface Cause {
  readonly file: string;
  readonly finding: Finding;
}

/** What the rules find, the likeliest rule first. */
function causesOf({ rules }: TlsErrorText, workspace: Workspace): readonly Cause[] {
  const all = filesWithTls(workspace).flatMap(file => workspace.findings(file).map(finding => ({ file, finding })));
  return rules.flatMap(rule => all.filter(({ finding }) => finding.rule === rule));
}

function filesWithTls({ linked }: Workspace): readonly string[] {
  return [...new Set(linked.all('tlsPolicy').map(({ file }) => file))];
}

function settingsOf(workspace: Workspace): readonly Target[] {
  const { linked } = workspace;
  return linked.all('tlsPolicy').flatMap(({ file, piece, entity }) => {
    const { ciphers, protocols } = entity;
    if (!isHeeded(entity, linked)) return [];
    const own = workspace.pieces(file)[piece];
    const place = (ciphers.value.place ?? protocols.value.place)?.entry;
    return own && place ? [{ file, range: own.rangeOf(place) }] : [];
  });
}
