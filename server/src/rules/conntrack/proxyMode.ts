import { KUBE_PROXY_MODES } from '../../facts/kubeProxy.ts';
import { hasReached, type InForce, isBefore } from '../../model/versions.ts';

/**
 * Why kube-proxy refuses a mode. mode: there is none of the name. formerMode: it is gone since `release`. laterMode: it came with
 * `release`. gatedMode: until `release` only with a feature gate.
 */
export interface ModeRefused {
  readonly message: 'mode' | 'formerMode' | 'laterMode' | 'gatedMode';
  readonly params: { readonly value: string; readonly release: string; readonly gate: string };
  /** The mode that is meant; null if none is certain. */
  readonly meant: string | null;
}

/**
 * Null for a mode that kube-proxy takes on Linux, or on Windows. `hasGates` if feature gates are set, whichever.
 *
 * Source: validateProxyModeLinux in kubernetes pkg/proxy/apis/config/validation/validation.go, 1.12 to 1.36.
 */
export function modeRefused(value: string, version: InForce, hasGates: boolean): ModeRefused | null {
  if (value === '' || value === 'kernelspace') return null;
  const word = value.replace(/^(["'])(.*)\1$/, '$2').toLowerCase();
  const known = KUBE_PROXY_MODES.find(({ mode }) => mode === word);
  const because = (message: ModeRefused['message'], release = '', meant: string | null = null): ModeRefused => ({
    message,
    params: { value, release, gate: known?.gate?.name ?? '' },
    meant,
  });
  if (known?.mode !== value) return because('mode', '', known?.removed === null ? known.mode : null);
  const { since, removed, gate } = known;
  if (removed !== null && hasReached(version, removed)) return because('formerMode', removed);
  if (since !== null && isBefore(version, since)) return because('laterMode', since);
  return gate && !hasGates && isBefore(version, gate.until) ? because('gatedMode', gate.until) : null;
}
