import { type NginxContext, nginxDirectives } from '../../facts/nginx.ts';
import { type Span, spanOf } from '../../text/span.ts';
import { holdsEntries, openedBy } from './context.ts';
import { columnOf, outdentedBrace } from './layout.ts';
import { luaEnd } from './lua.ts';
import { begins, splitOf } from './missingTerminator.ts';
import type { NginxProblem, NginxSyntaxProblem } from './problem.ts';
import { cutOf, problemOfSnag } from './quotes.ts';
import { type Ending, NginxReader, type Snag } from './reader.ts';
import type { NginxBlock, NginxDirective, NginxTree } from './tree.ts';
import { NginxWord } from './word.ts';

export interface NginxPlace {
  /** What the text stands in: `main` for a whole file; null if nobody knows. */
  readonly context: NginxContext | null;
  /** True for text that a template pastes into a file, so that it may close a block that it did not open, and open another. */
  readonly inserted?: boolean;
}

export interface ParsedNginx {
  readonly tree: NginxTree;
  /** In the order of their spans. */
  readonly problems: readonly NginxSyntaxProblem[];
}

/**
 * Reads a text as nginx does, and where nginx would give up goes on with what the text shows to be meant; never throws. Template
 * expressions must be masked by word characters.
 *
 * A `;` is missing where a known directive begins a line, and the directive before it does not take as many arguments. Which block a
 * missing or superfluous brace belongs to is read from the indentation, and only once the braces of the text do not add up.
 */
export function parseNginx(text: string, place: NginxPlace): ParsedNginx {
  const first = new NginxParser(text, place.context, NO_REPAIRS).run();
  const { missing, surplus } = first;
  if (missing === 0 && surplus === 0) return first.parsed();
  if (place.inserted && missing === surplus) return first.withoutBraceProblems();
  return new NginxParser(text, place.context, { missing, surplus }).run().parsed();
}

/** Reads a text as nginx does, and makes of the rest what it can: only the problem that nginx notices first counts. */
export function parseStrictly(text: string, { context }: NginxPlace): ParsedNginx {
  return new NginxParser(text, context, null).run().parsed();
}

/** How many braces too few and too many the text has. */
interface Repairs {
  readonly missing: number;
  readonly surplus: number;
}

const NO_REPAIRS: Repairs = { missing: 0, surplus: 0 };

class Directive implements NginxDirective {
  readonly start: number;
  end: number;
  readonly name: NginxWord;
  readonly context: NginxContext | null;
  readonly semicolon: number | null;
  block: NginxBlock | null = null;
  private readonly words: readonly NginxWord[];

  constructor(words: readonly NginxWord[], context: NginxContext | null, semicolon: number | null) {
    this.words = words;
    this.name = words[0] as NginxWord;
    this.start = this.name.start;
    this.context = context;
    this.semicolon = semicolon;
    this.end = semicolon === null ? (words[words.length - 1] as NginxWord).end : semicolon + 1;
  }

  get arguments(): readonly NginxWord[] {
    return this.words.slice(1);
  }
}

/** A block that is being read; the outermost one is the text. */
interface Frame {
  readonly directive: Directive | null;
  readonly open: number | null;
  readonly context: NginxContext | null;
  readonly directives: NginxDirective[];
  /** Of the directive, if it is the first on its line. */
  readonly column: number | null;
  /** True if the first line inside is further in than the directive; null as long as there is none. */
  indented: boolean | null;
}

class NginxParser {
  private readonly text: string;
  private readonly reader: NginxReader;
  private readonly context: NginxContext | null;
  /** Null if nothing is to be repaired at all. */
  private readonly repairs: Repairs | null;
  private readonly problems: NginxSyntaxProblem[] = [];
  private readonly strays: Span[] = [];
  private readonly frames: Frame[];
  /** So many words of the statement are known not to reach into something else. */
  private sound = 0;
  private frame: Frame;
  /** Braces that `repairs` leaves to repair. */
  private missingLeft: number;
  private surplusLeft: number;

