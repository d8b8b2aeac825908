import {
  CHAINS,
  type Extension,
  type Hook,
  hookOf,
  type IpFamily,
  MATCHES,
  TABLES,
  TARGETS,
  type TableName,
} from '../facts/netfilter.ts';
import { matchNamed, targetNamed } from '../syntax/iptables/extensions.ts';
import { BASE_LONG, type BaseOption, RULE_COMMANDS } from '../syntax/iptables/options.ts';
import { impliedMatch } from '../syntax/iptables/protocols.ts';
import { optionNamed, readSpecification } from '../syntax/iptables/specification.ts';
import type { Language, Wording } from '../text/wording.ts';
import { type Completion, plain } from './answers.ts';

export const DETAILS: Wording<
  Readonly<Record<'table' | 'chain' | 'own' | 'target' | 'match' | 'option' | 'command' | 'value', string>>
> = {
  en: {
    table: 'table',
    chain: 'built-in chain',
    own: 'chain',
    target: 'target',
    match: 'match',
    option: 'iptables',
    command: 'command',
    value: 'value',
  },
  zh: {
    table: '表',
    chain: '内置链',
    own: '链',
    target: '目标',
    match: '匹配模块',
    option: 'iptables',
    command: '命令',
    value: '值',
  },
};

/** Arguments that are one of a few words. */
const VALUES: Readonly<Record<string, readonly string[]>> = {
  ctstate: ['NEW', 'ESTABLISHED', 'RELATED', 'INVALID', 'UNTRACKED', 'SNAT', 'DNAT'],
  state: ['NEW', 'ESTABLISHED', 'RELATED', 'INVALID', 'UNTRACKED'],
  ctdir: ['ORIGINAL', 'REPLY'],
  'src-type': ['UNICAST', 'LOCAL', 'BROADCAST', 'MULTICAST', 'ANYCAST'],
  'dst-type': ['UNICAST', 'LOCAL', 'BROADCAST', 'MULTICAST', 'ANYCAST'],
  'pkt-type': ['unicast', 'broadcast', 'multicast'],
  protocol: ['tcp', 'udp', 'icmp', 'icmpv6', 'sctp', 'esp', 'ah', 'all'],
};

/** What stands before the word that is typed, in a line of a file of rules or behind a program. */
export interface RuleLine {
  readonly family: IpFamily;
  readonly table: string;
  /** Chains of the user's in the table. */
  readonly own: readonly string[];
  /** Without `!`, and without the table and the options that say nothing of the rule. */
  readonly before: readonly string[];
  /** Empty if there is none yet. */
  readonly chain: string;
  readonly typed: string;
  /** False behind a program, which takes the table, and more commands, as options. */
  readonly inFile: boolean;
}

const ON_CHAIN =
  /^(?:-[AIDRFPZXCLSE]|--(?:append|insert|delete|replace|flush|policy|zero|delete-chain|check|list|list-rules|rename-chain))$/;

/** Commands, chains, options, matches, targets and values that iptables takes next. */
export function offersInRule(line: RuleLine, language: Language): Completion[] {
  const { table, before, own, typed } = line;
  const details = DETAILS[language];
  const builtIn = Object.keys(CHAINS[table] ?? {});
  const chains = (names: readonly string[], detail: string) => names.map(name => plain('block', name, detail));
  const [last = ''] = before.slice(-1);
  if (before.length === 0) {
    const isOffered = ({ isCommand, name }: BaseOption) =>
      line.inFile ? isCommand && !/^list/.test(name) : isCommand || name === 'table' || name === 'wait';
    const commands = [...new Set(BASE_LONG.values())]
      .filter(isOffered)
      .map(({ short, name }) => ({ ...plain('directive', `-${short}`, `--${name}`), insert: `-${short} ` }));
    return line.inFile ? [...commands, plain('directive', 'COMMIT', details.command)] : commands;
  }
  if (last === '-t' || last === '--table') return TABLES.map(name => plain('block', name, details.table));
  if (ON_CHAIN.test(last)) return [...chains(builtIn, details.chain), ...chains(own, details.own)];
  if (last === '-g' || last === '--goto') return chains(own, details.own);
  if (last === '-j' || last === '--jump') return [...chains(own, details.own), ...targets(line, details)];
  if (last === '-m' || last === '--match')
    return legal(MATCHES, line).map(({ name }) => ({ ...plain('block', name, details.match), insert: `${name} ` }));
  const options = optionsOf(line);
  const [command = '', , ...rest] = before;
  if (/^(?:-P|--policy)$/.test(command) && rest.length === 0)
    return ['ACCEPT', 'DROP'].map(policy => plain('value', policy, details.value));
  const of = options.argumentOf(last);
  if (of) return (VALUES[of] ?? []).map(value => plain('value', value, details.value));
  return typed === '' || typed.startsWith('-') ? options.offered(line, details) : [];
}

