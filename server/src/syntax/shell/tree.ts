import type { Span } from '../../text/span.ts';

/** A script, or what a substitution runs. All spans count in the script's own text. */
export interface ShellScript {
  readonly text: string;
  readonly statements: readonly ShellStatement[];
  /** False if a quote, a substitution or a here-document never ends: bash would refuse the text, or read on to its end. */
  readonly whole: boolean;
}

export type ShellStatement =
  | ShellCommand
  | ShellPipeline
  | ShellAndOr
  | ShellFor
  | ShellLoop
  | ShellIf
  | ShellCase
  | ShellGroup
  | ShellFunction;

/** A program, a function or a builtin with its words; only assignments or redirections may be there too. */
export interface ShellCommand extends Span {
  readonly kind: 'command';
  readonly assignments: readonly ShellAssignment[];
  readonly words: readonly ShellWord[];
  readonly redirections: readonly ShellRedirection[];
}

/** `a | b`, or `! a`: two statements or more, or one that is negated. */
export interface ShellPipeline extends Span {
  readonly kind: 'pipeline';
  readonly negated: boolean;
  readonly parts: readonly ShellStatement[];
}

/** `a && b || c`. Operator `i` stands between parts `i` and `i + 1`. */
export interface ShellAndOr extends Span {
  readonly kind: 'andOr';
  readonly parts: readonly ShellStatement[];
  readonly operators: readonly ('&&' | '||')[];
}

/** `for` and `select` over words; `words` is null for the positional parameters, and for the arithmetic kind. */
export interface ShellFor extends Span {
  readonly kind: 'for';
  /** Empty for the arithmetic kind. */
  readonly variable: string;
  readonly words: readonly ShellWord[] | null;
  readonly body: readonly ShellStatement[];
  readonly redirections: readonly ShellRedirection[];
}

export interface ShellLoop extends Span {
  readonly kind: 'while' | 'until';
  readonly condition: readonly ShellStatement[];
  readonly body: readonly ShellStatement[];
  readonly redirections: readonly ShellRedirection[];
}

export interface ShellIf extends Span {
  readonly kind: 'if';
  readonly arms: readonly { readonly condition: readonly ShellStatement[]; readonly body: readonly ShellStatement[] }[];
  readonly otherwise: readonly ShellStatement[];
  readonly redirections: readonly ShellRedirection[];
}

export interface ShellCase extends Span {
  readonly kind: 'case';
  readonly word: ShellWord | null;
  readonly arms: readonly { readonly patterns: readonly ShellWord[]; readonly body: readonly ShellStatement[] }[];
  readonly redirections: readonly ShellRedirection[];
}

/** `{ …; }` or `( … )`. */
export interface ShellGroup extends Span {
  readonly kind: 'group' | 'subshell';
  readonly body: readonly ShellStatement[];
  readonly redirections: readonly ShellRedirection[];
}

export interface ShellFunction extends Span {
  readonly kind: 'function';
  readonly name: string;
  readonly body: readonly ShellStatement[];
}

/** `name=value`, `name+=value`, `name=(…)` or `name[…]=value`: `whole` if it is the first of these. */
export interface ShellAssignment extends Span {
  readonly name: string;
  readonly whole: boolean;
  /** The value; the items of an array. */
  readonly words: readonly ShellWord[];
}

export interface ShellRedirection extends Span {
  /** As written, without the descriptor in front: `>`, `>>`, `<`, `&>`, `<<`, `<<-`, `<<<` … */
  readonly operator: string;
  readonly descriptor: string;
  readonly target: ShellWord | null;
  readonly heredoc: ShellHeredoc | null;
}

/** The lines that a command reads on its input. */
export interface ShellHeredoc {
  /** The lines, the last line feed included, the delimiter's line not. */
  readonly body: Span;
  /** True if a part of the delimiter is quoted: nothing in the lines is expanded then. */
  readonly quoted: boolean;
  /** True for `<<-`: tabs in front of lines are dropped. */
  readonly stripsTabs: boolean;
  /** What is expanded in the lines; empty if they are quoted. Text between the parts stands for itself. */
  readonly parts: readonly ShellPart[];
}

/** A word as it is written, quotes and all. */
export interface ShellWord extends Span {
  readonly parts: readonly ShellPart[];
}

export type ShellPart =
  | (PartOf & { readonly kind: 'text'; readonly text: string })
  /** `$name` or `${name…}`; `modifier` is what follows the name within the braces, empty if nothing does. */
  | (PartOf & { readonly kind: 'variable'; readonly name: string; readonly modifier: string })
  /** `$(…)`, backticks, `<(…)`. */
  | (PartOf & { readonly kind: 'commands'; readonly form: '$(' | '`' | '<('; readonly body: readonly ShellStatement[] })
  /** Arithmetic, or what is not understood. */
  | (PartOf & { readonly kind: 'unknown' });

interface PartOf extends Span {
  /** True within quotes: it is not split into words, and no pattern. */
  readonly quoted: boolean;
}

/** The statement itself and all within it, outer ones first; those in substitutions and functions too. */
export function* walkShell(statements: readonly ShellStatement[]): Iterable<ShellStatement> {
  for (const statement of statements) {
    yield statement;
    for (const list of bodiesOf(statement)) yield* walkShell(list);
    for (const word of wordsOf(statement)) yield* inWord(word.parts);
  }
}

function* inWord(parts: readonly ShellPart[]): Iterable<ShellStatement> {
  for (const part of parts) if (part.kind === 'commands') yield* walkShell(part.body);
}

/** The lists of statements directly within a statement. */
export function bodiesOf(statement: ShellStatement): readonly (readonly ShellStatement[])[] {
  switch (statement.kind) {
    case 'command':
      return [];
    case 'pipeline':
    case 'andOr':
      return [statement.parts];
    case 'while':
    case 'until':
      return [statement.condition, statement.body];
    case 'if':
      return [...statement.arms.flatMap(({ condition, body }) => [condition, body]), statement.otherwise];
    case 'case':
      return statement.arms.map(({ body }) => body);
    default:
      return [statement.body];
  }
}

/** Every word of a statement itself, and what its here-documents expand as if it were one. */
export function wordsOf(statement: ShellStatement): readonly { readonly parts: readonly ShellPart[] }[] {
  const own = ownWordsOf(statement);
  const others =
    'redirections' in statement ? statement.redirections.flatMap(({ target, heredoc }) => [target, heredoc]) : [];
  return others.length === 0 ? own : [...own, ...others.filter(each => each !== null)];
}

function ownWordsOf(statement: ShellStatement): readonly ShellWord[] {
  if (statement.kind === 'command') return [...statement.assignments.flatMap(({ words }) => words), ...statement.words];
  if (statement.kind === 'for') return statement.words ?? [];
  if (statement.kind === 'case') {
    const patterns = statement.arms.flatMap(arm => arm.patterns);
    return statement.word ? [statement.word, ...patterns] : patterns;
  }
  return [];
}

/** What a word says where nothing in it has to be expanded; null otherwise. */
export function literal(word: ShellWord | null | undefined): string | null {
  if (!word) return null;
  let text = '';
  for (const part of word.parts) {
    if (part.kind !== 'text') return null;
    text += part.text;
  }
  return text;
}

/** Where the text of a word stands, if it stands there as it is, in one piece. */
export function wholeOf({ parts }: ShellWord): Span | null {
  const written = parts.filter(part => part.kind !== 'text' || part.text !== '');
  const [only] = written;
  if (written.length !== 1 || only?.kind !== 'text' || only.end - only.start !== only.text.length) return null;
  return { start: only.start, end: only.end };
}
