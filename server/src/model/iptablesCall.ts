import type { IpFamily } from '../facts/netfilter.ts';
import { optionNamed, readSpecification, type Specification } from '../syntax/iptables/specification.ts';
import type { IptablesWord } from '../syntax/iptables/word.ts';
import type { Span } from '../text/span.ts';
import type { Invocation } from './shell/invocation.ts';
import { type Program, programOf } from './shell/program.ts';
import type { ShellText } from './shellText.ts';

/** How a script calls one of iptables' programs. */
export interface IptablesCall {
  readonly invocation: Invocation;
  readonly program: Program;
  readonly family: IpFamily;
  /** Null where it is whatever the host's alternatives say. */
  readonly backend: 'legacy' | 'nft' | null;
  readonly form: 'command' | 'restore' | 'save';
  /** Behind the program's name; a span is that of the word as it is written. */
  readonly words: readonly IptablesWord[];
  /** Of a command alone. */
  readonly specification: Specification | null;
  /** Null if a variable decides. */
  readonly table: string | null;
  /** The options with which it waits for the lock; null if it does not, undefined if a variable may bring one. */
  readonly waits: Span | null | undefined;
}

const PROGRAM = /^(ip6?tables)(?:-(legacy|nft))?(?:-(save|restore))?$/;

/** What an invocation makes of iptables; null for another program, or one in another network namespace. */
export function iptablesCallOf(invocation: Invocation): IptablesCall | null {
  const program = programOf(invocation.fields);
  const named = PROGRAM.exec(program?.name ?? '');
  if (!program || !named || program.isElsewhere) return null;
  const [, name, backend = null, form = 'command'] = named;
  const family: IpFamily = name === 'ip6tables' ? 'ipv6' : 'ipv4';
  const words = program.arguments.map(
    ({ value, word: { start, end } }): IptablesWord => ({ start, end, value, quoted: false }),
  );
  const specification =
    form === 'command' ? readSpecification(words, { family, inFile: false, isChain: () => false }) : null;
  const table = specification ? optionNamed(specification, 'table') : null;
  // A variable that may be several words may hold any option.
  const isOpen = program.arguments.some(({ value, single }) => value === null && !single);
  const waits = specification
    ? (optionNamed(specification, 'wait') ?? null)
    : (words.find(({ value }) => /^(?:-w|--wait)/.test(value ?? '')) ?? null);
  return {
    invocation,
    program,
    family,
    backend: backend === 'legacy' || backend === 'nft' ? backend : null,
    form: form === 'save' || form === 'restore' ? form : 'command',
    words,
    specification,
    table: table ? (table.argument?.value ?? null) : isOpen ? null : 'filter',
    waits: waits ?? ((isOpen && !specification?.certain) || program.isGuess ? undefined : null),
  };
}

/** Every call in a script, in its order; a command in a loop or a function once for each time. */
export function iptablesCallsOf(text: ShellText): readonly IptablesCall[] {
  const known = CALLS.get(text);
  const calls = known ?? text.invocations.flatMap(invocation => iptablesCallOf(invocation) ?? []);
  if (!known) CALLS.set(text, calls);
  return calls;
}

/** Each rule asks for them, some once for every call. */
const CALLS = new WeakMap<ShellText, readonly IptablesCall[]>();

/** The long name of what a call does, `append` for `-A`; null if that is not known, or the call is no command. */
export function commandOf({ specification }: IptablesCall): string | null {
  return specification?.command?.name ?? null;
}

/** Options that say what is done, not which packets are meant or what becomes of them. */
const NOT_OF_THE_RULE = /^(?:wait|wait-interval|table|numeric|verbose|exact|modprobe|set-counters|ipv4|ipv6)$/;

/**
 * What a rule says, whatever is done with it, in whatever order: two calls with the same speak of the same rule. Variables that are not known
 * count as equal where they have the same name. Null for what is no command on a rule.
 */
export function ruleOf({ invocation, specification, table, family }: IptablesCall): string | null {
  const command = specification?.command;
  if (!command || !/^(?:append|insert|check|delete|replace)$/.test(command.name)) return null;
  const fields = new Map(invocation.fields.map(field => [field.word.start, field]));
  const said = (word: IptablesWord | null) =>
    word && (word.value === null ? sourceOf(fields, word) : word.value.replace(/^([\d.]+)\/32$/, '$1'));
  const protocol = optionNamed(specification, 'protocol')?.argument?.value;
  const options = specification.options
    .filter(option => option !== command && !NOT_OF_THE_RULE.test(option.name))
    // The protocol brings its match along.
    .filter(({ name, argument }) => name !== 'match' || protocol === undefined || argument?.value !== protocol)
    .map(({ name, not, argument, more }) => JSON.stringify([name, not !== null, said(argument), more.map(said)]));
  const open = specification.words.filter(
    word =>
      word.value === null &&
      !specification.options.some(option => option.start <= word.start && word.end <= option.end),
  );
  return JSON.stringify([family, table, said(specification.chain), options.sort(), open.map(said)]);
}

/** An unknown word by the names of its variables: written twice, it says the same twice. */
function sourceOf(fields: ReadonlyMap<number, Invocation['fields'][number]>, { start }: IptablesWord): unknown {
  const parts = fields.get(start)?.word.parts ?? [];
  return parts
    .filter(part => part.kind !== 'text' || part.text !== '')
    .map(part =>
      part.kind === 'text'
        ? part.text
        : part.kind === 'variable'
          ? { variable: part.name, modifier: part.modifier }
          : { at: part.start },
    );
}
