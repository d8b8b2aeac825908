import type { Span } from '../../text/span.ts';
import { Cursor } from './cursor.ts';
import type { ShellPart, ShellStatement, ShellWord } from './tree.ts';

/** What may stand in a word, and what may follow a `$`: bash(1), QUOTING and EXPANSION. */
const BARE = /[^ \t\r\n;&|<>()'"\\`$]+/y;
const IN_QUOTES = /[^"\\`$]+/y;
const IN_HEREDOC = /[^\\`$]+/y;
const PARAMETER = /[A-Za-z_]\w*|[\d@*#?$!-]/y;
const BRACED = /!?#?([A-Za-z_]\w*|\d+|[@*#?$!-])/y;

/** The escapes of `$'…'` that stand for one character each. */
const ANSI: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', '\\': '\\', "'": "'", '"': '"', '?': '?' };

/** Reads the words of a script. What is open where the text ends, or at a wall, is taken to end there. */
export abstract class WordReader extends Cursor {
  /** The statements from here to what closes the substitution. */
  protected abstract substituted(): readonly ShellStatement[];

  /** The word that begins here; null if none does. */
  protected word(): ShellWord | null {
    const start = this.at;
    const parts: ShellPart[] = [];
    while (this.at < this.limit && this.bare(parts, start));
    return this.at > start ? { start, end: this.at, parts } : null;
  }

  /** Reads one more part of a word; false at its end. */
  private bare(parts: ShellPart[], start: number): boolean {
    const from = this.at;
    switch (this.char()) {
      case '\\':
        if (!this.continuation()) this.escaped(parts);
        return true;
      case "'":
        this.single(parts);
        return true;
      case '"':
        this.double(parts);
        return true;
      case '`':
        this.backticks(parts, false);
        return true;
      case '$':
        this.dollar(parts, false);
        return true;
      case '<':
      case '>':
        if (this.char(1) !== '(' || !this.enter()) return false;
        this.at += 2;
        this.commands(parts, from, '<(', false);
        return true;
      case '(':
        // An array behind `declare name=`.
        if (!/^[A-Za-z_]\w*\+?=$/.test(this.text.slice(start, this.at)) || !this.enter()) return false;
        this.skipArray();
        this.leave();
        parts.push({ kind: 'unknown', start: from, end: this.at, quoted: true });
        return true;
      case '\r':
        if (this.char(1) === '\n') return false;
        this.at++;
        parts.push({ kind: 'text', start: from, end: this.at, quoted: false, text: '\r' });
        return true;
    }
    return this.plain(parts, BARE, false);
  }

  private plain(parts: ShellPart[], pattern: RegExp, quoted: boolean): boolean {
    const start = this.at;
    const found = this.match(pattern);
    if (!found) return false;
    this.at = Math.min(this.limit, start + found[0].length);
    parts.push({ kind: 'text', start, end: this.at, quoted, text: this.text.slice(start, this.at) });
    return true;
  }

  /** A backslash outside of quotes. */
  private escaped(parts: ShellPart[]): void {
    const start = this.at;
    this.at = Math.min(this.limit, start + 2);
    const text = this.text.slice(start + 1, this.at);
    parts.push({ kind: 'text', start, end: this.at, quoted: true, text: text === '' ? '\\' : text });
  }

  private single(parts: ShellPart[]): void {
    const start = this.at;
    const end = this.text.indexOf("'", start + 1);
    const closed = end >= 0 && end < this.limit;
    const inner = { start: start + 1, end: closed ? end : this.limit };
    this.at = closed ? end + 1 : this.limit;
    parts.push({ kind: 'text', ...inner, quoted: true, text: this.text.slice(inner.start, inner.end) });
    this.ended(start, closed, true);
  }

  private double(parts: ShellPart[]): void {
    const start = this.at++;
    // Even an empty string is a word.
    parts.push({ kind: 'text', start: this.at, end: this.at, quoted: true, text: '' });
    this.expanded(parts, IN_QUOTES, '"$`\\');
    const closed = this.char() === '"';
    if (closed) this.at++;
    this.ended(start, closed, true);
  }

  /** The parts of a here-document's lines. */
  protected heredocParts({ start, end }: Span): readonly ShellPart[] {
    const { at, limit } = this;
    this.at = start;
    this.limit = end;
    const parts: ShellPart[] = [];
    while (this.at < this.limit) {
      this.expanded(parts, IN_HEREDOC, '$`\\');
      if (this.at < this.limit) this.at++;
    }
    this.at = at;
    this.limit = limit;
    return parts;
  }

  /** Text in which a dollar sign, a backtick and some escapes mean something. Ends at a `"` if that is among the escapes. */
  private expanded(parts: ShellPart[], pattern: RegExp, escapes: string): void {
    while (this.at < this.limit) {
      const start = this.at;
      const char = this.char();
      if (char === '"' && escapes.includes('"')) return;
      if (char === '$') this.dollar(parts, true);
      else if (char === '`') this.backticks(parts, true);
      else if (char !== '\\') {
        if (!this.plain(parts, pattern, true)) return;
      } else if (!this.continuation()) {
        const known = this.char(1) !== '' && escapes.includes(this.char(1));
        this.at = Math.min(this.limit, start + (known ? 2 : 1));
        parts.push({
          kind: 'text',
          start,
          end: this.at,
          quoted: true,
          text: known ? this.text.slice(start + 1, this.at) : '\\',
        });
      }
    }
  }

  private dollar(parts: ShellPart[], quoted: boolean): void {
    const start = this.at++;
    const next = this.char();
    if (next === '(') {
      if (this.char(1) === '(' && this.arithmetic(parts, start, quoted)) return;
      if (this.enter()) {
        this.at++;
        this.commands(parts, start, '$(', quoted);
        return;
      }
    } else if (next === '{') {
      this.braced(parts, start, quoted);
      return;
    } else if (next === "'" && !quoted) {
      this.ansi(parts, start);
      return;
    } else if (next === '"' && !quoted) {
      this.double(parts);
      return;
    }
    const name = this.match(PARAMETER)?.[0];
    if (name !== undefined) this.at += name.length;
    const here = { start, end: this.at, quoted };
    parts.push(
      name === undefined ? { kind: 'text', ...here, text: '$' } : { kind: 'variable', ...here, name, modifier: '' },
    );
  }

  /** `$((…))`, where two parentheses close it together; false, and nothing is read, where it is commands in a subshell. */
  private arithmetic(parts: ShellPart[], start: number, quoted: boolean): boolean {
    const end = this.closingParenthesis(this.at + 2);
    if (end < 0 || this.text[end + 1] !== ')' || end + 1 >= this.limit) return false;
    this.at = end + 2;
    parts.push({ kind: 'unknown', start, end: this.at, quoted });
    this.ended(start, true, true);
    return true;
  }

  private braced(parts: ShellPart[], start: number, quoted: boolean): void {
    this.at++;
    const found = this.match(BRACED);
    const [all, name = ''] = found ?? [''];
    const from = this.at + all.length;
    const closed = this.skipBraced();
    const modifier = this.text.slice(from, closed ? this.at - 1 : this.at);
    const here = { start, end: this.at, quoted };
    // Length and indirection say something else than the variable itself.
    parts.push(
      all === name && name !== '' ? { kind: 'variable', ...here, name, modifier } : { kind: 'unknown', ...here },
    );
    this.ended(start, closed, true);
  }

  /** Goes behind the brace that closes `${`; false if none does. */
  private skipBraced(): boolean {
    let depth = 1;
    const skipped: ShellPart[] = [];
    while (this.at < this.limit) {
      const char = this.char();
      if (char === '\\') this.at = Math.min(this.limit, this.at + 2);
      else if (char === '"' && this.enter()) {
        this.double(skipped);
        this.leave();
      } else {
        this.at++;
        if (char === '{') depth++;
        else if (char === '}' && --depth === 0) return true;
      }
    }
    return false;
  }

  private ansi(parts: ShellPart[], start: number): void {
    let text: string | null = '';
    this.at++;
    while (this.at < this.limit && this.char() !== "'") {
      const escaped = this.char() === '\\' ? this.char(1) : '';
      if (escaped === '') text = text === null ? null : text + this.char();
      else text = text === null || !Object.hasOwn(ANSI, escaped) ? null : text + ANSI[escaped];
      this.at += escaped === '' ? 1 : 2;
    }
    const closed = this.char() === "'";
    if (closed) this.at++;
    const here = { start, end: this.at, quoted: true };
    parts.push(text === null ? { kind: 'unknown', ...here } : { kind: 'text', ...here, text });
    this.ended(start, closed, true);
  }

  /** Backticks; their commands are not looked at where backslashes would have to be taken away first. */
  private backticks(parts: ShellPart[], quoted: boolean): void {
    const start = this.at;
    let end = start + 1;
    let escapes = false;
    while (end < this.limit && this.text[end] !== '`') {
      const escaped = this.text[end] === '\\';
      escapes ||= escaped && /[$`\\"]/.test(this.text[end + 1] ?? '');
      end += escaped ? 2 : 1;
    }
    const closed = end < this.limit;
    end = Math.min(end, this.limit);
    if (escapes || !this.enter()) {
      this.at = closed ? end + 1 : end;
      parts.push({ kind: 'unknown', start, end: this.at, quoted });
    } else {
      const { limit } = this;
      this.limit = end;
      this.at = start + 1;
      const body = this.substituted();
      this.limit = limit;
      this.at = closed ? end + 1 : end;
      parts.push({ kind: 'commands', form: '`', start, end: this.at, quoted, body });
      this.leave();
    }
    this.ended(start, closed, true);
  }

  /** A substitution whose opening parenthesis was read, and for which the depth was entered. */
  private commands(parts: ShellPart[], start: number, form: '$(' | '<(', quoted: boolean): void {
    const body = this.substituted();
    const closed = this.char() === ')';
    if (closed) this.at++;
    parts.push({ kind: 'commands', form, start, end: this.at, quoted, body });
    this.leave();
    this.ended(start, closed, false);
  }

  /** Goes behind an array's closing parenthesis; gives its items. */
  protected skipArray(): readonly ShellWord[] {
    const start = this.at++;
    const items: ShellWord[] = [];
    let closed = false;
    while (this.at < this.limit && !closed) {
      const item = this.word();
      if (item) items.push(item);
      else if (this.char() === '#') {
        while (this.at < this.limit && this.char() !== '\n') this.at++;
      } else closed = this.text[this.at++] === ')';
    }
    this.ended(start, closed, true);
    return items;
  }
}
