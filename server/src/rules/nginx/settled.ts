import type { NginxText } from '../../model/nginxText.ts';
import type { NginxProblem } from '../../syntax/nginx/problem.ts';

/** What leaves no doubt about which directive stands in which block. */
const OF_ONE_DIRECTIVE: ReadonlySet<NginxProblem['code']> = new Set([
  'missingSemicolon',
  'argumentCount',
  'entryCount',
  'flagValue',
  'duplicate',
  'notAllowedHere',
]);

/** True if it is certain which directives stand in which block: no template has a say in that, and nothing is broken. */
export function isSettled(text: NginxText): boolean {
  return !text.hasOwnLines && text.problems.every(({ code }) => OF_ONE_DIRECTIVE.has(code));
}
