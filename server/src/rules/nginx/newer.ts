import { directivesIn } from '../../syntax/nginx/context.ts';
import type { NginxDirective } from '../../syntax/nginx/tree.ts';
import { compareVersions, parseVersion } from '../../text/version.ts';

/** True for a directive that no nginx before a version has. */
export function isNewerThan({ name, context }: NginxDirective, version: string): boolean {
  const facts = context === null ? [] : directivesIn(name.value, context);
  const limit = parseVersion(version);
  const isFrom = (since: string | null) => {
    const from = parseVersion(since ?? '');
    return from !== null && limit !== null && compareVersions(from, limit) >= 0;
  };
  return facts.length > 0 && facts.every(({ since, builds }) => builds.length > 0 && isFrom(since));
}
