import { CHAINS, hookOf, type IpFamily } from '../../facts/netfilter.ts';
import type { Span } from '../../text/span.ts';
import { checkIptables } from './check.ts';
import { type IptablesProblem, problem } from './problem.ts';
import { optionNamed, type Specification } from './specification.ts';

/**
 * What `iptables` itself, and then the kernel, refuse of one command, whatever rules and chains are there already (iptables 1.8.9; Linux
 * 6.18): problems of both backends, or of one. A chain that is built in elsewhere counts as missing in a table without it. Never throws.
 */
export function checkCommand(
  specification: Specification,
  family: IpFamily,
  table: string,
): readonly IptablesProblem[] {
  const { words, chain, command, problems } = specification;
  const named = optionNamed(specification, 'table')?.argument;
  if (named && !Object.hasOwn(CHAINS, table)) return [problem('unknownTable', named, table)];
  const span: Span = { start: words[0]?.start ?? 0, end: words.at(-1)?.end ?? 0 };
  const rule = { is: 'rule' as const, counters: null, specification, ...span };
  const written = { name: { value: table, quoted: false, ...span }, lines: [rule], commit: null, ...span };
  const tree = { text: '', family, tables: [written], comments: [], strays: [], problems };
  const found = checkIptables(tree, { noflush: true }).problems;
  const isMissing =
    (command?.name === 'append' || command?.name === 'insert') &&
    typeof chain?.value === 'string' &&
    hookOf(table, chain.value) === null &&
    Object.keys(CHAINS).some(each => hookOf(each, chain.value ?? '') !== null);
  return isMissing && chain ? [...found, problem('unknownChain', chain, chain.value ?? '', table)] : found;
}
