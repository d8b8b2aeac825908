import type { IptablesBackend } from '../../facts/netfilter.ts';
import type { Span } from '../../text/span.ts';

/** What keeps iptables-restore from taking a line, and the figures for saying so. Comments quote iptables 1.8.9. */
export interface IptablesProblem {
  readonly code: IptablesProblemCode;
  /** What to mark. */
  readonly span: Span;
  /** The option, chain, value … that is meant. */
  readonly what: string;
  /** What it collides with, or the limit that it breaks; empty where there is nothing more to say. */
  readonly with: string;
  /** Null for all backends. */
  readonly backend: IptablesBackend | null;
  /** True for what the kernel refuses, once the program has read the whole table: there is no first bad line then. */
  readonly byKernel: boolean;
}

export type IptablesProblemCode =
  // The file
  /** A byte order mark makes the first line one that begins with none of `#`, `*`, `:`. */
  | 'byteOrderMark'
  /** Windows line ends: the carriage return is part of the last word. */
  | 'carriageReturn'
  /** `line N failed`: only comments and `*table` may stand outside a table. */
  | 'outsideTable'
  /** `COMMIT expected at line N`, and `Bad argument` for a `*table` inside a table. */
  | 'missingCommit'
  /** `Bad argument 'COMMIT'`: legacy wants a line feed behind it, neither wants blanks around it. */
  | 'commitLine'
  | 'commitWithoutLineFeed'
  /** `line N table name '…' invalid`, `unable to initialize table '…'` */
  | 'unknownTable'
  /** `line N policy invalid` */
  | 'missingPolicy'
  /** `line N chain name invalid` */
  | 'missingChain'
  /** `Bad line N: need ]` */
  | 'badCounters'
  /** The program reads at most 10,239 bytes as one line. */
  | 'tooLongLine'
  /** `no command specified`, for a line of blanks alone too. */
  | 'noCommand'
  // The words of a rule
  /** `Bad argument '…'` */
  | 'badArgument'
  /** `Bad argument '#'`: a comment must begin its line. */
  | 'inlineComment'
  /** `multiple consecutive ! not allowed` */
  | 'doubleNegation'
  /** `nothing appropriate following !` */
  | 'danglingNegation'
  /** `cannot have ! before -…`, `option "--…" cannot be inverted.` */
  | 'notInvertible'
  /** `unknown option "…"` */
  | 'unknownOption'
  /** The same, for an option that `-p` or `-m` with `with` would bring. */
  | 'optionNeedsProtocol'
  | 'optionNeedsMatch'
  /** `option "…" requires an argument` */
  | 'missingArgument'
  /** `Cannot use -… with -…` */
  | 'severalCommands'
  /** `multiple -… flags not allowed`, `option "--…" can only be used once.` */
  | 'repeatedOption'
  /** `Couldn't load match '…'` */
  | 'unknownMatch'
  /** `The -t option cannot be used in …`, `You cannot use '-w' from iptables-restore` */
  | 'notInFile'
  /** Its help, or its version: it prints that, and ends without an error, whatever follows. */
  | 'endsReading'
  /** `Illegal option '-…' with this command` */
  | 'notWithCommand'
  // Values
  | 'badProtocol'
  | 'badAddress'
  | 'badMask'
  /** IPv6 in a file of iptables-restore, or IPv4 in one of ip6tables-restore. */
  | 'otherFamily'
  | 'notSeveralAddresses'
  | 'tooLongInterface'
  | 'emptyInterface'
  | 'badPort'
  | 'badPortRange'
  | 'portList'
  | 'tooManyPorts'
  | 'badValue'
  | 'outOfRange'
  | 'tooLong'
  | 'requiredOption'
  | 'excludedOption'
  | 'neededOption'
  | 'oneOfOptions'
  | 'needsProtocol'
  // Chains and targets
  | 'badChainName'
  | 'tooLongChainName'
  | 'chainNameIsTarget'
  | 'chainExists'
  | 'unknownChain'
  | 'unknownTarget'
  | 'wrongCaseTarget'
  | 'badPolicy'
  | 'policyOnUserChain'
  | 'dropInNat'
  | 'interfaceOfHook'
  | 'badRuleNumber'
  | 'noSuchRule'
  // What the kernel refuses
  | 'targetOutsideTable'
  | 'targetOutsideHook'
  | 'matchOutsideTable'
  | 'matchOutsideHook'
  | 'matchesNothing'
  | 'jumpToBuiltIn'
  | 'loop'
  | 'notOnBackend';

/** A problem of one span. */
export function problem(
  code: IptablesProblemCode,
  { start, end }: Span,
  what = '',
  also = '',
  more: { readonly backend?: IptablesBackend; readonly byKernel?: boolean } = {},
): IptablesProblem {
  return {
    code,
    span: { start, end },
    what,
    with: also,
    backend: more.backend ?? null,
    byKernel: more.byKernel ?? false,
  };
}
