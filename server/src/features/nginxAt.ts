import type { Entity } from '../model/entity.ts';
import type { NginxText } from '../model/nginxText.ts';
import { directivesAt, type NginxDirective } from '../syntax/nginx/tree.ts';
import type { NginxWord } from '../syntax/nginx/word.ts';
import { touches } from '../text/span.ts';

/** An offset in a text of nginx directives. */
export interface NginxOffset {
  readonly text: NginxText;
  /** In `text.tree.text`. */
  readonly offset: number;
}

/** A word of a directive, and the directive. */
export interface NginxWordAt {
  readonly directive: NginxDirective;
  readonly word: NginxWord;
  /** True for a name of a directive, false for an argument and for the first word of an entry of `map` and the like. */
  readonly isName: boolean;
}

/** The nginx text that an offset in a piece is in; null if it is in none. */
export function nginxAt(entities: readonly Entity[], inPiece: number): NginxOffset | null {
  for (const entity of entities) {
    const offset = entity.is === 'nginxText' ? entity.offsetOf(inPiece) : null;
    if (entity.is === 'nginxText' && offset !== null) return { text: entity, offset };
  }
  return null;
}

/** The word at an offset, both of whose ends count; null in comments, in Lua and between words. */
export function wordAt({ text, offset }: NginxOffset): NginxWordAt | null {
  const holds = (word: NginxWord) => touches(word, offset);
  const { tree } = text;
  if (tree.comments.some(comment => touches(comment, offset))) return null;
  const directive = directivesAt(tree, offset).at(-1);
  if (!directive) return null;
  if (holds(directive.name)) return { directive, word: directive.name, isName: true };
  const word = directive.arguments.find(holds);
  return word ? { directive, word, isName: false } : null;
}

/** The nginx texts of a piece, each stretch of it once: an alias has it read twice. */
export function nginxTexts(entities: readonly Entity[]): NginxText[] {
  const texts = new Map<number, NginxText>();
  for (const entity of entities) {
    if (entity.is !== 'nginxText') continue;
    const { start } = entity.placeOf({ start: 0, end: entity.tree.text.length }).value;
    if (!texts.has(start)) texts.set(start, entity);
  }
  return [...texts.values()];
}
