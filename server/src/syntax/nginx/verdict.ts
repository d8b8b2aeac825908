import { checkNginx } from './check.ts';
import { type NginxPlace, parseStrictly } from './parse.ts';
import type { NginxProblem } from './problem.ts';

/**
 * The one problem that nginx would name, as it stops at the first; null if none of those that can be told from the text. What it says of
 * values, files and hosts is not known here.
 */
export function nginxVerdict(text: string, place: NginxPlace): NginxProblem | null {
  const { tree, problems } = parseStrictly(text, place);
  // A directive is looked at only once it has its `;` or `{`.
  const looked = checkNginx(tree).filter(({ noticed }) => ';{}'.includes(text[noticed] ?? ' '));
  let first: NginxProblem | null = null;
  for (const problem of [...problems, ...looked]) if (first === null || isBefore(problem, first)) first = problem;
  return first;
}

/** A value is looked at only after its directive was found to be the first of its block. */
function isBefore(a: NginxProblem, b: NginxProblem): boolean {
  return a.noticed < b.noticed || (a.noticed === b.noticed && a.code === 'duplicate' && b.code === 'flagValue');
}
