import type { NginxContext } from '../../../server/src/facts/nginx.ts';
import type { NginxProblem } from '../../../server/src/syntax/nginx/problem.ts';
import type { NginxDirective, NginxTree } from '../../../server/src/syntax/nginx/tree.ts';
import { tokens } from '../../../server/src/syntax/nginx/tree.ts';

/**
 * A tree in one line: `name|argument|argument;` and `name{…}`, with `?` where a `;` or a brace is missing. Values, not source.
 */
export function drawn(tree: NginxTree): string {
  return tree.directives.map(one).join(' ');
}

function one({ name, arguments: words, semicolon, block }: NginxDirective): string {
  const head = [name, ...words].map(({ value }) => value).join('|');
  if (!block) return `${head}${semicolon === null ? '?' : ';'}`;
  const inside = block.lua ? 'lua' : block.directives.map(one).join(' ');
  return `${head}${block.open === null ? '?' : ''}{${inside}${block.close === null ? '?' : ''}}`;
}

/** `code "marked text"` */
export function marked(text: string, { code, span }: NginxProblem): string {
  return `${code} ${JSON.stringify(text.slice(span.start, span.end))}`;
}

/** The text put together again from its tokens; throws if what is between them is more than white space. */
export function emitted(tree: NginxTree): string {
  let result = '';
  let from = 0;
  for (const { start, end, kind } of tokens(tree)) {
    const gap = tree.text.slice(from, start);
    if (start < from) throw new Error(`${kind} at ${start} overlaps`);
    if (!/^[ \t\r\n]*$/.test(gap)) throw new Error(`${JSON.stringify(gap)} before ${start} is nothing`);
    result += gap + tree.text.slice(start, end);
    from = end;
  }
  const rest = tree.text.slice(from);
  if (!/^[ \t\r\n]*$/.test(rest)) throw new Error(`${JSON.stringify(rest)} at the end is nothing`);
  return result + rest;
}

export const CONTEXTS: readonly NginxContext[] = ['main', 'http', 'server', 'location', 'upstream', 'map', 'stream'];
