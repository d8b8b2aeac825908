import type { IpFamily } from '../../facts/netfilter.ts';
import { parseNetwork } from '../../simulate/packetPath/ranges.ts';
import { type IptablesCall, iptablesCallsOf } from '../iptablesCall.ts';
import type { ShellText } from '../shellText.ts';
import { type Assumed, type RulesetLine, rulesetOf, variableIn, type WrittenRuleset } from './ruleset.ts';

/** Addresses that no rule is about: class E, and the discard prefix of RFC 6666. */
const NOBODYS: Readonly<Record<IpFamily, string>> = { ipv4: '240.0.0.1', ipv6: '100::1' };

/** What the commands of a script add to the rules of a machine, by family; `isWhole` as if no others were there. */
export function* rulesetsOfScript(text: ShellText, isWhole = false): Iterable<WrittenRuleset> {
  const calls = iptablesCallsOf(text);
  for (const family of ['ipv4', 'ipv6'] as const) {
    const lines = calls.filter(call => call.family === family).flatMap(lineOf);
    if (lines.length > 0) yield ofFamily(text, family, lines, isWhole);
  }
}

function ofFamily(text: ShellText, family: IpFamily, lines: readonly RulesetLine[], isWhole: boolean): WrittenRuleset {
  const written = text.region.text;
  const variants = [...addressVariables(written, lines)].map(variable => {
    const assumed: Assumed = { variable, address: parseNetwork(NOBODYS[family], family) ?? [] };
    return rulesetOf(text, lines, { family, isWhole, assumed });
  });
  return rulesetOf(text, lines, { family, isWhole, variants });
}

function lineOf({ specification, table, invocation, program }: IptablesCall): RulesetLine[] {
  if (!specification || table === null || program.isElsewhere) return [];
  const { start, end } = invocation.command;
  return [{ is: 'rule', table, written: { start, end, specification } }];
}

/** Variables that rules of the table raw have as an address. */
function addressVariables(text: string, lines: readonly RulesetLine[]): ReadonlySet<string> {
  const found = new Set<string>();
  for (const line of lines) {
    if (line.is !== 'rule' || line.table !== 'raw') continue;
    for (const { name, argument } of line.written.specification.options) {
      if ((name !== 'source' && name !== 'destination') || !argument || argument.value !== null) continue;
      const variable = variableIn(text, argument);
      if (variable !== null) found.add(variable);
    }
  }
  return found;
}
