import type { IpFamily, TableName } from '../../facts/netfilter.ts';
import type { Ranges } from './ranges.ts';

/** What `-m conntrack --ctstate` and `-m state` call a packet. SNAT and DNAT hold beside one of the others. */
export const STATES = ['NEW', 'ESTABLISHED', 'RELATED', 'INVALID', 'UNTRACKED'] as const;
export type State = (typeof STATES)[number];
export type MatchedState = State | 'SNAT' | 'DNAT';

export type TcpFlag = 'SYN' | 'ACK' | 'FIN' | 'RST' | 'URG' | 'PSH';

/** One condition of a rule. Negated addresses and ports are the rest of all there are. */
export type Match =
  | { readonly on: 'source' | 'destination'; readonly in: Ranges }
  | { readonly on: 'sourcePort' | 'destinationPort' | 'anyPort'; readonly in: Ranges }
  | { readonly on: 'in' | 'out'; readonly name: string; readonly isNegated: boolean }
  /** `tcp`, `udp`, `icmp`, `icmpv6`, or what else the rule says. */
  | { readonly on: 'protocol'; readonly name: string; readonly isNegated: boolean }
  | {
      readonly on: 'tcpFlags';
      readonly examined: readonly TcpFlag[];
      readonly set: readonly TcpFlag[];
      readonly isNegated: boolean;
    }
  /** `hasMore`: the same match names other sides of the connection too, which only a tracked packet is asked for. */
  | {
      readonly on: 'state';
      readonly states: readonly MatchedState[];
      readonly isNegated: boolean;
      readonly hasMore: boolean;
    }
  /** Something that is not simulated. `ofEntry`: it asks the conntrack entry and fails for a packet that has none. */
  | { readonly on: 'unknown'; readonly text: string; readonly ofEntry: boolean };

/** What a rule does with a packet that meets all its conditions. */
export type Target =
  | { readonly does: 'accept' | 'drop' | 'return' }
  | { readonly does: 'reject'; readonly withReset: boolean }
  | { readonly does: 'jump' | 'goto'; readonly chain: string }
  /** `-j NOTRACK`, `-j CT --notrack`. */
  | { readonly does: 'notrack' }
  /** `-j CT` with a helper, a zone, a timeout: what the entry shall become. */
  | { readonly does: 'template' }
  /** DNAT, REDIRECT; null for what stays, or what cannot be told. */
  | {
      readonly does: 'dnat';
      readonly addresses: Ranges | null;
      readonly ports: Ranges | null;
      readonly isLocal: boolean;
    }
  /** SNAT, MASQUERADE; null for an address that the route decides. */
  | { readonly does: 'snat'; readonly addresses: Ranges | null; readonly ports: Ranges | null }
  /** SYNPROXY: answers in the server's stead. */
  | { readonly does: 'synproxy' }
  /** LOG, MARK and the like, or no target at all: the next rule goes on. */
  | { readonly does: 'continue' }
  | { readonly does: 'unknown'; readonly text: string };

export interface Rule {
  readonly matches: readonly Match[];
  readonly target: Target;
}

export interface Chain {
  /** What becomes of a packet at the end of a built-in chain; null for a chain of one's own, which returns. */
  readonly policy: 'ACCEPT' | 'DROP' | 'unknown' | null;
  readonly rules: readonly Rule[];
}

/** The rules of one address family. What is not in it is empty: chains that accept. */
export interface Ruleset {
  readonly family: IpFamily;
  readonly tables: Readonly<Partial<Record<TableName, ReadonlyMap<string, Chain>>>>;
}

/** Names one rule: the index counts from zero. */
export interface RuleAt {
  readonly table: TableName;
  readonly chain: string;
  readonly index: number;
}
