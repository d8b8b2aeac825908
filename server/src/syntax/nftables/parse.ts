import type { Span } from '../../text/span.ts';

/** What a file for `nft -f` says of chains. Offsets count in its text; whatever else it says is passed over. */
export interface NftTree {
  readonly chains: readonly NftChain[];
  /** Chains that maps of verdicts lead to: which rules look things up there, and where, is not followed. */
  readonly mapped: ReadonlySet<string>;
  /** True if other files say more. */
  readonly includes: boolean;
}

/** A chain, and the rules that are written for it, wherever they are. */
export interface NftChain {
  /** `ip` where none is written. */
  readonly family: string;
  readonly table: string;
  readonly name: string;
  /** Null for a chain that only jumps lead to, or whose declaration is elsewhere. */
  readonly base: NftBase | null;
  readonly rules: readonly NftRule[];
}

/** `type filter hook prerouting priority raw` */
export interface NftBase {
  readonly hook: string;
  /** As it is written: `raw`, `mangle - 5`, `-150`. */
  readonly priority: Span & { readonly text: string };
}

export interface NftRule extends Span {
  readonly words: readonly NftWord[];
}

export interface NftWord extends Span {
  readonly text: string;
  readonly isQuoted: boolean;
}

/** A word, one of `{`, `}`, `;`, or the end of a line. */
interface Token extends NftWord {
  readonly is: 'word' | 'mark';
}

/** Families, as they stand before a table's name. */
const FAMILIES = ['ip', 'ip6', 'inet', 'arp', 'bridge', 'netdev'];

/** Reads nested tables and chains, and commands of a line (`add chain …`, `add rule …`). Never throws. */
export function parseNft(text: string): NftTree {
  return new NftReader(tokensOf(text)).read();
}

/** Comments go, quotes stay whole, and a line that ends in a backslash goes on. */
function tokensOf(text: string): Token[] {
  const found: Token[] = [];
  const pattern = /#[^\n]*|\\\r?\n|"[^"\n]*"?|[{};\n]|[^\s{};"#\\]+|\\/g;
  for (const { 0: token, index } of text.matchAll(pattern)) {
    if (token.startsWith('#') || token.startsWith('\\')) continue;
    const is = /^[{};\n]$/.test(token) ? 'mark' : 'word';
    found.push({ is, text: token, isQuoted: token.startsWith('"'), start: index, end: index + token.length });
  }
  return found;
}

interface Growing {
  family: string;
  table: string;
  name: string;
  base: NftBase | null;
  rules: NftRule[];
}

class NftReader {
  private readonly tokens: readonly Token[];
  private at = 0;
  private readonly chains = new Map<string, Growing>();
  private readonly mapped = new Set<string>();
  private readonly includes: boolean;

  constructor(tokens: readonly Token[]) {
    this.tokens = tokens;
    this.includes = tokens.some(({ text }) => text === 'include');
  }

  read(): NftTree {
    while (this.at < this.tokens.length) {
      const words = this.statement();
      const [verb = '', ...rest] = words.map(({ text }) => text);
      const isAdded = verb === 'add' || verb === 'create' || verb === 'insert';
      const [what = '', ...names] = isAdded ? rest : [verb, ...rest];
      if (what === 'table') this.table(names);
      else if (what === 'chain') this.chainCommand(names);
      else if (what === 'rule' && isAdded) this.ruleCommand(words);
      else if (verb === 'flush' && rest[0] === 'ruleset')
        this.forget(([family]) => rest[1] === undefined || family === rest[1]);
      else if ((verb === 'delete' || verb === 'destroy') && rest[0] === 'table') {
        const deleted = this.familyAnd(rest.slice(1)).slice(0, 2).join(' ');
        this.forget(([family, table]) => `${family} ${table}` === deleted);
      } else this.skipBlock();
    }
    return { chains: [...this.chains.values()], mapped: this.mapped, includes: this.includes };
  }

  /** What a later command takes away never meets a packet. */
  private forget(isGone: (of: readonly [family: string, table: string]) => boolean): void {
    for (const [key, { family, table }] of this.chains) if (isGone([family, table])) this.chains.delete(key);
  }

  private chainOf(family: string, table: string, name: string): Growing {
    const key = `${family} ${table} ${name}`;
    const known = this.chains.get(key) ?? { family, table, name, base: null, rules: [] };
    this.chains.set(key, known);
    return known;
  }

