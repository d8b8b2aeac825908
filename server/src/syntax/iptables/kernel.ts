import type { Hook, IpFamily, IptablesBackend, TableName } from '../../facts/netfilter.ts';
import { type IptablesProblem, problem } from './problem.ts';
import { protocolNumber } from './protocols.ts';
import { type LoadedExtension, optionNamed, optionsOf, type Specification } from './specification.ts';

/** Where a rule stands. */
export interface RulePlace {
  readonly table: string;
  readonly chain: string;
  /** The hook of a built-in chain; null in a chain of the user's. */
  readonly hook: Hook | null;
  /** The hooks that its packets come from. */
  readonly hooks: ReadonlySet<Hook>;
  readonly backend: IptablesBackend;
  readonly family: IpFamily;
}

/** Matches that ask for one protocol, which the rule must not exclude: `.proto` of xt_match. */
const MATCH_PROTOCOL: Readonly<Record<string, number>> = {
  tcp: 6,
  udp: 17,
  icmp: 1,
  icmp6: 58,
  sctp: 132,
  dccp: 33,
  esp: 50,
  ah: 51,
  tcpmss: 6,
};

/** True for a match that iptables-nft writes in nf_tables' own language: x_tables' checks are not made for it (add_match of nft.c). */
function isNative(specification: Specification, match: LoadedExtension): boolean {
  const { name } = match.extension;
  if (name === 'limit' || name === 'mark') return true;
  if (name !== 'tcp' && name !== 'udp') return false;
  const options = optionsOf(specification, match);
  return options.length > 0 && options.every(option => option.name !== 'tcp-option');
}

/** Targets that ask for a protocol, and which. */
const TARGET_PROTOCOLS: Readonly<Record<string, readonly number[]>> = {
  TCPMSS: [6],
  SYNPROXY: [6],
  TPROXY: [6, 17],
  TCPOPTSTRIP: [6],
};

/** What the kernel refuses of a rule for where it stands and what it is on: xt_check_match, xt_check_target, and extensions' own checkentry. */
export function kernelProblems(specification: Specification, place: RulePlace): IptablesProblem[] {
  if (!specification.certain) return [];
  const found: IptablesProblem[] = [];
  for (const match of specification.matches) {
    if (place.backend === 'nft' && isNative(specification, match)) {
      found.push(...ofNative(specification, match));
      continue;
    }
    found.push(
      ...ofPlace(specification, match, place),
      ...ofProtocol(specification, match, place),
      ...ofValues(specification, match, place),
    );
  }
  if (place.backend === 'nft') found.push(...ofNothing(specification), ...ofQueue(specification));
  const { target } = specification;
  if (target && !(target.extension.name === 'TRACE' && place.backend === 'nft'))
    found.push(...ofPlace(specification, target, place), ...ofTarget(specification, target, place));
  return found;
}

function ofPlace(
  specification: Specification,
  loaded: LoadedExtension,
  { table, hook, hooks, backend }: RulePlace,
): IptablesProblem[] {
  const { facts, kind, name } = loaded.extension;
  if (facts.unknown) return [];
  const refused = { backend, byKernel: true };
  const span = loaded.word;
  if (facts.tables && !facts.tables.includes(table as TableName))
    return [
      problem(
        kind === 'target' ? 'targetOutsideTable' : 'matchOutsideTable',
        span,
        name,
        facts.tables.join(', '),
        refused,
      ),
    ];
  const outside = [...hooks].filter(each => facts.hooks && !facts.hooks.includes(each));
  if (outside.length > 0) {
    const code = kind === 'target' ? 'targetOutsideHook' : 'matchOutsideHook';
    return [problem(code, span, `${name} ${outside.join(', ')}`, facts.hooks?.join(', '), refused)];
  }
  // Options are checked when the rule is made: nf_tables knows no hook in a chain of the user's then.
  const known = backend === 'legacy' ? [...hooks] : hook ? [hook] : [];
  for (const option of optionsOf(specification, loaded)) {
    const allowed = loaded.extension.options.get(option.name)?.hooks;
    const wrong = known.filter(each => allowed && !allowed.includes(each));
    if (wrong.length > 0)
      return [
        problem('matchOutsideHook', option, `--${option.name} ${wrong.join(', ')}`, allowed?.join(', '), refused),
      ];
  }
  return [];
}

/** Values that iptables passes on and that a match's own checkentry refuses (net/netfilter/xt_addrtype.c, xt_limit.c, xt_owner.c). */
function ofValues(
  specification: Specification,
  match: LoadedExtension,
  { backend, family }: RulePlace,
): IptablesProblem[] {
  const refused: Readonly<Record<string, RegExp>> = {
    ...(family === 'ipv6' ? { 'src-type': NOT_IN_IPV6, 'dst-type': NOT_IN_IPV6 } : {}),
    'limit-burst': /^(?:0[xX])?0+$/,
  };
  const isReversed = (value: string) => {
    const [low = '', high = low] = value.split('-');
    return /^\d+-\d+$/.test(value) && Number(low) > Number(high);
  };
  return optionsOf(specification, match).flatMap(option => {
    const value = option.argument?.value ?? '';
    const isOwner = option.name === 'uid-owner' || option.name === 'gid-owner';
    const isRefused = isOwner ? isReversed(value) : refused[option.name]?.test(value);
    return isRefused ? [problem('badValue', option, value, option.name, { backend, byKernel: true })] : [];
  });
}

