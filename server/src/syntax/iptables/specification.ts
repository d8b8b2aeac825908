import { FOREIGN_EXTENSIONS, type IpFamily } from '../../facts/netfilter.ts';
import type { Span } from '../../text/span.ts';
import { type ExtensionOptionOf, type KnownExtension, matchesWith, matchNamed, targetNamed } from './extensions.ts';
import { BASE_LONG, BASE_SHORT, BASE_WRITTEN, type BaseOption } from './options.ts';
import { type IptablesProblem, type IptablesProblemCode, problem } from './problem.ts';
import { impliedMatch } from './protocols.ts';
import { type IptablesWord, partOf } from './word.ts';

/**
 * An option with all that belongs to it. A span: from its `!`, if it has one, to its last argument; as a file has
 * many, its ends are told from its words.
 */
export class IptablesOption implements Span {
  /** As it is written: `-p`, `--dport`, `--dport=80`. */
  readonly word: IptablesWord;
  /** The long name without dashes, of synonyms the same one: `protocol` for `-p`, `dport` for `--destination-port`. */
  readonly name: string;
  /** The match or target whose option it is; null for one of iptables itself, and for one that nothing knows. */
  readonly loaded: LoadedExtension | null;
  /** False for an option that neither iptables nor a loaded extension has. */
  readonly known: boolean;
  /** The `!` before it. */
  readonly not: IptablesWord | null;
  readonly argument: IptablesWord | null;
  /** Further words: the second half of `--tcp-flags`, the number behind `-I CHAIN`. */
  readonly more: readonly IptablesWord[];

  constructor(
    word: IptablesWord,
    name: string,
    loaded: LoadedExtension | null,
    known: boolean,
    not: IptablesWord | null,
    argument: IptablesWord | null,
    more: readonly IptablesWord[],
  ) {
    this.word = word;
    this.name = name;
    this.loaded = loaded;
    this.known = known;
    this.not = not;
    this.argument = argument;
    this.more = more;
  }

  get start(): number {
    return (this.not ?? this.word).start;
  }

  get end(): number {
    return Math.max(this.word.end, (this.more.at(-1) ?? this.argument ?? this.word).end);
  }
}

/** A match or a target as a rule uses it. */
export interface LoadedExtension {
  readonly extension: KnownExtension;
  /** Its name behind `-m` or `-j`; the protocol for a match that `-p` brings along. */
  readonly word: IptablesWord;
  readonly implied: boolean;
}

/** One command: what to do, on which packets. */
export interface Specification {
  readonly words: readonly IptablesWord[];
  /** In the order in which they are written. */
  readonly options: readonly IptablesOption[];
  /** `-A`, `-I`, `-F` …; null if none is given. */
  readonly command: IptablesOption | null;
  /** The chain that it is about. */
  readonly chain: IptablesWord | null;
  /** `-j` or `-g`. */
  readonly jump: IptablesOption | null;
  /** Matches in order, those that a protocol brings along too. */
  readonly matches: readonly LoadedExtension[];
  /** The extension behind `-j`; null for a verdict, a chain, and no `-j`. */
  readonly target: LoadedExtension | null;
  /** False if a word that nobody knows may be or bring more options. */
  readonly certain: boolean;
  /** What iptables would refuse, of what can be told from the words' order, in that order. */
  readonly problems: readonly IptablesProblem[];
}

/** How the words are to be read. */
export interface Reading {
  readonly family: IpFamily;
  /** True in a file for iptables-restore, which has the table from its `*` line. */
  readonly inFile: boolean;
  /** True for a name that is known to be a chain: it is never looked up as a target. */
  isChain(name: string): boolean;
}

const NONE: readonly never[] = [];

/** Options of extensions that take a second word: they read it themselves. */
const TWO_WORDS: ReadonlySet<string> = new Set([
  'tcp-flags',
  'chunk-types',
  'match-set',
  'set',
  'add-set',
  'del-set',
  'map-set',
]);

