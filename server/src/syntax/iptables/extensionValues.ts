import type { IpFamily } from '../../facts/netfilter.ts';
import { isIpv4, isIpv6 } from '../../text/network.ts';
import { leadingNumber, wholeNumber } from './number.ts';
import { type Fault, interfaceFault, portFault, tcpPortsFault } from './values.ts';

/** What an extension makes of an argument beyond its kind. `protocol` is that of the rule so far; null if none is. */
export interface ValueContext {
  readonly family: IpFamily;
  readonly protocol: number | null;
  /** True if the protocol is one that the rule excludes. */
  readonly notProtocol: boolean;
  /** The second word of an option that has two. */
  readonly second: string | null;
}

type Check = (value: string, context: ValueContext) => Fault;

const bad = (what: string): Fault => ({ code: 'badValue', what });

/** Names joined by commas. `prefix`: the beginning of a name will do, as strncasecmp with the shorter length allows. */
function list(names: readonly string[], how: 'prefix' | 'ignoreCase' | 'exact'): Check {
  return value => {
    const fits = (word: string) => {
      const low = how === 'exact' ? word : word.toLowerCase();
      return names.some(name => (how === 'prefix' ? name.startsWith(low) : name === low));
    };
    return value.split(',').every(word => word !== '' && fits(word)) ? null : bad(value);
  };
}

function one(names: readonly string[], how: 'prefix' | 'ignoreCase' | 'exact'): Check {
  return value => {
    const low = how === 'exact' ? value : value.toLowerCase();
    return names.some(name => (how === 'prefix' ? name.startsWith(low) : name === low)) ? null : bad(value);
  };
}

const TCP_FLAGS = ['fin', 'syn', 'rst', 'psh', 'ack', 'urg', 'all', 'none'];
const STATES = ['invalid', 'new', 'established', 'related', 'untracked'];

function tcpFlags(value: string, { second }: ValueContext): Fault {
  const words = [value, second ?? ''].flatMap(part => part.split(',')).filter(word => word !== '');
  return words.every(word => TCP_FLAGS.includes(word.toLowerCase())) ? null : bad(value);
}

/** The kinds of rates: `5`, `5/s`, `5/minute` (parse_rate of libxt_limit.c). */
function rate(value: string): Fault {
  const slash = value.indexOf('/');
  const unit = slash < 0 ? null : value.slice(slash + 1).toLowerCase();
  if (unit === '') return bad(value);
  const seconds =
    unit === null
      ? 1
      : [1, 60, 3600, 86_400][['second', 'minute', 'hour', 'day'].findIndex(name => name.startsWith(unit))];
  const count = Number.parseInt(value, 10);
  if (seconds === undefined || !(count > 0)) return bad(value);
  return (10_000 * seconds) / count < 1 ? { code: 'outOfRange', what: value } : null;
}

const ICMP: Readonly<Record<IpFamily, readonly string[]>> = {
  ipv4: [
    ...['any', 'echo-reply', 'pong', 'destination-unreachable', 'network-unreachable', 'host-unreachable'],
    ...['protocol-unreachable', 'port-unreachable', 'fragmentation-needed', 'source-route-failed', 'network-unknown'],
    ...['host-unknown', 'network-prohibited', 'host-prohibited', 'tos-network-unreachable', 'tos-host-unreachable'],
    ...['communication-prohibited', 'host-precedence-violation', 'precedence-cutoff', 'source-quench', 'redirect'],
    ...['network-redirect', 'host-redirect', 'tos-network-redirect', 'tos-host-redirect', 'echo-request', 'ping'],
    ...['router-advertisement', 'router-solicitation', 'time-exceeded', 'ttl-exceeded', 'ttl-zero-during-transit'],
    ...['ttl-zero-during-reassembly', 'parameter-problem', 'ip-header-bad', 'required-option-missing'],
    ...['timestamp-request', 'timestamp-reply', 'address-mask-request', 'address-mask-reply'],
  ],
  ipv6: [
    ...['destination-unreachable', 'no-route', 'communication-prohibited', 'beyond-scope', 'address-unreachable'],
    ...['port-unreachable', 'failed-policy', 'reject-route', 'packet-too-big', 'time-exceeded', 'ttl-exceeded'],
    ...['ttl-zero-during-transit', 'ttl-zero-during-reassembly', 'parameter-problem', 'bad-header'],
    ...['unknown-header-type', 'unknown-option', 'echo-request', 'ping', 'echo-reply', 'pong', 'router-solicitation'],
    ...['router-advertisement', 'neighbour-solicitation', 'neighbor-solicitation', 'neighbour-advertisement'],
    ...['neighbor-advertisement', 'redirect'],
  ],
};

