import { CONTROLLER_CVES, CONTROLLER_RELEASES, type Cve } from '../facts/ingressNginxReleases.ts';
import { compareVersions, type Version, versionOf } from '../text/version.ts';

/** Whether a configuration has the setting that closes a vulnerability; null where nobody knows. */
export type IsClosed = (by: NonNullable<Cve['closedBy']>) => boolean | null;

const WEIGHT = ['Low', 'Medium', 'High', 'Critical'];

/** The published vulnerabilities that a release certainly has under a configuration, the worst first, then the newest. */
export function controllerCves(version: Version, isClosed: IsClosed): Cve[] {
  return CONTROLLER_CVES.filter(cve => isOpen(cve, version, isClosed)).sort(
    (a, b) => weight(b) - weight(a) || numberOf(b.id) - numberOf(a.id),
  );
}

/** The nearest release from a version on that fixes whatever releases fix; null if none is left. */
export function nearestFixed(version: Version, isClosed: IsClosed): string | null {
  const later = CONTROLLER_RELEASES.filter(release => compareVersions(versionOf(release.version), version) > 0);
  const mended = later.find(release =>
    controllerCves(versionOf(release.version), isClosed).every(({ fixed }) => fixed.length === 0),
  );
  return mended?.version ?? null;
}

function isOpen({ affected, closedBy, openUntil }: Cve, version: Version, isClosed: IsClosed): boolean {
  const isAffected = isIn(affected, version);
  if (closedBy === null) return isAffected;
  if (isAffected && openUntil !== null) return true;
  const staysOpen = openUntil !== null && compareVersions(version, versionOf(openUntil)) < 0;
  return (isAffected || staysOpen) && isClosed(closedBy) === false;
}

/** Whether a version is in ranges such as `<1.10.4, 1.11.0-1.11.1`, `<=0.49.0, 1.0.0`, or in `all releases`. */
function isIn(ranges: string, version: Version): boolean {
  if (ranges.startsWith('all')) return true;
  return ranges.split(', ').some(range => {
    const [, bound = '', first = '', last = first] = /^(<=?)?([\d.]+)(?:-([\d.]+))?$/.exec(range) ?? [];
    const order = compareVersions(version, versionOf(first));
    if (bound !== '') return bound === '<' ? order < 0 : order <= 0;
    return order >= 0 && compareVersions(version, versionOf(last)) <= 0;
  });
}

function weight({ severity }: Cve): number {
  return WEIGHT.indexOf(severity ?? '');
}

/** CVE-2025-1974 -> 2025001974. */
function numberOf(id: string): number {
  const [, year = '0', number = '0'] = /^CVE-(\d+)-(\d+)$/.exec(id) ?? [];
  return Number(year) * 1_000_000 + Number(number);
}
