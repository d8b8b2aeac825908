import assert from 'node:assert/strict';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { get } from 'node:http';
import { connect } from 'node:http2';
import { connect as connectSocket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { Core } from '../../server/src/core.ts';
import { TEMPLATE_DIRECTIVES, TEMPLATE_MORE, type TemplateBlock } from '../../server/src/facts/ingressNginxTemplate.ts';
import { NGINX_MODULES, NGINX_PROGRAM, nginxVersion } from './nginxOracle.ts';

const folder = mkdtempSync(join(tmpdir(), 'nginx-rules-'));
mkdirSync(join(folder, 'logs'));
after(() => rmSync(folder, { recursive: true }));

const [, MINOR = 0, PATCH = 0] = nginxVersion().split('.').map(Number);
const HAS_HTTP2_DIRECTIVE = MINOR > 25 || (MINOR === 25 && PATCH >= 1);

/** What `nginx -t` refuses a whole configuration for; null if it takes it. */
function refusal(text: string): string | null {
  const { stderr } = told(text);
  return /\[emerg\] \d+#\d+: (.*)/.exec(stderr)?.[1] ?? null;
}

function told(text: string): { readonly stderr: string } {
  const file = join(folder, 'nginx.conf');
  writeFileSync(file, text);
  return spawnSync(NGINX_PROGRAM, ['-t', '-p', folder, '-c', file, '-e', 'stderr'], { encoding: 'utf8' });
}

function findings(text: string, rule: string): readonly string[] {
  const core = new Core(message => assert.fail(message));
  core.put('nginx.conf', text);
  return core.findings('nginx.conf').flatMap(each => (each.rule === rule ? [each.message] : []));
}

/** The same numbers in every run: a linear congruential generator. */
function dice(seed: number): <T>(...sides: readonly T[]) => T {
  let state = seed;
  return (...sides) => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return sides[Math.floor((state / 2 ** 31) * sides.length)] as (typeof sides)[number];
  };
}

describe('nginx/proxy-buffers', () => {
  const BUFFERS = /buffers|_max_temp_file_size|_temp_file_write_size/;

  function sample(seed: number, written: (setting: string, roll: ReturnType<typeof dice>) => boolean): string {
    const roll = dice(seed);
    const family = roll('proxy', 'fastcgi', 'uwsgi', 'scgi');
    const size = () => roll('1k', '4k', '8K', '12k', '16k', '32k', '64k', '128k', '1m', '20000');
    const level = () =>
      [
        ['buffer_size', size()],
        ['buffers', `${roll(1, 2, 3, 4, 4, 8, 8, 16, 32)} ${size()}`],
        ['busy_buffers_size', size()],
        ['temp_file_write_size', roll(size(), '2m')],
        ['max_temp_file_size', roll('0', '1024m', size())],
      ]
        .filter(([setting = '']) => written(setting, roll))
        .map(([setting, value]) => `${family}_${setting} ${value};`)
        .join(' ');
    return `events {} http { access_log off; ${level()} server { listen 127.0.0.1:1; ${level()} location / { ${level()} } } }`;
  }

  it('says what nginx -t says where all sizes are written', () => {
    let refused = 0;
    for (let seed = 1; seed <= 300; seed++) {
      // At most one level has each of them, http always the rest: no default is in force.
      let isOutermost = 5;
      const text = sample(seed, (_, roll) => isOutermost-- > 0 || roll(false, false, true));
      const theirs = refusal(text);
      assert.ok(theirs === null || BUFFERS.test(theirs), theirs ?? '');
      assert.equal(findings(text, 'nginx/proxy-buffers').length > 0, theirs !== null, `${theirs}\n${text}`);
      if (theirs) refused++;
    }
    assert.ok(refused > 50 && refused < 290, `${refused} refused`);
  });

  it('says nothing of what nginx -t takes where defaults are in force', () => {
    let [refused, told] = [0, 0];
    for (let seed = 1; seed <= 300; seed++) {
      const text = sample(seed, (_, roll) => roll(false, false, true));
      const isRefused = refusal(text) !== null;
      const isTold = findings(text, 'nginx/proxy-buffers').length > 0;
      assert.ok(isRefused || !isTold, text);
      if (isRefused) refused++;
      if (isTold) told++;
    }
    const page = execFileSync('getconf', ['PAGESIZE'], { encoding: 'utf8' }).trim();
    console.log(`pages of ${page}: ${refused} of 300 refused, ${told} of them told without knowing the page size`);
    assert.ok(told > 50, `${told} told`);
  });
});

