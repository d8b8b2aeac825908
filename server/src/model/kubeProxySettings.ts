import { KUBE_PROXY_FIELDS } from '../facts/kubeProxy.ts';
import type { ConntrackSettings } from '../simulate/conntrackTable.ts';
import { formatGoDuration } from '../text/goDuration.ts';
import type { Change } from './edit.ts';
import type { Value } from './value.ts';

/**
 * What one kube-proxy is told of connection tracking, wherever it is written: in its configuration, or in flags that no
 * configuration replaces. Timeouts in seconds.
 */
export interface KubeProxySettings {
  readonly is: 'kubeProxySettings';
  readonly origin: 'configuration' | 'flags';
  readonly mode: Value<string>;
  /** How a flag is called where these are written, if not by its name. */
  readonly spelling?: (flag: string) => string;
  readonly conntrack: ConntrackValues;
  readonly ipvs: Readonly<Record<'tcpTimeout' | 'tcpFinTimeout' | 'udpTimeout', Value<number>>>;
  /** What gives a setting a value where these are written, by its path such as `conntrack.min`. */
  change(path: string, value: SettingValue): Change;
  /** What takes a setting out that is written. */
  removal(path: string): readonly Change[];
}

/** What a setting can be given: a number, a switch, a duration. */
export type SettingValue = number | boolean | { readonly seconds: number };

export interface ConntrackValues {
  readonly maxPerCore: Value<number>;
  readonly min: Value<number>;
  /** Known to releases until 1.14. */
  readonly max: Value<number>;
  readonly tcpEstablishedTimeout: Value<number>;
  readonly tcpCloseWaitTimeout: Value<number>;
  readonly tcpBeLiberal: Value<boolean>;
  readonly udpTimeout: Value<number>;
  readonly udpStreamTimeout: Value<number>;
}

/** How a setting is read by its path such as `conntrack.min`: numbers, durations in seconds, switches. */
export interface SettingReaders {
  number(path: string): Value<number>;
  seconds(path: string): Value<number>;
  boolean(path: string): Value<boolean>;
}

/** What readers find of all settings, wherever they look. */
export function settingValues({
  number,
  seconds,
  boolean,
}: SettingReaders): Pick<KubeProxySettings, 'conntrack' | 'ipvs'> {
  return {
    conntrack: {
      maxPerCore: number('conntrack.maxPerCore'),
      min: number('conntrack.min'),
      max: number('conntrack.max'),
      tcpEstablishedTimeout: seconds('conntrack.tcpEstablishedTimeout'),
      tcpCloseWaitTimeout: seconds('conntrack.tcpCloseWaitTimeout'),
      tcpBeLiberal: boolean('conntrack.tcpBeLiberal'),
      udpTimeout: seconds('conntrack.udpTimeout'),
      udpStreamTimeout: seconds('conntrack.udpStreamTimeout'),
    },
    ipvs: {
      tcpTimeout: seconds('ipvs.tcpTimeout'),
      tcpFinTimeout: seconds('ipvs.tcpFinTimeout'),
      udpTimeout: seconds('ipvs.udpTimeout'),
    },
  };
}

/** The names of the settings that are durations. */
export const CONNTRACK_TIMEOUTS = [
  'tcpEstablishedTimeout',
  'tcpCloseWaitTimeout',
  'udpTimeout',
  'udpStreamTimeout',
] as const satisfies readonly (keyof ConntrackValues)[];

/** What the simulation is to be asked; null if something that decides the table's size is unknown. */
export function sizeSettings({ maxPerCore, min, max }: ConntrackValues): ConntrackSettings | null {
  if (maxPerCore.isUnknown || min.isUnknown || max.isUnknown) return null;
  return { maxPerCore: maxPerCore.known, min: min.known, max: max.known };
}

/**
 * True if kube-proxy is told to leave the kernel alone: no size and no TCP timeouts. Whoever writes that knows what the
 * defaults are.
 */
export function isOptOut({ maxPerCore, tcpEstablishedTimeout, tcpCloseWaitTimeout }: ConntrackValues): boolean {
  return maxPerCore.is(0) && tcpEstablishedTimeout.is(0) && tcpCloseWaitTimeout.is(0);
}

/** How a setting is named where it is written: `tcpCloseWaitTimeout`, `--conntrack-tcp-timeout-close-wait`. */
export function nameOf({ origin, spelling }: Pick<KubeProxySettings, 'origin' | 'spelling'>, path: string): string {
  const flag = KUBE_PROXY_FIELDS.get(path)?.flag;
  return origin === 'flags' && flag ? (spelling?.(flag) ?? flag) : (path.split('.').at(-1) ?? path);
}

/** As a field or a flag has it: a number, or a duration such as `5m0s`. */
export function written(value: SettingValue): number | boolean | string {
  return typeof value === 'object' ? formatGoDuration(value.seconds) : value;
}
