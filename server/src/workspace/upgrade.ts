import { DEFAULT_CHANGES, type DefaultChange } from '../facts/ingressNginxReleases.ts';
import { OPENSSL_VERSIONS, type OpenSslVersion } from '../facts/tlsCiphers.ts';
import type { ControllerConfig } from '../model/controllerConfig.ts';
import { changeAt } from '../model/controllerDefaults.ts';
import { type Environment, PROGRAMS } from '../model/environment.ts';
import type { InForce } from '../model/versions.ts';
import { parseVersion } from '../text/version.ts';
import type { Finding } from './finding.ts';
import type { Settings } from './settings.ts';
import type { Workspace } from './workspace.ts';

/** Versions to judge by instead of those in force. */
export type Against = Pick<Environment, 'against'> & { readonly openssl: OpenSslVersion | null };

/** Reads `kubernetes=1.36,controller=1.15.1,openssl=3.5`, in any order and each at most once; null for anything else. */
export function readAgainst(text: string): Against | null {
  const against: Record<string, string> = {};
  let openssl: OpenSslVersion | null = null;
  for (const part of text.split(',')) {
    const [, program = '', version = ''] = /^\s*(\w+)\s*=\s*(\S+)\s*$/.exec(part) ?? [];
    if (program === 'openssl' && openssl === null) {
      openssl = OPENSSL_VERSIONS.find(each => each === version) ?? null;
      if (openssl === null) return null;
    } else if (PROGRAMS.some(each => each === program) && !(program in against) && parseVersion(version)) {
      against[program] = version;
    } else return null;
  }
  return { against, openssl };
}

/** The settings that judge by other versions. */
function settingsAgainst({ against, openssl }: Against): Partial<Settings> {
  return { against, ...(openssl === null ? {} : { openssl }) };
}

/** A finding that other versions would bring, take away, or word or weigh differently. */
export type FindingChange =
  | { readonly kind: 'comes'; readonly before: null; readonly after: Finding }
  | { readonly kind: 'goes'; readonly before: Finding; readonly after: null }
  | { readonly kind: 'changes'; readonly before: Finding; readonly after: Finding };

/** How the findings of one file change, in the order of its text. */
function changesBetween(before: readonly Finding[], after: readonly Finding[]): FindingChange[] {
  const left = [...after];
  const take = (alike: (other: Finding) => boolean): Finding | undefined => {
    const index = left.findIndex(alike);
    return index < 0 ? undefined : left.splice(index, 1)[0];
  };
  const stayed = before.map(finding => take(other => isAt(finding, other) && says(finding, other)));
  const changes = before.flatMap((finding, index): FindingChange[] => {
    if (stayed[index]) return [];
    const other = take(each => isAt(finding, each));
    return other
      ? [{ kind: 'changes', before: finding, after: other }]
      : [{ kind: 'goes', before: finding, after: null }];
  });
  const come = left.map((finding): FindingChange => ({ kind: 'comes', before: null, after: finding }));
  return [...changes, ...come].sort((a, b) => startOf(a).line - startOf(b).line);
}

function startOf({ before, after }: FindingChange) {
  return (before ?? after).range.start;
}

function isAt(a: Finding, b: Finding): boolean {
  return a.rule === b.rule && JSON.stringify(a.range) === JSON.stringify(b.range);
}

function says(a: Finding, b: Finding): boolean {
  return a.severity === b.severity && a.message === b.message;
}

/** A default of the controller that is another one in the version asked about, where the workspace does not set it. */
export interface ChangedDefault {
  readonly name: string;
  readonly kind: DefaultChange['kind'];
  /** Null where the version in force knows no such thing. */
  readonly before: string | null;
  readonly after: string;
  /** The release that brought it. */
  readonly since: string;
}

/** What other versions would change in a workspace. */
export interface Upgrade {
  readonly against: Against;
  /** Those whose findings change, in the order in which they were asked for. */
  readonly files: readonly { readonly file: string; readonly changes: readonly FindingChange[] }[];
  readonly defaults: readonly ChangedDefault[];
}

/** Judges files by the versions in force and by others. */
export function upgradeOf(workspace: Workspace, files: readonly string[], against: Against): Upgrade {
  const other = workspace.judgedBy(settingsAgainst(against));
  const changed = files.map(file => ({
    file,
    changes: changesBetween(workspace.findings(file), other.findings(file)),
  }));
  const cluster = workspace.linked;
  const configs = cluster.all('controllerConfig');
  const first = configs[0]?.file ?? files[0] ?? '';
  return {
    against,
    files: changed.filter(({ changes }) => changes.length > 0),
    defaults: changedDefaults(
      cluster.version('controller', first),
      against,
      configs.map(({ entity }) => entity),
    ),
  };
}

/** What changes by itself between the controller in force and another, except for what a configuration sets. */
function changedDefaults(inForce: InForce, against: Against, configs: readonly ControllerConfig[]): ChangedDefault[] {
  const to = parseVersion(against.against.controller ?? '');
  if (!to) return [];
  const written = new Set(configs.flatMap(({ keys }) => keys.map(({ name }) => name.toLowerCase())));
  return DEFAULT_CHANGES.flatMap(({ name, kind, changes }) => {
    // The versions of the chart are others.
    if (kind === 'helm' || (kind === 'configmap' && written.has(name))) return [];
    const [before, after] = [changeAt(changes, inForce.oldest), changeAt(changes, to)];
    if (!after || before?.value === after.value) return [];
    return [{ name, kind, before: before?.value ?? null, after: after.value, since: after.from }];
  });
}
