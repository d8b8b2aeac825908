import { wholeNumber } from './number.ts';

/** xtables_chain_protos of libxtables 1.8.9: names that it knows without /etc/protocols. */
const OWN: Readonly<Record<string, number>> = {
  tcp: 6,
  sctp: 132,
  udp: 17,
  udplite: 136,
  icmp: 1,
  'ipv6-icmp': 58,
  icmpv6: 58,
  esp: 50,
  ah: 51,
  'mobility-header': 135,
  'ipv6-mh': 135,
  mh: 135,
  all: 0,
};

/** Of /etc/protocols (netbase 6.4), what is not above. Only a machine knows what its own file says. */
const LISTED: Readonly<Record<string, number>> = {
  ip: 0,
  hopopt: 0,
  igmp: 2,
  ggp: 3,
  ipencap: 4,
  'ip-encap': 4,
  st: 5,
  egp: 8,
  igp: 9,
  pup: 12,
  hmp: 20,
  'xns-idp': 22,
  rdp: 27,
  'iso-tp4': 29,
  dccp: 33,
  xtp: 36,
  ddp: 37,
  'idpr-cmtp': 38,
  ipv6: 41,
  'ipv6-route': 43,
  'ipv6-frag': 44,
  idrp: 45,
  rsvp: 46,
  gre: 47,
  'ipsec-esp': 50,
  'ipsec-ah': 51,
  skip: 57,
  'ipv6-nonxt': 59,
  'ipv6-opts': 60,
  rspf: 73,
  cphb: 73,
  vmtp: 81,
  eigrp: 88,
  ospf: 89,
  ospfigp: 89,
  'ax.25': 93,
  ipip: 94,
  etherip: 97,
  encap: 98,
  pim: 103,
  ipcomp: 108,
  vrrp: 112,
  l2tp: 115,
  isis: 124,
  fc: 133,
  'mpls-in-ip': 137,
  manet: 138,
  hip: 139,
  shim6: 140,
  wesp: 141,
  rohc: 142,
  ethernet: 143,
  mptcp: 262,
};

const BY_NUMBER: ReadonlyMap<number, string> = new Map(
  [...Object.entries(LISTED), ...Object.entries(OWN)].reverse().map(([name, number]) => [number, name]),
);

/** The number of a protocol; null if nobody here knows it. Case does not count. */
export function protocolNumber(text: string): number | null {
  const number = wholeNumber(text);
  if (number !== null) return number <= 255 ? number : null;
  const name = text.toLowerCase();
  if (Object.hasOwn(OWN, name)) return OWN[name] ?? null;
  return Object.hasOwn(LISTED, name) ? (LISTED[name] ?? null) : null;
}

/** The name of the match that a protocol brings along for its options: find_proto of iptables/xshared.c. */
export function impliedMatch(protocol: string): string | null {
  const number = wholeNumber(protocol);
  return number === null ? protocol.toLowerCase() : (BY_NUMBER.get(number) ?? null);
}