/** Beginnings of these names do too. */
const NOT_IN_IPV6 = /(?:^|,)(?:br\w*|bl\w*|p\w*|t\w*|n\w*|x\w*)(?:,|$)/i;

function protocolOf(specification: Specification): {
  readonly number: number | null;
  readonly inverted: boolean;
  readonly known: boolean;
} {
  const option = optionNamed(specification, 'protocol');
  const value = option?.argument?.value;
  if (!option || value === undefined) return { number: 0, inverted: false, known: true };
  return {
    number: value === null ? null : protocolNumber(value),
    inverted: option.not !== null,
    known: value !== null,
  };
}

/** The only protocol that a match works with. IPv6 looks for an authentication header behind others: its `ah`, the one with `--ahres`, asks for none (ip6t_ah.c). */
function protocolFor({ name, options }: LoadedExtension['extension']): number | undefined {
  return name === 'ah' && options.has('ahres') ? undefined : MATCH_PROTOCOL[name];
}

function ofProtocol(
  specification: Specification,
  { extension, word }: LoadedExtension,
  { backend }: RulePlace,
): IptablesProblem[] {
  const wanted = protocolFor(extension);
  const { number, inverted, known } = protocolOf(specification);
  if (wanted === undefined || !known || (number === wanted && !inverted)) return [];
  return [problem('needsProtocol', word, extension.name, extension.name, { backend, byKernel: true })];
}

/** iptables-nft asks for the protocol itself, and takes one that the rule excludes for one that it names. */
function ofNative(specification: Specification, { extension, word }: LoadedExtension): IptablesProblem[] {
  const wanted = protocolFor(extension);
  const { number, known } = protocolOf(specification);
  if (wanted === undefined || !known || number === wanted) return [];
  return [problem('needsProtocol', word, extension.name, extension.name, { backend: 'nft' })];
}

function ofTarget(specification: Specification, target: LoadedExtension, { backend }: RulePlace): IptablesProblem[] {
  const { name } = target.extension;
  const { number, inverted, known } = protocolOf(specification);
  if (!known) return [];
  const refused = { backend, byKernel: true };
  const options = optionsOf(specification, target);
  const reset = name === 'REJECT' && options.some(({ argument }) => /^tcp-r/i.test(argument?.value ?? ''));
  const wanted = reset ? [6] : TARGET_PROTOCOLS[name];
  if (wanted && (number === null || !wanted.includes(number) || inverted))
    return [
      problem(
        'needsProtocol',
        target.word,
        reset ? 'tcp-reset' : name,
        wanted.includes(17) ? 'tcp, udp' : 'tcp',
        refused,
      ),
    ];
  const every = options.find(
    option => option.name === 'queue-balance' && /^(?:0x)?0*:(?:65535|0xffff)?$/.test(option.argument?.value ?? ''),
  );
  // The number of queues is kept in 16 bits: xt_NFQUEUE.c sees none.
  if (every) return [problem('badValue', every, every.argument?.value ?? '', every.name, refused)];
  if (name === 'TCPMSS' && backend === 'legacy' && !looksAtSyn(specification))
    return [problem('neededOption', target.word, name, '--syn', refused)];
  return [];
}

function ofQueue({ jump, target }: Specification): IptablesProblem[] {
  const word = jump?.argument;
  if (!word || target || jump.name !== 'jump' || word.value !== 'QUEUE') return [];
  return [problem('notOnBackend', word, 'QUEUE', 'NFQUEUE', { backend: 'nft', byKernel: true })];
}

/** nf_tables takes no comparison with a mask of which nothing is left: `! -s 0.0.0.0/0`. */
function ofNothing({ options }: Specification): IptablesProblem[] {
  return options
    .filter(({ name, not, loaded, argument }) => {
      const isAddress = !loaded && (name === 'source' || name === 'destination');
      return isAddress && not && /\/(?:0+|0x0+|0\.0\.0\.0|::)$/.test(argument?.value ?? '');
    })
    .map(option =>
      problem('matchesNothing', option, option.argument?.value ?? '', '', { backend: 'nft', byKernel: true }),
    );
}

/** TCPMSS wants a match on SYN beside it: find_syn_match of net/netfilter/xt_TCPMSS.c. */
function looksAtSyn(specification: Specification): boolean {
  return specification.options.some(({ name, loaded, not, more }) => {
    if (loaded?.extension.name !== 'tcp' || not) return false;
    return name === 'syn' || (name === 'tcp-flags' && /(?:^|,)(?:syn|all)(?:,|$)/i.test(more[0]?.value ?? ''));
  });
}
