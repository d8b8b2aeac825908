import { PRIORITIES } from '../facts/netfilter.ts';
import { type NftBase, type NftChain, type NftTree, type NftWord, parseNft } from '../syntax/nftables/parse.ts';
import { placeholdersIn } from '../syntax/placeholders.ts';
import { mask } from '../syntax/template.ts';
import type { Region } from './region.ts';
import { RegionText } from './regionText.ts';

/** A text for `nft -f`, wherever it is written. */
export class NftText extends RegionText {
  readonly is = 'nftText';
  readonly tree: NftTree;

  constructor(region: Region) {
    const masked = mask(region.text, placeholdersIn(region.text, { braces: false }));
    super(region, masked);
    this.tree = parseNft(masked.text);
  }
}

/** The number behind a priority's name, of the families ip, ip6 and inet; null for variables and whatever else. */
export function priorityOf({ priority: { text } }: NftBase): number | null {
  const [, name, sign, offset] = /^([a-z]+)(?:\s*([+-])\s*(\d+))?$/.exec(text) ?? [];
  if (name === undefined) return /^-?\d+$/.test(text) ? Number(text) : null;
  const named = Object.hasOwn(PRIORITIES, name) && NAMED.has(name) ? PRIORITIES[name] : undefined;
  if (named === undefined) return null;
  return named + (sign === '-' ? -1 : 1) * Number(offset ?? 0);
}

/** What nft knows by name (src/rule.c, chain_std_prios). */
const NAMED = new Set(['raw', 'mangle', 'dstnat', 'filter', 'security', 'srcnat']);

/** The words behind which `notrack` is a name. */
const BEFORE_NAMES = new Set(['jump', 'goto', 'chain', 'comment', 'table', 'set', 'map', 'counter', 'name', 'prefix']);

/** The `notrack` statements of a chain. */
export function notracksOf({ rules }: NftChain): readonly NftWord[] {
  return rules.flatMap(({ words }) =>
    words.filter(({ text, isQuoted }, i) => text === 'notrack' && !isQuoted && !isName(words, i)),
  );
}

/** `counter notrack` counts and leaves untracked: only `counter name …` names one. */
function isName(words: readonly NftWord[], i: number): boolean {
  const before = words[i - 1]?.text ?? '';
  return before !== 'counter' && BEFORE_NAMES.has(before);
}

/** The base chains from which packets get into a chain; null if that cannot be told, or some of them stand elsewhere. */
export function basesOf(tree: NftTree, chain: NftChain): readonly NftChain[] | null {
  const found: NftChain[] = [];
  const pending = [chain];
  const seen = new Set<NftChain>();
  for (let next = pending.pop(); next; next = pending.pop()) {
    if (seen.has(next)) continue;
    seen.add(next);
    const { family, table, name, base } = next;
    if (base) {
      found.push(next);
      continue;
    }
    const callers = tree.chains.filter(
      each => each.family === family && each.table === table && each.rules.some(({ words }) => leadsTo(words, name)),
    );
    if (callers.length === 0 || tree.includes || tree.mapped.has(name)) return null;
    pending.push(...callers);
  }
  return found;
}

function leadsTo(words: readonly NftWord[], name: string): boolean {
  return words.some(
    ({ text }, i) => text.replace(/,$/, '') === name && /^(?:jump|goto)$/.test(words[i - 1]?.text ?? ''),
  );
}
