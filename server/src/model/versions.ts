import { compareVersions, parseVersion, type Version, versionOf } from '../text/version.ts';
import type { Environment, Program } from './environment.ts';
import { nearest } from './nearest.ts';
import type { Place } from './value.ts';

/** Where a file says which version of a program runs. */
export interface VersionEvidence {
  readonly is: 'versionEvidence';
  readonly program: Program;
  readonly version: Version;
  readonly place: Place;
}

/** The version of a program that a file is about; more than one where what stands near the file does not agree. */
export interface InForce {
  readonly oldest: Version;
  readonly newest: Version;
  readonly from: 'against' | 'workspace' | 'setting' | 'default';
}

/** In force where neither the workspace nor a setting says another: the newest known when this was written, 2026-11. */
const DEFAULT_VERSIONS: Readonly<Record<Program, Version>> = { controller: [1, 15, 1], kubernetes: [1, 36, 0] };

/** True if what came with a release is certainly there. */
export function hasReached({ oldest }: InForce, release: string): boolean {
  return compareVersions(oldest, versionOf(release)) >= 0;
}

/** True if what came with a release is certainly not there yet. */
export function isBefore({ newest }: InForce, release: string): boolean {
  return compareVersions(newest, versionOf(release)) < 0;
}

/** A version that is said somewhere, and the file that says it. */
interface Said {
  readonly file: string;
  readonly entity: VersionEvidence;
}

/** The version in force for a file: what is said in the nearest folder above it where anything is, else what the settings say. */
export function versionInForce(
  program: Program,
  file: string,
  said: readonly Said[],
  environment: Environment,
): InForce {
  const against = parseVersion(environment.against[program] ?? '');
  if (against) return { oldest: against, newest: against, from: 'against' };
  const near = nearest(
    file,
    said.filter(({ entity }) => entity.program === program),
  );
  const versions = near.map(({ entity }) => entity.version).sort(compareVersions);
  const [oldest, newest] = [versions[0], versions.at(-1)];
  if (oldest && newest) return { oldest, newest, from: 'workspace' };
  const set = parseVersion(environment[program] ?? '');
  const version = set ?? DEFAULT_VERSIONS[program];
  return { oldest: version, newest: version, from: set ? 'setting' : 'default' };
}
