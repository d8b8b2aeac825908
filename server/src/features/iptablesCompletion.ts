import {
  CHAINS,
  type Extension,
  type Hook,
  hookOf,
  MATCHES,
  TABLES,
  TARGETS,
  type TableName,
} from '../facts/netfilter.ts';
import { matchNamed, targetNamed } from '../syntax/iptables/extensions.ts';
import { BASE_LONG, RULE_COMMANDS } from '../syntax/iptables/options.ts';
import { impliedMatch } from '../syntax/iptables/protocols.ts';
import { optionNamed, readSpecification } from '../syntax/iptables/specification.ts';
import { chainsOf, type IptablesTable } from '../syntax/iptables/tree.ts';
import { restoreWords } from '../syntax/iptables/word.ts';
import { lineStart } from '../text/lineBreaks.ts';
import type { Wording } from '../text/wording.ts';
import type { PieceAt, Workspace } from '../workspace/workspace.ts';
import { type Completion, type Completions, completionsOf } from './answers.ts';
import { type IptablesOffset, iptablesAt, tableAt } from './iptablesAt.ts';

const DETAILS: Wording<
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

interface Line {
  readonly table: IptablesTable;
  /** The words before the one that is typed. */
  readonly before: readonly string[];
  readonly chain: string;
}

/** What iptables-restore takes at a position: tables, chains, options, matches and targets that the table and the chain allow. */
export function iptablesCompletion(piece: PieceAt, { language }: Workspace): Completions | null {
  const at = iptablesAt(piece.entities, piece.offset);
  if (!at) return null;
  const { text, offset } = at;
  const all = text.tree.text;
  const line = all.slice(lineStart(all, offset), offset);
  if (line.startsWith('#') || (line.split('"').length - 1) % 2 === 1) return null;
  const typed = /[^\s,]*$/.exec(line)?.[0] ?? '';
  const there = text.placeOf({ start: offset - typed.length, end: offset }).value;
  if (typed !== '' && (there.end !== piece.offset || there.end - there.start !== typed.length)) return null;
  const items = itemsAt(at, line, typed, DETAILS[language]);
  return completionsOf(piece, { start: piece.offset - typed.length, end: piece.offset }, items);
}

function itemsAt(at: IptablesOffset, line: string, typed: string, details: (typeof DETAILS)['en']): Completion[] {
  if (/^\*\S*$/.test(line)) return TABLES.map(name => plain('block', `*${name}`, details.table));
  const table = tableAt(at);
  if (!table || (table.commit && at.offset > table.commit.start)) {
    return line === typed ? TABLES.map(name => plain('block', `*${name}`, details.table)) : [];
  }
  const builtIn = Object.keys(CHAINS[table.name.value ?? ''] ?? {});
  if (/^:\S*$/.test(line))
    return builtIn.map(name => ({ ...plain('block', `:${name}`, details.chain), insert: `:${name} ACCEPT [0:0]` }));
  if (/^:\S+\s+\S*$/.test(line)) return ['ACCEPT', 'DROP', '-'].map(policy => plain('value', policy, details.value));
  const words = restoreWords(
    line,
    /^\[\S*\]/.exec(line)?.[0].length ?? 0,
    line.length - (/\S*$/.exec(line)?.[0].length ?? 0),
  );
  const before = words.map(({ value }) => value ?? '').filter(value => value !== '!');
  return inRule(at, { table, before, chain: chainOf(before) }, typed, details);
}

function chainOf(before: readonly string[]): string {
  return /^(?:-[AIDRC]|--(?:append|insert|delete|replace|check))$/.test(before[0] ?? '') ? (before[1] ?? '') : '';
}

function inRule(at: IptablesOffset, line: Line, typed: string, details: (typeof DETAILS)['en']): Completion[] {
  const { table, before } = line;
  const own = chainsOf(table).flatMap(({ name }) =>
    name.value && !hookOf(table.name.value ?? '', name.value) ? [name.value] : [],
  );
  const builtIn = Object.keys(CHAINS[table.name.value ?? ''] ?? {});
  const chains = (names: readonly string[], detail: string) => names.map(name => plain('block', name, detail));
  const [last = ''] = before.slice(-1);
  if (before.length === 0) {
    const commands = [...BASE_LONG.values()].filter(
      ({ isCommand, name }) => isCommand && name !== 'list' && name !== 'list-rules',
    );
    return [
      ...commands.map(({ short, name }) => ({ ...plain('directive', `-${short}`, `--${name}`), insert: `-${short} ` })),
      plain('directive', 'COMMIT', details.command),
    ];
  }
  if (
    /^(?:-[AIDRFPZXC]|--(?:append|insert|delete|replace|flush|policy|zero|delete-chain|check))$/.test(last) &&
    before.length === 1
  )
    return [...chains(builtIn, details.chain), ...chains(own, details.own)];
  if (last === '-g' || last === '--goto') return chains(own, details.own);
  if (last === '-j' || last === '--jump') return [...chains(own, details.own), ...targets(at, line, details)];
  if (last === '-m' || last === '--match')
    return legal(MATCHES, at, line).map(({ name }) => ({ ...plain('block', name, details.match), insert: `${name} ` }));
  const options = optionsOf(at, before);
  const of = options.argumentOf(last);
  if (of) return (VALUES[of] ?? []).map(value => plain('value', value, details.value));
  return typed === '' || typed.startsWith('-') ? options.offered(line, details) : [];
}

function targets(at: IptablesOffset, line: Line, details: (typeof DETAILS)['en']): Completion[] {
  const verdicts = line.table.name.value === 'nat' ? ['ACCEPT', 'RETURN'] : ['ACCEPT', 'DROP', 'RETURN'];
  return [...verdicts, ...legal(TARGETS, at, line).map(({ name }) => name)].map(name =>
    plain('value', name, details.target),
  );
}

/** Extensions of the family that the kernel takes in the table, and in the chain if it is built in. */
function legal(extensions: readonly Extension[], { text }: IptablesOffset, { table, chain }: Line): Extension[] {
  const name = table.name.value ?? '';
  const hook = hookOf(name, chain);
  const isAllowed = (allowed: readonly Hook[] | undefined) =>
    !allowed || (hook ? allowed.includes(hook) : allowed.some(each => CHAINS[name]?.[each] !== undefined));
  return extensions.filter(
    ({ family, tables, hooks, unknown }) =>
      !unknown &&
      (!family || family === text.tree.family) &&
      (!tables || tables.includes(name as TableName)) &&
      isAllowed(hooks),
  );
}

/** The options that the words so far have brought along. */
function optionsOf({ text }: IptablesOffset, before: readonly string[]) {
  const { family } = text.tree;
  const words = before.map(value => ({ start: 0, end: 0, value, quoted: false }));
  const specification = readSpecification(words, { family, inFile: true, isChain: () => false });
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
    offered({ table, chain }: Line, details: (typeof DETAILS)['en']): Completion[] {
      const hook = hookOf(table.name.value ?? '', chain);
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

function plain(kind: Completion['kind'], label: string, detail: string): Completion {
  return { kind, label, detail, documentation: '', insert: label };
}
