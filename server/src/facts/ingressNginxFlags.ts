import type { Wording } from '../text/wording.ts';
import table from './ingressNginxFlags.json';

/** One flag of the controller's command line. */
export interface FlagFacts {
  /** With its dashes. */
  readonly name: string;
  readonly type: string;
  /** In controller 1.15.1; empty for none. */
  readonly default: string;
  /** First release that has it. */
  readonly since: string;
  /** One line of Markdown. */
  readonly help: Wording;
}

/** A flag with which the controller does not start any more. */
export interface RemovedFlag {
  readonly name: string;
  readonly removedIn: string;
  readonly replacement: string | null;
}

interface RemovedRow {
  readonly name: string;
  readonly removedIn: string;
  readonly replacement?: string;
}

const removedRows: readonly RemovedRow[] = table.removed;

/** Every flag of controller 1.15.1 by its name. */
export const CONTROLLER_FLAGS: ReadonlyMap<string, FlagFacts> = new Map(
  table.flags.map(({ name, type, default: value, since, help: [en = '', zh = ''] }) => [
    name,
    Object.freeze({ name, type, default: value, since: since.replace('<=', ''), help: { en, zh } }),
  ]),
);

/** Flags of older releases by their names. */
export const REMOVED_FLAGS: ReadonlyMap<string, RemovedFlag> = new Map(
  removedRows.map(({ name, removedIn, replacement = null }) => [name, Object.freeze({ name, removedIn, replacement })]),
);
