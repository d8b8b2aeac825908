import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { commandsOf, lineOf, parseTable, TSV } from '../../scripts/facts/nginx-commands.mts';
import {
  NGINX_CLOSED_ARGUMENTS,
  NGINX_DIRECTIVES,
  type NginxContext,
  type NginxDirectiveFacts,
} from '../../server/src/facts/nginx.ts';
import { directivesIn, takes } from '../../server/src/syntax/nginx/context.ts';
import { NGINX_MODULES, NGINX_PROGRAM, NginxOracle, nginxVersion } from './nginxOracle.ts';

/** The program of this machine and those of its modules that the facts speak of. */
const FILES = [
  NGINX_PROGRAM,
  ...['ndk_http', 'ngx_http_lua', 'ngx_http_headers_more_filter', 'ngx_stream', 'ngx_mail'].map(name =>
    join(NGINX_MODULES, `${name}_module.so`),
  ),
].filter(file => existsSync(file));

const oracle = new NginxOracle();
after(() => oracle.close());

/** Contexts in which a directive is tried. */
const CONTEXTS = (
  [
    'location',
    'server',
    'http',
    'events',
    'main',
    'upstream',
    'limit_except',
    'stream server',
    'stream',
    'stream upstream',
    'mail server',
    'mail',
  ] as const
).filter(context => oracle.can(context));

const FILE = '/etc/hostname';

/** Arguments that the directive takes, where `1` or `on` will not do. */
const ARGUMENTS: Readonly<Record<string, string>> = {
  user: 'root root',
  worker_cpu_affinity: '0001',
  use: 'epoll',
  open_file_cache: 'max=1',
  open_log_file_cache: 'max=1',
  resolver: '127.0.0.1',
  ssl_password_file: FILE,
  proxy_ssl_password_file: FILE,
  grpc_ssl_password_file: FILE,
  uwsgi_ssl_password_file: FILE,
  ssl_ocsp_cache: 'off',
  auth_request: '/a',
  proxy_pass: 'http://127.0.0.1',
  scgi_pass: '127.0.0.1:81',
  fastcgi_pass: '127.0.0.1:81',
  uwsgi_pass: '127.0.0.1:81',
  grpc_pass: '127.0.0.1:81',
  memcached_pass: '127.0.0.1:81',
  proxy_store: 'on',
  fastcgi_store: 'on',
  scgi_store: 'on',
  uwsgi_store: 'on',
  try_files: '/a /b',
  proxy_bind: '127.0.0.1',
  fastcgi_bind: '127.0.0.1',
  scgi_bind: '127.0.0.1',
  uwsgi_bind: '127.0.0.1',
  grpc_bind: '127.0.0.1',
  memcached_bind: '127.0.0.1',
  aio: 'threads',
  request_pool_size: '4k',
  connection_pool_size: '4k',
  http2_pool_size: '4k',
  http2_recv_buffer_size: '256k',
  limit_req_status: '503',
  limit_conn_status: '503',
  gzip_window: '1k',
  gzip_hash: '1k',
  dav_access: 'user:rw',
  proxy_store_access: 'user:rw',
  fastcgi_store_access: 'user:rw',
  scgi_store_access: 'user:rw',
  uwsgi_store_access: 'user:rw',
  limit_except: 'GET',
  timer_resolution: '100ms',
  postpone_output: '1460',
  lock_file: '/tmp/x',
  pid: '/tmp/x',
};

const commands = FILES.flatMap(commandsOf);
const names = new Set(commands.map(({ name }) => name));

/** A question takes nginx some 30 ms: every fifth directive is asked about, and with `DEEP=1` each one. */
const STRIDE = process.env.DEEP ? 1 : 5;

function some<T>(items: readonly T[]): T[] {
  return items.filter((_, i) => i % STRIDE === 0);
}

/** What this nginx can be asked about. */
const askable = NGINX_DIRECTIVES.flatMap(facts => {
  const context = CONTEXTS.find(candidate => facts.contexts.includes(candidate));
  return context && names.has(facts.name) && facts.builds.includes(nginxVersion()) ? [{ facts, context }] : [];
});

