import {
  BACKENDS,
  CHAINS,
  FOREIGN_EXTENSIONS,
  type Hook,
  hookOf,
  type IptablesBackend,
  MAX_CHAIN_NAME,
  TARGETS,
  VERDICTS,
} from '../../facts/netfilter.ts';
import type { Span } from '../../text/span.ts';
import { checkRule } from './checkRule.ts';
import { targetNamed } from './extensions.ts';
import { kernelProblems } from './kernel.ts';
import { RULE_COMMANDS } from './options.ts';
import { type IptablesProblem, type IptablesProblemCode, problem } from './problem.ts';
import { type BuiltChain, reachOf } from './reach.ts';
import type { Specification } from './specification.ts';
import type { IptablesChain, IptablesRule, IptablesTable, IptablesTree } from './tree.ts';
import { byteLength } from './values.ts';
import type { IptablesWord } from './word.ts';

/** What the programs say of a text, beyond what its words' order shows. */
export interface IptablesCheck {
  /** All problems, of the words' order too, in the order of the text. */
  readonly problems: readonly IptablesProblem[];
  /** Lines of which only a machine could tell whether they are taken. */
  readonly unsure: readonly Span[];
}

export interface CheckOptions {
  /** True if tables are not flushed first: chains may be there that the text does not declare. */
  readonly noflush?: boolean;
}

/**
 * What iptables-restore refuses of a text, and what the kernel then refuses of a table (iptables 1.8.9; Linux 6.18). Problems of
 * both backends, or of one. Never throws.
 */
export function checkIptables(tree: IptablesTree, { noflush = false }: CheckOptions = {}): IptablesCheck {
  let problems = [...tree.problems];
  let unsure: Span[] = [];
  const announced = new Set<string>();
  const kept = new Map<string, Map<string, IptablesRule[]>>();
  for (const table of tree.tables) {
    const name = table.name.value;
    if (name === null || !Object.hasOwn(CHAINS, name)) {
      unsure = [...unsure, ...table.lines];
      continue;
    }
    const before = noflush ? kept.get(name) : undefined;
    const checker = new TableChecker(tree, table, name, announced, noflush, before);
    checker.check();
    problems = [...problems, ...checker.problems];
    unsure = [...unsure, ...checker.unsure];
    kept.set(name, checker.chains);
  }
  problems.sort((a, b) => a.span.start - b.span.start);
  return { problems, unsure };
}

class TableChecker {
  readonly problems: IptablesProblem[] = [];
  readonly unsure: Span[] = [];
  readonly chains: Map<string, IptablesRule[]>;
  private readonly tree: IptablesTree;
  private readonly table: IptablesTable;
  private readonly name: string;
  private readonly announced: Set<string>;
  private readonly noflush: boolean;
  /** Every rule that was added, with its chain: iptables-nft looks at some matches when it reads them. */
  private readonly added = new Map<IptablesRule, string>();
  /** Those that `-F CHAIN` took away again before the kernel saw them. */
  private readonly flushed = new Set<IptablesRule>();
  /** Rules that jump to a chain that is built in, and its name. */
  private readonly jumps = new Map<IptablesRule, IptablesWord>();

  constructor(
    tree: IptablesTree,
    table: IptablesTable,
    name: string,
    announced: Set<string>,
    noflush: boolean,
    before: ReadonlyMap<string, IptablesRule[]> | undefined,
  ) {
    this.tree = tree;
    this.table = table;
    this.name = name;
    this.announced = announced;
    this.noflush = noflush;
    const builtIn = Object.keys(CHAINS[name] ?? {}).map((chain): [string, IptablesRule[]] => [chain, []]);
    this.chains = new Map(before ? [...before].map(([chain, rules]) => [chain, [...rules]]) : builtIn);
  }

  check(): void {
    for (const line of this.table.lines) {
      if (line.is === 'chain') this.chain(line);
      else this.rule(line);
    }
    for (const [rule, word] of this.jumps)
      this.refuse('jumpToBuiltIn', word, word.value ?? '', '', this.flushed.has(rule) ? 'legacy' : null);
    this.kernel();
  }

  private refuse(
    code: IptablesProblemCode,
    span: Span,
    what: string,
    also = '',
    backend: IptablesBackend | null = null,
    byKernel = false,
  ): void {
    this.problems.push(problem(code, span, what, also, { ...(backend ? { backend } : {}), byKernel }));
  }

