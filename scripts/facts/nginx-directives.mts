// Writes server/src/facts/nginxDirectives.json: what nginx programs carry within themselves (nginx-commands.tsv), with the syntax and the
// defaults of nginx's own reference, and a few facts that neither knows. `tsx scripts/facts/nginx-directives.mts`
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type Directive, Format, getDirectives, getVariables } from '@nginx/reference-lib';
import { type Command, parseTable, TSV } from './nginx-commands.mts';

/** A line of the JSON file; see `NginxDirectiveFacts` for what the fields mean. What is false, empty or unknown is left out. */
interface Entry {
  name: string;
  module: string;
  contexts: string[];
  block?: true;
  opens?: string;
  /** Least and greatest number of arguments, null for no greatest; after them, numbers between that are refused. */
  counts?: (number | null)[];
  flag?: true;
  once?: true;
  values?: string[];
  syntax?: string[];
  default?: string;
  builds?: string[];
  since?: string;
  until?: string;
  commercial?: true;
}

/** Setters that answer "is duplicate" to a second one in the same block: src/core/ngx_conf_file.c, ngx_file.c. */
const ONCE_SETTERS =
  /^ngx_conf_set_(?:flag|str|num|size|off|msec|sec|enum|bufs|path|access)_slot$|^ngx_http_set_complex_value(?:_zero|_size)?_slot$/;

/**
 * Directives with a setter of their own that says so: functions of nginx 1.22.1 and of lua-nginx-module 0.10.23 that return
 * "is duplicate" whatever the arguments are. test/real/nginxDirectives.test.ts writes each of them twice.
 */
const ONCE: Readonly<Record<string, string>> = {
  main: 'events http mail stream user worker_processes worker_priority worker_cpu_affinity',
  events: 'worker_connections use',
  http: `root alias limit_except aio directio keepalive_timeout internal open_file_cache resolver expires ssl_password_file ssl_ocsp_cache
    auth_request proxy_pass proxy_store proxy_cache_key proxy_ssl_password_file scgi_pass scgi_store scgi_cache_key
    fastcgi_pass fastcgi_store fastcgi_cache_key uwsgi_pass uwsgi_store uwsgi_cache_key uwsgi_ssl_password_file grpc_pass
    grpc_ssl_password_file memcached_pass userid_expires charset source_charset try_files real_ip_header
    open_log_file_cache auth_basic_user_file proxy_bind fastcgi_bind scgi_bind uwsgi_bind grpc_bind memcached_bind
    lua_package_path lua_package_cpath
    init_by_lua init_by_lua_file init_by_lua_block init_worker_by_lua init_worker_by_lua_file init_worker_by_lua_block
    exit_worker_by_lua_file exit_worker_by_lua_block server_rewrite_by_lua_file server_rewrite_by_lua_block
    rewrite_by_lua rewrite_by_lua_file rewrite_by_lua_block access_by_lua access_by_lua_file access_by_lua_block
    content_by_lua content_by_lua_file content_by_lua_block log_by_lua log_by_lua_file log_by_lua_block
    header_filter_by_lua header_filter_by_lua_file header_filter_by_lua_block
    body_filter_by_lua body_filter_by_lua_file body_filter_by_lua_block balancer_by_lua_file balancer_by_lua_block
    ssl_client_hello_by_lua_file ssl_client_hello_by_lua_block ssl_certificate_by_lua_file ssl_certificate_by_lua_block
    ssl_session_store_by_lua_file ssl_session_store_by_lua_block ssl_session_fetch_by_lua_file ssl_session_fetch_by_lua_block`,
  mail: 'resolver ssl_password_file',
  stream:
    'return resolver ssl_password_file ssl_alpn proxy_pass proxy_bind proxy_ssl_password_file open_log_file_cache',
};

/** What is between the braces of a block directive, by the context around it. */
const OPENS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  events: { main: 'events' },
  http: { main: 'http' },
  mail: { main: 'mail' },
  stream: { main: 'stream' },
  mgmt: { main: 'mgmt' },
  server: { http: 'server', stream: 'stream server', mail: 'mail server' },
  upstream: { http: 'upstream', stream: 'stream upstream' },
  location: { server: 'location', location: 'location' },
  limit_except: { location: 'limit_except' },
  if: { server: 'if in server', location: 'if in location' },
  types: { http: 'types', server: 'types', location: 'types' },
  map: { http: 'map', stream: 'map' },
  geo: { http: 'geo', stream: 'geo' },
  split_clients: { http: 'split_clients', stream: 'split_clients' },
  charset_map: { http: 'charset_map' },
  geoip2: { http: 'geoip2', stream: 'geoip2' },
  acme_issuer: { http: 'acme_issuer' },
  oidc_provider: { http: 'oidc_provider' },
};

