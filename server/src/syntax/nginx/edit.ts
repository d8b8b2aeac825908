import type { NginxContext } from '../../facts/nginx.ts';
import { insertion, type TextEdit } from '../../text/edits.ts';
import { eolOf, lineEnd, lineStart, nextLine } from '../../text/lineBreaks.ts';
import { touches } from '../../text/span.ts';
import { placeholdersIn } from '../placeholders.ts';
import { mask } from '../template.ts';
import { columnOf, indentOf } from './layout.ts';
import { parseNginx } from './parse.ts';
import { type NginxDirective, type NginxTree, walk } from './tree.ts';

/** Which directive of the text, then of its block, and so on: indices from the outermost on. */
export type NginxPath = readonly number[];

/**
 * What happens to the directive at a path. `arguments` writes others, as they stand in the file. `within` puts lines at the
 * end of its block, or of the whole text for an empty path; `behind` puts them behind the directive: lines that begin with a tab
 * for each step of indentation beyond that of their neighbours. `remove` takes it out with its line. `terminate` puts the `;` that it lacks behind it, `close` the `}`.
 */
export type NginxChange =
  | { readonly op: 'arguments'; readonly words: readonly string[] }
  | { readonly op: 'within' | 'behind'; readonly lines: readonly string[] }
  | { readonly op: 'remove' }
  | { readonly op: 'terminate' }
  | { readonly op: 'close' };

/** Indentation of a block's directives beyond its own, where no other directive shows it. */
const STEP = '    ';

/** The edits that make a change in a text of nginx directives; null if there is nothing at the path to change so. */
export function editNginx(
  text: string,
  context: NginxContext | null,
  path: NginxPath,
  change: NginxChange,
): readonly TextEdit[] | null {
  const { tree } = parseNginx(mask(text, placeholdersIn(text, { braces: true })).text, { context });
  const directive = directiveAt(tree, path);
  if (change.op === 'within') return putWithin(tree, path, change.lines);
  if (!directive) return null;
  const { start, name, semicolon, block } = directive;
  switch (change.op) {
    case 'arguments': {
      const last = lastWord(directive);
      const [first] = directive.arguments;
      const written = change.words.join(' ');
      return [
        first ? { span: { start: first.start, end: last.end }, newText: written } : insertion(name.end, ` ${written}`),
      ];
    }
    case 'behind':
      return [insertion(lineEnd(text, directive.end), lines(tree, change.lines, indentation(text, start)))];
    case 'remove':
      return [remove(text, directive)];
    case 'terminate':
      return semicolon === null && !block ? [insertion(lastWord(directive).end, ';')] : null;
    case 'close':
      return block?.close === null ? [insertion(directive.end, lines(tree, ['}'], indentation(text, start)))] : null;
  }
}

/** The directive at a path; undefined if there is none. */
export function directiveAt(tree: NginxTree, path: NginxPath): NginxDirective | undefined {
  let found: NginxDirective | undefined;
  let inside = tree.directives;
  for (const index of path) {
    found = inside[index];
    inside = found?.block?.directives ?? [];
  }
  return found;
}

/** The path to the innermost directive that an offset is in; empty where there is none. */
export function pathAt(tree: NginxTree, offset: number): NginxPath {
  const path: number[] = [];
  let inside = tree.directives;
  for (;;) {
    const index = inside.findLastIndex(each => touches(each, offset));
    if (index < 0) return path;
    path.push(index);
    inside = inside[index]?.block?.directives ?? [];
  }
}

function putWithin(tree: NginxTree, path: NginxPath, added: readonly string[]): readonly TextEdit[] | null {
  const { text } = tree;
  const owner = directiveAt(tree, path);
  const inside = path.length === 0 ? tree.directives : owner?.block?.directives;
  const last = inside?.at(-1);
  if (last) return [insertion(lineEnd(text, last.end), lines(tree, added, indentation(text, last.start)))];
  const open = owner?.block?.open ?? null;
  if (!owner || open === null) return null;
  const outer = indentation(text, owner.start);
  const closesHere = /^[ \t]*\}/.test(text.slice(open + 1));
  const behind = closesHere ? eolOf(text) + outer : '';
  return [insertion(open + 1, lines(tree, added, outer + stepOf(tree)) + behind)];
}

/** The whole line if nothing else stands on it, else the directive alone. */
function remove(text: string, { start, end }: NginxDirective): TextEdit {
  const from = lineStart(text, start);
  const behind = text.slice(end, lineEnd(text, end));
  const isAlone = /^[ \t]*$/.test(text.slice(from, start)) && /^[ \t]*(?:#.*)?$/.test(behind);
  return { span: isAlone ? { start: from, end: nextLine(text, end) } : { start, end }, newText: '' };
}

function lines(tree: NginxTree, added: readonly string[], indent: string): string {
  const eol = eolOf(tree.text);
  const step = stepOf(tree);
  return added
    .map(line => eol + (line === '' ? '' : indent + line.replace(/^\t+/, tabs => step.repeat(tabs.length))))
    .join('');
}

/** What the first directive that begins a line of a block is further in by. */
function stepOf(tree: NginxTree): string {
  for (const { start, block } of walk(tree)) {
    const [first] = block?.directives ?? [];
    if (!first || columnOf(tree.text, first.start) === null) continue;
    const [outer, inner] = [indentation(tree.text, start), indentation(tree.text, first.start)];
    if (inner !== outer && inner.startsWith(outer)) return inner.slice(outer.length);
  }
  return STEP;
}

/** The blanks that the line of an offset begins with. */
function indentation(text: string, offset: number): string {
  const start = lineStart(text, offset);
  return text.slice(start, start + indentOf(text, offset));
}

function lastWord({ name, arguments: words }: NginxDirective) {
  return words.at(-1) ?? name;
}