/** Words of one command, behind the program's name, as iptables reads them (do_parse of iptables/xshared.c, 1.8.9). Never throws. */
export function readSpecification(words: readonly IptablesWord[], reading: Reading): Specification {
  return READER.read(words, reading);
}

/** What is wrong with the order of those words: nothing else of what they say is kept. */
export function orderProblems(words: readonly IptablesWord[], reading: Reading): readonly IptablesProblem[] {
  return READER.problems(words, reading);
}

/** The first option of that name. */
export function optionNamed({ options }: Pick<Specification, 'options'>, name: string): IptablesOption | null {
  return options.find(option => option.name === name) ?? null;
}

/** The options of one match, or of the target, of a specification. */
export function optionsOf({ options }: Pick<Specification, 'options'>, loaded: LoadedExtension): IptablesOption[] {
  return options.filter(option => option.loaded === loaded);
}

const NO_READING: Reading = { family: 'ipv4', inFile: false, isChain: () => false };

/** Reads one command after the other; what it gathers, it gathers in lists that it keeps. */
class SpecificationReader {
  private words: readonly IptablesWord[] = NONE;
  private reading = NO_READING;
  private at = 0;
  private not: IptablesWord | null = null;
  private certain = true;
  private protocol: IptablesWord | null = null;
  private protocolTried = false;
  private command: IptablesOption | null = null;
  private jump: IptablesOption | null = null;
  private target: LoadedExtension | null = null;
  private readonly options: IptablesOption[] = [];
  private optionCount = 0;
  private matches: LoadedExtension[] | null = null;
  /** In the order in which their options are looked up: what came last comes first. */
  private readonly lookups: KnownExtension[] = [];
  private found: IptablesProblem[] | null = null;
  private seen = 0;
  private skipped = false;

  read(words: readonly IptablesWord[], reading: Reading): Specification {
    const problems = this.problems(words, reading);
    return {
      words,
      options: this.options.slice(0, this.optionCount),
      command: this.command,
      chain: this.command?.argument ?? null,
      jump: this.jump,
      matches: this.matches ?? NONE,
      target: this.target,
      certain: this.certain,
      problems,
    };
  }

  problems(words: readonly IptablesWord[], reading: Reading): readonly IptablesProblem[] {
    this.begin(words, reading);
    while (this.at < words.length) {
      const word = words[this.at++] as IptablesWord;
      const { value } = word;
      if (value === null) this.unknownWord();
      else if (value.charCodeAt(0) === 0x2d && value.length > 1) {
        if (value.charCodeAt(1) !== 0x2d) this.short(word, value);
        else if (value.length > 2) this.long(word, value);
        else this.endOfOptions();
      } else if (value === '!') this.negation(word);
      else this.stray(word, value);
    }
    if (this.not && this.certain) this.refuse('danglingNegation', this.not);
    if (!this.command && this.certain && !this.found && !this.skipped) this.refuse('noCommand', this.whole());
    return this.found ?? NONE;
  }

  private begin(words: readonly IptablesWord[], reading: Reading): void {
    this.words = words;
    this.reading = reading;
    this.at = 0;
    this.not = null;
    this.certain = true;
    this.protocol = null;
    this.protocolTried = false;
    this.command = null;
    this.jump = null;
    this.target = null;
    this.matches = null;
    this.optionCount = 0;
    this.lookups.length = 0;
    this.found = null;
    this.seen = 0;
    this.skipped = false;
  }

  private whole(): Span {
    return { start: this.words[0]?.start ?? 0, end: this.words.at(-1)?.end ?? 0 };
  }

  private refuse(code: IptablesProblemCode, span: Span, what = '', also = ''): void {
    this.found ??= [];
    this.found.push(problem(code, span, what, also));
  }

  private unknownWord(): void {
    this.certain = false;
    this.not = null;
  }

  private endOfOptions(): void {
    const first = this.words[this.at];
    if (first) this.refuse('badArgument', first, first.value ?? '');
    this.at = this.words.length;
  }

