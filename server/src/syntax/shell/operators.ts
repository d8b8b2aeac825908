import type { Span } from '../../text/span.ts';

const WORD = /(?:"(?:[^"\\]|\\[\s\S])*"|'[^']*'|\\[^\r\n]|[^\s"'\\])+/g;

/** What joins commands, redirects them, or makes a comment of the rest; `<name>` stands for a name in an example. */
const OPERATOR = /^(?:\|\|?|&&?|\d?>.*|&>.*|<(?![^<>]+>$).*|#.*)$/;

/** What a shell would put something else in the place of; `$(NAME)` is the kubelet's. */
const SUBSTITUTION = /\$\((?![\w.-]+\))|`/;

/**
 * Words of a command line that only a shell would understand, in a text that no shell reads. `separates`: `;` as a word of its own is no
 * such word, but the end of a command: systemd.service(5), COMMAND LINES.
 */
export function operatorsIn(text: string, { start, end }: Span, separates: boolean): Span[] {
  const found: Span[] = [];
  for (const { 0: word, index } of text.slice(start, end).matchAll(WORD)) {
    const at = start + index;
    if (OPERATOR.test(word) || (word === ';' && !separates)) found.push({ start: at, end: at + word.length });
    else if (/[^\\];$/.test(word)) found.push({ start: at + word.length - 1, end: at + word.length });
    else if (!word.startsWith("'") && SUBSTITUTION.test(word)) found.push({ start: at, end: at + word.length });
  }
  return found;
}

/** True for a word of a list that only a shell would understand. */
export function isOperator(word: string): boolean {
  return OPERATOR.test(word) || word === ';' || SUBSTITUTION.test(word);
}