describe('ingress/config-buffers and ingress/annotation-buffers', () => {
  /** What the template writes into a location, of keys and defaults. */
  const location = (keys: Readonly<Record<string, string>>) => {
    const size = keys['proxy-buffer-size'] ?? '4k';
    const busy = keys['proxy-busy-buffers-size'];
    return `proxy_buffer_size ${size}; proxy_buffers ${keys['proxy-buffers-number'] ?? '4'} ${size};
      ${busy ? `proxy_busy_buffers_size ${busy};` : ''} proxy_max_temp_file_size ${keys['proxy-max-temp-file-size'] ?? '1024m'};`;
  };

  it('say what nginx -t says of what the controller would write', () => {
    let refused = 0;
    for (let seed = 1; seed <= 300; seed++) {
      const roll = dice(seed);
      const drawn = (name: string, ...values: readonly string[]) =>
        roll(true, false) ? [[name, roll(...values)]] : [];
      const keys: Readonly<Record<string, string>> = Object.fromEntries([
        ...drawn('proxy-buffer-size', '1k', '4k', '8k', '16k', '128k'),
        ...drawn('proxy-buffers-number', '1', '2', '3', '4', '8', '16'),
        ...drawn('proxy-busy-buffers-size', '2k', '8k', '16k', '64k', '256k'),
        ...drawn('proxy-max-temp-file-size', '0', '2k', '64k', '1024m'),
      ]);
      const text = `events {} http { access_log off; server { listen 127.0.0.1:1; location / { ${location(keys)} } } }`;
      const theirs = refusal(text);
      const lines = (prefix: string) => Object.entries(keys).map(([name, value]) => `${prefix}${name}: "${value}"\n`);
      const core = new Core(message => assert.fail(message));
      const config = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ingress-nginx-controller\ndata:\n';
      core.put('configmap.yaml', `${config}  use-gzip: "true"\n${lines('  ').join('')}`);
      const found = core.findings('configmap.yaml').filter(({ rule }) => rule === 'ingress/config-buffers');
      assert.equal(found.length > 0, theirs !== null, `${theirs}\n${JSON.stringify(keys)}`);
      core.put('configmap.yaml', `${config}  use-gzip: "true"\n`);
      core.put(
        'ingress.yaml',
        `apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata:\n  annotations:\n    nginx.ingress.kubernetes.io/ssl-redirect: "true"\n${lines('    nginx.ingress.kubernetes.io/').join('')}`,
      );
      const own = core.findings('ingress.yaml').filter(({ rule }) => rule === 'ingress/annotation-buffers');
      assert.equal(own.length > 0, theirs !== null, `${theirs}\n${JSON.stringify(keys)}`);
      if (theirs) refused++;
    }
    assert.ok(refused > 50 && refused < 290, `${refused} refused`);
  });
});

describe('nginx/snippet-hits-every-host', () => {
  /** The servers that the controller writes for two hosts, with its ConfigMap's snippets where they land. */
  const servers = (snippets: { readonly server?: string; readonly location?: string }) =>
    ['a.example.com', 'b.example.com', '_']
      .map(
        name =>
          `server { listen unix:${folder}/socket${name === '_' ? ' default_server' : ''}; server_name ${name};
             location / { ${snippets.location ?? ''} proxy_pass http://unix:${folder}/backend; } ${snippets.server ?? ''} }`,
      )
      .concat(`server { listen unix:${folder}/backend; location / { return 200; } }`)
      .join('\n');

  for (const [name, snippets, expected] of [
    ['without a snippet', {}, 200],
    ['return 444 in every server', { server: 'return 444;' }, 'closed'],
    ['return 503 in every location', { location: 'return 503;' }, 503],
    ['return in a location alone', { server: 'location /health { return 503; }' }, 200],
    ['an exception before it', { server: 'if ($host) { break; } return 444;' }, 200],
  ] as const) {
    it(name, async () => {
      const answers = await answersOf(servers(snippets), ['a.example.com', 'b.example.com', 'c.example.com']);
      assert.deepEqual(answers, [expected, expected, expected]);
    });
  }
});

