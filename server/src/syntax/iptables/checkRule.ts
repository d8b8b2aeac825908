import type { ExtensionOption, IpFamily } from '../../facts/netfilter.ts';
import type { Span } from '../../text/span.ts';
import { checkExtensionValue } from './extensionValues.ts';
import { wholeNumber } from './number.ts';
import { RULE_COMMANDS } from './options.ts';
import { type IptablesProblem, problem } from './problem.ts';
import { protocolNumber } from './protocols.ts';
import { type IptablesOption, type LoadedExtension, optionsOf, type Specification } from './specification.ts';
import { addressesFault, checkArgument, type Fault, interfaceFault, protocolFault } from './values.ts';

/** What is wrong with the values of one command, and whether there is something that only a machine could tell. */
export interface RuleCheck {
  readonly problems: readonly IptablesProblem[];
  /** True if iptables may refuse it for what nobody here knows: names of hosts and services, sets, own checks. */
  readonly unsure: boolean;
}

/** Matches and targets whose own rules, or whose needs on the machine, are not known here. */
const OWN_RULES: ReadonlySet<string> = new Set([
  ...['set', 'SET', 'bpf', 'u32', 'string', 'time', 'policy', 'ipvs', 'nfacct', 'rateest', 'RATEEST', 'osf', 'cluster'],
  ...['hashlimit', 'HMARK', 'IDLETIMER', 'SECMARK', 'CONNSECMARK', 'CLUSTERIP', 'LED', 'TEE', 'cgroup', 'connlabel'],
  ...['realm', 'devgroup', 'dccp', 'ipv6header', 'hbh', 'dst', 'rt', 'mh', 'srh', 'frag', 'TCPOPTSTRIP', 'NETMAP'],
  ...['SNPT', 'DNPT', 'ecn', 'ECN', 'recent', 'TOS', 'tos'],
]);

/** At least one of these must be given, or any if none is named (x6_fcheck of the extensions). */
const AT_LEAST_ONE: Readonly<Record<string, readonly string[]>> = {
  addrtype: ['src-type', 'dst-type'],
  recent: ['set', 'rcheck', 'update', 'remove'],
  string: ['string', 'hex-string'],
  connlimit: ['connlimit-upto', 'connlimit-above'],
  hashlimit: ['hashlimit', 'hashlimit-above'],
  CONNMARK: [
    ...['set-mark', 'set-xmark', 'and-mark', 'or-mark', 'xor-mark', 'save-mark', 'restore-mark'],
    ...['left-shift-mark', 'right-shift-mark'],
  ],
  MARK: [],
  DSCP: [],
  TCPMSS: [],
  TTL: [],
  HL: [],
  ttl: [],
  hl: [],
  dscp: [],
  multiport: [],
  physdev: [],
  owner: [],
  iprange: [],
  conntrack: [],
};

/** Options whose argument iptables 1.8.9 misses in the option's own word, as in `-ptcp`: it takes that whole word for it. */
const ALONE: ReadonlySet<string> = new Set([
  ...['protocol', 'source', 'destination', 'in-interface', 'out-interface', 'jump'],
]);

/** How strtoull wants a number to begin. */
const NUMBER = /^[ \t\n\v\f\r]*[+-]?\d/;

/** Checks what iptables checks of one command by itself, besides the order of its words. */
export function checkRule(specification: Specification, family: IpFamily): RuleCheck {
  return new RuleChecker(specification, family).check();
}

class RuleChecker {
  private readonly specification: Specification;
  private readonly family: IpFamily;
  private readonly problems: IptablesProblem[] = [];
  private unsure = false;
  private protocol: number | null = null;
  private notProtocol = false;

  constructor(specification: Specification, family: IpFamily) {
    this.specification = specification;
    this.family = family;
  }

  check(): RuleCheck {
    const { specification } = this;
    if (!specification.certain) this.unsure = true;
    for (const option of specification.options) {
      if (option.loaded) this.extensionOption(option, option.loaded);
      else if (option.known) this.baseOption(option);
    }
    for (const loaded of specification.matches) this.extension(loaded);
    if (specification.target) this.extension(specification.target);
    this.inverseLists();
    this.withCommand();
    return { problems: this.problems, unsure: this.unsure };
  }

  private fault(found: Fault, span: Span, what?: string): void {
    if (found === 'unknown') this.unsure = true;
    else if (found) this.problems.push(problem(found.code, span, found.what, found.with ?? what ?? ''));
  }

  private baseOption(option: IptablesOption): void {
    const { name, argument, not } = option;
    const value = argument?.value;
    if (argument && (value === null || (ALONE.has(name) && argument.start < option.word.end))) this.unsure = true;
    if (name === 'fragments' && this.family === 'ipv6')
      this.problems.push(problem('otherFamily', option, option.word.value ?? ''));
    if (!argument || value === null || value === undefined) return;
    if (name === 'protocol') {
      this.protocol = protocolNumber(value);
      this.notProtocol = not !== null;
      this.fault(protocolFault(value), argument);
      if (this.protocol === 0 && not) this.problems.push(problem('badValue', option, value));
    } else if (name === 'source' || name === 'destination')
      this.fault(addressesFault(value, this.family), argument, this.family);
    else if (name === 'in-interface' || name === 'out-interface') this.fault(interfaceFault(value), argument);
    else if (name === 'set-counters') this.counters(option, value);
  }

  private counters(option: IptablesOption, value: string): void {
    const [packets = '', bytes = option.more[0]?.value ?? ''] = value.split(',');
    if (!NUMBER.test(packets) || !NUMBER.test(bytes)) this.problems.push(problem('badValue', option, value));
  }

