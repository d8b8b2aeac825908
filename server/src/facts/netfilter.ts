import table from './netfilter.json';

export type IpFamily = 'ipv4' | 'ipv6';

/** The two programs behind the name `iptables`: one writes nf_tables, the other the older x_tables. */
export const BACKENDS = ['nft', 'legacy'] as const;
export type IptablesBackend = (typeof BACKENDS)[number];

export const HOOKS = ['PREROUTING', 'INPUT', 'FORWARD', 'OUTPUT', 'POSTROUTING'] as const;
/** A built-in chain has the name of the hook that a packet enters it by. */
export type Hook = (typeof HOOKS)[number];

/** In the order in which a packet meets them. */
export const TABLES = ['raw', 'mangle', 'nat', 'filter', 'security'] as const;
export type TableName = (typeof TABLES)[number];

/** How libxtables reads the argument of an option; `string` is left to the extension. */
export type ArgumentKind =
  | 'uint8'
  | 'uint16'
  | 'uint32'
  | 'uint64'
  | 'uint8Range'
  | 'uint16Range'
  | 'uint32Range'
  | 'uint64Range'
  | 'double'
  | 'string'
  | 'tosMask'
  | 'markMask'
  | 'logLevel'
  | 'host'
  | 'hostMask'
  | 'protocol'
  | 'port'
  | 'portRange'
  | 'prefixLength'
  | 'prefixMask'
  | 'mac';

/** One option of an extension, as libxtables has it. */
export interface ExtensionOption {
  /** Without its dashes. */
  readonly name: string;
  /** The name of the option that this one is another word for. */
  readonly as?: string;
  /** Absent for one without an argument. */
  readonly takes?: ArgumentKind;
  /** True if `!` may stand before it. */
  readonly invert?: boolean;
  readonly required?: boolean;
  /** True if it may be given more than once. */
  readonly repeat?: boolean;
  readonly excludes?: readonly string[];
  readonly needs?: readonly string[];
  /** Of a number its value, of a string its length in bytes. */
  readonly min?: number;
  readonly max?: number;
  /** Bytes of a string that are kept; the rest is dropped without a word. */
  readonly kept?: number;
  /** Hooks that it works in; absent where it asks for no other than its extension. */
  readonly hooks?: readonly Hook[];
}

/** A match or a target that is not built in. */
export interface Extension {
  readonly name: string;
  /** Absent if it serves both families. */
  readonly family?: IpFamily;
  /** The extension that this one is another name for. */
  readonly real?: string;
  /** Tables that the kernel takes it in; absent for all. */
  readonly tables?: readonly TableName[];
  /** Hooks that the kernel takes it in, in tables that have them; absent for all. */
  readonly hooks?: readonly Hook[];
  /** True if nobody tried where the kernel takes it. */
  readonly unknown?: boolean;
  /** True if it checks its options without libxtables. */
  readonly ownChecks?: boolean;
  readonly options: readonly ExtensionOption[];
}

interface Facts {
  readonly tables: readonly { readonly name: TableName; readonly chains: Readonly<Partial<Record<Hook, number>>> }[];
  /** At which priority of a hook what happens; lower comes first. */
  readonly priorities: Readonly<Record<string, number>>;
  readonly matches: readonly Extension[];
  readonly targets: readonly Extension[];
}

const FACTS = table as unknown as Facts;

export const MATCHES = FACTS.matches;
export const TARGETS = FACTS.targets;
export const PRIORITIES = FACTS.priorities;

/**
 * Matches and targets that iptables does not bring along, but many machines have: xtables-addons 3.26, nDPI, OpenWrt, and ULOG, which left
 * the kernel with 3.17. Whether one is there, and which options it has, only the machine knows.
 */
export const FOREIGN_EXTENSIONS: ReadonlySet<string> = new Set(
  `asn condition dhcpmac fuzzy geoip gradm iface ipp2p ipv4options length2 lscan pknock psd quota2 ACCOUNT CHAOS
    DELUDE DHCPMAC DNETMAP ECHO IPMARK LOGMARK PROTO SYSRQ TARPIT ndpi NDPI layer7 webstr weburl bandwidth
    FLOWOFFLOAD FULLCONENAT IMQ RTPENGINE ULOG WGOBFS`.split(/\s+/),
);

/** What ends a packet's way through a chain without an extension. */
export const VERDICTS: readonly string[] = ['ACCEPT', 'DROP', 'QUEUE', 'RETURN'];

/** Bytes of a chain's name: XT_EXTENSION_MAXNAMELEN less its end. */
export const MAX_CHAIN_NAME = 28;

/** Bytes of an interface's name: IFNAMSIZ less its end. */
export const MAX_INTERFACE_NAME = 15;

/** The built-in chains of each table, with the priority of their hook; lower comes first. */
export const CHAINS: Readonly<Record<string, Readonly<Partial<Record<Hook, number>>>>> = Object.fromEntries(
  FACTS.tables.map(({ name, chains }) => [name, chains]),
);

/** The hook of a built-in chain; null for a chain of the user's, and in a table that does not have it. */
export function hookOf(tableName: string, chain: string): Hook | null {
  const chains = CHAINS[tableName];
  return chains && Object.hasOwn(chains, chain) ? (chain as Hook) : null;
}
