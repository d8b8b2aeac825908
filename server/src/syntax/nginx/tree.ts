import type { NginxContext } from '../../facts/nginx.ts';
import { type Span, touches } from '../../text/span.ts';
import type { NginxWord } from './word.ts';

/** A text in nginx's language. All offsets count in `text`; what is between the parts of the tree is white space. */
export interface NginxTree {
  readonly text: string;
  /** What the text stands in; null if nobody knows. */
  readonly context: NginxContext | null;
  readonly directives: readonly NginxDirective[];
  /** From the `#` to the end of the line, in order. */
  readonly comments: readonly Span[];
  /** Characters that belong to no directive, in order: a `;` or a `}` too many, a byte order mark. */
  readonly strays: readonly Span[];
}

/** A directive, or an entry of a `map` and the like. A span: from its name to its `;`, its `}` or its last word. */
export interface NginxDirective extends Span {
  readonly name: NginxWord;
  readonly arguments: readonly NginxWord[];
  /** Null if nobody knows: inside a block of a module that nobody recorded. */
  readonly context: NginxContext | null;
  /** Offset of the `;`; null for a block, and where it is missing. */
  readonly semicolon: number | null;
  readonly block: NginxBlock | null;
}

export interface NginxBlock {
  /** Offset of the `{`; null where it is missing. */
  readonly open: number | null;
  /** Offset of the `}`; null where it is missing. */
  readonly close: number | null;
  /** What the braces open; null if nobody knows. */
  readonly context: NginxContext | null;
  readonly directives: readonly NginxDirective[];
  /** The text of a `*_by_lua_block`, which holds no directives. */
  readonly lua: Span | null;
}

export type NginxTokenKind = 'name' | 'argument' | 'semicolon' | 'open' | 'close' | 'lua' | 'comment' | 'stray';

/** One piece of the text. */
export interface NginxToken extends Span {
  readonly kind: NginxTokenKind;
}

/** All directives, from top to bottom. */
export function* walk({ directives }: Pick<NginxTree, 'directives'>): Generator<NginxDirective> {
  const waiting = [...directives].reverse();
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    yield next;
    const inner = next.block?.directives ?? [];
    for (let i = inner.length - 1; i >= 0; i--) waiting.push(inner[i] as NginxDirective);
  }
}

/** The whole text but for white space, in order. */
export function tokens(tree: NginxTree): NginxToken[] {
  const found: NginxToken[] = [];
  const add = (kind: NginxTokenKind, { start, end }: Span) => {
    if (end > start) found.push({ kind, start, end });
  };
  const at = (kind: NginxTokenKind, offset: number | null) => {
    if (offset !== null) add(kind, { start: offset, end: offset + 1 });
  };
  for (const comment of tree.comments) add('comment', comment);
  for (const stray of tree.strays) add('stray', stray);
  for (const { name, arguments: words, semicolon, block } of walk(tree)) {
    add('name', name);
    for (const word of words) add('argument', word);
    at('semicolon', semicolon);
    at('open', block?.open ?? null);
    at('close', block?.close ?? null);
    if (block?.lua) add('lua', block.lua);
  }
  return found.sort((a, b) => a.start - b.start);
}

/** The directives that an offset is in, the outermost first; both ends of a directive count. */
export function directivesAt(tree: NginxTree, offset: number): NginxDirective[] {
  const path: NginxDirective[] = [];
  let inside = tree.directives;
  for (;;) {
    const next: NginxDirective | undefined = inside.findLast(each => touches(each, offset));
    if (!next) return path;
    path.push(next);
    inside = next.block?.directives ?? [];
  }
}
