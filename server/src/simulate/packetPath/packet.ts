import type { Ranges } from './ranges.ts';
import type { State, TcpFlag } from './ruleset.ts';

/** What a packet says of itself, and where it comes in and goes out. Sets of numbers stand for packets that are many. */
export interface Packet {
  readonly source: Ranges;
  readonly destination: Ranges;
  /** `tcp`, `udp`, `icmp`, `icmpv6` or another; null where it could be any. */
  readonly protocol: string | null;
  readonly sourcePort: Ranges;
  readonly destinationPort: Ranges;
  /** The name of the interface; an empty string where there is none, null where it could be any but lo. */
  readonly in: string | null;
  readonly out: string | null;
  /** Of TCP; null where they could be any. */
  readonly flags: readonly TcpFlag[] | null;
}

/** What conntrack has attached to a packet. */
export interface Tracking {
  readonly as: 'nothing' | 'untracked' | 'template' | 'entry' | 'reset';
  /** What a state match sees; several where it cannot be told. */
  readonly states: readonly State[];
  readonly isSnat: boolean;
  readonly isDnat: boolean;
}

export const NOTHING: Tracking = { as: 'nothing', states: ['INVALID'], isSnat: false, isDnat: false };
export const UNTRACKED: Tracking = { as: 'untracked', states: ['UNTRACKED'], isSnat: false, isDnat: false };
/** Seen with Linux 6.18: a template that waits for its connection already counts as NEW. */
export const TEMPLATE: Tracking = { as: 'template', states: ['NEW'], isSnat: false, isDnat: false };
