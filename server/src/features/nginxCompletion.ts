import { TEMPLATE_DIRECTIVES } from '../facts/ingressNginxTemplate.ts';
import {
  CONTROLLER_COMPILED_OUT,
  NGINX_DIRECTIVES,
  NGINX_ENTRIES,
  type NginxDirectiveFacts,
  nginxDirectives,
} from '../facts/nginx.ts';
import type { NginxText } from '../model/nginxText.ts';
import { directivesIn, holdsEntries, mayStandIn } from '../syntax/nginx/context.ts';
import type { NginxDirective } from '../syntax/nginx/tree.ts';
import type { Span } from '../text/span.ts';
import type { Language } from '../text/wording.ts';
import type { PieceAt, Workspace } from '../workspace/workspace.ts';
import { type Completion, type Completions, completionsOf, plain } from './answers.ts';
import { type NginxWordAt, nginxAt, wordAt } from './nginxAt.ts';
import { directiveLine } from './nginxDirective.ts';
import { variablesDefined, variablesFor } from './nginxVariable.ts';

/** What stands around the caret, within the piece. */
interface Typed extends Span {
  readonly word: string;
  /** Where the word ends that the caret is in. */
  readonly wordEnd: number;
  /** What follows that on the line. */
  readonly rest: string;
}