describe('nginx/repeats-controller-directive', () => {
  const AROUND: Readonly<Record<TemplateBlock, (text: string) => string>> = {
    main: text => `${text} events {}`,
    http: text => `events {} http { ${text} }`,
    server: text => `events {} http { server { ${text} } }`,
    location: text => `events {} http { server { location / { ${text} } } }`,
    auth: text => `events {} http { server { location / { ${text} } } }`,
  };
  const VALUES: Readonly<Record<string, string>> = {
    aio: 'threads',
    proxy_buffers: '8 4k',
    large_client_header_buffers: '4 8k',
    ssl_ecdh_curve: 'auto',
    proxy_http_version: '1.1',
    default_type: 'text/html',
    limit_req_status: '503',
    limit_conn_status: '503',
    pid: 'nginx.pid',
    lua_package_path: '"/x/?.lua;;"',
    internal: '',
    gzip_http_version: '1.1',
    gzip_comp_level: '5',
    gzip_min_length: '256',
    ssl_ciphers: 'HIGH',
    ssl_dhparam: 'dh.pem',
    proxy_pass: 'http://127.0.0.1:1',
  };
  const modules = ['ndk_http_module', 'ngx_http_lua_module']
    .map(name => join(NGINX_MODULES, `${name}.so`))
    .filter(existsSync)
    .map(file => `load_module ${file}; `)
    .join('');

  /** With a value of the kind that its name suggests. */
  function written(name: string): string {
    if (name.endsWith('_block')) return `${name} { local x = 1 }`;
    if (name.endsWith('_file')) return `${name} x.lua;`;
    const value = /_path$/.test(name)
      ? 'temp'
      : /size$|streams$|requests$|processes$|nofile$|tries$/.test(name)
        ? '4096'
        : '';
    return `${name} ${VALUES[name] ?? (value || (/timeout$/.test(name) ? '60s' : 'on'))};`;
  }

  for (const block of ['main', 'http', 'server', 'location', 'auth'] as const) {
    const conditional = TEMPLATE_MORE[block].filter(({ when }) => when !== null);
    for (const { name } of [...TEMPLATE_DIRECTIVES[block], ...conditional]) {
      // Without its module in this nginx there is nothing to see.
      if (name === 'http2' && !HAS_HTTP2_DIRECTIVE) continue;
      const skip = name.includes('lua_') && modules === '';
      it(`${name} in ${block}`, { skip }, () => {
        const once = refusal(modules + AROUND[block](written(name)));
        assert.ok(once === null || !/duplicate|unknown directive|not allowed/.test(once), once ?? '');
        // The controller has changed from blocks to files: one stands in the way of the other.
        const other = name.endsWith('_block')
          ? name.replace('_block', '_file')
          : name.replace(/(?<=_by_lua)_file$/, '_block');
        for (const first of [name, other]) {
          assert.match(refusal(modules + AROUND[block](`${written(first)} ${written(name)}`)) ?? '', /is duplicate/);
        }
      });
    }
  }
});

describe('nginx/catch-all', () => {
  for (const [name, servers, expected] of [
    [
      'an underscore is no wildcard',
      [
        ['', 'a.example.com'],
        ['', '_'],
      ],
      201,
    ],
    [
      'the first server is the default',
      [
        ['', '_'],
        ['', 'a.example.com'],
      ],
      201,
    ],
    [
      'but for one that is marked',
      [
        ['', 'a.example.com'],
        [' default_server', '_'],
      ],
      202,
    ],
    [
      'wherever that is',
      [
        [' default_server', 'a.example.com'],
        ['', '_'],
      ],
      201,
    ],
  ] as const) {
    it(name, async () => {
      const http = servers.map(
        ([parameter, serverName], i) =>
          `server { listen unix:${folder}/socket${parameter}; server_name ${serverName}; return ${201 + i}; }`,
      );
      assert.deepEqual(await answersOf(http.join('\n'), ['unknown.example.com', 'unknown']), [expected, expected]);
    });
  }
});

describe('the fix of nginx/catch-all that hangs up on unknown names', () => {
  const sites = ['a', 'b']
    .map(
      (name, i) =>
        `server {\n listen unix:${folder}/socket;\n listen 127.0.0.1:8443 ssl;\n server_name ${name}.example.com;\n ssl_certificate ${folder}/tls.pem;\n ssl_certificate_key ${folder}/tls.pem;\n return ${201 + i};\n}`,
    )
    .join('\n');
  const around = (http: string) => `events {}\nhttp {\n${http}\n}\n`;

  function fixed(text: string): string {
    const core = new Core(message => assert.fail(message));
    core.put('nginx.conf', text);
    const [finding] = core.findings('nginx.conf').filter(({ rule }) => rule === 'nginx/catch-all');
    const [fix] = finding?.fixes ?? [];
    const [edit] = (finding && fix && core.editsOf('nginx.conf', finding, fix)) ?? [];
    assert.ok(edit);
    const lines = text.split('\n');
    const { line, character } = edit.range.start;
    const at = lines.slice(0, line).join('\n').length + 1 + character;
    return text.slice(0, at) + edit.newText + text.slice(at);
  }

  it('is what nginx takes, and does', async () => {
    execFileSync('sh', [
      '-c',
      `openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=x -days 2 -keyout ${folder}/tls.pem -out ${folder}/cert.pem 2>/dev/null && cat ${folder}/cert.pem >>${folder}/tls.pem`,
    ]);
    const before = around(sites);
    const after = fixed(before);
    assert.match(after, /ssl_reject_handshake on;/);
    assert.equal(told(after).stderr.match(/\[(?:emerg|warn)\].*/), null);
    const asked = ['a.example.com', 'b.example.com', 'c.example.com'];
    const http = (text: string) => text.replace(/^events \{\}\nhttp \{\n|\}\n$/g, '');
    assert.deepEqual(await answersOf(http(before), asked), [201, 202, 201]);
    assert.deepEqual(await answersOf(http(after), asked), [201, 202, 'closed']);
  });
});