  private extensionOption(option: IptablesOption, loaded: LoadedExtension): void {
    const { argument } = option;
    const facts = factsOf(option, loaded);
    if (!argument || !facts) return;
    if (argument.value === null || option.more.some(({ value }) => value === null)) {
      this.unsure = true;
      return;
    }
    const { name } = loaded.extension;
    const kind = loaded.extension.facts.ownChecks ? null : checkArgument(argument.value, facts, this.family);
    if (kind) {
      this.fault(kind, argument, option.name);
      return;
    }
    const context = {
      family: this.family,
      protocol: this.protocol,
      notProtocol: this.notProtocol,
      second: option.more[0]?.value ?? null,
    };
    const isString = facts.takes === 'string';
    this.fault(checkExtensionValue(name, option.name, argument.value, context, isString), argument, option.name);
  }

  /** What must, may not and need not be given together: xtables_options_fcheck, and the extensions' own. */
  private extension(loaded: LoadedExtension): void {
    const { facts, name } = loaded.extension;
    if (facts.unknown || OWN_RULES.has(name)) this.unsure = true;
    const given = optionsOf(this.specification, loaded);
    const names = new Set(given.map(option => option.name));
    const at = loaded.word;
    if (this.specification.certain && !facts.ownChecks) {
      for (const { name: option, required, as } of facts.options)
        if (required && !as && !names.has(option))
          this.problems.push(problem('requiredOption', at, `--${option}`, name));
      const choice = AT_LEAST_ONE[name];
      if (choice && (choice.length > 0 ? !choice.some(option => names.has(option)) : names.size === 0))
        this.problems.push(problem('oneOfOptions', at, name, offered(choice, facts.options)));
      if (name === 'statistic') this.statistic(given, at);
    }
    this.together(given, loaded, names);
  }

  private together(given: readonly IptablesOption[], loaded: LoadedExtension, names: ReadonlySet<string>): void {
    const seen = new Set<string>();
    for (const option of given) {
      const facts = factsOf(option, loaded);
      const key = loaded.extension.name === 'tcp' && option.name === 'syn' ? 'tcp-flags' : option.name;
      if (seen.has(key) && !facts?.repeat && loaded.extension.name !== 'set')
        this.problems.push(problem('repeatedOption', option, option.word.value ?? ''));
      seen.add(key);
      for (const other of facts?.excludes ?? [])
        if (names.has(other)) this.problems.push(problem('excludedOption', option, `--${option.name}`, `--${other}`));
      for (const other of facts?.needs ?? [])
        if (!names.has(other) && this.specification.certain)
          this.problems.push(problem('neededOption', option, `--${option.name}`, `--${other}`));
    }
  }

  private statistic(given: readonly IptablesOption[], at: Span): void {
    const value = (name: string) => given.find(option => option.name === name)?.argument?.value;
    if (value('mode') === 'random' && value('probability') === undefined)
      this.problems.push(problem('neededOption', at, '--mode random', '--probability'));
    if (value('mode') === 'nth' && value('every') === undefined && value('packet') === undefined)
      this.problems.push(problem('neededOption', at, '--mode nth', '--every'));
    const every = wholeNumber(value('every') ?? '', 0, 0xffffffff);
    const packet = wholeNumber(value('packet') ?? '', 0, 0xffffffff);
    if (every !== null && packet !== null && packet > every - 1)
      this.problems.push(problem('outOfRange', at, String(packet), `0–${every - 1}`));
  }

  private inverseLists(): void {
    const { options } = this.specification;
    const ends = options.filter(
      ({ name, loaded, known }) => known && !loaded && (name === 'source' || name === 'destination'),
    );
    if (!ends.some(({ not }) => not)) return;
    const several = ends.find(({ argument }) => argument?.value?.includes(','));
    if (several) this.problems.push(problem('notSeveralAddresses', several, several.argument?.value ?? ''));
  }

  /** commands_v_options of iptables/xshared.c. */
  private withCommand(): void {
    const { command, options } = this.specification;
    if (!command) return;
    const byNumber = command.name === 'delete' && command.more.length > 0;
    const isRule = RULE_COMMANDS.has(command.name) && !byNumber;
    for (const option of options) {
      if (option.loaded || !option.known) continue;
      const { name } = option;
      const counters = name === 'set-counters' && (command.name === 'delete' || command.name === 'check');
      const wrong = isRule
        ? ONLY_LISTS.has(name) || counters
        : OF_RULES.has(name) && !(name === 'set-counters' && command.name === 'policy');
      if (wrong)
        this.problems.push(problem('notWithCommand', option, option.word.value ?? '', command.word.value ?? ''));
    }
  }
}

const ONLY_LISTS: ReadonlySet<string> = new Set(['numeric', 'exact', 'line-numbers']);

const OF_RULES: ReadonlySet<string> = new Set([
  ...[
    'source',
    'destination',
    'protocol',
    'jump',
    'goto',
    'in-interface',
    'out-interface',
    'set-counters',
    'fragments',
  ],
  ...['numeric', 'exact', 'line-numbers'],
]);

function factsOf(option: IptablesOption, loaded: LoadedExtension): ExtensionOption | null {
  return loaded.extension.options.get(option.name) ?? null;
}

function offered(choice: readonly string[], options: readonly ExtensionOption[]): string {
  const names = choice.length > 0 ? choice : options.filter(({ as }) => !as).map(({ name }) => name);
  return names.map(name => `--${name}`).join(', ');
}