function targets(line: RuleLine, details: (typeof DETAILS)['en']): Completion[] {
  const verdicts = line.table === 'nat' ? ['ACCEPT', 'RETURN'] : ['ACCEPT', 'DROP', 'RETURN'];
  return [...verdicts, ...legal(TARGETS, line).map(({ name }) => name)].map(name =>
    plain('value', name, details.target),
  );
}

/** Extensions of the family that the kernel takes in the table, and in the chain if it is built in. */
function legal(extensions: readonly Extension[], { family: own, table, chain }: RuleLine): Extension[] {
  const hook = hookOf(table, chain);
  const isAllowed = (allowed: readonly Hook[] | undefined) =>
    !allowed || (hook ? allowed.includes(hook) : allowed.some(each => CHAINS[table]?.[each] !== undefined));
  return extensions.filter(
    ({ family, tables, hooks, unknown }) =>
      !unknown && (!family || family === own) && (!tables || tables.includes(table as TableName)) && isAllowed(hooks),
  );
}

/** The options that the words so far have brought along. */
function optionsOf({ family, before, inFile }: RuleLine) {
  const words = before.map(value => ({ start: 0, end: 0, value, quoted: false }));
  const specification = readSpecification(words, { family, inFile, isChain: () => false });
  const protocol = optionNamed(specification, 'protocol')?.argument?.value;
  const implied = protocol ? matchNamed(impliedMatch(protocol) ?? '', family) : null;
  const target = specification.jump?.argument?.value ? targetNamed(specification.jump.argument.value, family) : null;
  const loaded = [
    ...specification.matches.map(({ extension }) => extension),
    ...(implied ? [implied] : []),
    ...(target ? [target] : []),
  ];
  const given = new Set(specification.options.map(({ name }) => name));
  return {
    /** The name of the option whose argument comes next. */
    argumentOf(last: string): string | null {
      if (/^(?:-p|--protocol)$/.test(last)) return 'protocol';
      for (const { written } of loaded) {
        const option = written.get(last)?.option;
        if (option) return option.takes ? option.name : null;
      }
      const base = last.startsWith('--')
        ? BASE_LONG.get(last.slice(2))
        : [...BASE_LONG.values()].find(({ short }) => last === `-${short}`);
      return base && base.takes === 'word' ? base.name : null;
    },
    offered({ table, chain }: RuleLine, details: (typeof DETAILS)['en']): Completion[] {
      const hook = hookOf(table, chain);
      const isRule = specification.command === null || RULE_COMMANDS.has(specification.command.name);
      const wrong =
        hook === 'PREROUTING' || hook === 'INPUT'
          ? 'out-interface'
          : hook === 'OUTPUT' || hook === 'POSTROUTING'
            ? 'in-interface'
            : '';
      const base = isRule ? OF_RULES.filter(name => name !== wrong && (name === 'match' || !given.has(name))) : [];
      const ofIptables = base.map(name => {
        const short = BASE_LONG.get(name)?.short ?? '';
        return { ...plain('option', `-${short}`, `--${name}`), insert: `-${short} ` };
      });
      const ofExtensions = loaded.flatMap(({ name, facts }) =>
        facts.options
          .filter(
            option =>
              !option.as &&
              (option.repeat || !given.has(option.name)) &&
              (!option.hooks || !hook || option.hooks.includes(hook)),
          )
          .map(option => ({
            ...plain('option', `--${option.name}`, `${name === facts.name ? name : facts.name}`),
            insert: `--${option.name}${option.takes ? ' ' : ''}`,
          })),
      );
      const unique = new Map([...ofIptables, ...ofExtensions].map(item => [item.label, item]));
      return [...unique.values()].map(item => ({ ...item, detail: item.detail || details.option }));
    },
  };
}

const OF_RULES: readonly string[] = [
  'source',
  'destination',
  'protocol',
  'in-interface',
  'out-interface',
  'match',
  'jump',
  'goto',
];
