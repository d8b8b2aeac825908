import { type ExtensionOption, type IpFamily, MAX_INTERFACE_NAME } from '../../facts/netfilter.ts';
import { isIpv4, isIpv6 } from '../../text/network.ts';
import { leadingNumber, wholeNumber } from './number.ts';
import type { IptablesProblemCode } from './problem.ts';
import { protocolNumber } from './protocols.ts';

/** What is wrong with a value; null if nothing is, `unknown` if only a machine could tell: its names, its hosts. */
export type Fault =
  | { readonly code: IptablesProblemCode; readonly what: string; readonly with?: string | undefined }
  | 'unknown'
  | null;

const LIMITS: Readonly<Record<string, number>> = {
  uint8: 0xff,
  uint16: 0xffff,
  uint32: 0xffffffff,
  uint64: 2 ** 64,
};

/** Names that /etc/services may have begin with a letter, or hold one. */
const MAY_BE_SERVICE = /[A-Za-z]/;

const LOG_LEVELS = ['alert', 'crit', 'debug', 'emerg', 'error', 'info', 'notice', 'panic', 'warning'];

const TOS_NAMES = ['minimize-delay', 'maximize-throughput', 'maximize-reliability', 'minimize-cost', 'normal-service'];

/** An argument as libxtables checks it by its kind (libxtables/xtoptions.c, 1.8.9). */
export function checkArgument(value: string, option: ExtensionOption, family: IpFamily): Fault {
  const { takes = 'string', min = 0 } = option;
  switch (takes) {
    case 'uint8':
    case 'uint16':
    case 'uint32':
    case 'uint64':
      return numberFault(value, min, option.max ?? LIMITS[takes] ?? 0);
    case 'uint8Range':
    case 'uint16Range':
    case 'uint32Range':
    case 'uint64Range': {
      const limit = LIMITS[takes.replace('Range', '')] ?? 0;
      return rangeFault(value, min, Math.min(option.max || limit, limit));
    }
    case 'double':
      return doubleFault(value, min, option.max ?? 0);
    case 'string':
      return lengthFault(value, min, option.max);
    case 'markMask':
      return markFault(value);
    case 'tosMask':
      return tosFault(value);
    case 'logLevel':
      return LOG_LEVELS.includes(value) || wholeNumber(value, 0, 7) !== null ? null : { code: 'badValue', what: value };
    case 'host':
      return hostFault(value, family);
    case 'hostMask': {
      const slash = value.indexOf('/');
      if (slash < 0) return hostFault(value, family);
      return hostFault(value.slice(0, slash), family) ?? prefixFault(value.slice(slash + 1), family);
    }
    case 'prefixLength':
    case 'prefixMask':
      return prefixFault(value, family);
    case 'protocol':
      return protocolFault(value);
    case 'port':
      return namedPortFault(value);
    case 'portRange':
      return namedPortRangeFault(value);
    case 'mac':
      return macFault(value);
  }
}

/** Six numbers to base 16; one of which nothing is written is zero (xtopt_parse_ethermac). */
function macFault(value: string): Fault {
  const parts = value.split(':');
  const good = parts.every(part => /^(?:[ \t\n\v\f\r]*\+?(?:0[xX])?0*[0-9a-fA-F]{1,2})?$/.test(part));
  return good && parts.length === 6 ? null : { code: 'badValue', what: value };
}

export function byteLength(text: string): number {
  let bytes = 0;
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  }
  return bytes;
}

function numberFault(value: string, min: number, max: number): Fault {
  if (wholeNumber(value, min, max) !== null) return null;
  return {
    code: leadingNumber(value)?.end === value.length ? 'outOfRange' : 'badValue',
    what: value,
    with: `${min}–${max}`,
  };
}

/** Two numbers in whatever order, either of which may be left out: extensions that want them in order say so themselves. */
function rangeFault(value: string, min: number, max: number): Fault {
  const parts = value.split(':');
  if (parts.length > 2) return { code: 'badValue', what: value };
  for (const part of parts) {
    const fault = part === '' ? null : numberFault(part, min, max);
    if (fault) return fault;
  }
  return null;
}