  private negation(word: IptablesWord): void {
    if (this.not) this.refuse('doubleNegation', word);
    this.not = word;
  }

  private stray(word: IptablesWord, value: string): void {
    if (!this.certain) return;
    this.refuse(value.startsWith('#') ? 'inlineComment' : 'badArgument', word, value);
    // What follows a comment's mark was never meant as part of the rule.
    if (value.startsWith('#')) this.at = this.words.length;
  }

  /** `-p tcp`, `-ptcp`, `-nv`. */
  private short(word: IptablesWord, value: string): void {
    for (let i = 1; i < value.length; i++) {
      const option = BASE_SHORT[value.charCodeAt(i)];
      if (!option) {
        if (this.loadProtocol()) i--;
        else {
          this.unknownOption(word, value);
          return;
        }
        continue;
      }
      const rest = i + 1 < value.length;
      if (option.takes !== 'nothing') {
        this.base(word, option, rest ? partOf(word, i + 1) : null);
        return;
      }
      this.base(word, option, null);
    }
  }

  private long(word: IptablesWord, value: string): void {
    // As they are written nearly always, without looking into the word.
    const base = BASE_WRITTEN.get(value);
    if (base) this.base(word, base, null);
    else {
      const found = this.lookUpWritten(value);
      if (found) this.extensionOption(word, found, null);
      else this.unusual(word, value);
    }
  }

  private lookUpWritten(value: string): ExtensionOptionOf | null {
    for (let i = this.lookups.length - 1; i >= 0; i--) {
      const found = this.lookups[i]?.written.get(value);
      if (found) return found;
    }
    return null;
  }

  /** `--dport=80`, `--dpo 80`, and options that only a protocol's match has. */
  private unusual(word: IptablesWord, value: string): void {
    const equals = value.indexOf('=');
    const name = equals < 0 ? value.slice(2) : value.slice(2, equals);
    const attached = equals < 0 ? null : partOf(word, equals + 1);
    const found = BASE_LONG.get(name) ?? this.lookUp(name);
    if (!found) {
      if (this.loadProtocol()) this.long(word, value);
      else this.unknownOption(word, value);
    } else if ('isCommand' in found) this.base(word, found, attached);
    else this.extensionOption(word, found, attached);
  }

  /** By its name, else by a beginning that only one option has, as getopt_long does. */
  private lookUp(name: string): BaseOption | ExtensionOptionOf | null {
    const exact = this.lookUpWritten(`--${name}`);
    if (exact) return exact;
    const candidates: (BaseOption | ExtensionOptionOf)[] = [];
    for (const [long, option] of BASE_LONG) if (long.startsWith(name)) candidates.push(option);
    for (const extension of this.lookups)
      for (const [long, option] of extension.options) if (long.startsWith(name)) candidates.push({ extension, option });
    const keys = new Set(candidates.map(keyOf));
    return keys.size === 1 ? (candidates[0] ?? null) : null;
  }

  /** The match of the rule's protocol comes with the first option that nothing else knows. */
  private loadProtocol(): boolean {
    if (!this.protocol || this.protocolTried) return false;
    const name = this.protocol.value === null ? null : impliedMatch(this.protocol.value);
    const match = name === null ? null : matchNamed(name, this.reading.family);
    if (!match) return false;
    this.protocolTried = true;
    this.load(match, this.protocol, true);
    return true;
  }

  private load(extension: KnownExtension, word: IptablesWord, implied: boolean): void {
    if (!this.lookups.includes(extension) || implied) this.lookups.push(extension);
    const loaded: LoadedExtension = { extension, word, implied };
    if (extension.kind === 'target') this.target = loaded;
    else {
      this.matches ??= [];
      this.matches.push(loaded);
    }
  }

