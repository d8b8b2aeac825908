import {
  NGINX_CLOSED_ARGUMENTS,
  type NginxContext,
  type NginxDirectiveFacts,
  nginxDirectives,
} from '../../facts/nginx.ts';
import { directivesIn, holdsEntries, openedBy, takes } from './context.ts';
import type { Ending } from './reader.ts';
import type { NginxWord } from './word.ts';

/** A statement that nginx reads as one: its words up to what ends it, in the context that it stands in. */
export interface Statement {
  readonly words: readonly NginxWord[];
  /** Indices of the words after the first that are the first on their line. */
  readonly lineStarts: readonly number[];
  readonly ending: Ending;
  readonly context: NginxContext | null;
}

/** Where one statement turns out to be two: the index of the second one's name. */
export interface Split {
  readonly index: number;
  /** Index of that in the statement's line starts. */
  readonly line: number;
  /** What is missing before it. */
  readonly missing: ';' | '{';
}

/**
 * The next line, of the line starts from `firstLine` on, at which something else begins than what the words from `from` began; null if there
 * is none. A `;` is missing where a known directive begins a line, and the directive before it does not take as many arguments.
 */
export function splitOf(
  { words, lineStarts, ending, context }: Statement,
  from: number,
  firstLine: number,
): Split | null {
  if (context === null || holdsEntries(context)) return null;
  const name = words[from]?.value ?? '';
  const here = directivesIn(name, context);
  const known = here.length > 0 ? here : nginxDirectives(name);
  const fits = (count: number) => known.length === 0 || known.some(({ counts }) => takes(counts, count));
  const wantsBlock = known.length > 0 && known.every(({ block }) => block);
  const refused = ending === '}' || ending === 'end of text' || wantsBlock !== (ending === '{');
  const whole = known.length > 0 && !refused && fits(words.length - from - 1);
  if (whole && !known.every(isClosed)) return null;
  const most = known.length === 0 ? null : mostArguments(known);
  for (let line = firstLine; line < lineStarts.length; line++) {
    const index = lineStarts[line] ?? words.length;
    const count = index - from - 1;
    if (most !== null && count > most) return null;
    if (!fits(count)) continue;
    if (wantsBlock) {
      if (name.endsWith('_by_lua_block')) return null;
      if (ending !== '{' || begins(words[index], openedBy(name, context))) return { index, line, missing: '{' };
    } else if (begins(words[index], context)) return { index, line, missing: ';' };
  }
  return null;
}

/** True if the word is a directive that may stand in the context. */
export function begins(word: NginxWord | undefined, context: NginxContext | null): boolean {
  if (!word || word.quote !== null || context === null) return false;
  return directivesIn(word.value, context).length > 0;
}

/** True if nginx looks every further argument up, so that no other directive's name can be one. */
function isClosed({ name, values }: NginxDirectiveFacts): boolean {
  return values.length > 0 || NGINX_CLOSED_ARGUMENTS.has(name);
}

function mostArguments(known: readonly NginxDirectiveFacts[]): number | null {
  const most = known.map(({ counts }) => (counts ? counts.max : null));
  return most.includes(null) ? null : Math.max(...most.map(count => count ?? 0));
}
