/** A release: major, minor and patch. What is not written counts as 0. */
export type Version = readonly [major: number, minor: number, patch: number];

const VERSION = /^v?(\d{1,4})(?:\.(\d{1,4}))?(?:\.(\d{1,4}))?(?:[-+].*)?$/;

/** `1.36`, `v1.36.2`, `1.9.0-alpha.1+build` (read as 1.9.0); null for anything else. */
export function parseVersion(text: string): Version | null {
  const [whole, major = '0', minor = '0', patch = '0'] = VERSION.exec(text) ?? [];
  return whole === undefined ? null : [Number(major), Number(minor), Number(patch)];
}

/** The version that a table or a program's text certainly is; a RangeError for anything else. */
export function versionOf(text: string): Version {
  const version = parseVersion(text);
  if (!version) throw new RangeError(`${text} is no version`);
  return version;
}

/** Below 0 if `a` came before `b`, 0 for the same. */
export function compareVersions(a: Version, b: Version): number {
  return a[0] - b[0] || a[1] - b[1] || a[2] - b[2];
}

/** 1.36.0 -> `1.36` for minor releases, else all three numbers. */
export function formatVersion([major, minor, patch]: Version): string {
  return patch === 0 ? `${major}.${minor}` : `${major}.${minor}.${patch}`;
}
