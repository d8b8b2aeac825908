import type { ShellPart, ShellWord } from '../../syntax/shell/tree.ts';
import type { OrderedSpans } from '../../text/ordered.ts';
import type { Span } from '../../text/span.ts';
import type { Invocation } from './invocation.ts';

/** What a variable holds at some point. */
export interface ShellVariable {
  /** Null if it is not known. */
  readonly value: string | null;
  /** What prints the value, if a substitution is all of it. */
  readonly printedBy: readonly Invocation[];
  /** Where it is set; null if that is in more than one place, or elsewhere. */
  readonly set: Span | null;
}

export type Variables = ReadonlyMap<string, ShellVariable>;

/** One of the words that a program gets. */
export interface ShellField {
  /** Null if it is not known. */
  readonly value: string | null;
  /** False if it may be no word at all, or several: an expansion outside of quotes, a pattern for names of files. */
  readonly single: boolean;
  /** Where it is written: for a field of a variable the word that names it. */
  readonly word: ShellWord;
  /** The word of the call that a function got it from, where its own says `"$@"`. */
  readonly from?: ShellWord;
}

/** Expands what is not text: variables that are not known give null. */
export interface Expansion {
  readonly variables: Variables;
  /** `$1` and so on; null outside of a call. */
  readonly positional: readonly ShellField[] | null;
  /** True while the shell splits at blanks and line feeds. */
  readonly splits: boolean;
  /** Stretches that a template prints. */
  readonly unknown: Pick<OrderedSpans, 'touch'>;
}

/** A pattern for names of files, a list in braces, or somebody's home. */
const PATTERN = /[*?]|\[[^\]]*\]|\{[^{}]*(?:,|\.\.)[^{}]*\}/;

/** A text that is one word, whether it is quoted or not. */
const PLAIN = /^[\w./:,+-]+$/;

/** Somebody's home, where a value is assigned: in front, or behind a colon. */
const HOME = /(?:^|:)~/;

/** The fields that a word becomes: bash(1), EXPANSION. Nothing known is wrong; what cannot be told is one unknown field. */
export function fieldsOf(word: ShellWord, expansion: Expansion): ShellField[] {
  // Most words are one, as they are written.
  const [only, another] = word.parts;
  if (only?.kind === 'text' && !another && PLAIN.test(only.text) && !isUnknown(word, expansion))
    return [{ value: only.text, single: true, word }];
  if (isUnknown(word, expansion)) {
    // Within quotes, a template prints no second word.
    const single = word.parts.every(part => part.quoted || !isUnknown(part, expansion));
    return [{ value: null, single, word }];
  }
  const all = allPositional(word, expansion);
  if (all) return all.map(field => ({ from: field.word, ...field, word }));
  const fields: string[] = [];
  // Null as long as the field that is being put together has not begun.
  let current: string | null = null;
  let pattern = '';
  const unknown = (): ShellField[] => [{ value: null, single: isSingle(word), word }];
  for (const part of word.parts) {
    if (part.kind === 'text') {
      current = (current ?? '') + part.text;
      pattern += part.quoted ? '' : part.text;
      continue;
    }
    const value = partValue(part, expansion);
    if (value === null) return unknown();
    if (part.quoted) current = (current ?? '') + value;
    else if (!expansion.splits || PATTERN.test(value)) return unknown();
    else {
      const pieces = value.split(/[ \t\n]+/);
      for (const [i, piece] of pieces.entries()) {
        if (i > 0 && current !== null) {
          fields.push(current);
          current = null;
        }
        if (piece !== '') current = (current ?? '') + piece;
      }
    }
  }
  if (PATTERN.test(pattern) || pattern.startsWith('~')) return unknown();
  if (current !== null) fields.push(current);
  return fields.map(value => ({ value, single: true, word }));
}

/** What a word says where the shell neither splits nor looks for files: behind `=`, in a redirection, between `case` and `in`. */
export function wordValue(word: ShellWord, expansion: Expansion): string | null {
  if (isUnknown(word, expansion)) return null;
  let value = '';
  for (const part of word.parts) {
    const more = part.kind === 'text' ? part.text : partValue(part, expansion);
    if (more === null || (part.kind === 'text' && !part.quoted && HOME.test(part.text))) return null;
    value += more;
  }
  return value;
}

function isUnknown(word: Span, { unknown }: Expansion): boolean {
  return unknown.touch(word);
}

/** What an expansion brings; null if that is not known. */
export function partValue(
  part: Exclude<ShellPart, { kind: 'text' }>,
  { variables, positional }: Expansion,
): string | null {
  if (part.kind !== 'variable') return null;
  const field = /^\d+$/.test(part.name) ? positionalField(positional, Number(part.name)) : undefined;
  const value = field === undefined ? (variables.get(part.name)?.value ?? null) : field;
  if (part.modifier === '') return value;
  // A value that is there and not empty: the default counts for nothing.
  return /^:?-/.test(part.modifier) && value !== null && value !== '' ? value : null;
}

function positionalField(positional: readonly ShellField[] | null, index: number): string | null | undefined {
  if (!positional || index === 0) return null;
  // Behind a field that may be several, nobody can count.
  if (positional.slice(0, index).some(({ single }) => !single)) return null;
  const field = positional[index - 1];
  return field ? field.value : '';
}

/** `"$@"`, and `$@` and `$*` where each field stands alone anyway. */
function allPositional(word: ShellWord, { positional, splits }: Expansion): readonly ShellField[] | null {
  const [first, second, ...rest] = word.parts.filter(part => part.kind !== 'text' || part.text !== '');
  if (!positional || first?.kind !== 'variable' || second || rest.length > 0 || first.modifier !== '') return null;
  if (first.name === '@' && first.quoted) return positional;
  const isList = (first.name === '@' || first.name === '*') && !first.quoted;
  const plain = ({ value }: ShellField) => value === null || /^[^\s*?[]+$/.test(value);
  return isList && splits && positional.every(plain) ? positional : null;
}

/** True if the word is one field whatever is expanded in it. */
function isSingle(word: ShellWord): boolean {
  return word.parts.every(part =>
    part.kind === 'text'
      ? part.quoted || !PATTERN.test(part.text)
      : part.quoted && !(part.kind === 'variable' && part.name === '@'),
  );
}
