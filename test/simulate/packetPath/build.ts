import type { IpFamily, TableName } from '../../../server/src/facts/netfilter.ts';
import { onePort, parseNetwork } from '../../../server/src/simulate/packetPath/ranges.ts';
import type {
  Chain,
  Match,
  MatchedState,
  Rule,
  Ruleset,
  Target,
} from '../../../server/src/simulate/packetPath/ruleset.ts';

export function network(text: string, family: IpFamily = 'ipv4') {
  const set = parseNetwork(text, family);
  if (!set) throw new RangeError(text);
  return set;
}

export const from = (text: string): Match => ({ on: 'source', in: network(text) });
export const to = (text: string): Match => ({ on: 'destination', in: network(text) });
export const tcp: Match = { on: 'protocol', name: 'tcp', isNegated: false };
export const sport = (port: number): Match => ({ on: 'sourcePort', in: onePort(port) });
export const dport = (port: number): Match => ({ on: 'destinationPort', in: onePort(port) });
export const by = (name: string): Match => ({ on: 'in', name, isNegated: false });
export const outBy = (name: string): Match => ({ on: 'out', name, isNegated: false });
export const state = (...states: readonly MatchedState[]): Match => ({
  on: 'state',
  states,
  isNegated: false,
  hasMore: false,
});
export const unknown = (text: string): Match => ({ on: 'unknown', text, ofEntry: false });

export const accept: Target = { does: 'accept' };
export const drop: Target = { does: 'drop' };
export const notrack: Target = { does: 'notrack' };

export function rule(target: Target, ...matches: readonly Match[]): Rule {
  return { target, matches };
}

export function chain(policy: Chain['policy'], ...rules: readonly Rule[]): Chain {
  return { policy, rules };
}

/** `{ 'raw PREROUTING': chain(…) }`, for IPv4. */
export function ruleset(chains: Readonly<Record<string, Chain>>): Ruleset {
  const tables: Partial<Record<TableName, Map<string, Chain>>> = {};
  for (const [key, value] of Object.entries(chains)) {
    const [table, name = ''] = key.split(' ') as [TableName, string];
    const known = tables[table] ?? new Map<string, Chain>();
    tables[table] = known.set(name, value);
  }
  return { family: 'ipv4', tables };
}
