import type {
  ShellAndOr,
  ShellCommand,
  ShellFor,
  ShellPart,
  ShellScript,
  ShellStatement,
  ShellWord,
} from '../../syntax/shell/tree.ts';
import { bodiesOf, literal, walkShell, wordsOf } from '../../syntax/shell/tree.ts';
import { OrderedSpans } from '../../text/ordered.ts';
import type { Span } from '../../text/span.ts';
import { type Expansion, fieldsOf, type ShellField, type ShellVariable, type Variables, wordValue } from './fields.ts';
import type { Guard, Invocation } from './invocation.ts';

/** Loops are not unrolled, and functions not entered, once so many commands were run. */
const MAX_INVOCATIONS = 3000;
const MAX_CALLS = 5;

/** Builtins whose words assign. */
const DECLARING = new Set(['export', 'local', 'readonly', 'declare', 'typeset']);
const LOCAL = new Set(['local', 'declare', 'typeset']);
const LEAVING = new Set(['exit', 'return', 'continue', 'break', 'exec']);
const NO_VARIABLES: Variables = new Map();
const NOBODY_KNOWS: ShellVariable = { value: null, printedBy: [], set: null };

/**
 * What a script runs, in the order of its text, as far as that can be told without running it: loops over known words round by round,
 * functions where they are called, both arms of a condition. A variable is known where every way there leaves the same value in it.
 * `unknown`: stretches that a template prints.
 */
export function invocationsOf(script: ShellScript, unknown: readonly Span[] = []): readonly Invocation[] {
  const run = new Run(unknown);
  run.list(script.statements, { guards: [], within: [], positional: null });
  run.uncalled();
  return run.done;
}

interface Frame {
  readonly guards: readonly Guard[];
  readonly within: readonly ShellStatement[];
  readonly positional: readonly ShellField[] | null;
}

class Run {
  readonly done: Invocation[] = [];
  private variables = new Map<string, ShellVariable>();
  private readonly functions = new Map<string, readonly ShellStatement[]>();
  private readonly called = new Set<string>();
  private readonly calls: string[] = [];
  /** For each call, what its local variables hide. */
  private readonly locals: Map<string, ShellVariable | undefined>[] = [];
  private splits = true;
  /** How much was done before the command that is being read. */
  private since = 0;
  private readonly unknown: OrderedSpans;

  constructor(unknown: readonly Span[]) {
    this.unknown = new OrderedSpans(unknown);
  }

  /** Runs statements one after the other; gives the guards of all that would follow them. */
  list(statements: readonly ShellStatement[], frame: Frame): readonly Guard[] {
    let { guards } = frame;
    for (const statement of statements) guards = this.statement(statement, { ...frame, guards });
    return guards;
  }

  /** Functions that nothing here calls: somebody else may, with whatever words. */
  uncalled(): void {
    for (const [name, body] of this.functions) {
      if (this.called.has(name)) continue;
      this.forget(body);
      this.list(body, { guards: [], within: [], positional: null });
    }
  }

  private statement(statement: ShellStatement, frame: Frame): readonly Guard[] {
    const inner = { ...frame, within: [...frame.within, statement] };
    switch (statement.kind) {
      case 'command':
        this.command(statement, frame);
        break;
      case 'pipeline':
        // Of several, each is a shell of its own.
        if (statement.parts.length === 1) this.list(statement.parts, inner);
        else for (const part of statement.parts) this.fork(() => this.statement(part, inner));
        break;
      case 'andOr':
        return this.andOr(statement, inner);
      case 'if':
        return this.conditional(statement, inner);
      case 'case':
        if (statement.word) this.substitutions(statement.word.parts, frame);
        for (const end of statement.arms.map(({ body }) => this.fork(() => this.list(body, inner)))) this.join(end);
        break;
      case 'for':
        this.forEach(statement, inner);
        break;
      case 'while':
      case 'until': {
        this.forget([...statement.condition, ...statement.body]);
        const guard = this.guard(statement.condition, inner);
        this.maybe(() => this.list(statement.body, { ...inner, guards: [...inner.guards, guard] }));
        break;
      }
      case 'subshell':
        this.fork(() => this.list(statement.body, inner));
        break;
      case 'group':
        return this.list(statement.body, inner);
      case 'function':
        this.functions.set(statement.name, statement.body);
    }
    return frame.guards;
  }

  /** Runs a condition and gives what it says. */
  private guard(condition: readonly ShellStatement[], frame: Frame): Guard {
    const from = this.done.length;
    this.list(condition, frame);
    const invocations = this.done.slice(from);
    const before = this.done[from - 1];
    // `$?` is what the command before it said.
    const asksBack = invocations.some(({ command }) => command.words.some(word => names(word.parts).includes('?')));
    const last = condition.at(-1);
    const isNegated = last?.kind === 'pipeline' && last.negated;
    const onSuccess = asksBack || last?.kind === 'andOr' ? null : !isNegated;
    return { condition, invocations: before && asksBack ? [before, ...invocations] : invocations, onSuccess };
  }

