import type { IpFamily } from '../../facts/netfilter.ts';
import { parseIpv4, parseIpv6 } from '../../text/network.ts';

/** Whole numbers from `low` to `high`, both included: IPv4 addresses, IPv6 addresses or ports. */
export interface Range {
  readonly low: bigint;
  readonly high: bigint;
}

/** A set of numbers: ranges in rising order that do not touch. */
export type Ranges = readonly Range[];

const BITS = { ipv4: 32, ipv6: 128 } as const;

export const ANY_PORT: Ranges = [{ low: 0n, high: 65535n }];

const ANY_ADDRESS: Readonly<Record<IpFamily, Ranges>> = {
  ipv4: [{ low: 0n, high: (1n << 32n) - 1n }],
  ipv6: [{ low: 0n, high: (1n << 128n) - 1n }],
};

export function anyAddress(family: IpFamily): Ranges {
  return ANY_ADDRESS[family];
}

/** The set of these numbers, however they overlap. */
export function union(...sets: readonly Ranges[]): Ranges {
  const merged: Range[] = [];
  for (const range of sets.flat().sort((a, b) => (a.low < b.low ? -1 : a.low > b.low ? 1 : 0))) {
    const last = merged.at(-1);
    if (!last || range.low > last.high + 1n) merged.push(range);
    else if (range.high > last.high) merged[merged.length - 1] = { low: last.low, high: range.high };
  }
  return merged;
}

/** What `whole` has and `set` has not. */
export function without(whole: Ranges, set: Ranges): Ranges {
  const rest: Range[] = [];
  let next = 0;
  for (const range of whole) {
    let from = range.low;
    for (let cut = set[next]; cut && cut.low <= range.high; cut = set[next]) {
      if (cut.low > from) rest.push({ low: from, high: cut.low - 1n });
      if (cut.high >= from) from = cut.high + 1n;
      // What reaches into the next range cuts that one too.
      if (cut.high > range.high) break;
      next++;
    }
    if (from <= range.high) rest.push({ low: from, high: range.high });
  }
  return rest;
}

export function intersection(a: Ranges, b: Ranges): Ranges {
  const common: Range[] = [];
  let i = firstReaching(a, b[0]?.low ?? 0n);
  let j = firstReaching(b, a[0]?.low ?? 0n);
  for (let x = a[i], y = b[j]; x && y; x = a[i], y = b[j]) {
    const low = x.low > y.low ? x.low : y.low;
    const high = x.high < y.high ? x.high : y.high;
    if (low <= high) common.push({ low, high });
    if (x.high < y.high) i++;
    else j++;
  }
  return common;
}

/** The first range that ends at a number or behind it: one address is asked for in sets of thousands. */
function firstReaching(set: Ranges, number: bigint): number {
  let from = 0;
  let to = set.length;
  while (from < to) {
    const middle = (from + to) >> 1;
    if ((set[middle]?.high ?? number) < number) from = middle + 1;
    else to = middle;
  }
  return from;
}

/** Whether all, none or some of the numbers are in the set; an empty set is in none. */
export function portionIn(numbers: Ranges, set: Ranges): 'all' | 'none' | 'some' {
  if (numbers === set) return 'all';
  const common = intersection(numbers, set);
  if (common.length === 0) return 'none';
  if (common[0]?.low !== numbers[0]?.low || common.at(-1)?.high !== numbers.at(-1)?.high) return 'some';
  return size(common) === size(numbers) ? 'all' : 'some';
}

/** How many addresses, or ports, there are in them. */
export function size(set: Ranges): bigint {
  return set.reduce((sum, { low, high }) => sum + high - low + 1n, 0n);
}

export function onePort(port: number): Ranges {
  return [{ low: BigInt(port), high: BigInt(port) }];
}

/** The only number of a set; null if it has others, or none. */
export function only(set: Ranges): bigint | null {
  const [first] = set;
  return first && set.length === 1 && first.low === first.high ? first.low : null;
}

/**
 * The addresses of `10.0.0.1`, `10.0.0.0/8`, `10.0.0.0/255.0.0.0` or `2001:db8::/32`. Null for host names, for masks with holes
 * and for whatever else is no address of the family.
 */
export function parseNetwork(text: string, family: IpFamily): Ranges | null {
  const [host = '', mask, ...more] = text.split('/');
  const address = parseAddress(host, family);
  if (address === null || more.length > 0) return null;
  const length = mask === undefined ? BITS[family] : prefixLength(mask, family);
  if (length === null) return null;
  const hosts = (1n << BigInt(BITS[family] - length)) - 1n;
  return [{ low: address & ~hosts, high: address | hosts }];
}

function prefixLength(mask: string, family: IpFamily): number | null {
  // With a zero in front it is octal to iptables, and not written by people.
  if (/^(?:0|[1-9]\d{0,2})$/.test(mask)) return Number(mask) <= BITS[family] ? Number(mask) : null;
  const bits = parseAddress(mask, family);
  if (bits === null) return null;
  const digits = bits.toString(2).padStart(BITS[family], '0');
  return /^1*0*$/.test(digits) ? digits.replace(/0/g, '').length : null;
}

/** The number of a written address; null for anything else. */
export function parseAddress(text: string, family: IpFamily): bigint | null {
  return family === 'ipv4' ? parseIpv4(text) : parseIpv6(text);
}

/** An address as it is usually written. */
export function formatAddress(address: bigint, family: IpFamily): string {
  if (family === 'ipv4') return [24n, 16n, 8n, 0n].map(shift => (address >> shift) & 255n).join('.');
  const groups = [...Array(8).keys()].map(i => ((address >> BigInt(16 * (7 - i))) & 0xffffn).toString(16));
  const zeros = [...groups.join(':').matchAll(/(?:^|(?<=:))0(?::0)+(?=:|$)/g)].sort(
    (a, b) => b[0].length - a[0].length,
  )[0];
  if (!zeros) return groups.join(':');
  const text = groups.join(':');
  return `${text.slice(0, zeros.index).replace(/:$/, '')}::${text.slice(zeros.index + zeros[0].length).replace(/^:/, '')}`;
}

/** A set of addresses as a rule writes it: addresses, networks, `a-b`; an empty string for all of them. */
export function formatAddresses(set: Ranges, family: IpFamily): string {
  if (portionIn(anyAddress(family), set) === 'all') return '';
  return set.map(range => formatRange(range, family)).join(', ');
}

function formatRange({ low, high }: Range, family: IpFamily): string {
  if (low === high) return formatAddress(low, family);
  const hosts = high - low + 1n;
  const isNetwork = (hosts & (hosts - 1n)) === 0n && low % hosts === 0n;
  const length = BITS[family] - (hosts.toString(2).length - 1);
  return isNetwork
    ? `${formatAddress(low, family)}/${length}`
    : `${formatAddress(low, family)}-${formatAddress(high, family)}`;
}
