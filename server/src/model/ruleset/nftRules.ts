import { type IpFamily, PRIORITIES, type TableName } from '../../facts/netfilter.ts';
import { ANY_PORT, anyAddress, parseNetwork, type Ranges, union, without } from '../../simulate/packetPath/ranges.ts';
import type { Chain, Match, Rule, RuleAt, Ruleset, Target } from '../../simulate/packetPath/ruleset.ts';
import type { NftRule, NftWord } from '../../syntax/nftables/parse.ts';
import { type NftText, notracksOf, priorityOf } from '../nftText.ts';
import { portsOf } from './conditions.ts';

/** What a text for nft has done before conntrack, as the table raw of iptables would have it. */
export interface NftRuleset {
  readonly family: IpFamily;
  readonly ruleset: Ruleset;
  readonly source: { readonly text: string };
  readonly notracks: readonly NftNotrack[];
}

export interface NftNotrack {
  readonly at: RuleAt;
  readonly rule: Rule;
  readonly statement: NftWord;
}

const CHAINS: Readonly<Record<string, string>> = { prerouting: 'PREROUTING', output: 'OUTPUT' };
const FAMILIES: Readonly<Record<string, readonly IpFamily[]>> = {
  ip: ['ipv4'],
  ip6: ['ipv6'],
  inet: ['ipv4', 'ipv6'],
};

/** The rules of base chains that run before conntrack, by family; a set, a variable or a statement that is not known here makes a rule unknown. */
export function* nftRulesets(text: NftText): Iterable<NftRuleset> {
  for (const family of ['ipv4', 'ipv6'] as const) {
    const chains = new Map<string, { policy: Chain['policy']; rules: Rule[] }>();
    const notracks: NftNotrack[] = [];
    for (const chain of text.tree.chains) {
      const name = CHAINS[chain.base?.hook ?? ''];
      const priority = chain.base && priorityOf(chain.base);
      const isOfFamily = FAMILIES[chain.family]?.includes(family) === true;
      if (!name || !isOfFamily || priority === null || priority >= (PRIORITIES.conntrack ?? -200)) continue;
      const raw = chains.get(name) ?? { policy: 'ACCEPT', rules: [] };
      chains.set(name, raw);
      for (const written of chain.rules) {
        const rule = ruleOf(text, written, family);
        if (!rule) continue;
        const [statement] = notracksOf({ ...chain, rules: [written] });
        const at = { table: 'raw' satisfies TableName, chain: name, index: raw.rules.length } as const;
        if (statement) notracks.push({ at, rule, statement });
        raw.rules.push(rule);
      }
    }
    if (notracks.length > 0) {
      yield { family, ruleset: { family, tables: { raw: chains } }, source: { text: text.region.text }, notracks };
    }
  }
}

const UNKNOWN: Match = { on: 'unknown', text: '?', ofEntry: false };

const VERDICTS: Readonly<Record<string, Target>> = {
  notrack: { does: 'notrack' },
  accept: { does: 'accept' },
  drop: { does: 'drop' },
  return: { does: 'return' },
};

/** What a rule asks for and does; null for one that meets no packet of the family. */
function ruleOf(text: NftText, written: NftRule, family: IpFamily): Rule | null {
  const matches: Match[] = [];
  let target: Target = { does: 'continue' };
  const words = new Words(written.words);
  if (text.isTemplated(written)) matches.push(UNKNOWN);
  for (let word = words.take(); word !== null; word = words.take()) {
    const verdict = VERDICTS[word];
    // What is left untracked stays so, whatever else the rule decides.
    if (verdict) target = target.does === 'notrack' ? target : verdict;
    else if (word === 'comment') words.take();
    else if (word === 'counter') words.counted();
    else {
      const match = matchOf(word, words, family);
      if (match === 'otherFamily') return null;
      matches.push(...match);
    }
  }
  return { matches, target };
}

/** The words of a rule, one after the other. */
class Words {
  private readonly words: readonly NftWord[];
  private at = 0;

