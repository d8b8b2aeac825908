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
  const [first, last] = [oldest, newest].map(version => defaultAt(changes, version) ?? now);
  return first === undefined || first === '' || first !== last || /^[<"]|\(/.test(first) ? null : first;
}

/** A flag's, in the same way. */
export function defaultOfFlag(name: string, now: string, { oldest, newest }: InForce): string | null {
  const changes = changesOf('flag', name);
  const [first, last] = [oldest, newest].map(version => defaultAt(changes, version) ?? now);
  return first === last ? (first ?? null) : null;
}

function changesOf(kind: DefaultChange['kind'], name: string): DefaultChange['changes'] {
  return DEFAULT_CHANGES.find(each => each.kind === kind && each.name === name)?.changes ?? [];
}

function defaultAt(changes: DefaultChange['changes'], version: Version): string | undefined {
  const since = ({ from }: { readonly from: string }) => parseVersion(from.replace(/^<=?/, '')) ?? [0, 0, 0];
  return changes.findLast(change => compareVersions(since(change), version) <= 0)?.value;
}
