import { CHAINS, type IpFamily } from '../../facts/netfilter.ts';
import { lineFeed } from '../../text/lineBreaks.ts';
import type { Span } from '../../text/span.ts';
import { type IptablesProblem, type IptablesProblemCode, problem } from './problem.ts';
import { orderProblems, type Reading, readSpecification, type Specification } from './specification.ts';
import type { IptablesChain, IptablesRule, IptablesTable, IptablesTree } from './tree.ts';
import { byteLength } from './values.ts';
import { endsWithReturn, type IptablesWord, restoreWords } from './word.ts';

export interface ParseOptions {
  readonly family: IpFamily;
  /** Stretches that a template prints, in order. */
  readonly unknown?: readonly Span[];
}

/** A text as iptables-restore reads it (iptables/iptables-restore.c and xtables-restore.c, 1.8.9). Never throws. */
export function parseIptables(text: string, { family, unknown = [] }: ParseOptions): IptablesTree {
  return new RestoreReader(text, family, unknown).read();
}

/** Bytes that the program reads as one line, its end included. */
const MAX_LINE = 10_239;

/** What a running shell or envsubst replaces: `$NAME`, `${NAME}`, `$(command)`; and what a build replaces: `@NAME@`. */
const PLACEHOLDER = /\$[\w{(]|^@\w+@$|`/;

interface OpenTable {
  readonly start: number;
  readonly name: IptablesWord;
  readonly lines: (IptablesChain | IptablesRule)[];
}

/** A rule whose words are read when somebody asks for them. */
class ReadRule implements IptablesRule {
  readonly is = 'rule';
  readonly start: number;
  readonly end: number;
  readonly counters: Span | null;
  private readonly reader: RestoreReader;
  /** Where its line begins, where its words begin, and where they end. */
  private readonly line: number;
  private readonly from: number;
  private readonly to: number;
  private known: Specification | null = null;

  constructor(
    { start, end }: Span,
    counters: Span | null,
    reader: RestoreReader,
    line: number,
    { start: from, end: to }: Span,
  ) {
    this.start = start;
    this.end = end;
    this.counters = counters;
    this.reader = reader;
    this.line = line;
    this.from = from;
    this.to = to;
  }

  get specification(): Specification {
    this.known ??= this.reader.specification(this.from, this.to, this.line);
    return this.known;
  }
}

class RestoreReader {
  private readonly text: string;
  private readonly unknown: readonly Span[];
  private nextUnknown = 0;
  private readonly tables: IptablesTable[] = [];
  private readonly comments: Span[] = [];
  private readonly strays: Span[] = [];
  private readonly problems: IptablesProblem[] = [];
  /** Where each name is first declared as a chain. */
  private readonly declared = new Map<string, number>();
  private readonly family: IpFamily;
  /** `line` is where the line begins that is being read. */
  private readonly reading: Reading & { line: number };
  private table: OpenTable | null = null;
  private last: Span = { start: 0, end: 0 };
  private readonly hasPlaceholders: boolean;
  private readonly hasZeros: boolean;

  constructor(text: string, family: IpFamily, unknown: readonly Span[]) {
    this.text = text;
    this.unknown = unknown;
    this.hasZeros = text.includes('\0');
    this.hasPlaceholders = /[$@`]/.test(text);
    const { declared } = this;
    const reading = {
      family,
      inFile: true,
      line: 0,
      isChain: (name: string) => (declared.get(name) ?? Number.POSITIVE_INFINITY) < reading.line,
    };
    this.reading = reading;
    this.family = family;
  }

  read(): IptablesTree {
    const { text } = this;
    let at = 0;
    if (text.charCodeAt(0) === 0xfeff) {
      this.refuse('byteOrderMark', { start: 0, end: 1 });
      at = 1;
    }
    while (at < text.length) {
      const end = lineFeed(text, at);
      this.line(at, end, end < text.length);
      at = end + 1;
    }
    if (this.table) {
      this.refuse('missingCommit', this.last, this.table.name.value ?? '');
      this.close(null, this.last.end);
    }
    return {
      text,
      family: this.family,
      tables: this.tables,
      comments: this.comments,
      strays: this.strays,
      problems: this.problems,
    };
  }

  private refuse(code: IptablesProblemCode, span: Span, what = '', also = ''): void {
    this.problems.push(problem(code, span, what, also));
  }

  private line(start: number, end: number, broken: boolean): void {
    // To the program, a line ends at its first zero byte.
    const zero = this.hasZeros ? this.text.slice(start, end).indexOf('\0') : -1;
    if (zero === 0) this.refuse(this.table ? 'noCommand' : 'outsideTable', { start, end });
    else this.wholeLine(start, zero < 0 ? end : start + zero, broken && zero < 0);
  }

  private wholeLine(start: number, lineEnds: number, broken: boolean): void {
    const { text } = this;
    if (start === lineEnds) return;
    const returns = endsWithReturn(text, start, lineEnds);
    const end = returns ? lineEnds - 1 : lineEnds;
    const first = text.charCodeAt(start);
    if (first === 0x23) {
      this.comments.push({ start, end });
      return;
    }
    if (lineEnds - start > MAX_LINE / 3) this.measure(start, lineEnds);
    const problemsBefore = this.problems.length;
    this.contents(start, end, first, broken);
    if (returns) this.carriageReturn(start, end, problemsBefore);
  }

  private contents(start: number, end: number, first: number, broken: boolean): void {
    const { text } = this;
    if (first === 0x2a) this.tableLine(start, end);
    else if (!this.table) this.outside(start, end);
    else if (first === 0x3a) this.chainLine(start, end);
    else if (first === 0x43 && end - start === 6 && text.startsWith('COMMIT', start)) this.commit(start, end, broken);
    else this.ruleLine(start, end, first);
  }

  private measure(start: number, end: number): void {
    const bytes = byteLength(this.text.slice(start, end)) + 1;
    if (bytes > MAX_LINE) this.refuse('tooLongLine', { start, end }, String(bytes), String(MAX_LINE));
  }

  /** The mark stands where the line seems to end; what else the line suffers from comes of it. */
  private carriageReturn(start: number, end: number, problemsBefore: number): void {
    const chain = this.table?.lines.at(-1);
    // Nobody reads a field behind the table's name, or behind a chain's policy.
    if (this.table?.start === start && this.table.name.end < end) return;
    if (chain?.is === 'chain' && chain.start === start && chain.policy && chain.policy.end < end) return;
    if (this.problems.length === problemsBefore && chain?.is === 'rule' && chain.start >= start && takesReturn(chain))
      return;
    this.problems.length = Math.min(this.problems.length, problemsBefore);
    if (this.problems.some(({ code }) => code === 'carriageReturn')) return;
    this.refuse('carriageReturn', { start: end === start ? start : end - 1, end: end + (end === start ? 1 : 0) });
  }

  private outside(start: number, end: number): void {
    const [word] = this.words(start, end);
    if (!word) {
      if (!this.isUnknown(start, end)) this.refuse('outsideTable', { start, end });
      return;
    }
    this.strays.push({ start: word.start, end });
    if (word.value === null) return;
    this.refuse('outsideTable', { start: word.start, end: word.end }, word.value);
    this.last = { start, end };
  }

  private tableLine(start: number, end: number): void {
    const [name = { start: start + 1, end: start + 1, value: '', quoted: false }] = this.fieldsOf(start + 1, end, 1);
    if (this.table) {
      this.refuse('missingCommit', this.last, this.table.name.value ?? '');
      this.close(null, this.last.end);
    }
    if (name.value !== null && !Object.hasOwn(CHAINS, name.value))
      this.refuse('unknownTable', { start, end }, name.value);
    this.table = { start, name, lines: [] };
    this.last = { start, end };
  }

  private close(commit: Span | null, end: number): void {
    if (this.table) this.tables.push({ ...this.table, end: Math.max(end, this.table.name.end), commit });
    this.table = null;
  }

  private commit(start: number, end: number, broken: boolean): void {
    if (!broken) this.problems.push(problem('commitWithoutLineFeed', { start, end }, '', '', { backend: 'legacy' }));
    this.close({ start, end }, end);
    this.last = { start, end };
  }

  private chainLine(start: number, end: number): void {
    const [name, policy = null, counters = null] = this.fieldsOf(start + 1, end, 3);
    if (!name) this.refuse('missingChain', { start, end });
    else if (!policy) this.refuse('missingPolicy', name, name.value ?? '');
    const written = name ?? { start: start + 1, end: start + 1, value: '', quoted: false };
    if (written.value && !this.declared.has(written.value)) this.declared.set(written.value, start);
    this.last = { start, end: (counters ?? policy ?? written).end };
    this.table?.lines.push({ is: 'chain', start, end: this.last.end, name: written, policy, counters });
  }

  private ruleLine(start: number, lineEnds: number, first: number): void {
    let end = lineEnds;
    let from = start;
    let counters: Span | null = null;
    if (first === 0x5b) {
      const found = countersOf(this.text.slice(start, lineFeed(this.text, start) + 1));
      if (found) {
        counters = { start, end: start + found.close + 1 };
        from = counters.end;
        end = Math.min(lineEnds, start + found.cut);
        if (end < lineEnds) this.strays.push({ start: end, end: lineEnds });
      } else {
        from = this.words(start, end)[0]?.end ?? end;
        this.strays.push({ start, end: from });
        this.refuse('badCounters', { start, end: from });
      }
    }
    const words = this.words(from, end);
    const [only] = words;
    if (!only && !counters && from === start) {
      if (!this.isUnknown(start, end)) this.refuse('noCommand', { start, end });
      return;
    }
    if (only?.value === 'COMMIT' && words.length === 1 && !counters) {
      this.refuse('commitLine', { start, end }, 'COMMIT');
      this.close({ start: only.start, end: only.end }, only.end);
      this.last = { start, end };
      return;
    }
    // What most lines say is asked for later, if at all: only what is wrong with them is kept.
    this.reading.line = start;
    for (const found of orderProblems(words, this.reading))
      this.problems.push(only ? found : { ...found, span: { start, end } });
    const begin = counters ? start : (only?.start ?? start);
    const whole = { start: begin, end: words.at(-1)?.end ?? end };
    const rule = new ReadRule(whole, counters, this, start, { start: from, end });
    this.table?.lines.push(rule);
    this.last = rule;
  }

  /** The words of a stretch, in a line that begins at `line`: chains count that are declared before it. */
  specification(from: number, end: number, line: number): Specification {
    this.reading.line = line;
    return readSpecification(this.words(from, end), this.reading);
  }

  private words(from: number, end: number): IptablesWord[] {
    return this.withUnknown(restoreWords(this.text, from, end), from, end);
  }

  /** The first few fields of a line; nobody reads the others. */
  private fieldsOf(from: number, end: number, count: number): IptablesWord[] {
    const fields = this.fields(from, end);
    for (const { start, end: stop } of fields.slice(count)) this.strays.push({ start, end: stop });
    return fields.slice(0, count);
  }

  /** Words as strtok parts them: quotes mean nothing. */
  private fields(from: number, end: number): IptablesWord[] {
    const found: IptablesWord[] = [];
    const word = /[^ \t\n]+/g;
    word.lastIndex = from;
    for (let next = word.exec(this.text); next && next.index < end; next = word.exec(this.text)) {
      const stop = Math.min(word.lastIndex, end);
      found.push({ start: next.index, end: stop, value: this.text.slice(next.index, stop), quoted: false });
      if (stop >= end) break;
    }
    return this.withUnknown(found, from, end);
  }

  private withUnknown(words: IptablesWord[], from: number, end: number): IptablesWord[] {
    if (!this.hasPlaceholders && (this.unknown.length === 0 || !this.isUnknown(from, end))) return words;
    return words.map(word => {
      const holds = word.value !== null && PLACEHOLDER.test(word.value) && !(word.quoted && word.value.includes(' '));
      return holds || this.isUnknown(word.start, word.end) ? { ...word, value: null } : word;
    });
  }

  private isUnknown(from: number, end: number): boolean {
    const { unknown } = this;
    while (this.nextUnknown > 0 && (unknown[this.nextUnknown - 1]?.end ?? 0) > from) this.nextUnknown--;
    while ((unknown[this.nextUnknown]?.end ?? Number.POSITIVE_INFINITY) <= from) this.nextUnknown++;
    return (unknown[this.nextUnknown]?.start ?? Number.POSITIVE_INFINITY) < end;
  }
}

