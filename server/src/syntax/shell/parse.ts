import { ARM_END, LineReader } from './lines.ts';
import type {
  ShellAssignment,
  ShellCase,
  ShellCommand,
  ShellFor,
  ShellGroup,
  ShellIf,
  ShellLoop,
  ShellRedirection,
  ShellStatement,
  ShellWord,
} from './tree.ts';

const ASSIGNMENT = /([A-Za-z_]\w*)(\[[^\]\n]*\])?(\+?)=/y;
const NAME = /[^ \t\r\n;&|<>()'"\\`$=]+/y;
const FUNCTION_PARENTHESES = /[ \t]*\([ \t]*\)/y;
/** Words that mean something where a command may begin: bash(1), RESERVED WORDS. */
const RESERVED =
  /(?:if|then|elif|else|fi|for|select|while|until|do|done|case|esac|function|time|coproc|\{|\}|!|\[\[)(?=[ \t\r\n;&|<>()]|$)/y;
const STRAY: readonly string[] = ['then', 'elif', 'else', 'fi', 'do', 'done', 'esac', '}', 'time', 'coproc'];
/** Reads statements. Never fails: a keyword that is missing ends nothing, one that is too many is passed over. */
export class StatementReader extends LineReader {
  /** What closes the compound commands around here, the innermost last; nothing of it beyond a substitution. */
  private awaited: (readonly string[])[] = [];

  script(): readonly ShellStatement[] {
    const all: ShellStatement[] = [];
    while (this.at < this.text.length) {
      for (const statement of this.list()) all.push(statement);
      this.at++;
    }
    return all;
  }

  protected substituted(): readonly ShellStatement[] {
    const { awaited } = this;
    this.awaited = [[')']];
    const body = this.inSubstitution(() => this.list());
    this.awaited = awaited;
    return body;
  }

  /** Statements up to a word that something around here waits for. */
  private list(): ShellStatement[] {
    const found: ShellStatement[] = [];
    for (;;) {
      this.separators();
      if (this.atEnd() || this.isAwaited()) return found;
      const before = this.at;
      const statement = this.andOr();
      if (statement) found.push(statement);
      if (this.at === before) this.at++;
    }
  }

  /** What waits for one of these words or signs. */
  private listUntil(...closers: readonly string[]): ShellStatement[] {
    this.awaited.push(closers);
    const found = this.list();
    this.awaited.pop();
    return found;
  }

  private isAwaited(): boolean {
    const waits = (closer: string) => this.awaited.some(closers => closers.includes(closer));
    for (;;) {
      if (this.char() === ')' && waits(')')) return true;
      const armEnd = this.match(ARM_END)?.[0];
      if (armEnd !== undefined && waits(';;')) return true;
      const word = this.reserved();
      if (word !== null && waits(word)) return true;
      if (word !== null && STRAY.includes(word)) this.at += word.length;
      else if (this.char() === ')') this.at++;
      else if (armEnd !== undefined) this.at += armEnd.length;
      else return false;
      this.separators();
      if (this.atEnd()) return true;
    }
  }

  private reserved(): string | null {
    return this.match(RESERVED)?.[0] ?? null;
  }

  private take(word: string): boolean {
    if (this.reserved() !== word) return false;
    this.at += word.length;
    return true;
  }

  private andOr(): ShellStatement | null {
    const first = this.pipeline();
    if (!first) return null;
    const parts = [first];
    const operators: ('&&' | '||')[] = [];
    for (;;) {
      this.blanks();
      const operator = this.startsWith('&&') ? '&&' : this.startsWith('||') ? '||' : null;
      if (operator === null) break;
      const before = this.at;
      this.at += 2;
      this.lines();
      const next = this.atEnd() || this.isAwaited() ? null : this.pipeline();
      if (!next) {
        this.at = Math.max(this.at, before + 2);
        break;
      }
      operators.push(operator);
      parts.push(next);
    }
    const end = parts.at(-1)?.end ?? first.end;
    return parts.length === 1 ? first : { kind: 'andOr', start: first.start, end, parts, operators };
  }

  private pipeline(): ShellStatement | null {
    const start = this.at;
    let negated = false;
    while (this.take('!')) {
      negated = !negated;
      this.blanks();
    }
    const parts: ShellStatement[] = [];
    for (;;) {
      const next = this.statement();
      if (!next) break;
      parts.push(next);
      this.blanks();
      if (this.char() !== '|' || this.char(1) === '|') break;
      this.at += this.char(1) === '&' ? 2 : 1;
      this.lines();
      if (this.atEnd() || this.isAwaited()) break;
    }
    const [only] = parts;
    if (!only || (parts.length === 1 && !negated)) return only ?? null;
    return { kind: 'pipeline', start, end: parts.at(-1)?.end ?? only.end, negated, parts };
  }

  private statement(): ShellStatement | null {
    if (!this.enter()) {
      this.at++;
      return null;
    }
    const found = this.compound() ?? this.simple();
    this.leave();
    return found;
  }

  private compound(): ShellStatement | null {
    const start = this.at;
    if (this.char() === '(') {
      if (this.char(1) === '(' && this.skipArithmetic()) return this.group('group', start, []);
      this.at++;
      const body = this.listUntil(')');
      if (this.char() === ')') this.at++;
      return this.group('subshell', start, body);
    }
    const word = this.reserved();
    if (word === null) return null;
    this.at += word.length;
    switch (word) {
      case '{': {
        const body = this.listUntil('}');
        this.take('}');
        return this.group('group', start, body);
      }
      case 'if':
        return this.conditional(start);
      case 'while':
      case 'until':
        return this.loop(word, start);
      case 'for':
      case 'select':
        return this.forEach(start);
      case 'case':
        return this.choice(start);
      case 'function':
        return this.namedFunction(start);
      case '[[':
        return this.test(start);
      default:
        this.at = start;
        return null;
    }
  }

  private group(kind: ShellGroup['kind'], start: number, body: readonly ShellStatement[]): ShellGroup {
    return { kind, start, body, ...this.compoundEnd() };
  }

  /** The redirections behind a compound command, and where it ends with them. */
  private compoundEnd(): { readonly end: number; readonly redirections: readonly ShellRedirection[] } {
    const redirections: ShellRedirection[] = [];
    let end = this.at;
    for (;;) {
      const before = this.at;
      this.blanks();
      const redirection = this.redirection();
      if (!redirection) {
        this.at = before;
        return { end, redirections };
      }
      redirections.push(redirection);
      end = this.at;
    }
  }

  private skipArithmetic(): boolean {
    const end = this.closingParenthesis(this.at + 2);
    if (end < 0 || this.text[end + 1] !== ')') return false;
    this.at = Math.min(this.limit, end + 2);
    return true;
  }

  private conditional(start: number): ShellIf {
    const arms: { condition: ShellStatement[]; body: ShellStatement[] }[] = [];
    do {
      const condition = this.listUntil('then', 'elif', 'else', 'fi');
      const body = this.take('then') ? this.listUntil('elif', 'else', 'fi') : [];
      arms.push({ condition, body });
    } while (this.take('elif'));
    const otherwise = this.take('else') ? this.listUntil('fi') : [];
    this.take('fi');
    return { kind: 'if', start, arms, otherwise, ...this.compoundEnd() };
  }

  private loop(kind: 'while' | 'until', start: number): ShellLoop {
    const condition = this.listUntil('do', 'done');
    const body = this.take('do') ? this.listUntil('done') : [];
    this.take('done');
    return { kind, start, condition, body, ...this.compoundEnd() };
  }

  private forEach(start: number): ShellFor {
    this.blanks();
    let variable = '';
    let words: ShellWord[] | null = null;
    if (!this.startsWith('((') || !this.skipArithmetic()) {
      variable = this.match(NAME)?.[0] ?? '';
      this.at += variable.length;
      this.lines();
      if (/^in(?=[ \t\r\n;]|$)/.test(this.text.slice(this.at, this.at + 3))) {
        this.at += 2;
        words = this.wordsOfLine();
      }
    }
    this.separators();
    const braces = this.take('{');
    const body = braces || this.take('do') ? this.listUntil(braces ? '}' : 'done') : [];
    this.take(braces ? '}' : 'done');
    return { kind: 'for', start, variable, words, body, ...this.compoundEnd() };
  }

  private wordsOfLine(): ShellWord[] {
    const words: ShellWord[] = [];
    for (;;) {
      this.blanks();
      const word = this.char() === '#' ? null : this.word();
      if (!word) return words;
      words.push(word);
    }
  }

  private choice(start: number): ShellCase {
    this.blanks();
    const word = this.word();
    this.lines();
    if (this.text.startsWith('in', this.at)) this.at += 2;
    const arms: { patterns: ShellWord[]; body: ShellStatement[] }[] = [];
    this.awaited.push(['esac']);
    for (;;) {
      this.separators();
      if (this.atEnd() || this.reserved() === 'esac') break;
      const before = this.at;
      const patterns = this.patterns();
      if (patterns.length === 0 && this.isAwaited() && this.match(ARM_END) === null) break;
      const body = this.listUntil(';;');
      arms.push({ patterns, body });
      const end = this.match(ARM_END)?.[0];
      if (end !== undefined) this.at += end.length;
      else if (this.at === before) break;
    }
    this.awaited.pop();
    this.take('esac');
    return { kind: 'case', start, word, arms, ...this.compoundEnd() };
  }

  /** The patterns in front of a `)`; none, and nothing is read, where there is no such thing. */
  private patterns(): ShellWord[] {
    const before = this.at;
    if (this.char() === '(') this.at++;
    const patterns: ShellWord[] = [];
    for (;;) {
      this.blanks();
      const word = this.word();
      if (word) patterns.push(word);
      this.blanks();
      const char = this.char();
      if (word && (char === '|' || char === ')')) this.at++;
      if (word && char === ')') return patterns;
      if (!word || char !== '|') {
        this.at = before;
        return [];
      }
    }
  }

  private namedFunction(start: number): ShellStatement | null {
    this.blanks();
    const name = this.match(NAME)?.[0] ?? '';
    this.at += name.length;
    const parentheses = this.match(FUNCTION_PARENTHESES);
    if (parentheses) this.at += parentheses[0].length;
    return this.functionBody(start, name);
  }

  private functionBody(start: number, name: string): ShellStatement | null {
    this.lines();
    const compound = this.char() === '(' || /^(?:\{|if|for|while|until|case|select|\[\[)$/.test(this.reserved() ?? '');
    const body = compound ? this.statement() : null;
    return { kind: 'function', start, end: body?.end ?? this.at, name, body: body ? [body] : [] };
  }

  /** `[[ … ]]`: a command whose words may be signs that mean something elsewhere. */
  private test(start: number): ShellCommand {
    const words: ShellWord[] = [{ start, end: this.at, parts: [this.textPart(start)] }];
    for (;;) {
      this.blanks();
      const from = this.at;
      if (this.char() === '' || this.char() === ';') break;
      if (this.char() === '\n') {
        if (!/^(?:&&|\|\|)$/.test(this.text.slice(words.at(-1)?.start, words.at(-1)?.end))) break;
        this.endLine();
        continue;
      }
      const word = this.word();
      if (word) words.push(word);
      else {
        this.at += this.startsWith('&&') || this.startsWith('||') ? 2 : 1;
        words.push({ start: from, end: this.at, parts: [this.textPart(from)] });
      }
      if (this.text.slice(from, this.at) === ']]') break;
    }
    const end = this.compoundEnd();
    return { kind: 'command', start, assignments: [], words, ...end };
  }

  private textPart(start: number) {
    return { kind: 'text', start, end: this.at, quoted: false, text: this.text.slice(start, this.at) } as const;
  }

  private simple(): ShellStatement | null {
    const start = this.at;
    const assignments: ShellAssignment[] = [];
    const words: ShellWord[] = [];
    const redirections: ShellRedirection[] = [];
    let end = start;
    for (;;) {
      this.blanks();
      if (this.char() === '#') break;
      const redirection = this.redirection();
      const assignment = redirection || words.length > 0 ? null : this.assignment();
      const word = redirection || assignment ? null : this.word();
      if (redirection) redirections.push(redirection);
      else if (assignment) assignments.push(assignment);
      else if (word) words.push(word);
      else break;
      end = this.at;
      const parentheses =
        word && words.length === 1 && assignments.length === 0 ? this.match(FUNCTION_PARENTHESES) : null;
      if (parentheses && word) {
        this.at += parentheses[0].length;
        return this.functionBody(start, this.text.slice(word.start, word.end));
      }
    }
    this.at = end;
    return end > start ? { kind: 'command', start, end, assignments, words, redirections } : null;
  }

  private assignment(): ShellAssignment | null {
    const start = this.at;
    const found = this.match(ASSIGNMENT);
    if (!found) return null;
    const [all, name = '', element, plus] = found;
    this.at += all.length;
    const array = this.char() === '(';
    const value = array ? null : this.word();
    const words = array ? this.skipArray() : value ? [value] : [];
    return { start, end: this.at, name, whole: !array && element === undefined && plus === '', words };
  }
}