  missing = 0;
  surplus = 0;

  constructor(text: string, context: NginxContext | null, repairs: Repairs | null) {
    this.text = text;
    this.context = context;
    this.repairs = repairs;
    this.missingLeft = repairs?.missing ?? 0;
    this.surplusLeft = repairs?.surplus ?? 0;
    this.reader = new NginxReader(text, text.startsWith('\uFEFF') ? 1 : 0);
    this.frame = { directive: null, open: null, context, directives: [], column: null, indented: null };
    this.frames = [this.frame];
  }

  run(): this {
    const { reader } = this;
    if (reader.position > 0) {
      this.strays.push({ start: 0, end: 1 });
      this.problems.push({ code: 'byteOrderMark', span: { start: 0, end: 1 }, noticed: 0 });
    }
    for (;;) {
      reader.startStatement();
      this.sound = 0;
      while (!reader.readWords()) this.untangle();
      if (reader.words.length > 0) this.statement();
      else if (reader.ending === ';') this.unexpectedSemicolon();
      else if (reader.ending === '{') this.openNameless();
      else if (reader.ending === '}') this.close();
      else break;
    }
    while (this.frame.directive) {
      this.missing++;
      this.closeWithoutBrace();
    }
    return this;
  }

  parsed(): ParsedNginx {
    const { text, context, strays } = this;
    const { directives } = this.frame;
    this.problems.sort(inOrder);
    return { tree: { text, context, directives, comments: this.reader.comments, strays }, problems: this.problems };
  }

  /** For a text that closes as many blocks of its surroundings as it leaves open. */
  withoutBraceProblems(): ParsedNginx {
    const { tree, problems } = this.parsed();
    return { tree, problems: problems.filter(({ code }) => code !== 'unexpectedClose' && code !== 'missingClose') };
  }

  // --- statements

  private statement(): void {
    const { words, lineStarts, ending } = this.reader;
    let from = 0;
    if (lineStarts && this.repairs) {
      const statement = () => ({ words, lineStarts, ending, context: this.frame.context });
      for (let split = splitOf(statement(), 0, 0); split; ) {
        this.part(words.slice(from, split.index), split.missing);
        from = split.index;
        split = splitOf(statement(), from, split.line + 1);
      }
    }
    this.lastPart(from === 0 ? words : words.slice(from), ending);
  }

  /** What lacks its `;` or `{`, and is followed by something else on the next line. */
  private part(words: readonly NginxWord[], missing: ';' | '{'): void {
    const [name] = words as [NginxWord];
    const directive = name.value;
    const noticed = this.noticed();
    this.beforeName(name);
    if (missing === '{') {
      this.problems.push({ code: 'missingOpen', span: spanOf(words.at(-1) ?? name), noticed, directive });
      this.openBlock(words, null);
      return;
    }
    // A word that nobody knows may be half of a directive, or one with the next lines as its arguments.
    if (nginxDirectives(directive).length > 0) this.missingSemicolon(words, noticed);
    this.frame.directives.push(new Directive(words, this.frame.context, null));
  }

  private lastPart(words: readonly NginxWord[], ending: Ending): void {
    this.beforeName(words[0] as NginxWord);
    if (ending === '{') {
      this.openBlock(words, this.reader.position - 1);
      return;
    }
    if (ending === '}' && this.repairs && words[0]?.value.endsWith('_by_lua_block')) {
      this.luaWithoutOpen(words);
      return;
    }
    const semicolon = ending === ';' ? this.reader.position - 1 : null;
    this.frame.directives.push(new Directive(words, this.frame.context, semicolon));
    if (semicolon === null && words.at(-1)?.closed) this.missingSemicolon(words, this.reader.position);
  }

  private missingSemicolon(words: readonly NginxWord[], noticed: number): void {
    const [name] = words as [NginxWord];
    const span = spanOf(words.at(-1) ?? name);
    this.problems.push({ code: 'missingSemicolon', span, noticed, directive: name.value });
  }