  private andOr({ parts, operators }: ShellAndOr, frame: Frame): readonly Guard[] {
    let { guards } = frame;
    for (const [i, part] of parts.slice(0, -1).entries()) {
      const guard = this.maybe(() => this.guard([part], { ...frame, guards }), guards !== frame.guards);
      guards = [...guards, operators[i] === '||' ? otherwise(guard) : guard];
      // Of `a && b || c`, c runs where one of the two fails.
      if (i > 0 && operators[i] !== operators[i - 1]) {
        guards = [...frame.guards, ...guards.slice(frame.guards.length).map(each => ({ ...each, onSuccess: null }))];
      }
    }
    const last = parts.at(-1);
    if (last) this.maybe(() => this.statement(last, { ...frame, guards }));
    // What stands behind `… && exit` runs only where that was not so.
    return last && leaves([last])
      ? [...frame.guards, ...guards.slice(frame.guards.length).map(otherwise)]
      : frame.guards;
  }

  private conditional(statement: ShellStatement & { readonly kind: 'if' }, frame: Frame): readonly Guard[] {
    const ends: Map<string, ShellVariable>[] = [];
    let { guards } = frame;
    let behind = frame.guards;
    for (const { condition, body } of statement.arms) {
      const guard = this.guard(condition, { ...frame, guards });
      const here = [...guards, guard];
      guards = [...guards, otherwise(guard)];
      ends.push(this.fork(() => this.list(body, { ...frame, guards: here })));
      if (leaves(body)) behind = [...behind, otherwise(guard)];
    }
    ends.push(this.fork(() => this.list(statement.otherwise, { ...frame, guards })));
    for (const end of ends) this.join(end);
    if (!leaves(statement.otherwise)) return behind;
    return [...frame.guards, ...guards.slice(frame.guards.length).map(otherwise)];
  }

  private forEach(statement: ShellFor, frame: Frame): void {
    const fields = statement.words?.flatMap(word => {
      this.substitutions(word.parts, frame);
      return fieldsOf(word, this.expansion(frame));
    });
    const isKnown = fields?.every(({ value }) => value !== null) && this.done.length < MAX_INVOCATIONS;
    if (fields && isKnown) {
      for (const { value, word } of fields) {
        this.variables.set(statement.variable, { value, printedBy: [], set: { start: word.start, end: word.end } });
        this.list(statement.body, frame);
      }
      return;
    }
    this.forget(statement.body);
    this.variables.set(statement.variable, NOBODY_KNOWS);
    this.maybe(() => this.list(statement.body, frame));
  }

  private command(command: ShellCommand, frame: Frame): void {
    const since = this.done.length;
    for (const { parts } of wordsOf(command)) this.substitutions(parts, frame);
    this.since = since;
    const expansion = this.expansion(frame);
    const fields: ShellField[] = [];
    for (const word of command.words) fields.push(...fieldsOf(word, expansion));
    const [name] = fields;
    if (command.words.length > 0) {
      const { guards, within } = frame;
      this.done.push({ command, fields, variables: this.named(command), guards, within });
    }
    if (!name)
      for (const { name: variable, whole, words, ...set } of command.assignments)
        this.assign(variable, whole ? (words[0] ?? null) : undefined, set, frame);
    else if (name.value !== null)
      this.builtin(name.value, command, frame) || this.call(name.value, command, fields, frame);
    else this.call(null, command, fields, frame);
  }

  /** What the variables hold that a command names. */
  private named(command: ShellCommand): Variables {
    let found: Map<string, ShellVariable> | null = null;
    for (const { parts } of wordsOf(command))
      for (const part of parts)
        if (part.kind === 'variable')
          found = (found ?? new Map()).set(part.name, this.variables.get(part.name) ?? NOBODY_KNOWS);
    return found ?? NO_VARIABLES;
  }

  /** Null assigns nothing at all, undefined what nobody knows. */
  private assign(
    name: string,
    word: ShellWord | null | undefined,
    { start, end }: ShellVariable['set'] & object,
    frame: Frame,
  ): void {
    if (name === 'IFS') this.splits = false;
    const value = word === undefined ? null : word === null ? '' : wordValue(word, this.expansion(frame));
    const printing = word?.parts.filter(part => part.kind !== 'text' || part.text !== '') ?? [];
    const [only] = printing;
    const printedBy =
      only?.kind === 'commands' && printing.length === 1
        ? this.done.slice(this.since).filter(({ command }) => only.start < command.start && command.end <= only.end)
        : [];
    this.variables.set(name, { value, printedBy, set: { start, end } });
  }

