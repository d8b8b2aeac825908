import { NGINX_ENTRIES, type NginxContext, nginxDirectives } from '../../facts/nginx.ts';
import { overlaps, type Span } from '../../text/span.ts';
import { directivesIn, holdsEntries, takes } from './context.ts';
import type { NginxStructureProblem } from './problem.ts';
import { type NginxDirective, type NginxTree, walk } from './tree.ts';

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
  for (const directive of walk(tree)) {
    if (touches(rendering.unknown, directive.name)) continue;
    const problem = holdsEntries(directive.context)
      ? entryProblem(directive, rendering)
      : directiveProblem(directive, rendering);
    if (problem) found.push(problem);
  }
  found.push(...duplicates(tree.directives, rendering));
  for (const { block } of walk(tree)) if (block) found.push(...duplicates(block.directives, rendering));
  return found.sort((a, b) => a.span.start - b.span.start);
}

function directiveProblem(node: NginxDirective, { unknown }: NginxRendering): NginxStructureProblem | null {
  const { name, arguments: words, context, semicolon, block } = node;
  if (context === null) return null;
  const directive = name.value;
  const known = nginxDirectives(directive);
  if (known.length === 0) return null;
  const at = { span: spanOf(name), noticed: noticedAt(node), directive };
  const here = directivesIn(directive, context);
  if (here.length === 0) {
    if (known.every(({ builds }) => builds.length === 0)) return null;
    return { code: 'notAllowedHere', ...at, context, allowed: contextsOf(directive) };
  }
  if (here.some(({ counts }) => counts === null)) return null;
  const hasBlock = block !== null;
  if (hasBlock && block.open !== null && here.every(facts => !facts.block)) return { code: 'noBlock', ...at };
  if (semicolon !== null && here.every(facts => facts.block)) return { code: 'blockExpected', ...at };
  if (semicolon === null && !hasBlock) return null;
  if (words.some(word => touches(unknown, word))) return null;
  const [first] = here;
  const counts = first?.counts;
  if (counts && !here.some(facts => takes(facts.counts, words.length)))
    return { code: 'argumentCount', ...at, count: words.length, min: counts.min, max: counts.max };
  const [word] = words;
  if (word && here.every(({ flag }) => flag) && !/^(?:on|off)$/i.test(word.value))
    return { code: 'flagValue', ...at, span: spanOf(word), value: word.value };
  return null;
}

function entryProblem(node: NginxDirective, { unknown }: NginxRendering): NginxStructureProblem | null {
  const { name, arguments: words, context, semicolon } = node;
  if (!holdsEntries(context) || semicolon === null || words.some(word => touches(unknown, word))) return null;
  const facts = NGINX_ENTRIES[context];
  const count = words.length + 1;
  if (facts.words === null || count === facts.words) return null;
  if (count === 1 && facts.alone.includes(name.value)) return null;
  return { code: 'entryCount', span: spanOf(name), noticed: noticedAt(node), context, count, words: facts.words };
}

/** Directives of one block that nginx takes once, from the second on. */
function duplicates(directives: readonly NginxDirective[], rendering: NginxRendering): NginxStructureProblem[] {
  const { unknown, canMeet = () => true } = rendering;
  const firsts = new Map<string, NginxDirective[]>();
  const found: NginxStructureProblem[] = [];
  for (const node of directives) {
    const { name, context } = node;
    if (context === null || holdsEntries(context) || touches(unknown, name)) continue;
    const directive = name.value;
    const here = directivesIn(directive, context);
    if (here.length === 0 || !here.every(({ once }) => once)) continue;
    const before = firsts.get(directive) ?? [];
    const first = before.find(({ start }) => canMeet(start, node.start));
    firsts.set(directive, [...before, node]);
    if (first)
      found.push({
        code: 'duplicate',
        span: spanOf(name),
        noticed: node.block?.lua ? node.end - 1 : noticedAt(node),
        directive,
        first: spanOf(first.name),
      });
  }
  return found;
}

/** nginx looks at a directive when it has read its `;` or `{`. */
function noticedAt({ semicolon, block, end }: NginxDirective): number {
  return semicolon ?? block?.open ?? end;
}

function contextsOf(directive: string): NginxContext[] {
  return [...new Set(nginxDirectives(directive).flatMap(({ contexts }) => contexts))];
}

function touches(unknown: readonly Span[] | undefined, span: Span): boolean {
  return unknown?.some(stretch => overlaps(stretch, span)) ?? false;
}

function spanOf({ start, end }: Span): Span {
  return { start, end };
}
