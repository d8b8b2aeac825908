import {
  NGINX_ENTRIES,
  type NginxContext,
  type NginxDirectiveFacts,
  type NginxEntryContext,
  nginxDirectives,
} from '../../facts/nginx.ts';
import { overlaps, type Span, spanOf } from '../../text/span.ts';
import { directivesIn, holdsEntries, takes } from './context.ts';
import type { NginxStructureProblem } from './problem.ts';
import type { NginxDirective, NginxTree } from './tree.ts';

/** What rendering may still change about the text. */
export interface NginxRendering {
  /** Stretches that stand for a template's output: words that they touch are unknown, in value and in number. */
  readonly unknown?: readonly Span[];
  /** False if the two offsets never stand in one rendered text. */
  readonly canMeet?: (a: number, b: number) => boolean;
}

/**
 * What nginx would refuse although every character is in its place: ngx_conf_handler, src/core/ngx_conf_file.c, in its order, one problem for
 * each directive. Silent on directives, contexts and numbers that no nginx of the facts was asked about.
 */
export function checkNginx(tree: NginxTree, rendering: NginxRendering = {}): NginxStructureProblem[] {
  const found: NginxStructureProblem[] = [];
  const waiting = [tree.directives];
  for (let block = waiting.pop(); block; block = waiting.pop()) {
    checkBlock(block, rendering, found);
    for (const { block: inner } of block) if (inner && inner.directives.length > 0) waiting.push(inner.directives);
  }
  return found.sort((a, b) => a.span.start - b.span.start);
}

/** Judges the directives of one block, one by one and as neighbours. */
function checkBlock(
  directives: readonly NginxDirective[],
  rendering: NginxRendering,
  found: NginxStructureProblem[],
): void {
  const firsts = new Map<string, NginxDirective[]>();
  for (const node of directives) {
    if (node.context === null || touches(rendering.unknown, node.name)) continue;
    const name = node.name.value;
    if (holdsEntries(node.context)) {
      found.push(...entryProblems(node, node.context, rendering));
      continue;
    }
    const here = directivesIn(name, node.context);
    if (here.length === 0) found.push(...misplaced(node, name, node.context));
    else {
      const problem = directiveProblem(node, name, here, rendering);
      if (problem) found.push(problem);
      if (here[0]?.once && here.every(({ once }) => once)) found.push(...duplicates(node, name, firsts, rendering));
    }
  }
}

function misplaced(node: NginxDirective, directive: string, context: NginxContext): NginxStructureProblem[] {
  const known = nginxDirectives(directive);
  if (known.every(({ builds }) => builds.length === 0)) return [];
  const allowed = [...new Set(known.flatMap(({ contexts }) => contexts))];
  return [{ code: 'notAllowedHere', span: spanOf(node.name), noticed: noticedAt(node), directive, context, allowed }];
}

function directiveProblem(
  node: NginxDirective,
  directive: string,
  here: readonly NginxDirectiveFacts[],
  { unknown }: NginxRendering,
): NginxStructureProblem | null {
  if (here.some(({ counts }) => counts === null)) return null;
  const { name, semicolon, block } = node;
  const at = () => ({ span: spanOf(name), noticed: noticedAt(node), directive });
  if (block && block.open !== null && here.every(facts => !facts.block)) return { code: 'noBlock', ...at() };
  if (semicolon !== null && here.every(facts => facts.block)) return { code: 'blockExpected', ...at() };
  if (semicolon === null && !block) return null;
  const words = node.arguments;
  if (unknown && words.some(word => touches(unknown, word))) return null;
  if (!here.some(({ counts }) => takes(counts, words.length))) {
    const { min = 0, max = null } = here[0]?.counts ?? {};
    return { code: 'argumentCount', ...at(), count: words.length, min, max };
  }
  const [word] = words;
  if (word && here.every(({ flag }) => flag) && !/^(?:on|off)$/i.test(word.value))
    return { code: 'flagValue', ...at(), span: spanOf(word), value: word.value };
  return null;
}

function entryProblems(
  node: NginxDirective,
  context: NginxEntryContext,
  { unknown }: NginxRendering,
): NginxStructureProblem[] {
  const { name, arguments: words, semicolon } = node;
  if (semicolon === null || words.some(word => touches(unknown, word))) return [];
  const facts = NGINX_ENTRIES[context];
  const count = words.length + 1;
  if (facts.words === null || count === facts.words) return [];
  if (count === 1 && facts.alone.includes(name.value)) return [];
  return [{ code: 'entryCount', span: spanOf(name), noticed: noticedAt(node), context, count, words: facts.words }];
}

/** `firsts`: the directives of the block so far that nginx takes but once. */
function duplicates(
  node: NginxDirective,
  directive: string,
  firsts: Map<string, NginxDirective[]>,
  { canMeet = () => true }: NginxRendering,
): NginxStructureProblem[] {
  const before = firsts.get(directive);
  const first = before?.find(({ start }) => canMeet(start, node.start));
  if (before) before.push(node);
  else firsts.set(directive, [node]);
  if (!first) return [];
  // Lua is read to its end before its directive is looked at.
  const noticed = node.block?.lua ? node.end - 1 : noticedAt(node);
  return [{ code: 'duplicate', span: spanOf(node.name), noticed, directive, first: spanOf(first.name) }];
}

/** nginx looks at a directive when it has read its `;` or `{`. */
function noticedAt({ semicolon, block, end }: NginxDirective): number {
  return semicolon ?? block?.open ?? end;
}

function touches(unknown: readonly Span[] | undefined, span: Span): boolean {
  return unknown?.some(stretch => overlaps(stretch, span)) ?? false;
}
