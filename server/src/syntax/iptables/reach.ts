import { type Hook, type IptablesBackend, VERDICTS } from '../../facts/netfilter.ts';
import type { IptablesRule } from './tree.ts';

/** A chain as it stands when its table is committed. */
export interface BuiltChain {
  readonly name: string;
  /** The hook of a built-in chain. */
  readonly hook: Hook | null;
  readonly rules: readonly IptablesRule[];
}

/** From which hooks each rule, and each chain, is reached. */
export interface Reach {
  readonly rules: ReadonlyMap<IptablesRule, ReadonlySet<Hook>>;
  readonly chains: ReadonlyMap<string, ReadonlySet<Hook>>;
  /** Jumps that lead back to a chain that they are reached from, or too deep. */
  readonly loops: readonly IptablesRule[];
}

/** nf_tables follows jumps no deeper: NFT_JUMP_STACK_SIZE of include/net/netfilter/nf_tables.h. */
const MAX_DEPTH = 16;

/**
 * Where packets can come. x_tables walks rules in order and does not look behind a verdict that every packet gets (mark_source_chains of
 * net/ipv4/netfilter/ip_tables.c); nf_tables looks at all rules of every chain that a jump leads to.
 */
export function reachOf(chains: ReadonlyMap<string, BuiltChain>, backend: IptablesBackend): Reach {
  const rules = new Map<IptablesRule, Set<Hook>>();
  const reached = new Map<string, Set<Hook>>();
  const loops = new Set<IptablesRule>();
  for (const built of chains.values()) {
    if (!built.hook) continue;
    const { hook } = built;
    // Jumps may lead on for as long as the file is: what is walked through is kept here, from the hook on.
    const path: { readonly chain: BuiltChain; next: number }[] = [];
    const names = new Set<string>();
    const enter = (chain: BuiltChain) => {
      const hooks = setOf(reached, chain.name);
      if (hooks.has(hook)) return;
      hooks.add(hook);
      names.add(chain.name);
      path.push({ chain, next: 0 });
    };
    enter(built);
    for (let here = path.at(-1); here; here = path.at(-1)) {
      const rule = here.chain.rules[here.next++];
      if (!rule) {
        path.pop();
        names.delete(here.chain.name);
        continue;
      }
      setOf(rules, rule).add(hook);
      if (backend === 'legacy' && endsChain(rule)) here.next = here.chain.rules.length;
      const to = chains.get(jumpOf(rule) ?? '');
      if (to && (names.has(to.name) || (backend === 'nft' && path.length + 1 > MAX_DEPTH))) loops.add(rule);
      else if (to && !to.hook) enter(to);
    }
  }
  return { rules, chains: reached, loops: [...loops] };
}

function setOf<Key>(sets: Map<Key, Set<Hook>>, key: Key): Set<Hook> {
  const found = sets.get(key) ?? new Set<Hook>();
  sets.set(key, found);
  return found;
}

function jumpOf({ specification }: IptablesRule): string | null {
  return specification.target ? null : (specification.jump?.argument?.value ?? null);
}

/** True for a verdict that every packet gets. */
function endsChain({ specification }: IptablesRule): boolean {
  const { jump, options, certain } = specification;
  if (!certain || !jump || jump.name !== 'jump' || !VERDICTS.includes(jump.argument?.value ?? '')) return false;
  return options.every(option => option === jump || NEUTRAL.has(option.name));
}

const NEUTRAL: ReadonlySet<string> = new Set(['append', 'insert', 'verbose', 'set-counters', 'ipv4', 'ipv6']);
