import { PRIORITIES } from '../../facts/netfilter.ts';
import { basesOf, type NftText, notracksOf, priorityOf } from '../../model/nftText.ts';
import type { NftBase, NftChain } from '../../syntax/nftables/parse.ts';
import { atPlace, type Draft, edit } from '../draft.ts';
import { rule } from '../rule.ts';
import en from './nft-notrack-late.md';
import zh from './nft-notrack-late.zh.md';

/** Families whose packets conntrack looks at, at the priorities that are known here. */
const FAMILIES = ['ip', 'ip6', 'inet'];

/** Hooks before which conntrack has looked at a packet, whatever the priority. */
const LATE_HOOKS = ['input', 'forward', 'postrouting'];

const CONNTRACK = PRIORITIES.conntrack ?? -200;

type Key = 'late' | 'hook' | 'here' | 'raw';

/**
 * `notrack` has to reach a packet before conntrack does, which looks at it in prerouting and output at priority -200. Anywhere else nft takes the
 * statement without a word, and it does nothing.
 */
export const nftNotrackLate = rule({
  id: 'netfilter/nft-notrack-late',
  severity: 'error',
  on: 'nftText',
  evidence: [
    'test/real/nftNotrack.test.ts: entries of conntrack for each hook and priority, nft 1.0.6, Linux 6.18',
    'Linux net/netfilter/nft_ct.c, nft_notrack_eval: a packet that has an entry is left alone (6.18)',
  ],
  summary: { en: 'notrack comes after conntrack, and does nothing', zh: 'notrack 在 conntrack 之后执行，不起作用' },
  messages: {
    en: {
      late: v =>
        `Nothing is left untracked by this: the chain runs at priority ${v.priority}, and conntrack has looked at the packet at ${v.conntrack}`,
      hook: v => `Nothing is left untracked by this: conntrack has looked at the packet long before hook ${v.hook}`,
      here: () => 'the chain that leads here',
      raw: () => 'Run the chain at priority raw',
    },
    zh: {
      late: v =>
        `这条语句不会使任何报文免于跟踪：该链的优先级是 ${v.priority}，而 conntrack 在 ${v.conntrack} 就已经处理过报文`,
      hook: v => `这条语句不会使任何报文免于跟踪：早在 ${v.hook} 钩子之前，conntrack 就已经处理过报文`,
      here: () => '由这条链进入',
      raw: () => '让这条链以 raw 优先级运行',
    },
  },
  page: { en, zh },

  *check(text): Iterable<Draft<Key>> {
    if (text.hasOwnLines) return;
    for (const chain of text.tree.chains) {
      if (!FAMILIES.includes(chain.family)) continue;
      const bases = basesOf(text.tree, chain)?.flatMap(({ base }) => base ?? []) ?? [];
      const [first] = bases;
      if (!first || !bases.every(base => !text.isTemplated(base.priority) && isLate(base))) continue;
      for (const statement of notracksOf(chain)) {
        const isHook = LATE_HOOKS.includes(first.hook);
        const figures = { hook: first.hook, priority: first.priority.text, conntrack: CONNTRACK };
        const draft = atPlace(text.placeOf(statement), isHook ? ('hook' as const) : ('late' as const), figures);
        const fixed = isHook || !isOnlyNotrack(chain, first) ? draft : draft.fix('raw', 'safe', toRaw(text, first));
        yield first === chain.base ? fixed : fixed.seeAlso('here', text.placeOf(first.priority));
      }
    }
  },
});

function isLate(base: NftBase): boolean {
  if (LATE_HOOKS.includes(base.hook)) return true;
  const priority = priorityOf(base);
  // At the very priority of conntrack, who registered first comes first.
  return (base.hook === 'prerouting' || base.hook === 'output') && priority !== null && priority > CONNTRACK;
}

/** True if nothing in the chain would be asked earlier but what shall be. */
function isOnlyNotrack(chain: NftChain, base: NftBase): boolean {
  return chain.base === base && chain.rules.every(({ words }) => words.some(({ text }) => text === 'notrack'));
}

function toRaw({ region }: NftText, { priority: { start, end } }: NftBase) {
  return edit(region, { span: { start, end }, newText: 'raw' });
}