describe('the facts about directives', () => {
  it('are what the program of this machine carries within itself', () => {
    const table = parseTable(readFileSync(TSV, 'utf8')).filter(({ versions }) => versions.includes(nginxVersion()));
    assert.ok(table.length > 700, `${nginxVersion()} is one of the versions that were read`);
    const known = new Set(table.map(({ command }) => lineOf(command)));
    assert.deepEqual(
      commands.filter(command => !known.has(lineOf(command))),
      [],
    );
    const refused = commands.filter(({ name, contexts, counts, block }) =>
      contexts
        .filter(context => context !== 'any')
        .some(context => {
          const here = directivesIn(name, context as NginxContext);
          const count = Number.parseInt(counts, 10);
          return !here.some(facts => facts.block === block && takes(facts.counts, count));
        }),
    );
    assert.deepEqual(refused, []);
  });

  it('say where a directive is not allowed', async () => {
    const wrong: string[] = [];
    await each(some(askable), async ({ facts }) => {
      const context = CONTEXTS.find(candidate => directivesIn(facts.name, candidate).length === 0);
      if (!context) return;
      const answer = await oracle.ask(statement(facts, facts.counts?.min ?? 0), context);
      if (answer.kind !== 'refused' || answer.refusal.says !== 'not allowed here')
        wrong.push(`${facts.name} in ${context}: ${JSON.stringify(answer)}`);
    });
    assert.deepEqual(wrong, []);
  });

  it('say how many arguments are refused', async () => {
    const wrong: string[] = [];
    let asked = 0;
    await each(some(askable), async ({ facts, context }) => {
      const { counts } = facts;
      if (counts === null) return;
      const count = counts.max === null ? counts.min - 1 : counts.max + 1;
      if (count < 0) return;
      asked++;
      const answer = await oracle.ask(statement(facts, count), context);
      if (answer.kind !== 'refused' || answer.refusal.says !== 'number of arguments')
        wrong.push(`${facts.name} with ${count}: ${JSON.stringify(answer)}`);
    });
    assert.deepEqual(wrong, []);
    assert.ok(asked > 500 / STRIDE, `${asked}`);
  });

  it('say which take on and off only', async () => {
    const wrong: string[] = [];
    await each(some(askable.filter(({ facts }) => facts.flag)), async ({ facts, context }) => {
      const answer = await oracle.ask(`${facts.name} maybe;`, context);
      if (answer.kind !== 'refused' || answer.refusal.says !== 'flag value')
        wrong.push(`${facts.name}: ${JSON.stringify(answer)}`);
    });
    assert.deepEqual(wrong, []);
  });

  it('say which may stand but once', async () => {
    const wrong: string[] = [];
    await each(some(askable.filter(({ facts }) => facts.once)), async ({ facts, context }) => {
      const once = statement(facts, facts.counts?.min ?? 0);
      const answer = await oracle.ask(`${once}\n${once}`, context);
      if (answer.kind !== 'refused' || answer.refusal.says !== 'duplicate')
        wrong.push(`${once}: ${JSON.stringify(answer)}`);
    });
    assert.deepEqual(wrong, []);
  });

  it('say after which arguments no other directive can begin', async () => {
    const samples: Readonly<Record<string, readonly [NginxContext, string]>> = {
      listen: ['server', 'listen 81'],
      server: ['upstream', 'server 127.0.0.1:81'],
      access_log: ['server', 'access_log off'],
      error_log: ['server', 'error_log stderr'],
      limit_req: ['server', 'limit_req zone=a'],
      proxy_cache_path: ['http', 'proxy_cache_path /tmp/x keys_zone=a:1m'],
    };
    assert.deepEqual(new Set(Object.keys(samples)), NGINX_CLOSED_ARGUMENTS);
    for (const [context, text] of Object.values(samples)) {
      const answer = await oracle.ask(`${text}\nroot a;`, context);
      assert.notEqual(answer.kind, 'taken', text);
    }
  });
});

function statement(facts: NginxDirectiveFacts, count: number): string {
  const { name, block, values, flag, counts } = facts;
  const given = ARGUMENTS[name]?.replace(
    facts.module.startsWith('ngx_stream') ? 'http://127.0.0.1' : '\0',
    '127.0.0.1:81',
  );
  const sample = counts && takes(counts, count) ? given : undefined;
  const argument = values[0] ?? (flag ? 'on' : '1');
  const words = sample ? [name, sample] : [name, ...Array.from({ length: count }, () => argument)];
  return `${words.join(' ')}${block ? ' { }' : ';'}`;
}

async function each<T>(items: readonly T[], ask: (item: T) => Promise<void>): Promise<void> {
  const waiting = [...items];
  const worker = async () => {
    for (let item = waiting.pop(); item !== undefined; item = waiting.pop()) await ask(item);
  };
  await Promise.all([worker(), worker(), worker()]);
}
