import { lineEnd, lineStart } from '../text/lineBreaks.ts';
import { lastAtMost } from '../text/ordered.ts';
import type { Span } from '../text/span.ts';
import { expressionsIn } from './templateExpressions.ts';

/** One arm of a conditional or a loop; what stands in two arms of one group never meets in one rendered text. */
export interface Arm {
  readonly span: Span;
  readonly group: number;
  readonly arm: number;
  /** How many arms the group has, if one of them is always rendered; null if none of them may be. */
  readonly arms: number | null;
}

/** An expression alone on its line that prints lines: keys or items may come from there. */
export interface Output extends Span {
  /** The column at which it prints; null if only rendering knows. */
  readonly column: number | null;
}

/** What of a text is a template's. */
export interface Template {
  /** All that was replaced, in order: what they touch has a value that only rendering knows. */
  readonly statements: readonly Span[];
  readonly outputs: readonly Output[];
  readonly arms: ArmIndex;
}

/** A text whose template expressions were replaced, character for character, by something a parser can read. */
export interface Masked extends Template {
  readonly text: string;
  /** True if statements stand alone on their lines: which of the lines between them are rendered, nobody knows. */
  readonly hasOwnLines: boolean;
}

interface Statement extends Span {
  readonly source: string;
  readonly role: Role;
  /** True if the lines it stands on hold nothing but expressions. */
  readonly ownLine: boolean;
}

/** What an expression does to the text around it. `otherwise` is the arm that is rendered if no other is. */
type Role = 'open' | 'else' | 'otherwise' | 'end' | 'silent' | 'output';

/**
 * Masks the expressions of templates, and the lines by which git marks a conflict: those alone on their lines become
 * blank, others a word. `${NAME}` needs no mask: it reads as part of a scalar. `placeholders` are masked too.
 */
export function mask(text: string, placeholders: readonly Span[] = []): Masked {
  const inText = expressions(text, placeholders);
  const statements = [...inText, ...conflictMarkers(text, inText)].sort((a, b) => a.start - b.start);
  if (statements.length === 0) return { text, statements, outputs: [], arms: new ArmIndex([]), hasOwnLines: false };
  const masked: string[] = [];
  let from = 0;
  for (const { start, end, source, ownLine } of statements) {
    masked.push(
      text.slice(from, start),
      source.replace(ownLine ? /\r(?!\n)|[^\r\n]/g : /[\s\S]/g, ownLine ? ' ' : 'x'),
    );
    from = end;
  }
  masked.push(text.slice(from));
  const outputs = statements
    .filter(({ ownLine, role }) => ownLine && role === 'output')
    .map(({ start, end, source }): Output => ({ start, end, column: columnOf(text, start, source) }));
  const arms = new ArmIndex(armsOf(statements, text.length));
  return { text: masked.join(''), statements, outputs, arms, hasOwnLines: statements.some(({ ownLine }) => ownLine) };
}

/** Finds the arms around an offset. */
export class ArmIndex {
  /** Offsets where arms begin or end, and the arms in force from there on. */
  private readonly starts: number[] = [];
  private readonly inForce: (Around | null)[] = [];

  constructor(arms: readonly Arm[]) {
    const edges = arms.flatMap(arm => [
      { at: arm.span.start, arm, opens: true },
      { at: arm.span.end, arm, opens: false },
    ]);
    // Where several end, the innermost ends first.
    edges.sort(
      (a, b) => a.at - b.at || Number(b.opens) - Number(a.opens) || (a.opens ? 0 : b.arm.span.start - a.arm.span.start),
    );
    let around: Around | null = null;
    for (const { at, arm, opens } of edges) {
      around = opens ? { arm, outside: around } : leaving(around, arm);
      this.starts.push(at);
      this.inForce.push(around);
    }
  }

  /** The arms around an offset, the outermost first. */
  at(offset: number): readonly Arm[] {
    let around = this.inForce[lastAtMost(this.starts, offset)] ?? null;
    if (!around) return NO_ARMS;
    const arms: Arm[] = [];
    for (; around; around = around.outside) arms.push(around.arm);
    return arms.reverse();
  }
}

/** Arms from the innermost outwards: those within one share what is around it. */
interface Around {
  readonly arm: Arm;
  readonly outside: Around | null;
}

function leaving(around: Around | null, arm: Arm): Around | null {
  if (!around || around.arm === arm) return around?.outside ?? null;
  return { arm: around.arm, outside: leaving(around.outside, arm) };
}

const NO_ARMS: readonly Arm[] = [];

function expressions(text: string, placeholders: readonly Span[]): Statement[] {
  const found = expressionsIn(text);
  const others = placeholders.filter(each => !found.some(({ start, end }) => start < each.end && each.start < end));
  const spans = others.length === 0 ? found : [...found, ...others].sort((a, b) => a.start - b.start);
  const alone = aloneOnTheirLines(text, spans);
  return spans.map(({ start, end }, index) => {
    const source = text.slice(start, end);
    return { start, end, source, role: roleOf(source), ownLine: alone[index] === true };
  });
}