  /** Where nginx judges the statement: at the `;` or the brace that ends it. */
  private noticed(): number {
    const { ending, position } = this.reader;
    return ending === ';' || ending === '{' ? position - 1 : position;
  }

  private unexpectedSemicolon(): void {
    const span = { start: this.reader.position - 1, end: this.reader.position };
    this.strays.push(span);
    this.problems.push({ code: 'unexpectedSemicolon', span, noticed: span.start });
  }

  // --- quotes

  /** Reports what the reader stumbled over; a quote that swallowed the following lines ends on its own. */
  private untangle(): void {
    const { snag, words } = this.reader;
    if (!snag || (this.repairs && snag.code !== 'tooLong' && this.cutBefore(snag))) return;
    this.problems.push(problemOfSnag(this.text, snag, words[snag.word]));
  }

  /** Ends the first quoted word of the statement that reached into something else; false if none did. */
  private cutBefore({ offset }: Snag): boolean {
    const { words } = this.reader;
    const [first] = words as [NginxWord];
    for (; this.sound < words.length; this.sound++) {
      const word = words[this.sound] as NginxWord;
      const end = word.quote === null || this.reader.isCut(word.start) ? null : cutOf(this.text, word, first.start);
      if (end === null) continue;
      const span = { start: word.start, end };
      this.problems.push({ code: 'unclosedQuote', span, noticed: offset, quote: word.quote ?? '"' });
      this.reader.cutQuote(this.sound, end);
      return true;
    }
    return false;
  }

  // --- blocks

  private openNameless(): void {
    const open = this.reader.position - 1;
    this.problems.push({ code: 'unexpectedOpen', span: { start: open, end: open + 1 }, noticed: open });
    this.openBlock([new NginxWord(this.text, open, open, null, true)], open, false);
  }

  private openBlock(words: readonly NginxWord[], open: number | null, reported = true): void {
    const { context, directives } = this.frame;
    const directive = new Directive(words, context, null);
    directives.push(directive);
    const name = directive.name.value;
    if (reported && open !== null && holdsEntries(context))
      this.problems.push({ code: 'unexpectedOpen', span: { start: open, end: open + 1 }, noticed: open });
    if (name.endsWith('_by_lua_block') && open !== null) {
      this.readLua(directive, open);
      return;
    }
    const column = columnOf(this.text, directive.start);
    this.frame = { directive, open, context: openedBy(name, context), directives: [], column, indented: null };
    this.frames.push(this.frame);
  }

  private readLua(directive: Directive, open: number): void {
    const close = this.luaEnd(directive, open);
    const end = close ?? this.text.length;
    const lua = { start: open + 1, end };
    directive.block = { open, close, context: 'lua', directives: [], lua };
    directive.end = close === null ? end : end + 1;
    this.reader.position = directive.end;
  }

  /** The `}` in front of the reader can only be that of Lua code whose `{` is missing. */
  private luaWithoutOpen(words: readonly NginxWord[]): void {
    const { reader } = this;
    const [name] = words as [NginxWord];
    const count = 1 + (nginxDirectives(name.value)[0]?.counts?.min ?? 0);
    const close = reader.position++;
    const lua = { start: words[count]?.start ?? close, end: close };
    const directive = new Directive(words.slice(0, count), this.frame.context, null);
    directive.block = { open: null, close, context: 'lua', directives: [], lua };
    directive.end = reader.position;
    this.frame.directives.push(directive);
    reader.dropComments(lua.start);
    const span = spanOf(words[Math.min(count, words.length) - 1] ?? name);
    this.problems.push({ code: 'missingOpen', span, noticed: close, directive: name.value });
  }

