import type { Entity } from '../model/entity.ts';
import { iptablesCallsOf } from '../model/iptablesCall.ts';
import type { IptablesText } from '../model/iptablesText.ts';
import type { IptablesOption } from '../syntax/iptables/specification.ts';
import { tokens } from '../syntax/iptables/tree.ts';
import type { IptablesWord } from '../syntax/iptables/word.ts';
import type { Span } from '../text/span.ts';
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
    for (const { specification, program } of text.is === 'shellText' ? iptablesCallsOf(text) : []) {
      if (text.is !== 'shellText' || !specification) continue;
      const { word: name, value } = program.field;
      const arguments_ = new Map<number, Colour>();
      for (const option of specification.options) ofOption(option, arguments_);
      const options = new Set(specification.options.map(option => option.word.start));
      const add = (word: Span, written: string | null, colour: Colour) => {
        if (written === null || text.script.text.slice(word.start, word.end) !== written) return;
        const there = text.placeOf(word).value;
        if (!found.has(there.start)) found.set(there.start, { ...there, colour });
      };
      add(name, value, 'function');
      for (const word of specification.words) {
        const other = word.value === '!' ? 'operator' : arguments_.get(word.start);
        add(word, word.value, options.has(word.start) ? 'parameter' : (other ?? wordColour(word.value ?? '')));
      }
    }
  }
  return [...found.values()];
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