  private get next(): Token | undefined {
    return this.tokens[this.at];
  }

  /** The words up to the next mark, which is passed over if it ends a statement. */
  private statement(): Token[] {
    const words: Token[] = [];
    for (let token = this.next; token; token = this.next) {
      if (token.is === 'mark') {
        if (token.text === '{') break;
        this.at++;
        if (words.length > 0 || token.text === '}') break;
        continue;
      }
      words.push(token);
      this.at++;
    }
    return words;
  }

  private table(names: readonly string[]): void {
    const [family, table] = this.familyAnd(names);
    if (this.next?.text !== '{') return;
    this.at++;
    for (let token = this.next; token && token.text !== '}'; token = this.next) {
      if (token.is === 'mark') {
        if (token.text === '{') this.skipBlock();
        else this.at++;
        continue;
      }
      const words = this.until(['{', ';', '\n', '}']);
      const [what, name] = words;
      if (what?.text === 'chain' && name && this.next?.text === '{')
        this.chainBody(this.chainOf(family, table, name.text));
      else this.skipBlock();
    }
    this.at++;
  }

  private familyAnd([first = '', ...others]: readonly string[]): readonly [string, string, ...string[]] {
    return FAMILIES.includes(first) ? [first, others[0] ?? '', ...others.slice(1)] : ['ip', first, ...others];
  }

  private until(marks: readonly string[]): Token[] {
    const words: Token[] = [];
    for (let token = this.next; token && !(token.is === 'mark' && marks.includes(token.text)); token = this.next) {
      words.push(token);
      this.at++;
    }
    return words;
  }

  /** Passes over what stands between braces, if the next token opens them. */
  private skipBlock(): void {
    if (this.next?.text !== '{') return;
    let depth = 0;
    let before = '';
    for (let token = this.next; token; token = this.next) {
      this.at++;
      if (before === 'jump' || before === 'goto') this.mapped.add(token.text.replace(/,$/, ''));
      before = token.text;
      if (token.is !== 'mark') continue;
      if (token.text === '{') depth++;
      if (token.text === '}') depth--;
      if (depth === 0) return;
    }
  }

  private chainBody(chain: Growing): void {
    this.at++;
    for (let token = this.next; token && token.text !== '}'; token = this.next) {
      if (token.is === 'mark' && token.text !== '{') {
        this.at++;
        continue;
      }
      const words = this.ruleWords();
      const base = baseOf(words);
      if (base) chain.base = base;
      else this.addRule(chain, words);
    }
    this.at++;
  }

  /** The words of a rule, those of its sets included. */
  private ruleWords(): Token[] {
    const words: Token[] = [];
    let depth = 0;
    for (let token = this.next; token; token = this.next) {
      if (token.is === 'mark') {
        if (depth === 0 && token.text !== '{') break;
        if (token.text === '{') depth++;
        if (token.text === '}') depth--;
      } else words.push(token);
      this.at++;
    }
    return words;
  }

  private addRule(chain: Growing, words: readonly Token[]): void {
    const [first] = words;
    const last = words.at(-1);
    if (!first || !last || first.text === 'policy') return;
    chain.rules.push({ start: first.start, end: last.end, words });
  }

  private chainCommand(names: readonly string[]): void {
    const [family, table, name = ''] = this.familyAnd(names);
    const chain = this.chainOf(family, table, name);
    if (this.next?.text === '{') this.chainBody(chain);
  }

  private ruleCommand(words: readonly Token[]): void {
    const [, , ...rest] = words;
    const [family, table, name = ''] = this.familyAnd(rest.map(({ text }) => text));
    const hasFamily = FAMILIES.includes(rest[0]?.text ?? '');
    const sets = this.next?.text === '{' ? this.ruleWords() : [];
    this.addRule(this.chainOf(family, table, name), [...rest.slice(hasFamily ? 3 : 2), ...sets]);
  }
}

function baseOf(words: readonly Token[]): NftBase | null {
  if (words[0]?.text !== 'type') return null;
  const at = (word: string) => words.findIndex(({ text }) => text === word);
  const hook = words[at('hook') + 1];
  const [first, ...rest] = at('priority') < 0 ? [] : words.slice(at('priority') + 1);
  if (at('hook') < 0 || !hook || !first) return null;
  const last = rest.at(-1) ?? first;
  const text = [first, ...rest].map(word => word.text).join(' ');
  return { hook: hook.text, priority: { start: first.start, end: last.end, text } };
}
