import type { Span } from '../text/span.ts';

/** One arm of a conditional or a loop; what stands in two arms of one group never meets in one rendered text. */
export interface Branch {
  readonly span: Span;
  readonly group: number;
  readonly arm: number;
}

/** A text whose template expressions were replaced, character for character, by something a parser can read. */
export interface Masked {
  readonly text: string;
  /** Expressions within a line: what they touch has a value that only rendering knows. */
  readonly expressions: readonly Span[];
  /** Expressions alone on their line that print something: any key may come from there. */
  readonly outputs: readonly Span[];
  readonly branches: readonly Branch[];
}

const EXPRESSION = /\{\{[\s\S]*?\}\}|\{%[\s\S]*?%\}|\{#[\s\S]*?#\}|<%[\s\S]*?%>/g;
const CONFLICT_MARKER = /^(<{7}|={7}|>{7})(?: .*)?$/gm;
const OPENERS = /^(?:if|unless|range|with|for|define|block|macro|call|filter)\b/;
const SILENT = /^(?:\/\*|\$\w*\s*:?=[^=]|set\b|import\b|from\b|extends\b|break\b|continue\b|raw\b|endraw\b)/;

interface Statement extends Span {
  readonly source: string;
  readonly ownLine: boolean;
}

/** What an expression does to the text around it. */
type Role = 'open' | 'else' | 'end' | 'silent' | 'output';

/**
 * Masks Helm and Go (`{{ }}`), Jinja (`{% %}`, `{# #}`) and ERB (`<% %>`) expressions, and the lines by which git marks a
 * conflict. `${NAME}` needs no mask: it reads as part of a scalar. `{# #}` is a comment only beside other Jinja: alone,
 * the characters are Lua's and the shell's own.
 */
export function mask(text: string): Masked {
  const statements = [...expressions(text), ...conflictMarkers(text)].sort((a, b) => a.start - b.start);
  if (statements.length === 0) return { text, expressions: [], outputs: [], branches: [] };

  const masked: string[] = [];
  const inline: Span[] = [];
  const outputs: Span[] = [];
  let from = 0;
  for (const statement of statements) {
    const { start, end, source, ownLine } = statement;
    masked.push(text.slice(from, start));
    masked.push(ownLine ? source.replace(/[^\r\n]/g, ' ') : 'x'.repeat(source.length));
    if (!ownLine) inline.push({ start, end });
    else if (roleOf(source) === 'output') outputs.push({ start, end });
    from = end;
  }
  masked.push(text.slice(from));
  return { text: masked.join(''), expressions: inline, outputs, branches: branchesOf(statements, text.length) };
}

/** True if what stands at the two offsets can be part of one rendered text. */
export function canMeet(branches: readonly Branch[], a: number, b: number): boolean {
  const around = (offset: number) => branches.filter(({ span }) => span.start <= offset && offset < span.end);
  const second = around(b);
  return !around(a).some(x => second.some(y => x.group === y.group && x.arm !== y.arm));
}

function expressions(text: string): Statement[] {
  if (!/\{[{%#]|<%/.test(text)) return [];
  const jinja = /\{%|\{\{/.test(text);
  const found: Statement[] = [];
  for (const match of text.matchAll(EXPRESSION)) {
    const source = match[0];
    const start = match.index;
    if (source.startsWith('{#') && (!jinja || text[start - 1] === '$')) continue;
    found.push({ start, end: start + source.length, source, ownLine: false });
  }
  return found.map((statement, index) => ({ ...statement, ownLine: isAlone(text, found, index) }));
}

/** True if the lines that the expression touches hold nothing but expressions. */
function isAlone(text: string, all: readonly Span[], index: number): boolean {
  const only = (gap: string) => /^[ \t]*$/.test(gap);
  for (let i = index; i >= 0; i--) {
    const before = text.slice(all[i - 1]?.end ?? 0, all[i]?.start);
    const line = before.slice(Math.max(before.lastIndexOf('\n'), before.lastIndexOf('\r')) + 1);
    if (!only(line)) return false;
    if (line !== before || i === 0) break;
  }
  for (let i = index; i < all.length; i++) {
    const after = text.slice(all[i]?.end, all[i + 1]?.start ?? text.length);
    const line = /^[^\r\n]*/.exec(after)?.[0] ?? '';
    if (!only(line)) return false;
    if (line !== after) break;
  }
  return true;
}

function conflictMarkers(text: string): Statement[] {
  if (!text.includes('<<<<<<<')) return [];
  return [...text.matchAll(CONFLICT_MARKER)].map(({ 0: source, index }) => ({
    start: index,
    end: index + source.length,
    source,
    ownLine: true,
  }));
}

function roleOf(source: string): Role {
  if (source.startsWith('<<<<<<<')) return 'open';
  if (source.startsWith('=======')) return 'else';
  if (source.startsWith('>>>>>>>')) return 'end';
  if (source.startsWith('{#')) return 'silent';
  const body = source.replace(/^(?:\{\{|\{%|<%)[-+~=]?\s*/, '').replace(/\s*[-+~]?(?:\}\}|%\}|%>)$/, '');
  if (OPENERS.test(body)) return 'open';
  if (/^(?:else|elif|elsif)\b/.test(body)) return 'else';
  if (/^end\w*\b/.test(body) && !/^endraw\b/.test(body)) return 'end';
  if (SILENT.test(body)) return 'silent';
  if (source.startsWith('{%') && !/^include\b/.test(body)) return 'silent';
  return 'output';
}

/** Arms reach from the end of their opening expression to the next one of the group, or to an end of the text. */
function branchesOf(statements: readonly Statement[], length: number): Branch[] {
  const branches: Branch[] = [];
  const open: { group: number; arm: number; start: number }[] = [];
  let groups = 0;
  for (const { start, end, source } of statements) {
    const role = roleOf(source);
    if (role === 'open') open.push({ group: groups++, arm: 0, start: end });
    if (role !== 'else' && role !== 'end') continue;
    const { group, arm, start: from } = open.pop() ?? { group: groups++, arm: 0, start: 0 };
    branches.push({ span: { start: from, end: start }, group, arm });
    if (role === 'else') open.push({ group, arm: arm + 1, start: end });
  }
  for (const { group, arm, start } of open) branches.push({ span: { start, end: length }, group, arm });
  return branches;
}
