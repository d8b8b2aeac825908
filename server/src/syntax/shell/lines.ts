import { lineFeed } from '../../text/lineBreaks.ts';
import type { Span } from '../../text/span.ts';
import { heredocBody } from './heredoc.ts';
import type { ShellHeredoc, ShellRedirection } from './tree.ts';
import { WordReader } from './words.ts';

const REDIRECTION = /(\d+|\{\w+\})?(&>>|&>|<<<|<<-|<<|<>|<&|>&|>>|>\||<|>)/y;
/** `;;`, `;&` and `;;&`, which end an arm of a `case`. */
export const ARM_END = /;;&?|;&/y;

/** After so many here-documents without an end, none is looked for. */
const MAX_LOST = 20;

type Pending = { -readonly [Key in keyof ShellRedirection]: ShellRedirection[Key] };

/** Reads what stands between the words of a script: blanks, comments, line feeds, and redirections with their here-documents. */
export abstract class LineReader extends WordReader {
  private readonly walls: readonly number[];
  /** Redirections whose here-documents begin behind the next line feed. */
  private pending: Pending[] = [];
  /** How many substitutions are being read. */
  private substitutions = 0;
  /** Here-documents whose lines never end. */
  lostHeredocs = 0;

  /** `walls`: offsets of line feeds, ascending, at which every quote and substitution ends. */
  constructor(text: string, walls: readonly number[]) {
    super(text);
    this.walls = walls;
    this.limit = walls[0] ?? text.length;
  }

  /** Reads within a substitution: here-documents that it opens may begin behind it. */
  protected inSubstitution<T>(read: () => T): T {
    const { pending } = this;
    this.pending = [];
    this.substitutions++;
    const found = read();
    this.substitutions--;
    this.pending = [...pending, ...this.pending];
    return found;
  }

  /** True at the end of the text, or of the substitution that is being read. */
  protected atEnd(): boolean {
    if (this.at < this.limit) return false;
    if (this.substitutions > 0 || this.limit >= this.text.length) return true;
    // Behind a wall the next stretch begins.
    this.limit = this.walls.find(wall => wall > this.limit) ?? this.text.length;
    return this.at >= this.limit;
  }

  /** Goes behind blanks, and behind line ends that a backslash takes away. */
  protected blanks(): void {
    while (this.at < this.limit) {
      const char = this.char();
      if (char === ' ' || char === '\t' || (char === '\r' && this.char(1) === '\n')) this.at++;
      else if (!this.continuation()) return;
    }
  }

  /** Blanks, comments and line feeds, and with them the here-documents that begin there. */
  protected lines(): void {
    for (;;) {
      this.blanks();
      if (this.char() === '#') {
        this.at = Math.min(this.limit, lineFeed(this.text, this.at));
      } else if (this.char() === '\n') this.endLine();
      else if (this.at < this.limit || this.atEnd()) return;
    }
  }

  protected separators(): void {
    for (;;) {
      this.lines();
      const char = this.char();
      const alone = char === ';' ? !this.match(ARM_END) : char === '&' && this.char(1) !== '>';
      if (!alone) return;
      this.at++;
    }
  }

  /** Goes behind a line feed, and behind the here-documents that begin there. */
  protected endLine(): void {
    this.at++;
    for (const redirection of this.pending.splice(0)) {
      const end = this.substitutions > 0 ? this.limit : this.text.length;
      const found = heredocBody(this.text, this.at, this.lostHeredocs < MAX_LOST ? end : this.at, redirection);
      if (found.lost) this.lostHeredocs++;
      const { body, quoted } = found;
      const heredoc: ShellHeredoc = {
        body,
        quoted,
        stripsTabs: redirection.operator === '<<-',
        parts: quoted ? [] : this.heredocParts(body),
      };
      redirection.heredoc = heredoc;
      this.at = found.end;
    }
    // A wall within the lines is behind us.
    if (this.substitutions === 0 && this.at > this.limit) {
      this.limit = this.walls.find(wall => wall >= this.at) ?? this.text.length;
    }
  }

  protected redirection(): ShellRedirection | null {
    const start = this.at;
    const found = this.match(REDIRECTION);
    if (!found) return null;
    const [all, descriptor = '', operator = ''] = found;
    if ((operator === '<' || operator === '>') && this.char(all.length) === '(') return null;
    this.at += all.length;
    const behind: Span = { start: this.at, end: this.at };
    this.blanks();
    const target = this.word();
    if (!target) this.at = behind.end;
    const redirection: Pending = { start, end: this.at, operator, descriptor, target, heredoc: null };
    if (target && (operator === '<<' || operator === '<<-')) this.pending.push(redirection);
    return redirection;
  }
}
