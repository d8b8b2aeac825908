import { CONTROLLER_RELEASES } from '../facts/ingressNginxReleases.ts';
import { type OpenSslVersion, TLS_PROTOCOLS, type TlsProtocol } from '../facts/tlsCiphers.ts';
import { compareVersions, parseVersion, type Version } from '../text/version.ts';
import { changesOf } from './controllerDefaults.ts';

/** How a release of ingress-nginx speaks TLS where its ConfigMap says nothing. */
export interface ControllerTls {
  readonly ciphers: string;
  readonly protocols: readonly TlsProtocol[];
  /** As which of the measured versions its OpenSSL reads cipher strings; more than one where it is none of them. */
  readonly openssl: readonly OpenSslVersion[];
}

/** A value that holds from a release on, up to the next one. */
export interface SinceRelease<Value> {
  readonly since: Version;
  readonly value: Value;
}

/** `ssl-ciphers` where the ConfigMap does not have it, oldest first. */
export const CONTROLLER_CIPHERS: readonly SinceRelease<string>[] = defaultsOf('ssl-ciphers');

const PROTOCOLS: readonly SinceRelease<readonly TlsProtocol[]>[] = defaultsOf('ssl-protocols').map(
  ({ since, value }) => ({ since, value: TLS_PROTOCOLS.filter(protocol => value.split(' ').includes(protocol)) }),
);

/** The measured versions that a version of an image is, or lies between. */
const MEASURED: ReadonlyMap<string, readonly OpenSslVersion[]> = new Map([
  ['1.1.1', ['1.1.1']],
  ['3.0', ['3.0']],
  ['3.1', ['3.0']],
  ['3.3', ['3.0', '3.5']],
  ['3.5', ['3.5']],
]);

/** Images before the first that is recorded are taken for the same. */
const OPENSSL: readonly SinceRelease<readonly OpenSslVersion[]>[] = CONTROLLER_RELEASES.flatMap(
  ({ version, openssl }) => {
    const since = parseVersion(version);
    const value = MEASURED.get(openssl ?? '');
    return since && value ? [{ since, value }] : [];
  },
).sort((a, b) => compareVersions(a.since, b.since));

/** What the releases from `oldest` to `newest` have, each different one once, the newest first. */
export function controllerTls(oldest: Version, newest: Version): readonly ControllerTls[] {
  const changes = [CONTROLLER_CIPHERS, PROTOCOLS, OPENSSL].flatMap(rows => rows.map(({ since }) => since));
  const between = changes.filter(each => compareVersions(each, oldest) > 0 && compareVersions(each, newest) <= 0);
  const distinct = new Map(
    [oldest, ...between.sort(compareVersions)].reverse().map(version => {
      const own = tlsOf(version);
      return [JSON.stringify(own), own];
    }),
  );
  return [...distinct.values()];
}

function tlsOf(version: Version): ControllerTls {
  return {
    ciphers: valueAt(CONTROLLER_CIPHERS, version),
    protocols: valueAt(PROTOCOLS, version),
    openssl: valueAt(OPENSSL, version),
  };
}

/** Releases before the first row are older than anything that still runs: they get what it says. */
function valueAt<Value>(rows: readonly SinceRelease<Value>[], version: Version): Value {
  const row = rows.findLast(({ since }) => compareVersions(since, version) <= 0) ?? rows[0];
  if (!row) throw new RangeError('no release');
  return row.value;
}

/** The defaults of a key; of several pre-releases of one version the last counts. */
function defaultsOf(key: string): SinceRelease<string>[] {
  return changesOf('configmap', key).flatMap(({ from, value }) => {
    const since = parseVersion(from.replace('<=', ''));
    return since ? [{ since, value }] : [];
  });
}
