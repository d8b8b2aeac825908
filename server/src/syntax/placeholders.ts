import type { Span } from '../text/span.ts';

/** `__NAME__` and `@NAME@`, which sed puts something in place of. */
const MARKED = /(?<![\w@$])(?:__[A-Z][A-Z0-9_]*__|@[A-Z][A-Z0-9_]*@)(?![\w@])/g;

/** `{name}` of Python and others; not `${name}`, `[a-z]{2}` or `{{ name }}`. */
const BRACED = /(?<![$%{\\\w\])}])\{[A-Za-z_][\w.]*\}(?!\})/g;

/** `${name}` or `$name` alone on its line: whole lines come from there. */
const LINE = /(?:\$\{[A-Za-z_][\w.]*\}|\$[A-Za-z_]\w*)(?=[ \t]*\r?$)(?<=^[ \t]*\S+)/gm;

/**
 * What other programs fill in, where nothing of the language itself can be meant: nginx, iptables-restore and sysctl take none of these
 * where they stand. `braces`: whether `{name}` is one, as it is not where braces hold sets (nft).
 */
export function placeholdersIn(text: string, { braces }: { readonly braces: boolean }): Span[] {
  const kinds = [MARKED, ...(braces ? [BRACED] : []), LINE];
  return kinds
    .flatMap(kind =>
      [...text.matchAll(kind)].map(({ 0: found, index }) => ({ start: index, end: index + found.length })),
    )
    .sort((a, b) => a.start - b.start);
}
