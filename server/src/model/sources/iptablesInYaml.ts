import type { Entity } from '../entity.ts';
import type { Reading } from '../reading.ts';
import type { ReadText } from '../region.ts';
import { looksLikeIptables } from './iptablesFile.ts';
import { objects } from './manifest.ts';

/** A table of rules within YAML: a cheap look before any parsing. */
export const IPTABLES_WORDS = /^[ \t]*\*(?:raw|mangle|nat|filter|security)[ \t]*\r?$/m;

/** Rules that ConfigMaps and Secrets keep for iptables-restore. */
export function* iptablesInYaml(_file: string, root: Reading, readText: ReadText): Iterable<Entity> {
  for (const object of objects(root)) {
    const kind = object.get('kind').string();
    const key = kind.is('ConfigMap') ? 'data' : kind.is('Secret') ? 'stringData' : null;
    if (key === null) continue;
    for (const { name, value } of object.get(key).entries()) {
      const region = value.embeddedText();
      if (region && looksLikeIptables(name, region.text)) yield* readText(name, region);
    }
  }
}
