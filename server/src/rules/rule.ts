import type { Cluster } from '../model/cluster.ts';
import type { EntityKind, EntityOf } from '../model/entity.ts';
import type { Wording } from '../text/wording.ts';
import type { Draft, Params } from './draft.ts';

/**
 * error: the real program refuses it, drops it or ignores it. warning: it takes effect, and it hurts. information: a
 * default or a limit worth knowing. hint: style, or true only for versions that are not in force.
 */
export const SEVERITIES = ['error', 'warning', 'information', 'hint'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** Says one thing in one language: for a finding a sentence that names the consequence first, for a fix its title. */
export type Message = (params: Params) => string;

/** What a rule may ask besides the entity that it looks at. */
export interface RuleContext {
  readonly cluster: Cluster;
  /** The file that the entity was found in. */
  readonly file: string;
}

export interface Rule<Kind extends EntityKind, Key extends string> {
  /** `<area>/<name>`. */
  readonly id: string;
  readonly severity: Severity;
  /** The entities that it looks at: of one kind or of several. */
  readonly on: Kind | readonly Kind[];
  /** Upstream sources with versions, or proofs among the tests, on which its findings rest. */
  readonly evidence: readonly string[];
  readonly summary: Wording;
  readonly messages: Wording<Readonly<Record<Key, Message>>>;
  /** The rule's page, in Markdown. */
  readonly page: Wording;
  check(entity: EntityOf<Kind>, context: RuleContext): Iterable<Draft<Key>>;
}

/** Declares a rule. The compiler holds both languages, and every finding and fix, to the same message keys. */
export function rule<Kind extends EntityKind, Key extends string>(definition: Rule<Kind, Key>): Rule<Kind, Key> {
  return definition;
}