  private unknownOption(word: IptablesWord, value: string): void {
    const name = value.replace(/^--?/, '').replace(/=.*$/s, '');
    const not = this.takeNot();
    const more: IptablesWord[] = [];
    for (let next = this.words[this.at]; next?.value && !/^[-!]/.test(next.value); next = this.words[this.at]) {
      more.push(next);
      this.at++;
    }
    const [argument = null, ...rest] = more;
    this.options[this.optionCount++] = new IptablesOption(word, name, null, false, not, argument, rest);
    if (this.certain) this.refuseOption(word, value.replace(/=.*$/s, ''));
  }

  /** An option that something else would bring along. */
  private refuseOption(word: IptablesWord, written: string): void {
    const owners = written.startsWith('--') ? matchesWith(written, this.reading.family) : [];
    const byProtocol = owners.filter(name => name === 'tcp' || name === 'udp' || name === 'icmp' || name === 'icmp6');
    if (byProtocol.length > 0) this.refuse('optionNeedsProtocol', word, written, byProtocol[0]);
    else if (owners.length === 1) this.refuse('optionNeedsMatch', word, written, owners[0]);
    else this.refuse('unknownOption', word, written);
  }

  private takeNot(): IptablesWord | null {
    const { not } = this;
    this.not = null;
    return not;
  }

  /** The argument of an option that needs one: the next word, whatever it looks like. */
  private argumentOf(word: IptablesWord): IptablesWord | null {
    const next = this.words[this.at];
    if (next) this.at++;
    else if (this.certain) this.refuse('missingArgument', word, nameOf(word));
    return next ?? null;
  }

  private extensionOption(
    word: IptablesWord,
    { extension, option }: ExtensionOptionOf,
    attached: IptablesWord | null,
  ): void {
    const not = this.takeNot();
    if (attached && !option.takes) this.refuse('unknownOption', word, word.value ?? '');
    const argument = option.takes ? (attached ?? this.argumentOf(word)) : null;
    const wantsSecond = argument !== null && extension.facts.ownChecks === true && TWO_WORDS.has(option.name);
    const second = wantsSecond ? this.secondWord() : null;
    if (wantsSecond && !second && this.certain) this.refuse('missingArgument', word, nameOf(word));
    const loaded = this.loadedOf(extension);
    const read = new IptablesOption(
      word,
      option.as ?? option.name,
      loaded,
      true,
      not,
      argument,
      second ? [second] : NONE,
    );
    if (not && !option.invert && !extension.facts.ownChecks) this.refuse('notInvertible', not, nameOf(word));
    this.options[this.optionCount++] = read;
  }

  private secondWord(): IptablesWord | null {
    const next = this.words[this.at];
    if (!next || (next.value !== null && /^[-!]/.test(next.value))) return null;
    this.at++;
    return next;
  }

  /** Of two matches of one name the later one gets the options. */
  private loadedOf(extension: KnownExtension): LoadedExtension | null {
    if (extension.kind === 'target') return this.target;
    const { matches } = this;
    if (matches) {
      for (let i = matches.length - 1; i >= 0; i--) {
        const match = matches[i];
        if (match?.extension === extension) return match;
      }
    }
    return null;
  }

  private base(word: IptablesWord, option: BaseOption, attached: IptablesWord | null): void {
    const not = this.takeNot();
    if (attached && option.takes === 'nothing') this.refuse('unknownOption', word, word.value ?? '');
    const argument =
      attached ??
      (option.takes === 'word'
        ? this.argumentOf(word)
        : option.takes === 'attached' && option.more > 0
          ? this.secondWord()
          : null);
    const more = option.more > 0 && argument ? this.further(option, argument, attached) : NONE;
    const read = new IptablesOption(word, option.name, null, true, not, argument, more);
    this.options[this.optionCount++] = read;
    if (not && !option.invert && !UNINVERTED.has(option.name)) this.refuse('notInvertible', not, word.value ?? '');
    if (option.isCommand) this.setCommand(read);
    else this.parameter(option, read);
  }