/** What may follow a statement on its line: nothing that could be an argument. */
const STATEMENT_ENDS = /^\s*(?:$|[}#"'])/;

/** What nginx takes at a position; null in what is no nginx, and in its comments and Lua. */
export function nginxCompletion(piece: PieceAt, { language }: Workspace): Completions | null {
  if (!piece.entities.some(({ is }) => is === 'nginxText')) return null;
  const typed = typedAt(piece);
  const found = typed && probe(piece, typed);
  return found ? completionsOf(piece, typed, itemsFor(found.text, found.at, typed, language)) : null;
}

/** The word before the caret; null where the file has it otherwise than nginx reads it. */
function typedAt({ entities, offset, text }: PieceAt): Typed | null {
  const at = nginxAt(entities, offset);
  const line = at ? at.text.tree.text.slice(0, at.offset).replace(/^[\s\S]*\n/, '') : '';
  const word = /\$\{?\w*$|[\w.+-]*$/.exec(line)?.[0] ?? '';
  const start = offset - word.length;
  const wordEnd = offset + (/^\w*/.exec(text.slice(offset))?.[0].length ?? 0);
  const rest = /^[^\r\n]*/.exec(text.slice(wordEnd))?.[0] ?? '';
  if (at && word !== '') {
    const span = { start: at.offset - word.length, end: at.offset };
    const there = at.text.placeOf(span).value;
    // What a template prints is masked there, as a word; of what is escaped or folded, an edit would miss a part.
    if (there.start !== start || there.end !== offset || at.text.isTemplated(span)) return null;
  }
  return { start, end: offset, word, wordEnd, rest };
}

/** A directive that nginx takes in every block. */
const PROBE = 'include';

/** In YAML the key of a new entry, unless it is part of a scalar. */
const KEY = '? x';

/**
 * Reads the piece with a word of ours in the place of the one that is being typed: only so do blank lines and half a word show
 * what they are part of. The statement ends behind it unless something follows, so that it does not swallow the next one.
 */
function probe(piece: PieceAt, { start, word, wordEnd, rest }: Typed): { text: NginxText; at: NginxWordAt } | null {
  const read = (written: string) =>
    nginxAt(piece.wouldSay(piece.text.slice(0, start) + written + piece.text.slice(wordEnd)), start + 1);
  const probed = word.startsWith('$') ? `${word}x` : PROBE;
  const found = read(STATEMENT_ENDS.test(rest) ? `${probed} x;` : probed);
  const at = found && wordAt(found);
  if (!at) return null;
  // A line that belongs to no block of YAML is read as if it belonged to the one before it: damage is kept small so.
  const beginsLine = /(?:^|[\r\n])[ \t]*$/.test(piece.text.slice(0, start));
  const isInside = !beginsLine || found.text.address.length === 1 || read(KEY) !== null;
  return isInside ? { text: found.text, at } : null;
}

function itemsFor(text: NginxText, at: NginxWordAt, typed: Typed, language: Language): Completion[] {
  const { directive, isName } = at;
  if (typed.word.startsWith('$')) {
    const isVariable = !isName || holdsEntries(directive.context);
    return isVariable ? variables(text, at, typed) : [];
  }
  // The word goes on before the caret, or is in quotes.
  if (text.tree.text.slice(at.word.start, at.word.end) !== PROBE) return [];
  if (!isName) return values(at);
  if (holdsEntries(directive.context)) return entryWords(directive.context);
  return names(text, directive, typed, language);
}

function names(text: NginxText, directive: NginxDirective, { rest }: Typed, language: Language): Completion[] {
  const { context } = directive;
  const here = NGINX_DIRECTIVES.filter(each => context === null || mayStandIn(each, context));
  const taken = writtenBeside(text, directive);
  const offered = new Map<string, NginxDirectiveFacts>();
  for (const each of here) {
    const isThere = text.carrier.kind === 'file' || (isInController(each) && !taken.has(each.name));
    if (!offered.has(each.name) && isThere) offered.set(each.name, each);
  }
  return [...offered.values()].map(facts => ({
    kind: facts.block ? 'block' : 'directive',
    label: facts.name,
    detail: facts.module,
    documentation: directiveLine(facts, language),
    insert: facts.name + (STATEMENT_ENDS.test(rest) ? separator(facts) : ''),
  }));
}

/** What the controller writes into the block of a snippet, and nginx takes but once. */
function writtenBeside({ carrier, tree }: NginxText, directive: NginxDirective): ReadonlySet<string> {
  if (carrier.kind === 'file' || carrier.block === null || !tree.directives.includes(directive)) return new Set();
  return new Set(TEMPLATE_DIRECTIVES[carrier.block].map(({ name }) => name));
}

function separator({ block, counts }: NginxDirectiveFacts): string {
  return !block && counts?.max === 0 ? ';' : ' ';
}

/** The controller's nginx is built from the open sources, without all modules. */
function isInController({ name, commercial }: NginxDirectiveFacts): boolean {
  return !commercial && !CONTROLLER_COMPILED_OUT.directives.includes(name);
}

/** Words that an entry may begin with, other than what is looked up in it. */
function entryWords(context: keyof typeof NGINX_ENTRIES): Completion[] {
  const words = context === 'map' || context === 'geo' ? ['default', 'include'] : [];
  return [...words, ...NGINX_ENTRIES[context].alone].map(label => plain('value', label, context));
}

/** The words that nginx looks an argument up in. */
function values({ directive, word }: NginxWordAt): Completion[] {
  const { name, context, arguments: words } = directive;
  const here = context === null ? [] : directivesIn(name.value, context);
  const facts = here.length > 0 ? here : nginxDirectives(name.value);
  const index = words.indexOf(word);
  const taken = facts.filter(({ counts }) => !counts || counts.max === null || index < counts.max);
  const labels = taken.flatMap(({ flag, values }) => (flag ? ['on', 'off'] : values));
  return [...new Set(labels)].map(label => plain('value', label, name.value));
}

/** Those that modules have, and those that the text defines itself. */
function variables(text: NginxText, at: NginxWordAt, { word, rest }: Typed): Completion[] {
  const braced = word.startsWith('${');
  const written = (name: string) => {
    const stem = name.replace(/NAME$/, '');
    if (!braced) return `$${stem}`;
    return `\${${stem}${stem === name && !rest.startsWith('}') ? '}' : ''}`;
  };
  const known = variablesFor(at.directive.context).map(({ name, module }) => ({ name, whose: module }));
  const own = variablesDefined(text.tree, at.word).map(({ name, by }) => ({ name, whose: by }));
  const offered = new Map([...own, ...known].map(each => [each.name, each]));
  return [...offered.values()].map(({ name, whose }) => ({
    ...plain('variable', braced ? `\${${name}}` : `$${name}`, whose),
    insert: written(name),
  }));
}
