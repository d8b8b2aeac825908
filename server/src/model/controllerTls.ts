import type { OpenSslVersion, TlsProtocol } from '../facts/tlsCiphers.ts';
import {
  CONTROLLER_CIPHERS,
  CONTROLLER_OPENSSL,
  CONTROLLER_PROTOCOLS,
  type SinceRelease,
} from '../facts/tlsController.ts';
import { compareVersions, parseVersion, type Version } from '../text/version.ts';

/** How a release of ingress-nginx speaks TLS where its ConfigMap says nothing. */
export interface ControllerTls {
  readonly ciphers: string;
  readonly protocols: readonly TlsProtocol[];
  /** As which of the measured versions its OpenSSL reads cipher strings; more than one where it is none of them. */
  readonly openssl: readonly OpenSslVersion[];
}

/** What the releases from `oldest` to `newest` have, each different one once, the newest first. */
export function controllerTls(oldest: Version, newest: Version): readonly ControllerTls[] {
  const changes = [CONTROLLER_CIPHERS, CONTROLLER_PROTOCOLS, CONTROLLER_OPENSSL].flatMap(rows => rows.map(released));
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
    protocols: valueAt(CONTROLLER_PROTOCOLS, version),
    openssl: valueAt(CONTROLLER_OPENSSL, version),
  };
}

/** Releases before the first row are older than anything that still runs: they get what it says. */
function valueAt<Value>(rows: readonly SinceRelease<Value>[], version: Version): Value {
  const row = rows.findLast(each => compareVersions(released(each), version) <= 0) ?? rows[0];
  if (!row) throw new RangeError('no release');
  return row.value;
}

function released({ since }: SinceRelease<unknown>): Version {
  const version = parseVersion(since);
  if (!version) throw new RangeError(`${since} is no version`);
  return version;
}