/** A name or an unmistakable beginning of one, else a type and perhaps a code (libxt_icmp.h). */
function icmpType(value: string, { family }: ValueContext): Fault {
  const named = ICMP[family].filter(name => name.startsWith(value.toLowerCase()));
  if (value !== '' && named.length === 1) return null;
  if (named.length > 1) return { code: 'badValue', what: value, with: named.slice(0, 2).join(', ') };
  const [type = '', ...codes] = value.split('/');
  const good = [type, ...codes].every(part => wholeNumber(part, 0, 255) !== null);
  return good && codes.length <= 1 ? null : bad(value);
}

const REJECT: Readonly<Record<IpFamily, readonly string[]>> = {
  ipv4: [
    ...['icmp-net-unreachable', 'net-unreach', 'icmp-host-unreachable', 'host-unreach', 'icmp-proto-unreachable'],
    ...['proto-unreach', 'icmp-port-unreachable', 'port-unreach', 'icmp-net-prohibited', 'net-prohib'],
    ...['icmp-host-prohibited', 'host-prohib', 'tcp-reset', 'tcp-rst', 'icmp-admin-prohibited', 'admin-prohib'],
  ],
  ipv6: [
    ...['icmp6-no-route', 'no-route', 'icmp6-adm-prohibited', 'adm-prohibited', 'icmp6-addr-unreachable'],
    ...['addr-unreach', 'icmp6-port-unreachable', 'port-unreach', 'tcp-reset', 'icmp6-policy-fail', 'policy-fail'],
    ...['icmp6-reject-route', 'reject-route'],
  ],
};

const [ICMP_PROTOCOL, TCP, UDP, DCCP, SCTP, UDPLITE] = [1, 6, 17, 33, 132, 136] as const;
const HAVE_PORTS: readonly number[] = [TCP, UDP, SCTP, UDPLITE, DCCP];
/** Those whose ports NAT can set; of ICMP it is the id of an echo. */
const TRANSLATED_PORTS: readonly number[] = [TCP, UDP, SCTP, DCCP, ICMP_PROTOCOL];

/** multiport: up to 15 ports, of which a range takes two, in a protocol that has ports (libxt_multiport.c). */
function ports(value: string, { protocol, notProtocol }: ValueContext): Fault {
  if (notProtocol || protocol === null || !HAVE_PORTS.includes(protocol))
    return { code: 'needsProtocol', what: 'multiport', with: 'tcp, udp, udplite, sctp, dccp' };
  const items = value.split(',');
  let slots = 0;
  let unknown = false;
  for (const item of items) {
    const colon = item.indexOf(':');
    const range = colon < 0 ? [item] : [item.slice(0, colon), item.slice(colon + 1)];
    if (slots >= 15 || (range.length === 2 && slots === 14)) return tooMany(value);
    slots += range.length;
    for (const port of range) {
      const fault = portFault(port);
      if (fault === 'unknown') unknown = true;
      else if (fault) return { ...fault, what: port };
    }
    const [low = '', high] = range;
    if (high !== undefined && !unknown && Number(low) >= Number(high)) return { code: 'badPortRange', what: item };
  }
  return unknown ? 'unknown' : null;
}

function tooMany(value: string): Fault {
  const slots = value.split(',').reduce((sum, item) => sum + (item.includes(':') ? 2 : 1), 0);
  return { code: 'tooManyPorts', what: String(slots), with: '15' };
}

/** Ports of NAT: `80`, `80-90`, and for DNAT `80-90/8080` (libxt_NAT.c). */
function natPorts(value: string, { protocol }: ValueContext, target: string): Fault {
  if (protocol === null || !TRANSLATED_PORTS.includes(protocol))
    return { code: 'needsProtocol', what: target, with: 'tcp, udp, sctp, dccp' };
  const first = leadingNumber(value);
  if (!first || first.value > 0xffff) return /[A-Za-z]/.test(value) ? 'unknown' : { code: 'badPort', what: value };
  if (first.end === value.length) return null;
  if (value[first.end] !== '-') return { code: 'badPort', what: value };
  const rest = value.slice(first.end + 1);
  const last = leadingNumber(rest);
  if (!last || last.value > 0xffff) return { code: 'badPort', what: value };
  if (last.value < first.value) return { code: 'badPortRange', what: value };
  if (last.end === rest.length) return null;
  if (rest[last.end] !== '/') return { code: 'badPort', what: value };
  const base = rest.slice(last.end + 1);
  if (wholeNumber(base, 1, 0xffff) !== null) return null;
  return /[A-Za-z]/.test(base) ? 'unknown' : { code: 'badPort', what: value };
}