/**
 * Versions in which a directive came and after which it is gone: nginx's CHANGES, read for each of them. Where those speak of a module or
 * a protocol alone, the directive came with it: `grpc_pass`, `mirror`, `http3`, `quic_*`, `ssl_ocsp`.
 */
const VERSIONS: Readonly<Record<string, { since?: string; until?: string }>> = {
  absolute_redirect: { since: '1.11.8' },
  auth_delay: { since: '1.17.10' },
  early_hints: { since: '1.29.0' },
  grpc_pass: { since: '1.13.10' },
  grpc_ssl_certificate_cache: { since: '1.27.4' },
  http2: { since: '1.25.1' },
  http3: { since: '1.25.0' },
  http3_hq: { since: '1.25.0' },
  keepalive_min_timeout: { since: '1.27.4' },
  keepalive_time: { since: '1.19.10' },
  limit_conn_dry_run: { since: '1.17.6' },
  limit_req_dry_run: { since: '1.17.1' },
  mirror: { since: '1.13.4' },
  mirror_request_body: { since: '1.13.4' },
  proxy_cookie_flags: { since: '1.19.3' },
  proxy_pass_trailers: { since: '1.27.2' },
  proxy_socket_keepalive: { since: '1.15.6' },
  proxy_ssl_certificate_cache: { since: '1.27.4' },
  proxy_ssl_conf_command: { since: '1.19.4' },
  quic_gso: { since: '1.25.0' },
  quic_retry: { since: '1.25.0' },
  ssl: { until: '1.25.0' },
  ssl_certificate_cache: { since: '1.27.4' },
  ssl_certificate_compression: { since: '1.29.1' },
  ssl_conf_command: { since: '1.19.4' },
  ssl_early_data: { since: '1.15.3' },
  ssl_object_cache_inheritable: { since: '1.27.4' },
  ssl_ocsp: { since: '1.19.0' },
  ssl_reject_handshake: { since: '1.19.4' },
  uwsgi_ssl_certificate_cache: { since: '1.27.4' },
  worker_shutdown_timeout: { since: '1.11.11' },
};

/** stream-lua-nginx-module, src/ngx_stream_lua_module.c at 0314071: the controller is built with it, Debian has no package of it. */
const STREAM_LUA: Readonly<Record<string, readonly [counts: string, names: string]>> = {
  'stream 1': ['1', 'lua_max_running_timers lua_max_pending_timers lua_regex_cache_max_entries lua_regex_match_limit'],
  'stream 2': ['1', 'lua_package_cpath lua_package_path init_by_lua init_by_lua_file lua_malloc_trim'],
  'stream 3': ['1', 'init_worker_by_lua init_worker_by_lua_file'],
  'stream 4': ['2', 'lua_shared_dict'],
  'stream 5': ['0', 'init_by_lua_block init_worker_by_lua_block'],
  'stream,stream server 1': ['1', 'lua_code_cache lua_socket_log_errors lua_check_client_abort'],
  'stream,stream server 2': ['1', 'preread_by_lua_file log_by_lua_file lua_socket_keepalive_timeout'],
  'stream,stream server 3': ['1', 'lua_socket_connect_timeout lua_socket_send_timeout lua_socket_send_lowat'],
  'stream,stream server 4': [
    '1',
    'lua_socket_buffer_size lua_socket_pool_size lua_socket_read_timeout lua_ssl_ciphers',
  ],
  'stream,stream server 5': ['1', 'lua_ssl_verify_depth lua_ssl_trusted_certificate lua_ssl_crl'],
  'stream,stream server 6': ['1+', 'lua_ssl_protocols'],
  'stream,stream server 7': ['0', 'preread_by_lua_block log_by_lua_block'],
  'stream server': ['1', 'content_by_lua content_by_lua_file'],
  'stream server 2': ['0', 'content_by_lua_block'],
  'stream upstream': ['1', 'balancer_by_lua_file'],
  'stream upstream 2': ['0', 'balancer_by_lua_block'],
};

export const FACTS = fileURLToPath(new URL('../../server/src/facts/nginxDirectives.json', import.meta.url));