  private builtin(name: string, command: ShellCommand, frame: Frame): boolean {
    if (DECLARING.has(name)) {
      for (const word of command.words.slice(1)) {
        const [first, ...rest] = word.parts;
        const assigned = first?.kind === 'text' && !first.quoted ? /^([A-Za-z_]\w*)=/.exec(first.text) : null;
        if (LOCAL.has(name)) this.makeLocal(first?.kind === 'text' ? first.text : '');
        if (!assigned || first?.kind !== 'text') continue;
        const [all, variable = ''] = assigned;
        const text: ShellPart = { ...first, start: first.start + all.length, text: first.text.slice(all.length) };
        this.assign(variable, { start: text.start, end: word.end, parts: [text, ...rest] }, word, frame);
      }
      return true;
    }
    if (/^(?:read|mapfile|readarray|getopts|unset|let|printf)$/.test(name)) {
      for (const word of command.words) this.lose(literal(word) ?? '');
      return name !== 'printf';
    }
    if (/^(?:\.|source|eval)$/.test(name)) for (const variable of this.variables.keys()) this.lose(variable);
    return false;
  }

  private call(name: string | null, command: ShellCommand, fields: readonly ShellField[], frame: Frame): void {
    const body = name === null ? undefined : this.functions.get(name);
    if (name === null || !body || this.calls.includes(name) || this.calls.length >= MAX_CALLS) return;
    this.called.add(name);
    if (this.done.length >= MAX_INVOCATIONS) return;
    this.calls.push(name);
    this.locals.push(new Map());
    const positional = shifts(body) ? null : fields.slice(1);
    this.list(body, { guards: frame.guards, within: [...frame.within, command], positional });
    for (const [variable, outside] of this.locals.pop() ?? []) {
      if (outside) this.variables.set(variable, outside);
      else this.variables.delete(variable);
    }
    this.calls.pop();
  }

  /** From here to the end of the call, the variable that a declaration begins with is another one. */
  private makeLocal(declaration: string): void {
    const name = /^[A-Za-z_]\w*/.exec(declaration)?.[0];
    const locals = this.locals.at(-1);
    if (name === undefined || !locals) return;
    if (!locals.has(name)) locals.set(name, this.variables.get(name));
    this.variables.delete(name);
  }

  /** The commands of substitutions, which are run before the words are known. */
  private substitutions(parts: readonly ShellPart[], frame: Frame): void {
    for (const part of parts) if (part.kind === 'commands') this.fork(() => this.list(part.body, frame));
  }

  private expansion({ positional }: Frame): Expansion {
    return { variables: this.variables, positional, splits: this.splits, unknown: this.unknown };
  }

  /** Runs something in a shell of its own: its assignments are lost afterwards, and returned. */
  private fork(run: () => void): Map<string, ShellVariable> {
    const before = new Map(this.variables);
    run();
    const after = this.variables;
    this.variables = before;
    return after;
  }

  /** Runs something that may be left out: a variable is known afterwards if it is the same either way. */
  private maybe<T>(run: () => T, isInDoubt = true): T {
    if (!isInDoubt) return run();
    const before = new Map(this.variables);
    const result = run();
    const after = this.variables;
    this.variables = before;
    this.join(after);
    return result;
  }

  private join(other: ReadonlyMap<string, ShellVariable>): void {
    for (const [name, variable] of other) {
      if (this.variables.get(name)?.value !== variable.value) this.variables.set(name, NOBODY_KNOWS);
    }
  }

  /** What statements assign is not known while they run again and again. */
  private forget(statements: readonly ShellStatement[]): void {
    for (const statement of walkShell(statements)) {
      if (statement.kind === 'for') this.lose(statement.variable);
      if (statement.kind !== 'command') continue;
      for (const { name } of statement.assignments) this.lose(name);
      if (DECLARING.has(literal(statement.words[0]) ?? '')) {
        for (const word of statement.words)
          this.lose(/^\w+/.exec(word.parts[0]?.kind === 'text' ? word.parts[0].text : '')?.[0] ?? '');
      }
    }
  }

  private lose(name: string): void {
    if (this.variables.has(name)) this.variables.set(name, NOBODY_KNOWS);
  }
}

/** The same condition, for what runs where it does not hold. */
function otherwise(guard: Guard): Guard {
  return { ...guard, onSuccess: guard.onSuccess === null ? null : !guard.onSuccess };
}

/** The variables that parts of a word name. */
function names(parts: readonly ShellPart[]): string[] {
  return parts.flatMap(part => (part.kind === 'variable' ? [part.name] : []));
}

/** True if the last statement leaves the script, the function or the loop, or is a group that does. */
function leaves(statements: readonly ShellStatement[]): boolean {
  const last = statements.at(-1);
  if (!last) return false;
  if (last.kind === 'command') {
    const name = literal(last.words[0]) ?? '';
    // `exec` without a program only redirects.
    return LEAVING.has(name) && (name !== 'exec' || last.words.length > 1);
  }
  if (last.kind === 'group') return bodiesOf(last).some(leaves);
  return false;
}

/** True if statements count the positional parameters anew. */
function shifts(statements: readonly ShellStatement[]): boolean {
  for (const statement of walkShell(statements)) {
    if (statement.kind === 'command' && /^(?:shift|set)$/.test(literal(statement.words[0]) ?? '')) return true;
  }
  return false;
}
