import { Reading } from '../model/reading.ts';
import { parseYaml } from '../syntax/yaml/parse.ts';
import type { Span } from '../text/span.ts';
import type { PieceAt } from '../workspace/workspace.ts';

/** Where in a YAML document, or in one within its strings, the caret is about to write. */
export interface YamlCaret {
  /** key: of a mapping's entry. value: of an entry, or an item of a list. */
  readonly what: 'key' | 'value';
  /** The mapping that the key is written in; else the value, of which nothing but its address is of use. */
  readonly target: Reading;
  /** The root of the document around it, embedded or not, as it would be with the word. */
  readonly root: Reading;
  /** The word that is being typed, within the piece: from its start to its end, before and behind the caret. */
  readonly typed: Span;
  /** The part of the word before the caret. */
  readonly word: string;
  /** True if a key has its colon already. */
  readonly hasColon: boolean;
}

/** A word that nobody writes. */
const PROBE = 'zzProbeZz';

/** Mappings below this depth are not looked into. */
const MAX_DEPTH = 32;

const KEY_BEFORE = /(?:(?:^|[\r\n])[ \t]*(?:- +)*|\{(?:[^[\]{}]*,)?\s*)$/;
const VALUE_BEFORE = /(?:[:,[][ \t]+|\[|^[ \t]*(?:- +)+|[\r\n][ \t]*(?:- +)+)["']?$/;

/**
 * Finds it by reading the piece with a word of ours in the place of the one that is being typed: only so does a blank line show
 * what it belongs to. Null where neither a key nor a value can be written.
 */
export function yamlCaret({ language, text, offset }: PieceAt): YamlCaret | null {
  if (language !== 'yaml') return null;
  const word = /[\w./-]*$/.exec(text.slice(0, offset))?.[0] ?? '';
  // A dash that begins an item is no part of the word.
  const start = offset - word.replace(/^-$/, '').length;
  const end = offset + (/^[\w./-]*/.exec(text.slice(offset))?.[0].length ?? 0);
  const [before, rest] = [text.slice(0, start), text.slice(end)];
  const hasColon = /^[ \t]*:(?:[ \t\r\n]|$)/.test(rest);
  const typed = { start, end, word: text.slice(start, offset) };
  if (KEY_BEFORE.test(before)) {
    const found = find(`${before}${PROBE}${hasColon ? '' : ': x'}${rest}`);
    if (found?.what === 'key') return { ...found, typed, word: typed.word, hasColon };
  }
  if (!VALUE_BEFORE.test(before)) return null;
  const found = find(before + PROBE + rest);
  return found?.what === 'value' ? { ...found, typed, word: typed.word, hasColon } : null;
}

type Found = Pick<YamlCaret, 'what' | 'target' | 'root'>;

function find(text: string): Found | null {
  const root = Reading.of(parseYaml(text));
  return within(root, root, 0);
}

function within(reading: Reading, root: Reading, depth: number): Found | null {
  if (depth > MAX_DEPTH) return null;
  const entries = reading.entries();
  if (entries.some(({ name }) => name === PROBE)) return { what: 'key', target: reading, root };
  for (const value of [...entries.map(entry => entry.value), ...reading.items()]) {
    const found = within(value, root, depth + 1);
    if (found) return found;
  }
  const text = reading.text();
  if (text.is(PROBE)) return { what: 'value', target: reading, root };
  if (!text.known?.includes(PROBE)) return null;
  for (const document of reading.embeddedYaml()) {
    const found = within(document, document, depth + 1);
    if (found) return found;
  }
  return null;
}
