import type { IpFamily } from '../../facts/netfilter.ts';
import {
  ANY_PORT,
  anyAddress,
  parseAddress,
  parseNetwork,
  type Ranges,
  union,
  without,
} from '../../simulate/packetPath/ranges.ts';
import type { Match, MatchedState, TcpFlag } from '../../simulate/packetPath/ruleset.ts';
import { protocolNumber } from '../../syntax/iptables/protocols.ts';
import {
  type IptablesOption,
  type LoadedExtension,
  optionsOf,
  type Specification,
} from '../../syntax/iptables/specification.ts';
import type { IptablesWord } from '../../syntax/iptables/word.ts';

/** Conditions of which one must hold: `-s a,b` makes two rules of one. */
type Alternatives = readonly (readonly Match[])[];

/** The addresses that a word stands for which only a running shell could tell; null if it cannot be told here either. */
export type AddressOf = (word: IptablesWord) => Ranges | null;

/** What a written rule asks of a packet. More than one set of conditions where iptables makes more than one rule of it. */
export function conditionsOf(
  specification: Specification,
  family: IpFamily,
  addressOf: AddressOf = () => null,
): Alternatives {
  let all: Alternatives = [[]];
  const add = (alternatives: readonly Match[]) => {
    all = all.flatMap(known => alternatives.map(match => [...known, match]));
  };
  for (const option of specification.options) {
    if (option.loaded === null) for (const alternatives of ofIptables(option, family, addressOf)) add(alternatives);
  }
  for (const loaded of specification.matches) {
    for (const match of ofExtension(loaded, optionsOf(specification, loaded), family)) add([match]);
  }
  // A word that only rendering could tell may bring whatever else.
  if (!specification.certain) add([unknown('?')]);
  return all;
}

function unknown(text: string, ofEntry = false): Match {
  return { on: 'unknown', text, ofEntry };
}

/** As the rule has it, on one line. */
function textOf(options: readonly IptablesOption[]): string {
  return options
    .map(({ not, word, argument, more }) =>
      [not, word, argument, ...more].flatMap(part => (part ? [part.value ?? '?'] : [])).join(' '),
    )
    .join(' ');
}

/** The conditions of options that are iptables' own; each with its alternatives. */
function ofIptables(option: IptablesOption, family: IpFamily, addressOf: AddressOf): readonly (readonly Match[])[] {
  const { name, not, argument } = option;
  const text = argument?.value;
  if (['source', 'destination'].includes(name)) {
    const on = name === 'source' ? 'source' : 'destination';
    if (typeof text !== 'string') {
      const assumed = argument && !not ? addressOf(argument) : null;
      return [[assumed ? { on, in: assumed } : unknown(textOf([option]))]];
    }
    return [
      text.split(',').map(part => {
        const addresses = parseNetwork(part, family);
        if (!addresses) return unknown(textOf([option]));
        return { on, in: not ? without(anyAddress(family), addresses) : addresses };
      }),
    ];
  }
  if (name === 'protocol') return ofProtocol(option, text);
  if (name === 'in-interface' || name === 'out-interface') {
    if (typeof text !== 'string') return [[unknown(textOf([option]))]];
    return [[{ on: name === 'in-interface' ? 'in' : 'out', name: text, isNegated: not !== null }]];
  }
  // No fragment is what a connection begins with, but all packets of ours are whole.
  if (name === 'fragments') return [[unknown(textOf([option]))]];
  return option.known ? [] : [[unknown(textOf([option]))]];
}

const PROTOCOLS: ReadonlyMap<number, string> = new Map([
  [1, 'icmp'],
  [6, 'tcp'],
  [17, 'udp'],
  [58, 'icmpv6'],
]);

function ofProtocol(option: IptablesOption, text: string | null | undefined): readonly (readonly Match[])[] {
  const number = typeof text === 'string' ? protocolNumber(text) : null;
  if (number === null) return [[unknown(textOf([option]))]];
  if (number === 0) return [];
  return [[{ on: 'protocol', name: PROTOCOLS.get(number) ?? String(number), isNegated: option.not !== null }]];
}

/** Matches of conntrack that fail for a packet without an entry, negated or not (xt_connmark.c, xt_connbytes.c, xt_connlabel.c). */
const OF_ENTRY = ['connmark', 'connbytes', 'connlabel'];

