import type { Wording } from '../text/wording.ts';
import table from './ingressNginxAnnotations.json';

/** How the controller checks a value, with annotation validation on; `none`: not at all. */
export type AnnotationCheck = 'bool' | 'int' | 'enum' | 'regex' | 'cidr-list' | 'prefix+regex' | 'none';

/**
 * What comes of a value that is refused, with annotation validation on. `default-used`: it counts as if it were not there, with one
 * line in the log. `ingress-rejected`: the webhook denies the Ingress; without it the update is skipped. `location-503`: the location answers
 * 503. `external-auth-dropped`: read in the source, not run: external authentication is left out. `not-validated`: it goes to nginx as it is.
 */
export type AnnotationConsequence =
  | 'default-used'
  | 'ingress-rejected'
  | 'location-503'
  | 'external-auth-dropped'
  | 'not-validated';

/** What an annotation is held against: `annotations-risk-level` names the highest that is taken. */
export const RISKS = ['Low', 'Medium', 'High', 'Critical'] as const;
export type Risk = (typeof RISKS)[number];

/** One annotation of ingress-nginx. */
export interface AnnotationFacts {
  /** Behind `nginx.ingress.kubernetes.io/`. */
  readonly name: string;
  readonly type: 'string' | 'bool' | 'int' | 'nginx-text';
  readonly risk: Risk;
  /** First release that has it. */
  readonly since: string;
  readonly onInvalid: AnnotationConsequence;
  readonly check: AnnotationCheck;
  /** The only values it may have; empty if there is no such list. */
  readonly values: readonly string[];
  /** True if the case of those values does not matter. */
  readonly anyCase: boolean;
  /** Linear-time equivalent of the controller's pattern; null without one. */
  readonly pattern: RegExp | null;
  /** True if the controller takes blanks out before it looks at the pattern. */
  readonly stripsBlanks: boolean;
  /** True if the pattern is for each item of a list parted by commas. */
  readonly perItem: boolean;
  readonly prefix: string | null;
  readonly maxLength: number | null;
  /** The annotation beside which alone it is read, and so refused; null if it is read by itself. */
  readonly readWith: string | null;
  /** The nginx directive that it ends up in; null where there is no single one. */
  readonly directive: string | null;
  /** Older names that mean the same. */
  readonly aliases: readonly string[];
  /** True if upstream's documentation does not mention it. */
  readonly undocumented: boolean;
  /** Older releases, of a line that was still maintained, that have it too. */
  readonly alsoIn: readonly string[];
  /** One line of Markdown. */
  readonly help: Wording;
}

/** An annotation that the controller does not read any more. */
export interface RemovedAnnotation {
  readonly name: string;
  /** The first release that ignores it; null if there never was one that read it. */
  readonly removedIn: string | null;
  readonly replacement: string | null;
}

interface AnnotationRow {
  readonly name: string;
  readonly type: string;
  readonly risk: string;
  readonly since: string;
  readonly onInvalid: string;
  readonly check: string;
  readonly values?: readonly string[];
  readonly anyCase?: boolean;
  readonly pattern?: string;
  readonly stripSpaces?: boolean;
  readonly perItem?: boolean;
  readonly prefix?: string;
  readonly maxLength?: number;
  readonly readWith?: string;
  readonly directive?: string;
  readonly aliases?: readonly string[];
  readonly undocumented?: boolean;
  readonly alsoIn?: readonly string[];
  readonly help: readonly string[];
}

interface RemovedRow {
  readonly name: string;
  readonly removedIn: string | null;
  readonly replacement?: string;
}

const rows: readonly AnnotationRow[] = table.annotations;
const removedRows: readonly RemovedRow[] = table.removed;

/** Every annotation of controller 1.15.1 by its name without the prefix, in the order of the names. */
export const ANNOTATIONS: ReadonlyMap<string, AnnotationFacts> = new Map(
  rows.map(row => [row.name, annotationOf(row)]),
);

/** The same, with the older names that mean the same. */
export const ANNOTATIONS_BY_ANY_NAME: ReadonlyMap<string, AnnotationFacts> = new Map(
  [...ANNOTATIONS.values()].flatMap(facts => [facts.name, ...facts.aliases].map(name => [name, facts] as const)),
);

/** Annotations of older releases by their names. */
export const REMOVED_ANNOTATIONS: ReadonlyMap<string, RemovedAnnotation> = new Map(
  removedRows.map(({ name, removedIn, replacement = null }) => [name, Object.freeze({ name, removedIn, replacement })]),
);

function annotationOf(row: AnnotationRow): AnnotationFacts {
  const [en = '', zh = ''] = row.help;
  return Object.freeze({
    name: row.name,
    type: row.type as AnnotationFacts['type'],
    risk: row.risk as Risk,
    since: row.since.replace('<=', ''),
    onInvalid: row.onInvalid as AnnotationConsequence,
    check: row.check as AnnotationCheck,
    values: row.values ?? [],
    anyCase: row.anyCase ?? false,
    pattern: row.pattern === undefined ? null : new RegExp(row.pattern),
    stripsBlanks: row.stripSpaces ?? false,
    perItem: row.perItem ?? false,
    prefix: row.prefix ?? null,
    maxLength: row.maxLength ?? null,
    readWith: row.readWith ?? null,
    directive: row.directive ?? null,
    aliases: row.aliases ?? [],
    undocumented: row.undocumented ?? false,
    alsoIn: row.alsoIn ?? [],
    help: { en, zh },
  });
}
