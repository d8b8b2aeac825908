import type { IpFamily } from '../../facts/netfilter.ts';
import { ANY_PORT, anyAddress, parseAddress, type Ranges } from '../../simulate/packetPath/ranges.ts';
import type { Target } from '../../simulate/packetPath/ruleset.ts';
import { type LoadedExtension, optionsOf, type Specification } from '../../syntax/iptables/specification.ts';

/** Targets behind which the next rule goes on, whatever they note down or change. */
const CONTINUING = new Set([
  'AUDIT',
  'CHECKSUM',
  'CLASSIFY',
  'CONNMARK',
  'CONNSECMARK',
  'DSCP',
  'ECN',
  'HL',
  'HMARK',
  'IDLETIMER',
  'LED',
  'LOG',
  'MARK',
  'NFLOG',
  'RATEEST',
  'SECMARK',
  'SET',
  'TCPMSS',
  'TCPOPTSTRIP',
  'TEE',
  'TOS',
  'TRACE',
  'TTL',
]);

/** What a written rule does with a packet that meets its conditions. */
export function targetOf(specification: Specification, family: IpFamily): Target {
  const { jump, target } = specification;
  if (!jump) return specification.certain ? { does: 'continue' } : { does: 'unknown', text: '?' };
  const name = jump.argument?.value;
  if (typeof name !== 'string') return { does: 'unknown', text: '?' };
  if (jump.name === 'goto') return { does: 'goto', chain: name };
  if (target) return ofExtension(target, specification, family);
  switch (name) {
    case 'ACCEPT':
      return { does: 'accept' };
    case 'DROP':
      return { does: 'drop' };
    case 'RETURN':
      return { does: 'return' };
    case 'QUEUE':
      return { does: 'unknown', text: name };
    default:
      return { does: 'jump', chain: name };
  }
}

function ofExtension(target: LoadedExtension, specification: Specification, family: IpFamily): Target {
  const { name } = target.extension;
  const options = optionsOf(specification, target);
  const argument = (option: string) => options.find(each => each.name === option)?.argument?.value ?? null;
  const isRandom = options.some(option => option.name === 'random' || option.name === 'random-fully');
  if (CONTINUING.has(name)) return { does: 'continue' };
  switch (name) {
    case 'NOTRACK':
      return { does: 'notrack' };
    case 'CT':
      return options.some(option => option.name === 'notrack') ? { does: 'notrack' } : { does: 'template' };
    case 'REJECT':
      return { does: 'reject', withReset: /^tcp-r/i.test(argument('reject-with') ?? '') };
    case 'SYNPROXY':
      return { does: 'synproxy' };
    case 'REDIRECT': {
      return { does: 'dnat', addresses: null, ports: ports(argument('to-ports')), isLocal: true };
    }
    case 'MASQUERADE':
      return { does: 'snat', addresses: null, ports: isRandom ? ANY_PORT : ports(argument('to-ports')) };
    case 'DNAT': {
      const to = translation(argument('to-destination'), family);
      return to ? { does: 'dnat', ...to, isLocal: false } : { does: 'unknown', text: name };
    }
    case 'SNAT': {
      const to = translation(argument('to-source'), family);
      if (!to) return { does: 'unknown', text: name };
      return {
        does: 'snat',
        addresses: to.addresses ?? anyAddress(family),
        ports: isRandom ? ANY_PORT : to.ports,
      };
    }
    default:
      return { does: 'unknown', text: name };
  }
}

/** What is written behind `--to-ports`; null if nothing is, any port for names. */
function ports(text: string | null): Ranges | null {
  if (text === null) return null;
  const [, low, high = low] = /^(\d+)(?:-(\d+))?$/.exec(text) ?? [];
  return low === undefined || high === undefined ? ANY_PORT : [{ low: BigInt(low), high: BigInt(high) }];
}

/** What is written behind `--to-destination`: `10.0.0.1`, `10.0.0.1-10.0.0.9:8443`, `:8443`, `[2001:db8::1]:443`; null for anything else. */
function translation(text: string | null, family: IpFamily): { addresses: Ranges | null; ports: Ranges | null } | null {
  const parts =
    family === 'ipv4'
      ? /^([\d.]*)(?:-([\d.]+))?(?::(\d+)(?:-(\d+))?)?$/.exec(text ?? '')
      : /^\[?([\da-f:.]*?)(?:-([\da-f:.]+))?(?:\]:(\d+)(?:-(\d+))?|\])?$/i.exec(text ?? '');
  if (!parts || text === '') return null;
  const [, from = '', to = from, low, high = low] = parts;
  const [first, last] = [parseAddress(from, family), parseAddress(to, family)];
  if (from !== '' && (first === null || last === null)) return null;
  return {
    addresses: first === null || last === null ? null : [{ low: first, high: last }],
    ports: low === undefined || high === undefined ? null : [{ low: BigInt(low), high: BigInt(high) }],
  };
}