/** Arguments in which a carriage return is a character like any other. */
const TAKING_RETURNS: ReadonlySet<string> = new Set([
  ...['comment', 'log-prefix', 'nflog-prefix', 'in-interface', 'out-interface', 'physdev-in', 'physdev-out'],
  ...['dscp-class', 'set-dscp-class'],
]);

function takesReturn({ specification }: IptablesRule): boolean {
  const last = specification.options.at(-1);
  return (
    last?.argument != null && !last.argument.quoted && last.end === last.argument.end && TAKING_RETURNS.has(last.name)
  );
}

/**
 * Where the counters close that a line begins with, and where the program cuts the line off (tokenize_rule_counters of iptables/xshared.c:
 * strtok passes over empty fields, takes what comes later in the line for them, and ends it there). Null if it finds no counters.
 */
function countersOf(line: string): { readonly close: number; readonly cut: number } | null {
  const close = line.indexOf(']');
  const packets = /^\[:*[^:]+(:?)/.exec(line);
  const bytes = packets && /^\]*[^\]]+(\]?)/.exec(line.slice(packets[0].length));
  if (close < 0 || !packets || !bytes) return null;
  const behindPackets = packets[0].length;
  const behindBytes = behindPackets + bytes[0].length;
  const cuts = [packets[1] ? behindPackets - 1 : 0, bytes[1] ? behindBytes - 1 : 0].filter(cut => cut > close);
  return { close, cut: Math.min(line.length, ...cuts) };
}