  private chain({ name, policy }: IptablesChain): void {
    const { value } = name;
    if (value === null || policy?.value === null) {
      this.unsure.push(name);
      if (value !== null) this.declare(value);
      return;
    }
    this.announced.add(value);
    const builtIn = hookOf(this.name, value) !== null;
    if (byteLength(value) > MAX_CHAIN_NAME) this.refuse('tooLongChainName', name, value, String(byteLength(value)));
    else if (!builtIn && VERDICTS.includes(value)) this.refuse('chainNameIsTarget', name, value);
    else if (!builtIn && /^[-!]|[\v\f\r]/.test(value)) this.refuse('badChainName', name, value, '', 'nft');
    else if (!builtIn && this.chains.has(value) && !this.noflush) this.refuse('chainExists', name, value, '', 'legacy');
    if (!policy) return;
    if (builtIn) {
      if (policy.value !== 'ACCEPT' && policy.value !== 'DROP' && policy.value !== '-')
        this.refuse('badPolicy', policy, policy.value ?? '', value);
    } else if (policy.value !== '-') this.refuse('policyOnUserChain', policy, policy.value ?? '', value, 'legacy');
    this.declare(value);
  }

  private declare(chain: string): void {
    // A chain of the user's that is there already is flushed; legacy without --noflush refuses it.
    if (!this.chains.has(chain) || hookOf(this.name, chain) === null) this.chains.set(chain, []);
  }

  private rule(rule: IptablesRule): void {
    const { specification } = rule;
    const { family } = this.tree;
    if (specification.options.some(({ name, loaded }) => !loaded && name === (family === 'ipv4' ? 'ipv6' : 'ipv4')))
      return;
    const own = checkRule(specification, family);
    this.problems.push(...own.problems);
    if (own.unsure) this.unsure.push(rule);
    const { command, chain } = specification;
    if (!command) return;
    if (chain && chain.value === null) {
      this.unsure.push(rule);
      return;
    }
    if (RULE_COMMANDS.has(command.name)) this.ruleCommand(rule, command.name, chain);
    else this.otherCommand(rule, command.name, chain);
  }

  private ruleCommand(rule: IptablesRule, command: string, chain: IptablesWord | null): void {
    const { specification } = rule;
    const name = chain?.value ?? '';
    this.interfaces(specification, name);
    if (!(command === 'delete' && specification.command?.more.length)) this.jump(rule);
    if (!chain) return;
    if (byteLength(name) > MAX_CHAIN_NAME) this.refuse('tooLongChainName', chain, name, String(byteLength(name)));
    else if (!this.exists(name)) this.missingChain(chain, name);
    if (command !== 'delete' && command !== 'check') this.added.set(rule, name);
    const rules = this.chains.get(name) ?? [];
    const [number] = specification.command?.more ?? [];
    const at = number?.value ? Number(number.value) : null;
    if (number && number.value !== null && !/^(?:0x[0-9a-f]+|\d+)$/i.test(number.value))
      this.refuse('badRuleNumber', number, number.value);
    else if (number && at !== null && at < 1) this.refuse('badRuleNumber', number, number.value ?? '');
    else if (command === 'append') {
      for (const each of expanded(rule)) rules.push(each);
      this.chains.set(name, rules);
    } else if (command === 'insert') this.insert(name, rules, rule, at ?? 1, number ?? null);
    else if (number && at !== null && at > rules.length && !this.noflush)
      this.refuse('noSuchRule', number, String(at), String(rules.length));
    else if (at === null || at > rules.length) this.unsure.push(rule);
    else if (command === 'replace') {
      this.chains.set(name, rules.with(at - 1, rule));
      // iptables-nft-restore 1.8.9 ends with a segmentation fault if the rule is one that it has just read.
      this.unsure.push(rule);
    } else this.chains.set(name, rules.toSpliced(at - 1, 1));
  }

  private insert(
    chain: string,
    rules: IptablesRule[],
    rule: IptablesRule,
    at: number,
    number: IptablesWord | null,
  ): void {
    const added = expanded(rule);
    if (at > rules.length + 1 && number && !this.noflush)
      this.refuse('noSuchRule', number, String(at), String(rules.length));
    else if (added.length > 1) this.chains.set(chain, [...rules.slice(0, at - 1), ...added, ...rules.slice(at - 1)]);
    else {
      rules.splice(at - 1, 0, rule);
      this.chains.set(chain, rules);
    }
  }

  private exists(chain: string): boolean {
    return this.chains.has(chain) || (this.noflush && hookOf(this.name, chain) === null);
  }

  private missingChain(word: IptablesWord, name: string): void {
    this.refuse('unknownChain', word, name, this.name);
  }

  private interfaces({ options }: Specification, chain: string): void {
    const wrong =
      chain === 'PREROUTING' || chain === 'INPUT'
        ? 'out-interface'
        : chain === 'POSTROUTING' || chain === 'OUTPUT'
          ? 'in-interface'
          : null;
    const option = options.find(({ name, loaded, known }) => known && !loaded && name === wrong);
    if (option) this.refuse('interfaceOfHook', option, option.word.value ?? '', chain);
  }