/** The conditions of one `-m`, or of the match that `-p` brings along. */
function ofExtension(
  { extension }: LoadedExtension,
  options: readonly IptablesOption[],
  family: IpFamily,
): readonly Match[] {
  switch (extension.name) {
    case 'comment':
      return [];
    case 'tcp':
    case 'udp':
    case 'udplite':
    case 'sctp':
    case 'dccp':
    case 'multiport':
    case 'iprange':
      return options.map(option => ofPortOrRange(option, family) ?? unknown(textOf([option])));
    case 'conntrack':
    case 'state':
      return ofConntrack(options);
    default:
      return [unknown(`-m ${extension.name} ${textOf(options)}`.trimEnd(), OF_ENTRY.includes(extension.name))];
  }
}

const PORT_OPTIONS = {
  sport: 'sourcePort',
  sports: 'sourcePort',
  dport: 'destinationPort',
  dports: 'destinationPort',
  ports: 'anyPort',
} as const;

function ofPortOrRange(option: IptablesOption, family: IpFamily): Match | null {
  const { name, not, argument, more } = option;
  if (name === 'syn') {
    return { on: 'tcpFlags', examined: ['SYN', 'RST', 'ACK', 'FIN'], set: ['SYN'], isNegated: not !== null };
  }
  const text = argument?.value;
  if (typeof text !== 'string') return null;
  if (name === 'tcp-flags') {
    const examined = flagsOf(text);
    const set = flagsOf(more[0]?.value ?? '?');
    return examined && set && { on: 'tcpFlags', examined, set, isNegated: not !== null };
  }
  if (name === 'src-range' || name === 'dst-range') {
    const [low, high] = text.split('-').map(part => parseAddress(part, family));
    if (low === undefined || low === null || high === undefined || high === null || low > high) return null;
    const range = [{ low, high }];
    return {
      on: name === 'src-range' ? 'source' : 'destination',
      in: not ? without(anyAddress(family), range) : range,
    };
  }
  if (!Object.hasOwn(PORT_OPTIONS, name)) return null;
  const ports = portsOf(text);
  // Neither end has one of the ports: that is not the same as some end having another.
  if (!ports || (name === 'ports' && not)) return null;
  return { on: PORT_OPTIONS[name as keyof typeof PORT_OPTIONS], in: not ? without(ANY_PORT, ports) : ports };
}

/** The names of /etc/services that firewalls are written with; a machine may have others. */
const SERVICES: Readonly<Record<string, number>> = {
  ssh: 22,
  smtp: 25,
  domain: 53,
  http: 80,
  www: 80,
  ntp: 123,
  https: 443,
};

/** The ports of `80`, `http`, `80:90`, `:1023`, and of lists of them; null if one cannot be told. */
export function portsOf(text: string): Ranges | null {
  const parts = text.split(',').map(part => {
    const [first = '', last, ...others] = part.split(':');
    const low = last !== undefined && first === '' ? 0 : portNumber(first);
    const high = last === undefined ? low : last === '' ? 65535 : portNumber(last);
    if (others.length > 0 || low === null || high === null || low > high) return null;
    return [{ low: BigInt(low), high: BigInt(high) }];
  });
  return parts.every(part => part !== null) ? union(...parts) : null;
}

function portNumber(text: string): number | null {
  if (/^(?:0|[1-9]\d{0,4})$/.test(text)) return Number(text) <= 65535 ? Number(text) : null;
  return Object.hasOwn(SERVICES, text) ? (SERVICES[text] ?? null) : null;
}

const FLAGS: readonly TcpFlag[] = ['SYN', 'ACK', 'FIN', 'RST', 'URG', 'PSH'];

function flagsOf(text: string): readonly TcpFlag[] | null {
  const names = text.toUpperCase().split(',');
  if (names.includes('ALL')) return FLAGS;
  if (names.includes('NONE')) return [];
  const flags = names.map(name => FLAGS.find(flag => flag === name));
  return flags.every(flag => flag !== undefined) ? flags : null;
}

const MATCHED_STATES: readonly MatchedState[] = [
  'NEW',
  'ESTABLISHED',
  'RELATED',
  'INVALID',
  'UNTRACKED',
  'SNAT',
  'DNAT',
];

/** The states of `NEW,ESTABLISHED`, of which case does not count; null if one is none. */
function statesOf(text: string): readonly MatchedState[] | null {
  const states = text
    .toUpperCase()
    .split(',')
    .map(name => MATCHED_STATES.find(state => state === name));
  return states.every(state => state !== undefined) ? states : null;
}

function ofConntrack(options: readonly IptablesOption[]): readonly Match[] {
  const option = options.find(({ name }) => name === 'ctstate' || name === 'state');
  const states = statesOf(option?.argument?.value ?? '');
  if (!option || !states) return [unknown(`-m conntrack ${textOf(options)}`, option === undefined)];
  return [{ on: 'state', states, isNegated: option.not !== null, hasMore: options.length > 1 }];
}