/** `address`, `address-address`, either with `:ports` (parse_to of libxt_NAT.c). */
function natAddress(target: string): Check {
  return (value, context) => {
    const { family } = context;
    let address = value;
    let ports: string | null = null;
    const bracket = value.indexOf('[');
    if (bracket >= 0) {
      const close = value.indexOf(']', bracket);
      if (close < 0 || family === 'ipv4') return { code: 'badAddress', what: value };
      address = value.slice(bracket + 1, close);
      const colon = value.indexOf(':', close);
      if (colon >= 0) ports = value.slice(colon + 1);
    } else {
      const colon = value.indexOf(':');
      if (colon >= 0 && value.indexOf(':', colon + 1) < 0) {
        address = value.slice(0, colon);
        ports = value.slice(colon + 1);
      }
    }
    const fault = ports === null ? null : natPorts(ports, context, target);
    if (fault && fault !== 'unknown') return fault;
    if (address === '' && ports !== null) return fault;
    const isAddress = family === 'ipv4' ? isIpv4 : isIpv6;
    const isOther = family === 'ipv4' ? isIpv6 : isIpv4;
    const dash = address.indexOf('-');
    const ends = dash < 0 ? [address] : [address.slice(0, dash), address.slice(dash + 1)];
    for (const end of ends)
      if (!isAddress(end)) return { code: isOther(end) ? 'otherFamily' : 'badAddress', what: end };
    return fault;
  };
}

function addressRange(value: string, { family }: ValueContext): Fault {
  const dash = value.indexOf('-');
  const ends = dash < 0 ? [value] : [value.slice(0, dash), value.slice(dash + 1)];
  const isAddress =
    family === 'ipv4'
      ? (end: string) => end.split('.').length === 4 && end.split('.').every(part => wholeNumber(part, 0, 255) !== null)
      : isIpv6;
  return ends.every(isAddress) ? null : { code: 'badAddress', what: value };
}

const noLineFeed: Check = value => (value.includes('\n') ? bad(value) : null);

const DSCP_CLASSES = [
  ...['cs0', 'cs1', 'cs2', 'cs3', 'cs4', 'cs5', 'cs6', 'cs7', 'be', 'ef'],
  ...['af11', 'af12', 'af13', 'af21', 'af22', 'af23', 'af31', 'af32', 'af33', 'af41', 'af42', 'af43'],
];

/** What follows the name of a class is not looked at (class_to_dscp of dscp_helper.c). */
const dscpClass: Check = value => (DSCP_CLASSES.some(name => value.toLowerCase().startsWith(name)) ? null : bad(value));

const owner: Check = value => {
  if (!/^\d+(?:-\d+)?$/.test(value)) return 'unknown';
  return value.split('-').every(part => wholeNumber(part, 0, 0xfffffffe) !== null) ? null : bad(value);
};

/** Two numbers in rising order (parsing functions of libxt_connbytes.c, libxt_tcpmss.c and libxt_NFQUEUE.c). */
const rising =
  (max: number, wants: 'both' | 'either', equal: boolean): Check =>
  value => {
    const [low = '', high] = value.split(':');
    if (high === undefined) return wants === 'both' ? bad(value) : null;
    const from = low === '' ? 0 : (wholeNumber(low, 0, max) ?? 0);
    const to = high === '' ? max : (wholeNumber(high, 0, max) ?? max);
    return from < to || (equal && from === to) ? null : bad(value);
  };