/** The file as it must be. */
export function nginxDirectives(): string {
  const reference = getDirectives(Format.Markdown);
  const described = new Set<Directive>();
  const built = builtEntries().map(entry => {
    const match = reference.find(directive => describes(directive, entry));
    if (match) described.add(match);
    return match ? { ...entry, ...wordsOf(match) } : entry;
  });
  const onlyDescribed = reference.filter(directive => !described.has(directive)).map(unbuilt);
  const entries = [...built, ...streamLua(), ...onlyDescribed].flatMap(withOpens).map(ordered);
  entries.sort(
    (a, b) => compare(a.name, b.name) || compare(a.module, b.module) || compare(a.contexts.join(), b.contexts.join()),
  );
  const variables = getVariables(Format.Markdown).map(({ name, module }) => ({ name: name.slice(1), module }));
  variables.sort((a, b) => compare(a.name, b.name) || compare(a.module, b.module));
  const head = {
    about:
      'nginx directives and variables. contexts, block, counts, flag, once and values are read from the command tables of the nginx programs in builds (Debian, x86-64, with their modules), merged: a context or a number of arguments counts if one of them allows it. Entries without builds come from the reference alone. since: first version; until: last one.',
    sources: [
      'nginx 1.22.1, 1.26.3 and 1.30.6 (BSD-2-Clause): ngx_command_t tables, read by scripts/facts/nginx-commands.mts',
      '@nginx/reference-lib 1.1.41 (Apache-2.0, F5 Inc., generated from the documentation on nginx.org): syntax, defaults, commercial directives and variables, converted to plain text',
      'lua-nginx-module 0.10.23 to 0.10.29 (BSD-2-Clause), headers-more 0.34 to 0.41 (BSD-2-Clause): command tables',
      'stream-lua-nginx-module, src/ngx_stream_lua_module.c at 0314071 (BSD-2-Clause)',
      'nginx CHANGES: since and until',
    ],
  };
  const list = (values: readonly object[]) => values.map(value => `    ${JSON.stringify(value)}`).join(',\n');
  return `{\n  "about": ${JSON.stringify(head.about)},\n  "sources": ${JSON.stringify(head.sources)},\n  "directives": [\n${list(entries)}\n  ],\n  "variables": [\n${list(variables)}\n  ]\n}\n`;
}

/** One entry for each directive of each module, over all versions. */
function builtEntries(): Entry[] {
  const rows = new Map<string, ReturnType<typeof parseTable>>();
  for (const row of parseTable(readFileSync(TSV, 'utf8'))) {
    const key = `${row.command.module} ${row.command.name}`;
    rows.set(key, [...(rows.get(key) ?? []), row]);
  }
  return [...rows.values()].map(versions => {
    const commands = versions.map(({ command }) => command);
    const [{ name, module }] = commands as [Command];
    const contexts = union(commands.map(command => command.contexts));
    const counts = commands.map(command => numbersOf(command.counts));
    const all = (test: (command: Command) => boolean) => commands.every(test);
    return {
      name,
      module,
      contexts,
      ...(all(({ block }) => block) ? { block: true as const } : {}),
      counts: mergeCounts(counts),
      // The setter decides, not the kind: `ssl_ocsp` is a flag with three values, `uwsgi_cache_background_update` one by another name.
      ...(all(({ setter }) => setter === 'ngx_conf_set_flag_slot') ? { flag: true as const } : {}),
      ...(all(command => saysDuplicate(command)) ? { once: true as const } : {}),
      values: union(commands.map(({ values }) => values)),
      builds: union(versions.map(row => row.versions)).sort(),
    };
  });
}

function saysDuplicate({ name, setter, contexts }: Command): boolean {
  if (ONCE_SETTERS.test(setter)) return true;
  const family = familyOf(contexts[0] ?? '');
  return (
    (ONCE[family] ?? '').split(/\s+/).includes(name) &&
    (name.includes('_by_lua') || !contexts.some(context => context.endsWith('upstream')))
  );
}

function unbuilt(directive: Directive): Entry {
  const family = /^ngx_(http|stream|mail)_/.exec(directive.module)?.[1] ?? 'main';
  const own = (context: string) => (family === 'stream' || family === 'mail' ? `${family} ${context}` : context);
  const contexts = directive.contexts.filter(Boolean).flatMap(context => {
    if (context === 'if') return ['if in server', 'if in location'];
    return context === 'server' || context === 'upstream' ? [own(context)] : [context];
  });
  return {
    name: directive.name,
    module: directive.module,
    contexts,
    ...(directive.isBlock ? { block: true as const } : {}),
    ...wordsOf(directive),
  };
}

