import { isCollection, isScalar, visit, type YAMLError } from 'yaml';
import { lineFeed, lineStart } from '../../text/lineBreaks.ts';
import type { Span } from '../../text/span.ts';
import { type Composed, compose } from './compose.ts';

/** A text without the lines that broke its structure. They are blank: all offsets stay. */
export interface Repaired {
  readonly text: string;
  readonly document: Composed;
  readonly broken: readonly { readonly span: Span; readonly message: string }[];
}

const MAX_REPAIRS = 8;

/** Characters that are read again at most to find the lines to do without; one attempt is made in any case. */
const BUDGET = 150_000;

/**
 * Takes out the lines that break a document, so that those around them keep their meaning. Which lines those are, the
 * parser's first error only hints at: of the likely ones, the fewest are taken without which the parser is content.
 */
export function repair(text: string, document: Composed): Repaired {
  const broken: { span: Span; message: string }[] = [];
  const attempts = { left: Math.max(1, Math.floor(BUDGET / (text.length + 1))) };
  let state: Attempt = { text, document, errors: structuralErrors(document, text), span: { start: 0, end: 0 } };
  while (state.errors.length > 0 && broken.length < MAX_REPAIRS && attempts.left > 0) {
    const better = bestWithout(state, attempts);
    if (!better) break;
    broken.push({ span: better.span, message: state.errors[0]?.message ?? '' });
    state = better;
  }
  return { text: state.text, document: state.document, broken };
}

interface Attempt {
  readonly text: string;
  readonly document: Composed;
  readonly errors: readonly YAMLError[];
  /** What was taken out. */
  readonly span: Span;
}

function bestWithout({ text, document, errors }: Attempt, attempts: { left: number }): Attempt | null {
  const first = errors[0];
  if (!first) return null;
  let best: Attempt | null = null;
  for (const span of suspects(document, text, first)) {
    if (attempts.left-- <= 0) break;
    const shorter =
      text.slice(0, span.start) +
      text.slice(span.start, span.end).replace(/\r(?!\n)|[^\r\n]/g, ' ') +
      text.slice(span.end);
    const composed = compose(shorter);
    if (!composed) continue;
    const remaining = structuralErrors(composed, shorter);
    if (remaining.length === 0) return { text: shorter, document: composed, errors: remaining, span };
    if (remaining.length < (best?.errors ?? errors).length)
      best = { text: shorter, document: composed, errors: remaining, span };
  }
  return best;
}

/** Errors that leave the structure as it was meant to be. */
const HARMLESS: ReadonlySet<string> = new Set([
  'BAD_DQ_ESCAPE',
  'BAD_DIRECTIVE',
  'KEY_OVER_1024_CHARS',
  'TAG_RESOLVE_FAILED',
  'MULTIPLE_TAGS',
  'MULTIPLE_ANCHORS',
  'ALIAS_PROPS',
]);

function structuralErrors({ errors }: Composed, text: string): YAMLError[] {
  return errors.filter(({ code, message, pos }) => {
    if (HARMLESS.has(code) || LOST_INDENTATION.test(message)) return false;
    // go-yaml takes a closing bracket in any column.
    return !(code === 'BAD_INDENT' && /[\]}]/.test(text[pos[0]] ?? ''));
  });
}

/** The blank line that is left of a template's expression at the start of a block scalar is longer than those below. */
export const LOST_INDENTATION = /^Block scalars with more-indented leading empty lines/;

/** Stretches of lines to do without, the shortest first. */
function suspects(document: Composed, text: string, { pos }: YAMLError): Span[] {
  const lines = new Lines(text);
  const at = lines.start(Math.min(pos[0], text.length - 1));
  const behind = lines.start(Math.max(at, Math.min(pos[1], text.length) - 1));
  const before = lines.contentBefore(at);
  const opened = startsOfOpen(document, text, pos[0]).map(offset => lines.start(offset));
  const next = lines.contentBehind(behind);
  // What is indented further than a complete line before it was indented too far.
  const nearest = lines.isDeeper(next, at) ? [next, at] : [at, next];
  const starts = [...new Set([...opened, ...nearest, behind, before])];
  const spans = [
    ...starts.map(start => lines.line(start)),
    ...starts.map(start => lines.withChildren(start)),
    ...starts.map(start => lines.block(start, (lines.indent(start) ?? 0) + 1)),
    ...starts.map(start => lines.block(start, lines.indent(start) ?? 0)),
    // Several lines of text that a key was read on from.
    { start: at, end: behind - 1 },
  ];
  const seen = new Set<string>();
  return spans
    .filter(
      ({ start, end }) =>
        /\S/.test(text.slice(start, end)) && !seen.has(`${start} ${end}`) && seen.add(`${start} ${end}`),
    )
    .map(span => ({ span, lines: text.slice(span.start, span.end).split('\n').length }))
    .sort((a, b) => a.lines - b.lines)
    .map(({ span }) => span);
}

/** Where what is open at an offset began, if that was lines above: a quote or bracket that may lack its end. */
function startsOfOpen(document: Composed, text: string, offset: number): number[] {
  const starts: number[] = [];
  visit(document, {
    Node(_, node) {
      const isOpener = isCollection(node) ? node.flow === true : isScalar(node) && /^QUOTE/.test(node.type ?? '');
      if (!isOpener || !node.range) return;
      const [start, end] = node.range;
      if (start < offset && end >= offset - 1 && text.slice(start, end).includes('\n')) starts.push(start);
    },
  });
  return starts;
}

/** The lines of a text by the offsets of their first characters. */
class Lines {
  private readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  start(offset: number): number {
    return lineStart(this.text, offset);
  }

  line(start: number): Span {
    return { start, end: this.end(start) };
  }

  /** A line with those below it that are indented like the next one, if that is indented further, or more. */
  withChildren(start: number): Span {
    const child = this.indent(this.contentBehind(start)) ?? 0;
    return this.block(start, Math.max(child, (this.indent(start) ?? 0) + 1));
  }

  /** A line with those below it that are indented by so many columns or more; those at the margin end it. */
  block(start: number, columns: number): Span {
    const least = Math.max(1, columns);
    let end = this.end(start);
    for (let next = end + 1; next < this.text.length; next = this.end(next) + 1) {
      if ((this.indent(next) ?? least) < least) break;
      end = this.end(next);
    }
    return { start, end };
  }

  /** Start of the nearest line above that says something. */
  contentBefore(start: number): number {
    let line = start;
    while (line > 0) {
      line = this.start(line - 1);
      if (this.hasContent(line)) return line;
    }
    return start;
  }

  /** Start of the nearest line below that says something. */
  contentBehind(start: number): number {
    for (let line = this.end(start) + 1; line < this.text.length; line = this.end(line) + 1)
      if (this.hasContent(line)) return line;
    return start;
  }

  /** True for a line that is indented further than the key of another one, which may stand behind dashes. */
  isDeeper(line: number, than: number): boolean {
    const key = /^[ \t]*(?:- +)*/.exec(this.text.slice(than, this.end(than)))?.[0].length ?? 0;
    return (this.indent(line) ?? 0) > key;
  }

  private hasContent(start: number): boolean {
    return /^[ \t]*[^\s#]/.test(this.text.slice(start, this.end(start)));
  }

  private end(start: number): number {
    return lineFeed(this.text, start);
  }

  /** Columns before the first visible character; null for a blank line. */
  indent(start: number): number | null {
    const indent = this.text.slice(start, this.end(start)).search(/\S/);
    return indent < 0 ? null : indent;
  }
}