  /** Lua whose braces do not add up ends at the `}` that is no further in than its directive. */
  private luaEnd(directive: Directive, open: number): number | null {
    const { close: counted, unclosed } = luaEnd(this.text, open);
    const column = columnOf(this.text, directive.start);
    const drawn = column === null ? null : outdentedBrace(this.text, open, column);
    const late = drawn !== null && (counted === null || counted > drawn) && this.missingLeft > 0;
    const early =
      this.surplusLeft > 0 && drawn !== null && counted !== null && counted < drawn && this.isInside(counted, open);
    if (late) this.missingLeft--;
    if (early) this.surplusLeft--;
    if (counted === null && !late) this.missing++;
    if (late || early || counted === null) {
      const name = directive.name;
      const noticed = unclosed ?? this.text.length;
      this.problems.push({ code: 'unbalancedLua', span: spanOf(name), noticed, directive: name.value });
    }
    return late || early ? drawn : counted;
  }

  /** True for a brace that stands in the middle of a line of Lua, and not on the line of the `{`. */
  private isInside(brace: number, open: number): boolean {
    return columnOf(this.text, brace) === null && this.text.slice(open, brace).includes('\n');
  }

  private close(): void {
    const at = this.reader.position++;
    const column = columnOf(this.text, at);
    if (column !== null) this.closeInner(column);
    const { directive, indented } = this.frame;
    const tooFarIn = this.surplusLeft > 0 && indented !== false && column !== null && this.goesOn(at, column);
    if (directive && !tooFarIn) {
      this.pop(at);
      return;
    }
    if (tooFarIn) this.surplusLeft--;
    this.surplus++;
    const span = { start: at, end: at + 1 };
    this.strays.push(span);
    this.problems.push({ code: 'unexpectedClose', span, noticed: at });
  }

  /** True if the block is still open behind a `}` that is further in than its directive: by the next line. */
  private goesOn(at: number, column: number): boolean {
    const outer = this.frame.column;
    if (outer === null || column <= outer) return false;
    const next = /\n([ \t]*)([^\s#])/g;
    next.lastIndex = at;
    const [, blanks = '', character = ''] = next.exec(this.text) ?? [];
    return blanks.length > outer || (character === '}' && blanks.length === outer);
  }

  /** Closes the blocks that are further in than a `}` at this column, and so lack theirs. */
  private closeInner(column: number): void {
    while (this.missingLeft > 0 && this.frame.indented && column < (this.frame.column ?? 0)) {
      this.missingLeft--;
      this.closeWithoutBrace();
    }
  }

  /** Closes the blocks that must have ended before this directive, if the text has braces too few. */
  private beforeName(name: NginxWord): void {
    if (this.repairs === null || this.repairs === NO_REPAIRS) return;
    const column = columnOf(this.text, name.start);
    if (column === null) return;
    while (this.missingLeft > 0 && this.endsBefore(name, column)) {
      this.missingLeft--;
      this.closeWithoutBrace();
    }
    this.frame.indented ??= this.frame.column === null ? null : column > this.frame.column;
  }

  private endsBefore(name: NginxWord, column: number): boolean {
    const { directive, context, indented, directives } = this.frame;
    if (!directive || this.frame.column === null || column > this.frame.column) return false;
    if (indented || (indented === null && directives.length > 0)) return true;
    if (context === null || holdsEntries(context) || begins(name, context)) return false;
    return this.frames.some(frame => begins(name, frame.context));
  }

  private closeWithoutBrace(): void {
    const { directive } = this.frame;
    if (!directive) return;
    const { name } = directive;
    const noticed = this.text.length;
    this.problems.push({ code: 'missingClose', span: spanOf(name), noticed, directive: name.value });
    this.pop(null);
  }

  private pop(close: number | null): void {
    const { directive, open, context, directives } = this.frame;
    if (!directive) return;
    directive.block = { open, close, context, directives, lua: null };
    const last = directives.at(-1)?.end ?? (open === null ? directive.end : open + 1);
    directive.end = close === null ? Math.max(last, directive.end) : close + 1;
    this.frames.pop();
    this.frame = this.frames.at(-1) as Frame;
  }
}

function inOrder(a: NginxProblem, b: NginxProblem): number {
  return a.span.start - b.span.start || a.noticed - b.noticed;
}
