import type { IpFamily, TableName } from '../../../server/src/facts/netfilter.ts';
import { ANY_PORT, formatAddresses, type Ranges, without } from '../../../server/src/simulate/packetPath/ranges.ts';
import type { Match, Rule, Ruleset, Target } from '../../../server/src/simulate/packetPath/ruleset.ts';

const BUILT_IN: Readonly<Record<TableName, readonly string[]>> = {
  raw: ['PREROUTING', 'OUTPUT'],
  mangle: ['PREROUTING', 'INPUT', 'FORWARD', 'OUTPUT', 'POSTROUTING'],
  nat: ['PREROUTING', 'INPUT', 'OUTPUT', 'POSTROUTING'],
  filter: ['INPUT', 'FORWARD', 'OUTPUT'],
  security: ['INPUT', 'FORWARD', 'OUTPUT'],
};

/** A ruleset as iptables-restore reads it: all five tables, so that it replaces whatever was there. */
export function restoreText({ family, tables }: Ruleset): string {
  const lines: string[] = [];
  for (const [table, builtIn] of Object.entries(BUILT_IN)) {
    const chains = tables[table as TableName] ?? new Map();
    lines.push(`*${table}`);
    for (const name of new Set([...builtIn, ...chains.keys()])) {
      lines.push(`:${name} ${builtIn.includes(name) ? (chains.get(name)?.policy ?? 'ACCEPT') : '-'}`);
    }
    for (const [name, { rules }] of chains) {
      for (const rule of rules) lines.push(`-A ${name}${ruleText(rule, family)}`);
    }
    lines.push('COMMIT');
  }
  return `${lines.join('\n')}\n`;
}

export function ruleText({ matches, target }: Rule, family: IpFamily): string {
  return [...matches.map(match => matchText(match, family)), targetText(target, family)]
    .map(part => ` ${part}`)
    .join('')
    .trimEnd();
}

function matchText(match: Match, family: IpFamily): string {
  switch (match.on) {
    case 'source':
      return `-s ${formatAddresses(match.in, family)}`;
    case 'destination':
      return `-d ${formatAddresses(match.in, family)}`;
    case 'sourcePort':
      return ports('--sport', match.in);
    case 'destinationPort':
      return ports('--dport', match.in);
    case 'anyPort':
      return `-m multiport --ports ${match.in.map(rangeText).join(',')}`;
    case 'in':
      return `${not(match.isNegated)}-i ${match.name}`;
    case 'out':
      return `${not(match.isNegated)}-o ${match.name}`;
    case 'protocol':
      return `${not(match.isNegated)}-p ${match.name}`;
    case 'tcpFlags':
      return `-m tcp ${not(match.isNegated)}--tcp-flags ${match.examined.join(',')} ${match.set.join(',')}`;
    case 'state':
      return `-m conntrack ${not(match.isNegated)}--ctstate ${match.states.join(',')}`;
    case 'unknown':
      return match.text;
  }
}

function not(isNegated: boolean): string {
  return isNegated ? '! ' : '';
}

/** One range, what one range leaves, or several. */
function ports(option: '--sport' | '--dport', set: Ranges): string {
  const missing = without(ANY_PORT, set);
  const [only, ...others] = set;
  const [left] = missing;
  if (only && others.length === 0) return `${option} ${rangeText(only)}`;
  if (left && missing.length === 1) return `! ${option} ${rangeText(left)}`;
  return `-m multiport ${option}s ${set.map(rangeText).join(',')}`;
}

function rangeText({ low, high }: Ranges[number]): string {
  return low === high ? String(low) : `${low}:${high}`;
}

function targetText(target: Target, family: IpFamily): string {
  switch (target.does) {
    case 'accept':
    case 'drop':
    case 'return':
    case 'notrack':
    case 'synproxy':
      return `-j ${target.does.toUpperCase()}`;
    case 'reject':
      return `-j REJECT${target.withReset ? ' --reject-with tcp-reset' : ''}`;
    case 'jump':
      return `-j ${target.chain}`;
    case 'goto':
      return `-g ${target.chain}`;
    case 'template':
      return '-j CT --zone 0 --ctevents new';
    case 'dnat': {
      if (target.isLocal) return `-j REDIRECT${target.ports ? ` --to-ports ${target.ports[0]?.low}` : ''}`;
      const address = target.addresses ? formatAddresses(target.addresses, family) : '';
      return `-j DNAT --to-destination ${address}${target.ports ? `:${target.ports[0]?.low}` : ''}`;
    }
    case 'snat':
      return target.addresses ? `-j SNAT --to-source ${formatAddresses(target.addresses, family)}` : '-j MASQUERADE';
    case 'continue':
      return '';
    case 'unknown':
      return target.text;
  }
}
