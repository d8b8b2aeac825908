import { type IptablesCall, iptablesCallsOf } from '../../model/iptablesCall.ts';
import type { ShellVariable } from '../../model/shell/fields.ts';
import type { Invocation } from '../../model/shell/invocation.ts';
import { programOf } from '../../model/shell/program.ts';
import type { ShellText } from '../../model/shellText.ts';
import { optionNamed } from '../../syntax/iptables/specification.ts';
import type { ShellWord } from '../../syntax/shell/tree.ts';
import type { Span } from '../../text/span.ts';

/** A variable that holds addresses of an interface, and the calls that take it for an address of their rule. */
export interface LocalAddresses {
  readonly variable: string;
  /** Its only assignment. */
  readonly set: Span;
  /** `ip addr show …`. */
  readonly listing: Invocation;
  readonly device: string;
  /** False if something behind the listing keeps one address, or may. */
  readonly mayBeSeveral: boolean;
  readonly calls: readonly IptablesCall[];
}

/** Programs that pass on as many lines as they get, or those that fit. */
const PASSING = /^(?:ip|[ef]?grep|g?awk|mawk|cut|sed|sort|uniq|cat)$/;
/** What keeps one line, in an argument of one of these. */
const KEEPS_ONE = /^-\w*m\s*1$|\bexit\b|\bNR\s*==|\bq$|^-?\d+[pq]$|\$!d|1!d|\d+\.\d+\.\d/;

/** Addresses that a script reads from interfaces, in the order of their assignments. */
export function localAddressesIn(text: ShellText): readonly LocalAddresses[] {
  const found = new Map<number, { calls: IptablesCall[]; rest: Omit<LocalAddresses, 'calls'> }>();
  for (const call of iptablesCallsOf(text)) {
    for (const name of addressVariables(call)) {
      const variable = call.invocation.variables.get(name);
      const rest = variable && sourceOf(name, variable);
      if (!rest) continue;
      const known = found.get(rest.set.start);
      if (known) known.calls.push(call);
      else found.set(rest.set.start, { calls: [call], rest });
    }
  }
  return [...found.values()].map(({ calls, rest }) => ({ ...rest, calls }));
}

/** The variables that stand alone, quoted or not, where a call has an address. */
function addressVariables({ specification, invocation }: IptablesCall): string[] {
  if (!specification) return [];
  return ['source', 'destination'].flatMap(name => {
    const argument = optionNamed(specification, name)?.argument;
    const field = argument && invocation.fields.find(({ word }) => word.start === argument.start);
    const variable = field ? onlyVariable(field.word) : null;
    return variable === null ? [] : [variable];
  });
}

/** The name of the variable that is all of a word; null if it is anything else. */
export function onlyVariable({ parts }: ShellWord): string | null {
  const [only, ...rest] = parts.filter(part => part.kind !== 'text' || part.text !== '');
  return only?.kind === 'variable' && only.modifier === '' && rest.length === 0 ? only.name : null;
}

function sourceOf(variable: string, { printedBy, set }: ShellVariable): Omit<LocalAddresses, 'calls'> | null {
  const [listing] = printedBy;
  const device = listing && listedDevice(listing);
  if (!listing || !set || device === undefined || device === null) return null;
  const mayBeSeveral = printedBy.every(({ fields }) => {
    const program = programOf(fields);
    const words = program?.arguments.map(({ value }) => value) ?? [null];
    return PASSING.test(program?.name ?? '') && words.every(word => word !== null && !KEEPS_ONE.test(word));
  });
  return { variable, set, listing, device, mayBeSeveral };
}

/** The interface whose addresses `ip addr` lists; null for another command, or all interfaces, or one address of it. */
export function listedDevice({ fields }: Invocation): string | null {
  const program = programOf(fields);
  const words = program?.arguments.map(({ value }) => value ?? '') ?? [];
  if (program?.name !== 'ip' || words.includes('label') || words.includes('to')) return null;
  const [object, ...rest] = words.filter(word => !word.startsWith('-'));
  if (!/^(?:a|ad|add|addr|address)$/.test(object ?? '')) return null;
  const named = rest.filter(word => !/^(?:s|sh|show|l|ls|list)$/.test(word));
  const [first, second] = named;
  return (first === 'dev' ? second : first === 'scope' ? undefined : first) ?? null;
}