function doubleFault(value: string, min: number, max: number): Fault {
  if (!/^[ \t\n\v\f\r]*[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/.test(value))
    return /^[ \t\n\v\f\r]*[+-]?(?:inf|nan|0x)/i.test(value) ? 'unknown' : { code: 'badValue', what: value };
  const number = Number(value);
  return min === max || (number >= min && number <= max)
    ? null
    : { code: 'outOfRange', what: value, with: `${min}–${max}` };
}

function lengthFault(value: string, min: number, max: number | undefined): Fault {
  const length = byteLength(value);
  if (length < min) return { code: 'badValue', what: value };
  return max && length > max ? { code: 'tooLong', what: value, with: String(max) } : null;
}

function markFault(value: string): Fault {
  const [mark = '', ...masks] = value.split('/');
  const good = [mark, ...masks].every(part => wholeNumber(part, 0, 0xffffffff) !== null);
  return good && masks.length <= 1 ? null : { code: 'badValue', what: value };
}

function tosFault(value: string): Fault {
  if (TOS_NAMES.includes(value.toLowerCase())) return null;
  const [tos = '', ...masks] = value.split('/');
  const good = [tos, ...masks].every(part => wholeNumber(part, 0, 0xff) !== null);
  return good && masks.length <= 1 ? null : { code: 'badValue', what: value };
}

/** True for a text that getaddrinfo takes for an IPv4 address: one to four numbers, the last of which fills what is left. */
function isIpv4Number(value: string): boolean {
  const parts = value.split('.');
  if (parts.length > 4) return false;
  return parts.every((part, i) => {
    if (!/^(?:0[xX][0-9a-fA-F]+|[0-9]+)$/.test(part)) return false;
    const number = leadingNumber(part);
    const limit = i < parts.length - 1 ? 0x100 : 0x100 ** (5 - parts.length);
    return number !== null && number.end === part.length && number.value < limit;
  });
}

function hostFault(value: string, family: IpFamily): Fault {
  const v4 = isIpv4Number(value);
  const v6 = isIpv6(value.replace(/%.*$/s, ''));
  if (family === 'ipv4' ? v4 : v6) return null;
  if (v4 || v6) return { code: 'otherFamily', what: value };
  return nameFault(value);
}

/** What cannot be a host's name is no address at all. */
function nameFault(value: string): Fault {
  const cannotBeName = value === '' || /^[\d.]+$/.test(value) || value.includes(':') || /[\s,/]/.test(value);
  return cannotBeName ? { code: 'badAddress', what: value } : 'unknown';
}

function prefixFault(value: string, family: IpFamily): Fault {
  const max = family === 'ipv4' ? 32 : 128;
  if (wholeNumber(value, 0, max) !== null) return null;
  if (family === 'ipv4' ? isIpv4Number(value) : isIpv6(value)) return null;
  return { code: 'badMask', what: value, with: String(max) };
}

export function protocolFault(value: string): Fault {
  return protocolNumber(value) === null ? { code: 'badProtocol', what: value } : null;
}

/**
 * A port as getaddrinfo reads it: decimal alone, and of a number that is too great the rest. One that becomes -1 is taken for a name
 * (glibc's getaddrinfo.c keeps what strtoul says as an int).
 */
function namedPortFault(value: string): Fault {
  if (value === '') return null;
  if (/^[ \t\n\v\f\r]*[+-]?\d+$/.test(value)) {
    const number = BigInt(value.replace(/^[ \t\n\v\f\r+]+/, ''));
    const isTooGreat = number >= 1n << 64n || -number >= 1n << 64n;
    return isTooGreat || BigInt.asIntN(32, number) === -1n ? { code: 'badPort', what: value } : null;
  }
  return MAY_BE_SERVICE.test(value) ? 'unknown' : { code: 'badPort', what: value };
}

function namedPortRangeFault(value: string): Fault {
  const parts = value.split(':');
  if (parts.length > 2) return { code: 'badPort', what: value };
  if (/^[\d,]+,[\d,]+$/.test(value)) return { code: 'portList', what: value };
  for (const part of parts) {
    const fault = part === '' ? null : namedPortFault(part);
    if (fault) return fault === 'unknown' ? fault : { ...fault, what: value };
  }
  return null;
}

/** A port as xtables_parse_port reads it: a number up to 65,535, or a service. */
export function portFault(value: string): Fault {
  if (wholeNumber(value, 0, 0xffff) !== null) return null;
  if (MAY_BE_SERVICE.test(value)) return 'unknown';
  return { code: /^\d+(?:,\d+)+$/.test(value) ? 'portList' : 'badPort', what: value };
}

/** `--dport` of tcp: one port, or two with a colon, either of which may be left out (libxt_tcp.c). */
export function tcpPortsFault(value: string): Fault {
  const colon = value.indexOf(':');
  if (colon < 0) return portFault(value);
  const [low, high] = [value.slice(0, colon), value.slice(colon + 1)];
  const fault = (low === '' ? null : portFault(low)) ?? (high === '' ? null : portFault(high));
  if (fault) return fault === 'unknown' ? fault : { ...fault, what: value };
  const [from, to] = [low === '' ? 0 : Number(low), high === '' ? 0xffff : Number(high)];
  return from > to ? { code: 'badPortRange', what: value } : null;
}

export function interfaceFault(value: string): Fault {
  if (value === '') return { code: 'emptyInterface', what: '' };
  const length = byteLength(value);
  return length > MAX_INTERFACE_NAME ? { code: 'tooLongInterface', what: value, with: String(length) } : null;
}

/** The addresses of `-s` or `-d`, with the first fault among them (xtables_ipparse_multiple, xtables_ip6parse_multiple). */
export function addressesFault(value: string, family: IpFamily): Fault {
  let unknown = false;
  for (const written of value.split(',')) {
    const fault = addressFault(written.replace(/^[ \t\n\v\f\r]+/, ''), family);
    if (fault === 'unknown') unknown = true;
    else if (fault) return fault;
  }
  return unknown ? 'unknown' : null;
}

function addressFault(value: string, family: IpFamily): Fault {
  if (byteLength(value) > 255) return { code: 'badAddress', what: value };
  const slash = value.lastIndexOf('/');
  const name = slash < 0 ? value : value.slice(0, slash);
  const mask = slash < 0 ? null : value.slice(slash + 1);
  const isAddress = family === 'ipv4' ? isIpv4Network : isIpv6;
  const isOther = family === 'ipv4' ? isIpv6 : isIpv4;
  if (mask !== null && isOther(name) && !/^0+$/.test(mask)) return { code: 'otherFamily', what: value };
  if (mask !== null) {
    const bits = wholeNumber(mask, 0, family === 'ipv4' ? 32 : 128);
    const dotted = family === 'ipv4' ? mask.split('.').length === 4 && isIpv4Network(mask) : isIpv6(mask);
    if (bits === null && !dotted) return { code: 'badMask', what: mask, with: family === 'ipv4' ? '32' : '128' };
    // With an empty mask nobody reads the name, as in `any/0`.
    if (bits === 0 || (dotted && /^[0.:]+$/.test(mask))) return null;
  }
  if (isAddress(name) || (family === 'ipv4' && (isIpv4Number(name) || isMapped(name)))) return null;
  if (family === 'ipv6' && isIpv6(name.replace(/%.*$/s, ''))) return 'unknown';
  if (isOther(name)) return { code: 'otherFamily', what: name };
  const fault = nameFault(name);
  return fault === null || fault === 'unknown' ? fault : { ...fault, what: value };
}

/** An IPv6 address that stands for one of IPv4: getaddrinfo takes it for that. */
function isMapped(value: string): boolean {
  return /^(?:::|(?:0{1,4}:){5})ffff:/i.test(value) && isIpv6(value);
}

/** `10`, `10.1`, `10.1.2.3`: what is left out is zero (__numeric_to_ipaddr of libxtables/xtables.c). */
function isIpv4Network(value: string): boolean {
  const parts = value.split('.');
  return parts.length <= 4 && parts.every(part => wholeNumber(part, 0, 255) !== null);
}