/** What the reference says in words. */
function wordsOf({ module, syntax, default: value, description }: Directive): Partial<Entry> {
  return {
    module,
    syntax: syntax.map(plain).filter(Boolean),
    ...(value ? { default: plain(value) } : {}),
    ...(/commercial\s+>?\s*subscription/.test(description) ? { commercial: true as const } : {}),
  };
}

/** The reference marks a placeholder by asterisks, and what is written as it is by backticks. */
function plain(markdown: string): string {
  return markdown
    .replace(/\*`([^`]*)`\*/g, '<$1>')
    .replace(/[`]/g, '')
    .replace(/\s+/g, ' ')
    .trim();
}

function describes(directive: Directive, { name, contexts, module }: Entry): boolean {
  if (directive.name !== name) return false;
  const family = /^ngx_(http|stream|mail)_/;
  if ((family.exec(directive.module)?.[1] ?? '') !== (family.exec(module)?.[1] ?? '')) return false;
  const words = contexts.map(context => context.replace(/^(?:stream|mail) /, '').replace(/^if in server$/, 'if'));
  return contexts.includes('any') || directive.contexts.some(context => words.includes(context));
}

/** A block that opens different contexts in different places becomes an entry for each. */
function withOpens(entry: Entry): Entry[] {
  if (!entry.block) return [entry];
  if (entry.name.endsWith('_by_lua_block')) return [{ ...entry, opens: 'lua' }];
  const opens = OPENS[entry.name] ?? {};
  const kinds = [...new Set(entry.contexts.map(context => opens[context] ?? ''))];
  return kinds.map(kind => ({
    ...entry,
    contexts: entry.contexts.filter(context => (opens[context] ?? '') === kind),
    ...(kind === '' ? {} : { opens: kind }),
  }));
}

function streamLua(): Entry[] {
  return Object.entries(STREAM_LUA).flatMap(([where, [counts, names]]) =>
    names.split(' ').map(name => ({
      name,
      module: 'ngx_stream_lua_module',
      contexts: where.replace(/ \d$/, '').split(','),
      ...(name.endsWith('_block') ? { block: true as const } : {}),
      counts: mergeCounts([numbersOf(counts)]),
    })),
  );
}

/** Fields in one order, without what is empty. */
function ordered(entry: Entry): Entry {
  const {
    name,
    module,
    contexts,
    block,
    opens,
    counts,
    flag,
    once,
    values,
    syntax,
    default: value,
    builds,
    commercial,
  } = entry;
  const versions = /^ngx_stream/.test(module) || !builds ? undefined : VERSIONS[name];
  const fields = {
    name,
    module,
    contexts,
    block,
    opens,
    counts,
    flag,
    once,
    values,
    syntax,
    default: value,
    builds,
    ...versions,
    commercial: builds ? undefined : commercial,
  };
  return Object.fromEntries(
    Object.entries(fields).filter(([, field]) => field !== undefined && !(Array.isArray(field) && field.length === 0)),
  ) as unknown as Entry;
}

interface Counts {
  readonly exact: readonly number[];
  /** From this number on, all. */
  readonly open: number | null;
}

function numbersOf(counts: string): Counts {
  if (counts.endsWith('+')) return { exact: [], open: Number(counts.slice(0, -1)) };
  const exact = counts.split(',').flatMap(part => {
    const [from = 0, to = from] = part.split('-').map(Number);
    return Array.from({ length: to - from + 1 }, (_, i) => from + i);
  });
  return { exact, open: null };
}

function mergeCounts(all: readonly Counts[]): (number | null)[] {
  const exact = [...new Set(all.flatMap(counts => counts.exact))].sort((a, b) => a - b);
  const opens = all.flatMap(({ open }) => open ?? []);
  if (opens.length > 0) return [Math.min(...opens, ...exact), null];
  const [min = 0] = exact;
  const max = exact.at(-1) ?? 0;
  const holes = Array.from({ length: max - min + 1 }, (_, i) => min + i).filter(count => !exact.includes(count));
  return [min, max, ...holes];
}

function familyOf(context: string): string {
  if (/^(?:stream|mail)/.test(context)) return context.split(' ')[0] ?? '';
  return context === 'main' || context === 'events' ? context : 'http';
}

function union(lists: readonly (readonly string[])[]): string[] {
  return [...new Set(lists.flat())];
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(FACTS, nginxDirectives());
