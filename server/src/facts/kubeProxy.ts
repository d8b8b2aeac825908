import type { Wording } from '../text/wording.ts';
import table from './kubeProxy.json';

/** How a field of KubeProxyConfiguration is written; `duration` is a string such as `1h0m0s`. */
export type KubeProxyFieldType =
  | 'string'
  | 'bool'
  | 'int32'
  | 'uint32'
  | 'float32'
  | 'duration'
  | 'quantity'
  | '[]string'
  | 'map[string]bool'
  | '[]{filePattern,verbosity}';

/** A field of KubeProxyConfiguration v1alpha1. */
export interface KubeProxyField {
  /** Keys from the top, with dots: `conntrack.maxPerCore`. */
  readonly path: string;
  readonly type: KubeProxyFieldType;
  /** True if null is not the type's zero but the default. */
  readonly nullable: boolean;
  /** As it would be written; null where there is none. */
  readonly default: string | number | boolean | null;
  /** The flag that sets the same, with its dashes. */
  readonly flag: string | null;
  /** The first release that has it, such as `1.29`; null if 1.12 had it. */
  readonly since: string | null;
  /** The first release without it; null if it is still there. */
  readonly removed: string | null;
  /** Numbers and durations below or above are refused; seconds for durations. */
  readonly least: number | null;
  readonly most: number | null;
  /** The kernel's setting that it is written to. */
  readonly sysctl: string | null;
  readonly about: Wording;
}

/** A flag of kube-proxy. */
export interface KubeProxyFlag {
  /** With its dashes. */
  readonly name: string;
  /** The path of the field that it sets; null if there is none. */
  readonly field: string | null;
  /** What it does where `--config` names a file; null for one that is gone. */
  readonly besideConfig: 'effective' | 'ignored' | null;
  readonly since: string | null;
  readonly removed: string | null;
  /** The flag that came instead. */
  readonly replacement: string | null;
}

type FieldRow = Partial<Omit<KubeProxyField, 'path'>> & Pick<KubeProxyField, 'type' | 'about'>;
type FlagRow = Partial<Omit<KubeProxyFlag, 'name'>>;

/** Every field of any release from 1.12 to 1.37 by its path. Source: facts/kubeProxy.json. */
export const KUBE_PROXY_FIELDS: ReadonlyMap<string, KubeProxyField> = new Map(
  Object.entries(table.fields as Readonly<Record<string, FieldRow>>).map(([path, row]) => [
    path,
    Object.freeze({
      path,
      nullable: false,
      default: null,
      flag: null,
      since: null,
      removed: null,
      least: null,
      most: null,
      sysctl: null,
      ...row,
    }),
  ]),
);

/** Every flag of any release from 1.12 to 1.37 by its name with dashes. Source: facts/kubeProxy.json. */
export const KUBE_PROXY_FLAGS: ReadonlyMap<string, KubeProxyFlag> = new Map(
  Object.entries(table.flags as Readonly<Record<string, FlagRow>>).map(([name, row]) => [
    name,
    Object.freeze({ name, field: null, besideConfig: null, since: null, removed: null, replacement: null, ...row }),
  ]),
);

/** Modes of kube-proxy on Linux, what became of them, and the feature gate that one needed at first. */
export const KUBE_PROXY_MODES: readonly {
  readonly mode: string;
  readonly since: string | null;
  readonly deprecated: string | null;
  readonly removed: string | null;
  readonly gate: { readonly name: string; readonly until: string } | null;
}[] = Object.freeze([
  Object.freeze({ mode: 'iptables', since: null, deprecated: null, removed: null, gate: null }),
  Object.freeze({ mode: 'ipvs', since: null, deprecated: '1.35', removed: null, gate: null }),
  Object.freeze({
    mode: 'nftables',
    since: '1.29',
    deprecated: null,
    removed: null,
    // On by default from 1.31 (pkg/features/kube_features.go).
    gate: Object.freeze({ name: 'NFTablesProxyMode', until: '1.31' }),
  }),
  Object.freeze({ mode: 'userspace', since: null, deprecated: null, removed: '1.26', gate: null }),
]);
