/** An option of iptables itself. */
export interface BaseOption {
  /** The long name, without dashes. */
  readonly name: string;
  readonly short: string;
  /** `attached`: an argument counts only where it stands in the same word. */
  readonly takes: 'nothing' | 'word' | 'attached';
  /** True for what says what to do; the others say on which packets, and how. */
  readonly isCommand: boolean;
  /** True if `!` may stand before it. */
  readonly invert: boolean;
  /** Words behind it that belong to it too, if they do not begin with `-` or `!`. */
  readonly more: number;
}

const command = (name: string, short: string, takes: BaseOption['takes'], more = 0): BaseOption => ({
  name,
  short,
  takes,
  isCommand: true,
  invert: false,
  more,
});

const parameter = (name: string, short: string, takes: BaseOption['takes'], invert = false, more = 0): BaseOption => ({
  name,
  short,
  takes,
  isCommand: false,
  invert,
  more,
});

/** original_opts of iptables/iptables.c, and IPT_OPTSTRING of iptables/xshared.h, 1.8.9. */
const BASE: readonly BaseOption[] = [
  command('append', 'A', 'word'),
  command('delete', 'D', 'word', 1),
  command('check', 'C', 'word'),
  command('insert', 'I', 'word', 1),
  command('replace', 'R', 'word', 1),
  command('list', 'L', 'attached', 2),
  command('list-rules', 'S', 'attached', 2),
  command('flush', 'F', 'attached', 1),
  command('zero', 'Z', 'attached', 2),
  command('new-chain', 'N', 'word'),
  command('delete-chain', 'X', 'attached', 1),
  command('rename-chain', 'E', 'word', 1),
  command('policy', 'P', 'word', 1),
  parameter('source', 's', 'word', true),
  parameter('destination', 'd', 'word', true),
  parameter('protocol', 'p', 'word', true),
  parameter('in-interface', 'i', 'word', true),
  parameter('jump', 'j', 'word'),
  parameter('table', 't', 'word'),
  parameter('match', 'm', 'word'),
  parameter('numeric', 'n', 'nothing'),
  parameter('out-interface', 'o', 'word', true),
  parameter('verbose', 'v', 'nothing'),
  parameter('wait', 'w', 'attached', false, 1),
  parameter('wait-interval', 'W', 'attached', false, 1),
  parameter('exact', 'x', 'nothing'),
  parameter('fragments', 'f', 'nothing', true),
  parameter('version', 'V', 'nothing'),
  parameter('help', 'h', 'attached'),
  parameter('line-numbers', '0', 'nothing'),
  parameter('modprobe', 'M', 'word'),
  parameter('set-counters', 'c', 'word', false, 1),
  parameter('goto', 'g', 'word'),
  parameter('ipv4', '4', 'nothing'),
  parameter('ipv6', '6', 'nothing'),
];

const SYNONYMS: readonly (readonly [string, string])[] = [
  ['src', 'source'],
  ['dst', 'destination'],
];

/** By the code of the letter behind one dash. `--line-numbers` has none: its letter is no option. */
export const BASE_SHORT: readonly (BaseOption | undefined)[] = Array.from({ length: 128 }, (_, code) =>
  BASE.find(({ short }) => short !== '0' && short.charCodeAt(0) === code),
);

/** By the name behind two dashes. */
export const BASE_LONG: ReadonlyMap<string, BaseOption> = new Map([
  ...BASE.map(option => [option.name, option] as const),
  ...SYNONYMS.flatMap(([word, name]) =>
    BASE.filter(option => option.name === name).map(option => [word, option] as const),
  ),
]);

/** The same, by the name with its dashes. */
export const BASE_WRITTEN: ReadonlyMap<string, BaseOption> = new Map(
  [...BASE_LONG].map(([name, option]) => [`--${name}`, option]),
);

/** Commands that add a rule, look for one or take one away: those that have a specification. */
export const RULE_COMMANDS: ReadonlySet<string> = new Set(['append', 'delete', 'check', 'insert', 'replace']);
