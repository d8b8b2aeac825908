import type { ShellCommand, ShellStatement } from '../../syntax/shell/tree.ts';
import type { ShellField, Variables } from './fields.ts';

/** A command as a script runs it: once for each round of a loop whose words are known, once for each call of its function. */
export interface Invocation {
  readonly command: ShellCommand;
  /** What it gets: the program's name first. */
  readonly fields: readonly ShellField[];
  /** What the variables that it names hold; of others nothing is said. */
  readonly variables: Variables;
  /** What decides whether it runs, the outermost first. */
  readonly guards: readonly Guard[];
  /** The statements around it, the outermost first: a function's body stands within the call. */
  readonly within: readonly ShellStatement[];
}

/** A condition, and all that is run to find out about it. */
export interface Guard {
  readonly condition: readonly ShellStatement[];
  readonly invocations: readonly Invocation[];
  /** Whether what it guards runs where the last command of the condition succeeds, a `!` before it counted; null if that cannot be told. */
  readonly onSuccess: boolean | null;
}
