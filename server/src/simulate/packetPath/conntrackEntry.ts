import type { Packet } from './packet.ts';
import type { State } from './ruleset.ts';

/** One end of a connection. */
export type Side = 'client' | 'server';

/** What conntrack keeps of a connection. */
export interface Entry {
  /** Who sent the first packet that was tracked: the entry's first addresses are that packet's. */
  readonly from: Side;
  /** As `conntrack -L` prints it; null for protocols other than TCP. */
  readonly tcp: 'SYN_SENT' | 'SYN_RECV' | 'ESTABLISHED' | 'CLOSE' | null;
  /** False: `[UNREPLIED]`. */
  readonly isReplied: boolean;
  /** `[ASSURED]`; of TCP alone, for the others need time to become so. */
  readonly isAssured: boolean;
  /** False until its first packet has left the last hook: an entry of a packet that is dropped before is none. */
  readonly isConfirmed: boolean;
  /** The first packet, before any translation. */
  readonly original: Packet;
  /** The translations of its destination and of its source; null for none, undefined before the nat table was asked. */
  readonly toDestination?: Translation | null;
  readonly toSource?: Translation | null;
}

export interface Translation {
  readonly address: Packet['source'];
  readonly port: Packet['sourcePort'];
  /** True of REDIRECT: to an address of this machine, whichever. */
  readonly isLocal: boolean;
}

/**
 * What conntrack makes of a packet: what a state match sees, and the entry from then on. After nf_conntrack_proto_tcp.c of
 * Linux 6.18 with `nf_conntrack_tcp_loose=1`, the default: an entry begins with a SYN, or with a plain ACK in mid-stream, never with a
 * SYN-ACK; an ACK for an entry that has seen no SYN-ACK is invalid, and so is one that acknowledges what conntrack has not seen, unless the
 * entry began in mid-stream (tcp_in_window, `nf_conntrack_tcp_be_liberal=0`). Of ICMP, echo requests begin an entry.
 */
export function track(
  entry: Entry | null,
  from: Side,
  packet: Packet,
): { readonly state: State; readonly entry: Entry | null } {
  return packet.protocol === 'tcp' ? trackTcp(entry, from, packet) : trackOther(entry, from, packet);
}

function trackTcp(entry: Entry | null, from: Side, packet: Packet): { state: State; entry: Entry | null } {
  const isSyn = packet.flags?.includes('SYN') === true;
  const isAck = packet.flags?.includes('ACK') === true;
  const isReset = packet.flags?.includes('RST') === true;
  if (entry === null) {
    if (isReset || (isSyn && isAck)) return { state: 'INVALID', entry };
    return { state: 'NEW', entry: begun(from, packet, isSyn ? 'SYN_SENT' : 'ESTABLISHED') };
  }
  if (entry.from === from) {
    if (entry.tcp === 'SYN_SENT' && isAck) return { state: 'INVALID', entry };
    const isHandshake = entry.tcp === 'SYN_RECV' && isAck;
    const next: Entry = isHandshake ? { ...entry, tcp: 'ESTABLISHED', isAssured: true } : entry;
    return { state: entry.isReplied ? 'ESTABLISHED' : 'NEW', entry: next };
  }
  // The client asks first: what the server then sends acknowledges its request.
  if (entry.tcp === 'SYN_RECV' && !isSyn) return { state: 'INVALID', entry };
  const isAnswer = entry.tcp === 'SYN_SENT' && isSyn;
  const isOfPickedUp = entry.tcp === 'ESTABLISHED' && !isSyn;
  const next: Entry = {
    ...entry,
    isReplied: true,
    tcp: isAnswer ? 'SYN_RECV' : entry.tcp,
    isAssured: entry.isAssured || isOfPickedUp,
  };
  return { state: 'ESTABLISHED', entry: next };
}

function trackOther(entry: Entry | null, from: Side, packet: Packet): { state: State; entry: Entry | null } {
  const isIcmp = packet.protocol === 'icmp' || packet.protocol === 'icmpv6';
  if (entry === null) {
    if (isIcmp && from === 'server') return { state: 'INVALID', entry };
    return { state: 'NEW', entry: begun(from, packet, null) };
  }
  if (entry.from === from) return { state: entry.isReplied ? 'ESTABLISHED' : 'NEW', entry };
  return { state: 'ESTABLISHED', entry: { ...entry, isReplied: true } };
}

function begun(from: Side, original: Packet, tcp: Entry['tcp']): Entry {
  return { from, tcp, isReplied: false, isAssured: false, isConfirmed: false, original };
}