  private further(
    { name, more, takes }: BaseOption,
    argument: IptablesWord,
    attached: IptablesWord | null,
  ): readonly IptablesWord[] {
    if (name === 'set-counters' && argument.value?.includes(',')) return NONE;
    const words: IptablesWord[] = [];
    for (let i = takes === 'attached' && !attached ? 1 : 0; i < more; i++) {
      const next = this.secondWord();
      if (next) words.push(next);
    }
    return words.length > 0 ? words : NONE;
  }

  private setCommand(read: IptablesOption): void {
    const first = this.command;
    const listed = (name: string) => name === 'list' || name === 'list-rules';
    if (first && !(listed(first.name) && read.name === 'zero') && !(first.name === 'zero' && listed(read.name)))
      this.refuse('severalCommands', read.word, read.word.value ?? '', first.word.value ?? '');
    if (
      (read.name === 'policy' || read.name === 'rename-chain' || read.name === 'replace') &&
      read.argument &&
      read.more.length === 0 &&
      this.certain
    )
      this.refuse('missingArgument', read.word, read.word.value ?? '');
    this.command ??= read;
  }

  private parameter({ name, short }: BaseOption, read: IptablesOption): void {
    const { argument } = read;
    const bit = REPEAT_ONCE.indexOf(short === 'g' ? 'j' : short);
    if (bit >= 0) {
      if (this.seen & (1 << bit)) this.refuse('repeatedOption', read, read.word.value ?? '');
      this.seen |= 1 << bit;
    }
    if (name === 'protocol' && argument) {
      this.protocol = argument;
      if (argument.value === null) this.certain = false;
    } else if (name === 'match' && argument) this.match(argument);
    else if (name === 'jump' || name === 'goto') {
      this.jump ??= read;
      if (read.not) this.refuse('notInvertible', read.not, read.word.value ?? '');
      if (name === 'jump' && argument) this.jumpTo(argument);
    } else if (this.reading.inFile && name === (this.reading.family === 'ipv4' ? 'ipv6' : 'ipv4')) {
      // The rest is for the other family, which may share the file.
      this.skipped = true;
      this.at = this.words.length;
    } else if (this.reading.inFile && (name === 'help' || name === 'version')) {
      // It is printed, and nothing more is read.
      this.refuse('endsReading', read, read.word.value ?? '');
      this.at = this.words.length;
    } else if (this.reading.inFile && (name === 'table' || name === 'wait' || name === 'wait-interval')) {
      this.refuse('notInFile', read, read.word.value ?? '');
      // Seconds of a wait are a word of their own, and belong to it.
      if (name !== 'table' && /^\d+$/.test(this.words[this.at]?.value ?? '')) this.at++;
    }
  }

  private match(word: IptablesWord): void {
    if (word.value === null) {
      this.certain = false;
      return;
    }
    const match = matchNamed(word.value, this.reading.family);
    if (match) this.load(match, word, false);
    else if (FOREIGN_EXTENSIONS.has(word.value)) this.certain = false;
    else this.refuse('unknownMatch', word, word.value);
  }

  private jumpTo(word: IptablesWord): void {
    if (word.value === null) this.certain = false;
    else if (!this.reading.isChain(word.value)) {
      const target = targetNamed(word.value, this.reading.family);
      if (target) this.load(target, word, false);
      else if (FOREIGN_EXTENSIONS.has(word.value)) this.certain = false;
    }
  }
}

/** Options before which nobody asks for a `!`, or who asks says so later. */
const UNINVERTED: ReadonlySet<string> = new Set(['jump', 'ipv4', 'ipv6']);

/** Options that may stand once: set_option of iptables/xshared.c. */
const REPEAT_ONCE = 'nsdpjxio0cf';

/** An option as it is written, without what is joined to it. */
function nameOf(word: IptablesWord): string {
  return word.value?.replace(/=.*$/s, '') ?? '';
}

function keyOf(candidate: BaseOption | ExtensionOptionOf): string {
  if ('isCommand' in candidate) return candidate.name;
  const { extension, option } = candidate;
  return `${extension.kind} ${extension.name} ${option.as ?? option.name}`;
}

const READER = new SpecificationReader();
