/** The minor version of a Kubernetes release: 36 for `1.36`, `v1.36.2` and `1.36.0-beta.1`; null for anything else. */
export function minorOf(version: string): number | null {
  const minor = /^v?1\.(\d{1,3})(?:[.+-]|$)/.exec(version)?.[1];
  return minor === undefined ? null : Number(minor);
}

/** True if a release is that one or a later one; false if one of them is no release of Kubernetes. */
export function isSince(version: string, first: string): boolean {
  const [minor, from] = [minorOf(version), minorOf(first)];
  return minor !== null && from !== null && minor >= from;
}
