import type { IptablesBackend } from '../../facts/netfilter.ts';
import type { IptablesText } from '../../model/iptablesText.ts';
import type { IptablesProblem, IptablesProblemCode } from '../../syntax/iptables/problem.ts';
import type { IptablesTable } from '../../syntax/iptables/tree.ts';

/** What is refused, in which table, and by whom. */
export interface Refusal {
  readonly problem: IptablesProblem;
  /** Null outside tables. */
  readonly table: IptablesTable | null;
  /** Null for both backends. */
  readonly by: IptablesBackend | null;
}

/** What iptables-restore refuses of a text; it stops at the first, but each has to be mended. Nothing that a template prints. */
export function refusalsOf(text: IptablesText): Refusal[] {
  const { tree } = text;
  const found: Refusal[] = [];
  let strayEnds = -1;
  let outside: IptablesTable | null | undefined;
  for (const { problem, by } of merged(text.check.problems)) {
    const { code, span } = problem;
    if (text.isTemplated(span) || (text.hasOwnLines && OF_SEVERAL_LINES.has(code))) continue;
    // Of words that follow each other and belong to nothing, the first tells.
    const follows = code === 'badArgument' && strayEnds >= 0 && /^[ \t]*$/.test(tree.text.slice(strayEnds, span.start));
    strayEnds = code === 'badArgument' ? span.end : -1;
    if (follows) continue;
    const table = tree.tables.findLast(({ start }) => start <= span.start) ?? null;
    // Nor is each line of a text that nothing here knows told.
    if (code === 'outsideTable') {
      if (outside === table) continue;
      outside = table;
    }
    found.push({ problem, table: table && span.start <= table.end ? table : null, by });
  }
  return found;
}

/** What both backends refuse for the same reason, or for two of one word, is one. */
export function merged(
  problems: readonly IptablesProblem[],
): { problem: IptablesProblem; by: IptablesBackend | null }[] {
  const by = new Map<number, { problem: IptablesProblem; backends: Set<IptablesBackend | null> }>();
  for (const problem of problems) {
    const same = by.get(problem.span.start);
    if (same) same.backends.add(problem.backend);
    else by.set(problem.span.start, { problem, backends: new Set([problem.backend]) });
  }
  return [...by.values()].map(({ problem, backends }) => {
    const [only] = backends;
    return { problem, by: backends.size === 1 ? (only ?? null) : null };
  });
}

/** What depends on lines that a template may or may not print. */
const OF_SEVERAL_LINES: ReadonlySet<IptablesProblemCode> = new Set([
  'missingCommit',
  'outsideTable',
  'unknownChain',
  'unknownTarget',
  'chainExists',
  'noSuchRule',
  'loop',
  'targetOutsideHook',
  'matchOutsideHook',
]);