/** For each expression, whether the lines that it touches hold nothing but expressions. */
function aloneOnTheirLines(text: string, spans: readonly Span[]): boolean[] {
  const alone: boolean[] = [];
  for (let first = 0; first < spans.length; ) {
    let last = first;
    while (last + 1 < spans.length && /^[^\r\n]*$/.test(text.slice(spans[last]?.end, spans[last + 1]?.start))) last++;
    const line = spans.slice(first, last + 1);
    const gaps = line.map(({ end }, i) => text.slice(end, line[i + 1]?.start ?? end));
    const start = spans[first]?.start ?? 0;
    const before = text.slice(lineStart(text, start), start).replace('\uFEFF', '');
    const after = text.slice(spans[last]?.end, lineEnd(text, spans[last]?.end ?? 0));
    const only = [before, ...gaps, after].every(gap => /^[ \t]*$/.test(gap));
    for (; first <= last; first++) alone.push(only);
  }
  return alone;
}

const CONFLICT_MARKER = /^(?:<{7}|\|{7}|={7}|>{7})(?: .*)?$/gm;

/** Lines of `=` or `|` mark a conflict only after one of `<`. */
function conflictMarkers(text: string, expressions: readonly Span[]): Statement[] {
  if (!text.includes('<<<<<<<')) return [];
  const markers: Statement[] = [];
  let open = false;
  for (const { 0: line, index: start } of text.matchAll(CONFLICT_MARKER)) {
    const source = line.trimEnd();
    const role: Role =
      source[0] === '<' ? 'open' : source[0] === '>' ? 'end' : source[0] === '|' ? 'else' : 'otherwise';
    if (open === (role === 'open') || expressions.some(({ start: from, end }) => from <= start && start < end))
      continue;
    open = role !== 'end';
    markers.push({ start, end: start + source.length, source, role, ownLine: true });
  }
  return markers;
}

const OPENERS = /^(?:if|unless|range|with|for|define|block|case)\b/;
/** `set` with a `=` is a statement of its own, without one it has an end. */
const JINJA_OPENERS = /^(?:macro|call|filter|autoescape|trans|raw|set\b(?![^=]*=))/;
const RUBY_OPENER = /\bdo\b\s*(?:\|[^|]*\|)?$/;
const SILENT = /^(?:\/\*|\$\w*(?:\s*,\s*\$\w+)?\s*:?=[^=]|break\b|continue\b)/;

function roleOf(source: string): Role {
  if (source.startsWith('{#') || source.startsWith('<%#')) return 'silent';
  const body = source.replace(/^(?:\{\{+|\{%|<%|%\{)[-+~=]?\s*/, '').replace(/\s*[-+~]?(?:\}\}+|%\}|%>|\})$/, '');
  if (OPENERS.test(body)) return 'open';
  if (/^else$/.test(body)) return 'otherwise';
  if (/^(?:else|elif|elsif|when)\b/.test(body)) return 'else';
  if (/^end\w*\b/.test(body)) return 'end';
  if (source.startsWith('{%')) return JINJA_OPENERS.test(body) ? 'open' : /^include\b/.test(body) ? 'output' : 'silent';
  if (source.startsWith('<%')) return RUBY_OPENER.test(body) ? 'open' : source.startsWith('<%=') ? 'output' : 'silent';
  return SILENT.test(body) ? 'silent' : 'output';
}

/** `nindent 4` says it; else it is the expression's own column, where white space in front is not trimmed. */
function columnOf(text: string, start: number, source: string): number | null {
  const nindent = /\bnindent\s+(\d+)\s*-?\}\}$/.exec(source)?.[1];
  if (nindent !== undefined) return Number(nindent);
  const indent = Number(/\bindent\s+(\d+)\s*-?\}\}$/.exec(source)?.[1] ?? 0);
  const column = start - lineStart(text, start) + indent;
  // A template that is printed at the left margin may bring its indentation along.
  return column === 0 || /^(?:\{\{|\{%|<%=?)-/.test(source) ? null : column;
}

interface OpenArm {
  readonly group: number;
  readonly arm: number;
  readonly start: number;
  readonly last: boolean;
}

/** Arms reach from the end of their opening expression to the next one of the group, or to an end of the text. */
function armsOf(statements: readonly Statement[], length: number): Arm[] {
  const closed: (Omit<Arm, 'arms'> & { readonly last: boolean })[] = [];
  const open: OpenArm[] = [];
  let groups = 0;
  const close = ({ start, ...arm }: OpenArm, end: number) => closed.push({ span: { start, end }, ...arm });
  for (const { start, end, role } of statements) {
    if (role === 'open') open.push({ group: groups++, arm: 0, start: end, last: false });
    if (role !== 'else' && role !== 'otherwise' && role !== 'end') continue;
    const arm = open.pop() ?? { group: groups++, arm: 0, start: 0, last: false };
    close(arm, start);
    if (role !== 'end') open.push({ group: arm.group, arm: arm.arm + 1, start: end, last: role === 'otherwise' });
  }
  for (const arm of open) close(arm, length);
  const complete = new Map(closed.filter(({ last }) => last).map(({ group, arm }) => [group, arm + 1]));
  return closed.map(({ span, group, arm }) => ({ span, group, arm, arms: complete.get(group) ?? null }));
}
