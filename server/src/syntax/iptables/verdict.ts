import type { IptablesBackend } from '../../facts/netfilter.ts';
import type { IptablesCheck } from './check.ts';
import type { IptablesProblem, IptablesProblemCode } from './problem.ts';
import type { IptablesTree } from './tree.ts';

/** What a program does with a text. `unsure`: only a machine could tell. */
export type RestoreVerdict =
  | { readonly kind: 'taken' }
  | { readonly kind: 'refused'; readonly problem: IptablesProblem; readonly line: number | null }
  | { readonly kind: 'unsure' };

/** What iptables-nft finds out when it hands over the table, and iptables-legacy when it reads the line. */
const AT_COMMIT_IN_NFT: ReadonlySet<IptablesProblemCode> = new Set([
  'unknownChain',
  'unknownTarget',
  'wrongCaseTarget',
  'badPolicy',
  'policyOnUserChain',
  'chainExists',
  'noSuchRule',
  'jumpToBuiltIn',
]);

/** True if the program stops at the line itself; the kernel's refusals come at `COMMIT`. */
function stopsAtLine({ byKernel, code }: IptablesProblem, backend: IptablesBackend): boolean {
  return !byKernel && !(backend === 'nft' && AT_COMMIT_IN_NFT.has(code));
}

/**
 * What `iptables-restore` does with a whole file. `line`, from 1, is the first bad one; null where the kernel refuses a table: it names
 * the line of the jump, of `COMMIT`, or none.
 */
export function restoreVerdict(
  tree: IptablesTree,
  { problems, unsure }: IptablesCheck,
  backend: IptablesBackend,
): RestoreVerdict {
  const own = problems.filter(({ backend: of }) => of === null || of === backend);
  const stops = own.filter(each => stopsAtLine(each, backend)).sort((a, b) => noticed(a) - noticed(b));
  const first = stops[0];
  const commits = tree.tables.map(({ end }) => end);
  const kernel = own.find(each => !stopsAtLine(each, backend));
  const at = kernel ? (commits.find(end => end >= kernel.span.start) ?? tree.text.length) : Number.POSITIVE_INFINITY;
  const where = first ? noticed(first) : Number.POSITIVE_INFINITY;
  const decides = where < at ? first : kernel;
  const unsureFrom = unsure[0]?.start ?? Number.POSITIVE_INFINITY;
  if (!decides) return unsure.length > 0 ? { kind: 'unsure' } : { kind: 'taken' };
  // A line that may be refused for what nobody knows may be refused first.
  if (decides === first && unsureFrom < where) return { kind: 'refused', problem: decides, line: null };
  return { kind: 'refused', problem: decides, line: decides === first ? lineOf(tree, first) : null };
}

/** What is missing is noticed behind all that is there. */
function noticed({ code, span }: IptablesProblem): number {
  return code === 'missingCommit' ? span.end : span.start;
}

function lineOf({ text }: IptablesTree, { span, code }: IptablesProblem): number {
  const line = text.slice(0, span.start).split('\n').length;
  // What is missing is noticed where the next line begins.
  return code === 'missingCommit' ? nextLine(text, line) : line;
}

/** The line of the next `*table`, else the one behind the last. */
function nextLine(text: string, line: number): number {
  const lines = text.split('\n');
  for (let i = line; i < lines.length; i++) if (lines[i]?.startsWith('*')) return i + 1;
  return lines.length - (lines.at(-1) === '' ? 0 : -1);
}
