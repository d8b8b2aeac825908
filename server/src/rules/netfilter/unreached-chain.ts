import { hookOf } from '../../facts/netfilter.ts';
import { type BuiltChain, reachOf } from '../../syntax/iptables/reach.ts';
import { chainsOf, type IptablesRule, type IptablesTable, rulesOf } from '../../syntax/iptables/tree.ts';
import { atPlace } from '../draft.ts';
import { rule } from '../rule.ts';
import { isOfProgram, loadingOf } from './loading.ts';
import en from './unreached-chain.md';
import zh from './unreached-chain.zh.md';

/** A chain of one's own does nothing until a rule jumps to it; that rule is forgotten easily, and nothing complains. */
export const unreachedChain = rule({
  id: 'netfilter/unreached-chain',
  severity: 'information',
  on: 'iptablesText',
  evidence: ['iptables(8) 1.8.9, TARGETS: a user-defined chain is entered by a jump alone'],
  summary: { en: 'Rules in a chain that nothing jumps to', zh: '规则所在的链没有任何跳转指向它' },
  messages: {
    en: {
      unreached: v =>
        `${v.rules === 1 ? 'The rule' : `The ${v.rules} rules`} of chain ${v.chain} ${v.rules === 1 ? 'meets' : 'meet'} no packet: no chain that packets enter jumps to it`,
      from: () => 'jumped to from here, which no packet reaches either',
    },
    zh: {
      unreached: v => `链 ${v.chain} 的 ${v.rules} 条规则不会遇到任何报文：报文经过的链都没有跳转到它`,
      from: () => '从这里跳转，但报文同样不会到达这里',
    },
  },
  page: { en, zh },

  *check(text, { file }) {
    if (text.hasOwnLines || loadingOf(file, text) === 'add') return;
    for (const [name, tables] of byName(text.tree.tables)) {
      const rules = tables.flatMap(rulesOf);
      // A word that nobody knows may be a jump to anywhere.
      if (rules.some(({ specification }) => !specification.certain || specification.jump?.argument?.value === null))
        continue;
      const chains = chainsWith(name, rules);
      const { chains: reached } = reachOf(chains, 'nft');
      const declared = firstBy(tables.flatMap(chainsOf), each => each.name.value);
      const jumped = firstBy(rules, ({ specification }) => specification.jump?.argument?.value ?? null);
      for (const chain of chains.values()) {
        if (chain.hook || reached.has(chain.name) || isOfProgram(chain.name)) continue;
        const place = declared.get(chain.name)?.name ?? chain.rules[0]?.specification.chain;
        if (!place) continue;
        const jump = jumped.get(chain.name)?.specification.jump;
        const draft = atPlace(text.placeOf(place), 'unreached', { chain: chain.name, rules: chain.rules.length });
        yield jump ? draft.seeAlso('from', text.placeOf(jump)) : draft;
      }
    }
  },
});

/** The first item of each name. */
function firstBy<Item>(items: readonly Item[], name: (item: Item) => string | null): ReadonlyMap<string | null, Item> {
  return new Map(items.map((item): [string | null, Item] => [name(item), item]).reverse());
}

function byName(tables: readonly IptablesTable[]): Map<string, IptablesTable[]> {
  const found = new Map<string, IptablesTable[]>();
  for (const table of tables) {
    const name = table.name.value ?? '';
    found.set(name, [...(found.get(name) ?? []), table]);
  }
  return found;
}

/** The chains of a table that have rules. */
function chainsWith(table: string, rules: readonly IptablesRule[]): Map<string, BuiltChain> {
  const chains = new Map<string, BuiltChain & { rules: IptablesRule[] }>();
  for (const each of rules) {
    const { chain, command } = each.specification;
    if (!chain?.value || (command?.name !== 'append' && command?.name !== 'insert')) continue;
    const known = chains.get(chain.value);
    if (known) known.rules.push(each);
    else chains.set(chain.value, { name: chain.value, hook: hookOf(table, chain.value), rules: [each] });
  }
  return chains;
}
