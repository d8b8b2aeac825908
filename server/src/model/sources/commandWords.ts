import { isOperator } from '../../syntax/shell/operators.ts';
import { append, SourceMapBuilder } from '../../text/sourceMap.ts';
import type { Span } from '../../text/span.ts';
import type { Reading } from '../reading.ts';
import type { Region } from '../region.ts';
import type { Part } from '../value.ts';

/** Words that a shell takes as they are. */
const PLAIN = /^[\w@%+=:,./!^-]+$/;

/**
 * `$(NAME)`, which the kubelet replaces by a variable of the container, and `${NAME}` and `$NAME`, which a template may; `$$` stands for `$`.
 */
const REFERENCE = /\$\$|\$(?:\(([\w.-]+)\)|\{[^}]*\}|\w+)/g;

/** Words as a line for a shell, and those of them that only a shell would have understood. */
export interface CommandWords {
  readonly region: Region;
  readonly operators: readonly Span[];
}

/**
 * The words of a list that a program gets without a shell, as they would be typed into one: quoted where that is needed. Null if one is no
 * string, or they are not written one behind the other.
 */
export function commandWords(words: readonly Reading[]): CommandWords | null {
  const [first] = words;
  const map = new SourceMapBuilder();
  const operators: Span[] = [];
  const parts: Part[] = [];
  let text = '';
  let behind = 0;
  let depth = 0;
  for (const word of words) {
    const region = word.embeddedText();
    const source = region?.toPiece.spanToSource({ start: 0, end: region.text.length });
    if (!region || !source || source.start < behind) return null;
    if (text !== '') text += opaque(map, ' ', { start: behind, end: behind });
    const from = text.length;
    text += quoted(map, region);
    if (text.length - from === region.text.length)
      parts.push({ path: word.address.slice(-2), itemOf: 'words', start: from, end: text.length });
    if (isOperator(region.text)) operators.push({ start: from, end: text.length });
    behind = source.end;
    depth = region.depth;
  }
  if (!first) return null;
  const address = [...first.address.slice(0, -2), { embedded: 'text', span: null, parts } as const];
  return { region: { text, toPiece: map.build(behind), address, depth }, operators };
}

function quoted(map: SourceMapBuilder, { text: word, toPiece }: Region): string {
  const at = (start: number, end = start) => {
    const last = toPiece.spanToSource({ start: 0, end: word.length }).end;
    const source = toPiece.spanToSource({ start, end });
    return start === word.length ? { start: last, end: last } : source;
  };
  if (PLAIN.test(word)) {
    append(map, toPiece, { start: 0, end: word.length });
    return word;
  }
  let written = '';
  let from = 0;
  const plain = (end: number) => {
    if (from >= end) return;
    written += opaque(map, "'", at(from));
    for (const { 0: stretch, index } of word.slice(from, end).matchAll(/'|[^']+/g)) {
      const start = from + index;
      if (stretch === "'") written += opaque(map, "'\\''", at(start, start + 1));
      else {
        append(map, toPiece, { start, end: start + stretch.length });
        written += stretch;
      }
    }
    written += opaque(map, "'", at(end));
  };
  for (const { 0: reference, 1: name, index } of word.matchAll(REFERENCE)) {
    plain(index);
    from = index + reference.length;
    const variable = reference === '$$' ? "'$'" : `"\${${(name ?? reference).replace(/\W/g, '_')}}"`;
    written += opaque(map, variable, at(index, from));
  }
  plain(word.length);
  return written === '' ? opaque(map, "''", at(0)) : written;
}

function opaque(map: SourceMapBuilder, text: string, { start, end }: Span): string {
  map.opaque(text.length, start, end);
  return text;
}