  constructor(words: readonly NftWord[]) {
    this.words = words;
  }

  take(): string | null {
    return this.words[this.at++]?.text ?? null;
  }

  peek(): string {
    return this.words[this.at]?.text ?? '';
  }

  /** The figures of a counter. */
  counted(): void {
    while (/^(?:packets|bytes)$/.test(this.peek())) this.at += 2;
  }

  /** `!= { 80, 443 }`: whether it is negated, and the values. */
  values(): { readonly isNegated: boolean; readonly values: readonly string[] } {
    const isNegated = this.peek() === '!=';
    if (/^(?:!=|==|eq|ne)$/.test(this.peek())) this.at++;
    const values: string[] = [];
    for (let word = this.take(); word !== null; word = this.take()) {
      values.push(...word.split(',').filter(part => part !== ''));
      if (!word.endsWith(',') && !this.peek().startsWith(',')) break;
    }
    return { isNegated, values };
  }
}

function matchOf(word: string, words: Words, family: IpFamily): readonly Match[] | 'otherFamily' {
  switch (word) {
    case 'ip':
    case 'ip6': {
      if ((word === 'ip') !== (family === 'ipv4')) return 'otherFamily';
      const field = words.take();
      if (field === 'protocol' || field === 'nexthdr') return protocol(words.values());
      if (field !== 'saddr' && field !== 'daddr') return [UNKNOWN];
      const { isNegated, values } = words.values();
      const set = rangesOf(values, text => addresses(text, family));
      const on = field === 'saddr' ? 'source' : 'destination';
      return set ? [{ on, in: isNegated ? without(anyAddress(family), set) : set }] : [UNKNOWN];
    }
    case 'tcp':
    case 'udp':
    case 'th': {
      const field = words.take();
      if (field !== 'sport' && field !== 'dport') return [UNKNOWN];
      const { isNegated, values } = words.values();
      const set = rangesOf(values, text => portsOf(text.replace('-', ':')));
      const on = field === 'sport' ? 'sourcePort' : 'destinationPort';
      const own: Match[] = word === 'th' ? [] : [{ on: 'protocol', name: word, isNegated: false }];
      return set ? [...own, { on, in: isNegated ? without(ANY_PORT, set) : set }] : [UNKNOWN];
    }
    case 'meta': {
      const field = words.take() ?? '';
      return field === 'l4proto' ? protocol(words.values()) : matchOf(field, words, family);
    }
    case 'iif':
    case 'iifname':
    case 'oif':
    case 'oifname': {
      const { isNegated, values } = words.values();
      const [name = '', ...more] = values.map(value => value.replaceAll('"', '').replace(/\*$/, '+'));
      if (more.length > 0 || !/^[\w.@+-]+$/.test(name) || name.startsWith('@')) return [UNKNOWN];
      return [{ on: word.startsWith('i') ? 'in' : 'out', name, isNegated }];
    }
    default:
      return [UNKNOWN];
  }
}

function protocol({ isNegated, values }: ReturnType<Words['values']>): readonly Match[] {
  const [name, ...more] = values;
  return name !== undefined && more.length === 0 && /^(?:tcp|udp|sctp|icmp)$/.test(name)
    ? [{ on: 'protocol', name, isNegated }]
    : [UNKNOWN];
}

function rangesOf(values: readonly string[], read: (text: string) => Ranges | null): Ranges | null {
  const sets = values.map(read);
  return values.length > 0 && sets.every(set => set !== null) ? union(...sets) : null;
}

/** `10.0.0.1`, `10.0.0.0/8`, `10.0.0.1-10.0.0.9`. */
function addresses(text: string, family: IpFamily): Ranges | null {
  const [first = '', last = first, ...more] = text.split('-');
  const [low, high] = [parseNetwork(first, family)?.[0], parseNetwork(last, family)?.at(-1)];
  return low && high && more.length === 0 && low.low <= high.high ? [{ low: low.low, high: high.high }] : null;
}
