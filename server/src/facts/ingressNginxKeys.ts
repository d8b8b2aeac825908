import type { Wording } from '../text/wording.ts';
import table from './ingressNginxKeys.json';

/** What the controller's Go structure holds for a key; `nginx-text` is pasted into the generated configuration. */
export type KeyType =
  | 'string'
  | 'bool'
  | 'int'
  | 'float'
  | 'duration'
  | 'enum'
  | 'url'
  | 'map'
  | 'list'
  | 'int-list'
  | 'ip-list'
  | 'cidr-list'
  | 'nginx-text';

/**
 * What comes of a value that does not fit. `default`: the key keeps its default, with one line in the log. `reload`: it is written as it
 * is, nginx refuses the configuration, and no later change is loaded. `omitted`: the directive is left out, nginx's own default counts.
 * `dropped`: bad entries of the list are left out. `ignored`: as if it were not there. `low`: counts as Low. `authOff`: nothing is
 * authenticated. `roundRobin`: round_robin is used. `header`: browsers get it as it is, and ignore the header.
 */
export type KeyConsequence =
  | 'default'
  | 'reload'
  | 'omitted'
  | 'dropped'
  | 'ignored'
  | 'low'
  | 'authOff'
  | 'roundRobin'
  | 'header';

/** One key of the ConfigMap that `--configmap` names. */
export interface KeyFacts {
  readonly name: string;
  readonly type: KeyType;
  /** In controller 1.15.1; `<…>` for what only the node tells, empty for none. */
  readonly default: string;
  /** First release that has it: what came before is not recorded where it says `0.9.0-beta.2`. */
  readonly since: string;
  /** The nginx directive that it ends up in; null where there is no single one. */
  readonly directive: string | null;
  /** True if it is only read in this very case; the other keys match in any case. */
  readonly exactCase: boolean;
  /** The only values it may have; empty if there is no such list. */
  readonly values: readonly string[];
  /** True if the case of those values does not matter. */
  readonly anyCase: boolean;
  /** Words, parted by blanks, that the value may consist of; empty if there is no such list. */
  readonly words: readonly string[];
  /** Of a number, both ends included. */
  readonly range: readonly [least: number, most: number] | null;
  /** Linear-time pattern of the value, or of each item of a list; null where nothing looks. */
  readonly pattern: RegExp | null;
  /** Null where nobody knows, and where nothing can be wrong. */
  readonly onInvalid: KeyConsequence | null;
  /** What to set instead of a key that has no effect any more. */
  readonly replacement: string | null;
  readonly deprecated: boolean;
  /** The controller writes it itself: not for files. */
  readonly internal: boolean;
  /** True if upstream's documentation does not mention it. */
  readonly undocumented: boolean;
  /** Older releases, of a line that was still maintained, that have it too. */
  readonly alsoIn: readonly string[];
  /** One line of Markdown. */
  readonly help: Wording;
}

/** A key that the controller does not read any more. */
export interface RemovedKey {
  readonly name: string;
  /** The first release that ignores it. */
  readonly removedIn: string;
  readonly replacement: string | null;
  /** True if upstream's documentation of 1.15.1 still lists it. */
  readonly stillInDocs: boolean;
}

interface KeyRow {
  readonly name: string;
  readonly type: string;
  readonly default: string;
  readonly since: string;
  readonly directive?: string;
  readonly exactCase?: boolean;
  readonly values?: readonly string[];
  readonly anyCase?: boolean;
  readonly words?: readonly string[];
  readonly range?: readonly number[];
  readonly pattern?: string;
  readonly onInvalid?: string;
  readonly replacement?: string;
  readonly deprecated?: boolean;
  readonly internal?: boolean;
  readonly undocumented?: boolean;
  readonly alsoIn?: readonly string[];
  readonly help: readonly string[];
}

interface RemovedRow {
  readonly name: string;
  readonly removedIn: string;
  readonly replacement?: string;
  readonly stillInDocs?: boolean;
}

const keyRows: readonly KeyRow[] = table.keys;
const removedRows: readonly RemovedRow[] = table.removed;

/** Every key of controller 1.15.1 by its name, in the order of the names. */
export const CONFIG_KEYS: ReadonlyMap<string, KeyFacts> = new Map(keyRows.map(row => [row.name, keyOf(row)]));

/** Keys of older releases by their names. */
export const REMOVED_KEYS: ReadonlyMap<string, RemovedKey> = new Map(
  removedRows.map(({ name, removedIn, replacement = null, stillInDocs = false }) => [
    name,
    Object.freeze({ name, removedIn, replacement, stillInDocs }),
  ]),
);

function keyOf(row: KeyRow): KeyFacts {
  const [least, most] = row.range ?? [];
  const [en = '', zh = ''] = row.help;
  return Object.freeze({
    name: row.name,
    type: row.type as KeyType,
    default: row.default,
    since: row.since.replace('<=', ''),
    directive: row.directive ?? null,
    exactCase: row.exactCase ?? false,
    values: row.values ?? [],
    anyCase: row.anyCase ?? false,
    words: row.words ?? [],
    range: least === undefined || most === undefined ? null : ([least, most] as const),
    pattern: row.pattern === undefined ? null : new RegExp(row.pattern),
    onInvalid: (row.onInvalid ?? null) as KeyConsequence | null,
    replacement: row.replacement ?? null,
    deprecated: row.deprecated ?? false,
    internal: row.internal ?? false,
    undocumented: row.undocumented ?? false,
    alsoIn: row.alsoIn ?? [],
    help: { en, zh },
  });
}
