import { lineFeed } from '../../text/lineBreaks.ts';
import type { Span } from '../../text/span.ts';
import type { ShellRedirection } from './tree.ts';

interface HeredocLines {
  readonly body: Span;
  readonly quoted: boolean;
  /** Behind the line of the delimiter. */
  readonly end: number;
  /** True if no line ends it. */
  readonly lost: boolean;
}

/**
 * The lines of a here-document that begin at `start`: up to the line that is its delimiter. Bash takes all that follows if
 * there is none; so that a letter too few hides no command, a line that is the delimiter but for a character ends it too, where
 * nothing else does or the line that does belongs to another one. Without any such line it is taken to be empty.
 */
export function heredocBody(
  text: string,
  start: number,
  end: number,
  { operator, target }: Pick<ShellRedirection, 'operator' | 'target'>,
): HeredocLines {
  const raw = text.slice(target?.start, target?.end);
  const quoted = /['"\\]/.test(raw);
  const delimiter = raw.replace(/\\(.)|['"]/g, '$1');
  const lines = linesIn(text, start, end, operator === '<<-');
  let near: (Span & { readonly next: number }) | null = null;
  for (const line of lines) {
    const said = text.slice(line.start, line.end);
    if (said === delimiter) {
      const between = near ? text.slice(near.end, line.start) : '';
      if (near && isOpenedAgain(between, delimiter)) break;
      return { body: { start, end: line.from }, quoted, end: line.next, lost: false };
    }
    if (!near && isNearly(said, delimiter)) near = { ...line, start: line.from };
  }
  if (near) return { body: { start, end: near.start }, quoted, end: near.next, lost: true };
  return { body: { start, end: start }, quoted, end: start, lost: true };
}

/** The lines of a stretch: `from` their first character, `start` what counts of them. */
function* linesIn(text: string, start: number, end: number, stripsTabs: boolean) {
  for (let from = start; from < end; ) {
    const stop = Math.min(end, lineFeed(text, from));
    let first = from;
    if (stripsTabs) while (first < stop && text[first] === '\t') first++;
    const last = text[stop - 1] === '\r' && stop > first ? stop - 1 : stop;
    const next = Math.min(end, stop + 1);
    yield { from, start: first, end: last, next };
    from = Math.max(next, from + 1);
  }
}

function isOpenedAgain(text: string, delimiter: string): boolean {
  return text.split('<<').some((behind, i) => i > 0 && behind.replace(/^-?[ \t]*['"\\]?/, '').startsWith(delimiter));
}

/** True if one of the two lacks one character of the other, or the line feed beside the delimiter is gone. */
function isNearly(line: string, delimiter: string): boolean {
  if (delimiter.length > 1 && (line.startsWith(delimiter) || line.endsWith(delimiter))) return true;
  if (Math.abs(line.length - delimiter.length) !== 1 || Math.min(line.length, delimiter.length) < 2) return false;
  const [short, long] = line.length < delimiter.length ? [line, delimiter] : [delimiter, line];
  let at = 0;
  while (at < short.length && short[at] === long[at]) at++;
  return short.slice(at) === long.slice(at + 1);
}
