// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the variables are those of nginx
import type { NginxContext } from '../../../server/src/facts/nginx.ts';

/** A text that nginx takes, or one with something wrong in it, and the context that it is made for. */
export interface GeneratedText {
  readonly text: string;
  readonly context: NginxContext;
  /** False if it was damaged. */
  readonly whole: boolean;
}

/** Statements that nginx takes wherever they stand in such a block, each at most once. */
const STATEMENTS: Readonly<Partial<Record<NginxContext, readonly string[]>>> = {
  main: [
    'worker_processes 2;',
    'worker_rlimit_nofile 1024;',
    'error_log stderr info;',
    'env TZ;',
    'timer_resolution 100ms;',
  ],
  events: [
    'worker_connections 512;',
    'multi_accept on;',
    'accept_mutex off;',
    'use epoll;',
    'debug_connection 10.0.0.0/8;',
  ],
  http: [
    'gzip on;',
    'sendfile OFF;',
    'keepalive_timeout 65s 60;',
    `log_format main '$remote_addr - "$request" \${status}'\n    '"\\t$http_referer"';`,
    'map $host $mapped {\n    default 0;\n    hostnames;\n    "~^a{2}" "1 2";\n  }',
    'geo $geo { default 0; 10.0.0.0/8 1; }',
    'types { text/html html htm; image/png png }',
    'upstream u { server 127.0.0.1:81 weight=2; keepalive 4; }',
    'split_clients "$host" $side { 50% a; * b; }',
    'proxy_buffers 8 16k;',
    'add_header X-A "a;b" always;',
    'limit_req_zone $binary_remote_addr zone=one:1m rate=1r/s;',
    'lua_shared_dict cache 1m;',
    'init_by_lua_block {\n    local a = { b = "}" } -- }\n    c = [==[ } ]] ]==]\n  }',
  ].map(statement => statement.replace('png }', 'png; }')),
  server: [
    'listen 127.0.0.1:8080 default_server;',
    'server_name a.example *.b.example;',
    'server_tokens off;',
    'if ($host ~* "^(a|b){1,2}$") {\n    return 301 https://$host$request_uri;\n  }',
    'client_max_body_size 8m;',
    'error_page 500 502 = /50x.html;',
    `set $quoted 'it\\'s';`,
    'rewrite ^/a\\;b/(.*)$ /c/$1 break;',
    'set_by_lua_block $x { return "{" }',
    'proxy_set_header Host $host;',
    'large_client_header_buffers 4 16k;',
    'etag on;',
  ],
  location: [
    'return 200 "a b";',
    'proxy_pass http://127.0.0.1:81;',
    'proxy_set_header X-Real-IP $remote_addr;',
    'proxy_set_header Connection "";',
    'more_set_headers "X-A: b" \'X-C: d\';',
    'limit_except GET { deny all; }',
    'expires 1h;',
    'internal;',
    'add_header X-B ${host}x always;',
    'proxy_next_upstream error timeout http_502;',
    'access_by_lua_block {\n      if ngx.var.a == \'"\' then return end -- "\n    }',
    'gzip_types text/css text/xml;',
    'try_files $uri =404;',
    'satisfy any;',
    'allow 10.0.0.0/8;',
    'deny all;',
    'if ($request_method = POST) { set $posted 1; }',
  ],
};

const BLOCKS: Readonly<Partial<Record<NginxContext, readonly (readonly [string, NginxContext])[]>>> = {
  main: [['http', 'http']],
  http: [['server', 'server']],
  server: [
    ['location /a', 'location'],
    ['location ~ "\\.(js|css)$"', 'location'],
    ['location @named', 'location'],
  ],
};

const COMMENTS = ['# a comment; with { and " in it', "# it's one", '#'];
const BITS = [';', '{', '}', '"', "'", '#', '\\', '$', ' ', '\n', 'x', ')'];

/** Numbers from 0 to 1, the same ones for the same seed: mulberry32. */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Two of three texts are damaged in one or two places. The same texts for the same seed. */
export function generatedTexts(count: number, seed = 20261122): GeneratedText[] {
  const random = randomFrom(seed);
  return Array.from({ length: count }, (_, i) => {
    const writer = new Writer(random);
    const context = writer.oneOf(['main', 'http', 'server', 'location'] as const);
    const text = writer.block(context, 0);
    const whole = i % 3 === 0;
    return { context, whole, text: whole ? text : writer.damaged(text) };
  });
}

class Writer {
  private readonly random: () => number;

  constructor(random: () => number) {
    this.random = random;
  }

  oneOf<T>(items: readonly T[]): T {
    return items[Math.floor(this.random() * items.length)] as T;
  }

  /** What may stand between the braces of such a block, lines indented. */
  block(context: NginxContext, depth: number): string {
    const indent = '  '.repeat(depth);
    const parts = [...(STATEMENTS[context] ?? [])].filter(() => this.random() < 0.3);
    if (context === 'main') parts.push(`events {\n${this.block('events', 1)}}`);
    for (const [header, inner] of BLOCKS[context] ?? []) {
      const space = this.oneOf([' ', '  ', '\n', '']);
      if (this.random() < 0.7) parts.push(`${header}${space}{\n${this.block(inner, depth + 1)}${indent}}`);
    }
    if (this.random() < 0.3) parts.push(this.oneOf(COMMENTS));
    const eol = this.random() < 0.05 ? '\r\n' : '\n';
    return parts.map(part => `${indent}${part}${this.random() < 0.1 ? ' # trailing' : ''}${eol}`).join('');
  }

  damaged(text: string): string {
    let result = text;
    for (let i = this.random() < 0.7 ? 1 : 2; i > 0; i--) result = this.damagedOnce(result);
    return result;
  }

  private damagedOnce(text: string): string {
    const at = Math.floor(this.random() * (text.length + 1));
    const punctuation = [...text.matchAll(/[;{}"']/g)].map(({ index }) => index);
    const lines = text.split('\n');
    const line = Math.floor(this.random() * lines.length);
    switch (Math.floor(this.random() * 7)) {
      case 0:
        return text.slice(0, at) + text.slice(at + 1);
      case 1:
        return text.slice(0, at) + this.oneOf(BITS) + text.slice(at);
      case 2: {
        const gone = this.oneOf(punctuation) ?? at;
        return text.slice(0, gone) + text.slice(gone + 1);
      }
      case 3:
        return [...lines.slice(0, line), ...lines.slice(line + 1)].join('\n');
      case 4:
        return [...lines.slice(0, line), lines[line], ...lines.slice(line)].join('\n');
      case 5: {
        const strange = this.oneOf(Object.values(STATEMENTS).flat());
        return [...lines.slice(0, line), strange, ...lines.slice(line)].join('\n');
      }
      default:
        return text.replace(
          /(\w+)(;|\s\{)/,
          (_, word: string, end: string) => `${word} ${this.oneOf(['more', 'on', 'a b c'])}${end}`,
        );
    }
  }
}