/** By `extension.option`. An argument of kind `string` that is not here can be anything that nobody here knows. */
const CHECKS: Readonly<Record<string, Check>> = {
  'tcp.sport': tcpPortsFault,
  'tcp.dport': tcpPortsFault,
  'tcp.tcp-flags': tcpFlags,
  'tcp.tcp-option': value => (wholeNumber(value, 1, 255) === null ? bad(value) : null),
  'sctp.sport': tcpPortsFault,
  'sctp.dport': tcpPortsFault,
  'multiport.sports': ports,
  'multiport.dports': ports,
  'multiport.ports': ports,
  'conntrack.ctstate': list([...STATES, 'snat', 'dnat'], 'prefix'),
  'conntrack.ctstatus': list(['none', 'expected', 'seen_reply', 'assured', 'confirmed'], 'prefix'),
  'conntrack.ctdir': one(['original', 'reply'], 'ignoreCase'),
  'state.state': list(STATES, 'prefix'),
  'limit.limit': rate,
  'icmp.icmp-type': icmpType,
  'icmp6.icmpv6-type': icmpType,
  'comment.comment': () => null,
  'addrtype.src-type': list(addressTypes(), 'prefix'),
  'addrtype.dst-type': list(addressTypes(), 'prefix'),
  'iprange.src-range': addressRange,
  'iprange.dst-range': addressRange,
  'statistic.mode': one(['random', 'nth'], 'exact'),
  'connbytes.connbytes-dir': one(['original', 'reply', 'both'], 'exact'),
  'connbytes.connbytes-mode': one(['packets', 'bytes', 'avgpkt'], 'exact'),
  'pkttype.pkt-type': one(['unicast', 'broadcast', 'multicast', 'bcast', 'mcast', 'host', 'otherhost'], 'ignoreCase'),
  'physdev.physdev-in': physicalInterface,
  'physdev.physdev-out': physicalInterface,
  'recent.name': () => null,
  'owner.uid-owner': owner,
  'owner.gid-owner': owner,
  'dscp.dscp-class': dscpClass,
  'DSCP.set-dscp-class': dscpClass,
  'helper.helper': () => null,
  'REJECT.reject-with': (value, { family }) => one(REJECT[family], 'prefix')(value, ANY),
  'SNAT.to-source': natAddress('SNAT'),
  'DNAT.to-destination': natAddress('DNAT'),
  'REDIRECT.to-ports': (value, context) => natPorts(value, context, 'REDIRECT'),
  'MASQUERADE.to-ports': (value, context) => natPorts(value, context, 'MASQUERADE'),
  'LOG.log-prefix': noLineFeed,
  'NFLOG.nflog-prefix': noLineFeed,
  'tcpmss.mss': rising(0xffff, 'either', true),
  'connbytes.connbytes': rising(2 ** 64, 'either', true),
  'NFQUEUE.queue-balance': rising(0xffff, 'both', false),
  'AUDIT.type': one(['accept', 'drop', 'reject'], 'ignoreCase'),
  'CT.zone': zone,
  'CT.zone-orig': zone,
  'CT.zone-reply': zone,
  'CT.ctevents': list(
    ['new', 'related', 'destroy', 'reply', 'assured', 'protoinfo', 'helper', 'mark', 'natseqinfo', 'secmark'],
    'exact',
  ),
  'CT.expevents': list(['new'], 'exact'),
  'CLASSIFY.set-class': value => (/^[0-9a-fA-F]+:[0-9a-fA-F]+/.test(value) ? null : bad(value)),
  'policy.dir': one(['in', 'out'], 'ignoreCase'),
  'policy.pol': one(['none', 'ipsec'], 'ignoreCase'),
  'policy.mode': one(['transport', 'tunnel'], 'ignoreCase'),
};

const ANY: ValueContext = { family: 'ipv4', protocol: null, notProtocol: false, second: null };

function addressTypes(): string[] {
  return [
    'unspec',
    'unicast',
    'local',
    'broadcast',
    'anycast',
    'multicast',
    'blackhole',
    'unreachable',
    'prohibit',
    'throw',
    'nat',
    'xresolve',
  ];
}

/** Unlike that of `-i`, it may be empty. */
function physicalInterface(value: string): Fault {
  return value === '' ? null : interfaceFault(value);
}

function zone(value: string): Fault {
  return value.toLowerCase() === 'mark' || wholeNumber(value, 0, 0xffff) !== null ? null : bad(value);
}

/** What the extension says of an argument; `unknown` for one whose rules nobody here knows. */
export function checkExtensionValue(
  extension: string,
  option: string,
  value: string,
  context: ValueContext,
  isString: boolean,
): Fault {
  const check = CHECKS[`${extension}.${option}`];
  if (check) return check(value, context);
  return isString ? 'unknown' : null;
}
