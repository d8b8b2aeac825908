import { CONFIG_KEYS } from '../facts/ingressNginxKeys.ts';
import { DEFAULT_CHANGES, type DefaultChange } from '../facts/ingressNginxReleases.ts';
import { compareVersions, parseVersion, type Version } from '../text/version.ts';
import type { InForce } from './versions.ts';

/** The default of a key in the controllers that may run, such as `4k`; null where they differ, where they do not have the key, and where it is none or the node's to tell. */
export function defaultOfKey(name: string, { oldest, newest }: InForce): string | null {
  const facts = CONFIG_KEYS.get(name);
  if (!facts || compareVersions(oldest, parseVersion(facts.since) ?? oldest) < 0) return null;
  const now = facts.default;
  const changes = changesOf('configmap', name);
  const [first, last] = [oldest, newest].map(version => changeAt(changes, version)?.value ?? now);
  return first === undefined || first === '' || first !== last || /^[<"]|\(/.test(first) ? null : first;
}

/** A flag's, in the same way. */
export function defaultOfFlag(name: string, now: string, { oldest, newest }: InForce): string | null {
  const changes = changesOf('flag', name);
  const [first, last] = [oldest, newest].map(version => changeAt(changes, version)?.value ?? now);
  return first === last ? (first ?? null) : null;
}

/** How a default changed, in the order of versions; empty for one that is not recorded. */
export function changesOf(kind: DefaultChange['kind'], name: string): DefaultChange['changes'] {
  return DEFAULT_CHANGES.find(each => each.kind === kind && each.name === name)?.changes ?? [];
}

/** The change that a version has come to; undefined before the first that is recorded. */
export function changeAt(
  changes: DefaultChange['changes'],
  version: Version,
): DefaultChange['changes'][number] | undefined {
  return changes.findLast(({ from }) => hasCome(from, version));
}

/** Whether a change has come with a version: `1.12.0`, `<=0.9.0`, `<1.10.0` for ever before, or `1.11.5, 1.12.1 and later`. */
function hasCome(from: string, version: Version): boolean {
  if (/^</.test(from)) return true;
  const releases = [...from.matchAll(/\d+\.\d+\.\d+/g)].map(([release]) => parseVersion(release) ?? version);
  const last = releases.at(-1);
  if (last && compareVersions(last, version) <= 0) return true;
  return releases.some(each => each[0] === version[0] && each[1] === version[1] && each[2] <= version[2]);
}
