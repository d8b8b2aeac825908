import type { Entity } from '../model/entity.ts';
import { type IptablesCall, iptablesCallsOf } from '../model/iptablesCall.ts';
import type { IptablesText } from '../model/iptablesText.ts';
import type { IptablesOption } from '../syntax/iptables/specification.ts';
import { tokens } from '../syntax/iptables/tree.ts';
import type { IptablesWord } from '../syntax/iptables/word.ts';
import type { FilePiece } from '../workspace/workspace.ts';
import type { Colour, Coloured } from './answers.ts';
import { iptablesTexts } from './iptablesAt.ts';

/** Addresses, ports, marks, and lists and ranges of them. */
const NUMBER = /^(?:0x[\da-f]+|[\da-f]*:[\da-f:.]*|[\d.]+)(?:[/:,-](?:0x[\da-f]+|[\da-f:.]+))*$/i;

/** The words of a piece's texts for iptables-restore, and of its commands. What a template prints is left to the editor's grammars. */
export function iptablesColours({ entities }: FilePiece): Coloured[] {
  const inFiles = iptablesTexts(entities).flatMap(text =>
    [...colour(text)]
      .filter(span => !text.isTemplated(span))
      .map(each => ({ ...text.placeOf(each).value, colour: each.colour })),
  );
  return [...inFiles, ...inScripts(entities)];
}

/** Words that stand there as they are, each once: of variables and quotes the editor's grammar for scripts knows more. */
function inScripts(entities: readonly Entity[]): Coloured[] {
  const found = new Map<number, Coloured>();
  for (const text of entities) {
    if (text.is !== 'shellText') continue;
    const written = text.script.text;
    for (const call of iptablesCallsOf(text)) {
      for (const { value, start, end, colour } of wordsOf(call)) {
        if (value === null || value.length !== end - start || !written.startsWith(value, start)) continue;
        const there = text.placeOf({ start, end }).value;
        if (!found.has(there.start)) found.set(there.start, { start: there.start, end: there.end, colour });
      }
    }
  }
  return [...found.values()];
}

function* wordsOf({ specification, program }: IptablesCall): Generator<Coloured & { readonly value: string | null }> {
  if (!specification) return;
  const { value, word } = program.field;
  yield { value, start: word.start, end: word.end, colour: 'function' };
  const told = new Map<number, Colour>();
  for (const option of specification.options) {
    ofOption(option, told);
    told.set(option.word.start, 'parameter');
  }
  for (const { value, start, end } of specification.words)
    yield { value, start, end, colour: told.get(start) ?? (value === '!' ? 'operator' : wordColour(value ?? '')) };
}

function* colour({ tree }: IptablesText): Generator<Coloured> {
  const arguments_ = new Map<number, Colour>();
  for (const table of tree.tables)
    for (const line of table.lines)
      if (line.is === 'rule') for (const option of line.specification.options) ofOption(option, arguments_);
  for (const { kind, start, end } of tokens(tree)) {
    if (kind === 'comment' || kind === 'stray') {
      if (kind === 'comment') yield { start, end, colour: 'comment' };
    } else if (kind === 'table' || kind === 'commit' || kind === 'policy') yield { start, end, colour: 'keyword' };
    else if (kind === 'chain') yield { start, end, colour: 'function' };
    else if (kind === 'counters') yield { start, end, colour: 'number' };
    else if (kind === 'option') yield { start, end, colour: 'parameter' };
    else if (kind === 'not') yield { start, end, colour: 'operator' };
    else yield { start, end, colour: arguments_.get(start) ?? wordColour(tree.text.slice(start, end)) };
  }
}

/** What an option's argument is, where the option tells. */
function ofOption({ name, loaded, argument, more, known }: IptablesOption, found: Map<number, Colour>): void {
  const set = (word: IptablesWord | null, as: Colour) => word && found.set(word.start, as);
  if (!known || loaded) return;
  if (name === 'policy') set(more[0] ?? null, 'keyword');
  if (CHAINS.has(name)) set(argument, 'function');
  else if (name === 'jump' || name === 'goto')
    set(argument, /^[A-Z]+$/.test(argument?.value ?? '') ? 'keyword' : 'function');
  else if (name === 'match' || name === 'protocol') set(argument, 'variable');
  else if (name === 'table') set(argument, 'keyword');
}

const CHAINS: ReadonlySet<string> = new Set([
  'append',
  'insert',
  'delete',
  'replace',
  'check',
  'flush',
  'policy',
  'new-chain',
  'delete-chain',
  'zero',
]);

function wordColour(text: string): Colour {
  return NUMBER.test(text) ? 'number' : 'string';
}