describe('nginx/http2-of-socket', () => {
  for (const [name, parameter, expected] of [
    ['with http2 at the other server', ' http2', '204'],
    ['without', '', 'no HTTP/2'],
  ] as const) {
    it(name, async () => {
      const http = `server { listen unix:${folder}/socket${parameter}; server_name a.example.com; return 200; }
        server { listen unix:${folder}/socket; server_name b.example.com; return 204; }`;
      await served(http, async socketPath => {
        const answer = await new Promise<string>(resolve => {
          const session = connect('http://b.example.com', { createConnection: () => connectSocket(socketPath) });
          session.on('error', () => resolve('no HTTP/2'));
          session
            .request({ ':path': '/' })
            .on('response', headers => resolve(String(headers[':status'])))
            .on('error', () => resolve('no HTTP/2'))
            .on('close', () => session.destroy())
            .resume();
        });
        assert.equal(answer, expected);
      });
    });
  }
});

describe('nginx/listen-http2', () => {
  const isNew = HAS_HTTP2_DIRECTIVE;

  it(`nginx ${nginxVersion()} ${isNew ? 'warns of the parameter' : 'takes the parameter without a word'}`, () => {
    const text = 'events {} http { access_log off; server { listen 127.0.0.1:1 http2; } }';
    const { stderr } = told(text);
    assert.doesNotMatch(stderr, /\[emerg\]/);
    assert.equal(/\[warn\].*"listen \.\.\. http2" directive is deprecated/.test(stderr), isNew);
  });

  it(`nginx ${nginxVersion()} ${isNew ? 'takes' : 'refuses'} the directive`, () => {
    const { stderr } = told('events {} http { access_log off; server { listen 127.0.0.1:1; http2 on; } }');
    assert.equal(/unknown directive "http2"/.test(stderr), !isNew);
  });
});

describe('nginx/ssl-directive', () => {
  const text = 'events {}\nhttp {\n access_log off;\n server {\n listen 127.0.0.1:1;\n ssl off;\n }\n}\n';

  it(`nginx ${nginxVersion()} ${HAS_HTTP2_DIRECTIVE ? 'does not know it' : 'warns of it'}`, () => {
    const { stderr } = told(text);
    assert.match(stderr, HAS_HTTP2_DIRECTIVE ? /unknown directive "ssl"/ : /\[warn\].*"ssl" directive is deprecated/);
  });

  it('is what the fix takes out', () => {
    const core = new Core(message => assert.fail(message));
    core.put('nginx.conf', text);
    const fixed = core.fixAll('nginx.conf') ?? '';
    assert.doesNotMatch(fixed, /ssl/);
    assert.doesNotMatch(told(fixed).stderr, /\[(?:emerg|warn)\]/);
  });
});

/** The status that a real nginx answers each host with, or that it closed the connection. */
async function answersOf(http: string, hosts: readonly string[]): Promise<readonly (number | 'closed')[]> {
  return await served(http, socketPath =>
    Promise.all(
      hosts.map(
        host =>
          new Promise<number | 'closed'>(resolve => {
            get({ socketPath, path: '/', headers: { host }, agent: false }, answer => {
              answer.resume();
              resolve(answer.statusCode ?? 0);
            }).on('error', () => resolve('closed'));
          }),
      ),
    ),
  );
}

/** Asks a real nginx that listens at a socket in the folder, and ends it. */
async function served<T>(http: string, ask: (socketPath: string) => Promise<T>): Promise<T> {
  const file = join(folder, 'served.conf');
  const socketPath = join(folder, 'socket');
  writeFileSync(file, `daemon off; master_process off; pid ${folder}/pid; events {} http { access_log off; ${http} }`);
  const nginx = spawn(NGINX_PROGRAM, ['-p', folder, '-c', file, '-e', 'stderr'], { stdio: 'ignore' });
  const ended = new Promise(resolve => nginx.on('exit', resolve));
  try {
    // A socket is there before anybody listens at it.
    for (let i = 0; i < 200 && !(await accepts(socketPath)); i++) await new Promise(resolve => setTimeout(resolve, 25));
    return await ask(socketPath);
  } finally {
    nginx.kill('SIGTERM');
    await ended;
    for (const name of ['socket', 'backend']) rmSync(join(folder, name), { force: true });
  }
}

function accepts(socketPath: string): Promise<boolean> {
  return new Promise(resolve => {
    const socket = connectSocket(socketPath, () => {
      socket.destroy();
      resolve(true);
    }).on('error', () => resolve(false));
  });
}
