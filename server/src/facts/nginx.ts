import table from './nginxDirectives.json';

/** Where a directive may stand, as nginx's own tables part it: what is between the braces of which block. */
export type NginxContext =
  | 'main'
  | 'events'
  | 'http'
  | 'server'
  | 'location'
  | 'if in server'
  | 'if in location'
  | 'limit_except'
  | 'upstream'
  | 'stream'
  | 'stream server'
  | 'stream upstream'
  | 'mail'
  | 'mail server'
  | 'mgmt'
  | 'acme_issuer'
  | 'oidc_provider'
  | NginxEntryContext
  | 'lua';

/** Blocks that hold entries of their own, not directives. */
export type NginxEntryContext = 'types' | 'map' | 'geo' | 'split_clients' | 'charset_map' | 'geoip2';

/** How many arguments a directive takes, the name not counted. */
export interface NginxArgumentCounts {
  readonly min: number;
  /** Null where there is no greatest number. */
  readonly max: number | null;
  /** Numbers in between that are refused: `tcp_nodelay` takes one, `add_header` two or three, some one or three. */
  readonly not: readonly number[];
}

/** One directive of one module. Several modules may have one of the same name, for different contexts. */
export interface NginxDirectiveFacts {
  readonly name: string;
  readonly module: string;
  /** Every context in which some nginx of `builds` takes it; empty for one that may stand anywhere. */
  readonly contexts: readonly NginxContext[];
  /** True if it is followed by `{`, never by `;`. */
  readonly block: boolean;
  /** The context between its braces; null where nobody recorded it, and for directives without braces. */
  readonly opens: NginxContext | null;
  /** Null where nobody recorded it. */
  readonly counts: NginxArgumentCounts | null;
  /** True if its one argument must be `on` or `off`, in any case. */
  readonly flag: boolean;
  /** True if nginx refuses a second one in the same block: "is duplicate". */
  readonly once: boolean;
  /** Words that nginx looks an argument up in; empty if it does not, or nobody recorded them. */
  readonly values: readonly string[];
  /** Forms, with `<placeholder>` for what is not written as it is. */
  readonly syntax: readonly string[];
  /** Null where the reference names none. */
  readonly default: string | null;
  /** nginx versions whose own tables were read and have it; empty if only the documentation speaks of it. */
  readonly builds: readonly string[];
  /** First version that has it; null where that is not known. */
  readonly since: string | null;
  /** Last version that has it. */
  readonly until: string | null;
  /** True if its own entry says that it needs a subscription; for whole modules the reference does not say. */
  readonly commercial: boolean;
}

/** A variable; a name that ends in `NAME` stands for all that begin like it. */
export interface NginxVariable {
  /** Without the `$`. */
  readonly name: string;
  readonly module: string;
}

/** How many words an entry of such a block takes, and the words that may stand alone. */
export interface NginxEntryFacts {
  /** Null where nginx does not look. */
  readonly words: number | null;
  readonly alone: readonly string[];
}

/**
 * ngx_http_map and ngx_http_geo of nginx 1.22.1 ("invalid number of the … parameters"), ngx_http_charset_map ("invalid
 * parameters number"), ngx_http_core_type; a geoip2 block and a split_clients block count for themselves.
 */
export const NGINX_ENTRIES: Readonly<Record<NginxEntryContext, NginxEntryFacts>> = Object.freeze({
  map: { words: 2, alone: ['hostnames', 'volatile'] },
  geo: { words: 2, alone: ['ranges', 'proxy_recursive'] },
  charset_map: { words: 2, alone: [] },
  types: { words: null, alone: [] },
  split_clients: { words: null, alone: [] },
  geoip2: { words: null, alone: [] },
});

/**
 * Directives that take any number of arguments, and from the second on only words and `name=value` pairs of their own: nginx refuses the
 * name of another directive there ("invalid parameter", "invalid log level"), as test/real/nginxDirectives.test.ts shows.
 */
export const NGINX_CLOSED_ARGUMENTS: ReadonlySet<string> = new Set([
  'listen',
  'server',
  'access_log',
  'error_log',
  'limit_req',
  'proxy_cache_path',
]);

/** What is left out of nginx in the controller's images: rootfs/etc/nginx and images/nginx build scripts of ingress-nginx. */
export const CONTROLLER_COMPILED_OUT = Object.freeze({
  directives: Object.freeze(['root', 'alias']),
  /** Controller version. */
  since: '1.2.1',
});

interface Entry {
  readonly name: string;
  readonly module: string;
  readonly contexts: readonly string[];
  readonly block?: boolean;
  readonly opens?: string;
  readonly counts?: readonly (number | null)[];
  readonly flag?: boolean;
  readonly once?: boolean;
  readonly values?: readonly string[];
  readonly syntax?: readonly string[];
  readonly default?: string;
  readonly builds?: readonly string[];
  readonly since?: string;
  readonly until?: string;
  readonly commercial?: boolean;
}

const NONE: readonly string[] = Object.freeze([]);

const entries: readonly Entry[] = table.directives;

/** All directives, in the order of their names. */
export const NGINX_DIRECTIVES: readonly NginxDirectiveFacts[] = Object.freeze(entries.map(read));

/** All variables, in the order of their names. */
export const NGINX_VARIABLES: readonly NginxVariable[] = Object.freeze(
  table.variables.map(variable => Object.freeze(variable)),
);

const byName = new Map<string, readonly NginxDirectiveFacts[]>();
for (const directive of NGINX_DIRECTIVES)
  byName.set(directive.name, Object.freeze([...(byName.get(directive.name) ?? []), directive]));

const UNKNOWN: readonly NginxDirectiveFacts[] = Object.freeze([]);

/** What is known of a directive, one item for each module that has one; empty for a name that nobody knows. */
export function nginxDirectives(name: string): readonly NginxDirectiveFacts[] {
  return byName.get(name) ?? UNKNOWN;
}

function read(entry: Entry): NginxDirectiveFacts {
  const [min = 0, max = 0, ...not] = entry.counts ?? [];
  return Object.freeze({
    name: entry.name,
    module: entry.module,
    contexts: Object.freeze(entry.contexts.filter(context => context !== 'any') as NginxContext[]),
    block: entry.block ?? false,
    opens: (entry.opens ?? null) as NginxContext | null,
    counts: entry.counts ? Object.freeze({ min: min ?? 0, max, not: Object.freeze(not as number[]) }) : null,
    flag: entry.flag ?? false,
    once: entry.once ?? false,
    values: Object.freeze(entry.values ?? NONE),
    syntax: Object.freeze(entry.syntax ?? NONE),
    default: entry.default ?? null,
    builds: Object.freeze(entry.builds ?? NONE),
    since: entry.since ?? null,
    until: entry.until ?? null,
    commercial: entry.commercial ?? false,
  });
}