  private jump(rule: IptablesRule): void {
    const { jump, target } = rule.specification;
    const word = jump?.argument;
    const value = word?.value;
    if (!jump || !word || value === null || value === undefined) return;
    if (value === 'DROP' && this.name === 'nat') this.refuse('dropInNat', word, value);
    if (value === '' || /[ \t\n\v\f\r]/.test(value)) this.refuse('badChainName', word, value);
    else if (byteLength(value) > MAX_CHAIN_NAME)
      this.refuse('tooLongChainName', word, value, String(byteLength(value)));
    else if (target) return;
    else if (jump.name === 'jump' && VERDICTS.includes(value) && !this.chains.has(value)) return;
    else if (hookOf(this.name, value)) this.jumps.set(rule, word);
    else if (!this.exists(value)) this.missingTarget(word, value);
  }

  private missingTarget(word: IptablesWord, value: string): void {
    if (FOREIGN_EXTENSIONS.has(value)) return;
    const upper = value.toUpperCase();
    const meant = VERDICTS.includes(upper) || TARGETS.some(({ name }) => name === upper);
    if (value !== upper && meant) this.refuse('wrongCaseTarget', word, value, upper);
    else this.refuse('unknownTarget', word, value, this.name);
  }

  private otherCommand(rule: IptablesRule, command: string, chain: IptablesWord | null): void {
    const name = chain?.value ?? null;
    const { specification } = rule;
    if (command === 'new-chain' && chain && name !== null) this.create(chain, name);
    else if (command === 'flush') {
      if (name === null) for (const each of this.chains.keys()) this.chains.set(each, []);
      else if (!this.exists(name) && chain) this.missingChain(chain, name);
      else {
        this.chains.set(name, []);
        for (const [added, to] of this.added) if (to === name) this.flushed.add(added);
      }
    } else if (command === 'policy' && chain && name !== null) {
      const [policy] = specification.command?.more ?? [];
      if (policy?.value === 'DROP' && this.name === 'nat') this.refuse('dropInNat', policy, 'DROP');
      else if (hookOf(this.name, name) === null) this.refuse('unknownChain', chain, name, this.name);
      else if (policy && policy.value !== 'ACCEPT' && policy.value !== 'DROP' && policy.value !== null)
        this.refuse('badPolicy', policy, policy.value, name);
    } else this.unsure.push(rule);
  }

  private create(chain: IptablesWord, name: string): void {
    if (byteLength(name) > MAX_CHAIN_NAME) this.refuse('tooLongChainName', chain, name, String(byteLength(name)));
    else if (VERDICTS.includes(name) || (targetNamed(name, this.tree.family) && !this.announced.has(name)))
      this.refuse('chainNameIsTarget', chain, name);
    else if (/^[-!]/.test(name) || /[ \t\n\v\f\r]/.test(name)) this.refuse('badChainName', chain, name);
    else if (this.chains.has(name)) this.refuse('chainExists', chain, name);
    else this.chains.set(name, []);
  }

  private kernel(): void {
    for (const backend of BACKENDS) {
      const chains = new Map<string, BuiltChain>();
      for (const [name, rules] of this.chains) chains.set(name, { name, hook: hookOf(this.name, name), rules });
      const reach = reachOf(chains, backend);
      for (const loop of reach.loops) {
        const span = loop.specification.jump ?? loop;
        this.refuse('loop', span, loop.specification.jump?.argument?.value ?? '', '', backend, true);
      }
      const standing = new Map<IptablesRule, string>();
      for (const { name, rules } of chains.values()) for (const rule of rules) standing.set(rule, name);
      for (const [rule, chain] of backend === 'nft' ? this.added : standing) {
        const hook = hookOf(this.name, chain);
        const hooks: ReadonlySet<Hook> = reach.rules.get(rule) ?? new Set(hook && backend === 'nft' ? [hook] : []);
        const found = kernelProblems(rule.specification, {
          table: this.name,
          chain,
          hook,
          hooks,
          backend,
          family: this.tree.family,
        });
        this.problems.push(...(this.flushed.has(rule) ? found.filter(({ byKernel }) => !byKernel) : found));
      }
    }
  }
}

/** One rule for each pair of addresses that it lists. */
function expanded(rule: IptablesRule): IptablesRule[] {
  const lists = rule.specification.options.filter(
    ({ name, loaded }) => !loaded && (name === 'source' || name === 'destination'),
  );
  const count = lists.reduce((product, { argument }) => product * (argument?.value?.split(',').length ?? 1), 1);
  return Array.from({ length: count }, () => rule);
}
