import { CONTROLLER_RELEASES } from '../../facts/ingressNginxReleases.ts';
import type { InForce } from '../../model/versions.ts';
import { compareVersions, parseVersion, type Version } from '../../text/version.ts';

/** The nginx in the image of the controllers that may run; null if nobody recorded one of them. */
export function nginxOf({ oldest, newest }: InForce): { readonly oldest: Version; readonly newest: Version } | null {
  const inside = CONTROLLER_RELEASES.flatMap(({ version, nginx }) => {
    const release = parseVersion(version);
    const its = nginx === null ? null : parseVersion(nginx);
    const isInside = release && compareVersions(release, oldest) >= 0 && compareVersions(release, newest) <= 0;
    return isInside && its ? [{ release, its }] : [];
  });
  const isRecorded = (version: Version) => inside.some(({ release }) => compareVersions(release, version) === 0);
  const [first, ...rest] = inside.map(({ its }) => its).sort(compareVersions);
  return first && isRecorded(oldest) && isRecorded(newest) ? { oldest: first, newest: rest.at(-1) ?? first } : null;
}
