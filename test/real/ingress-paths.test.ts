import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { NGINX_PROGRAM } from './nginxOracle.ts';

/** Beyond the ports of the other proofs. */
const [FRONT, BACK] = [18_271, 18_272];

/** What the controller writes for paths: template.go, buildLocation and buildProxyPass of 1.15.1. */
const CONFIG = `daemon off;
pid logs/nginx.pid;
error_log logs/error.log;
events { }
http {
  access_log off;
  server { listen 127.0.0.1:${BACK}; location / { return 200 $request_uri; } }
  server {
    listen 127.0.0.1:${FRONT};
    location ~* "^/plain" { rewrite "(?i)/plain" / break; proxy_pass http://127.0.0.1:${BACK}; }
    location ~* "^/groups(/|$)(.*)" { rewrite "(?i)/groups(/|$)(.*)" /$2 break; proxy_pass http://127.0.0.1:${BACK}; }
    location ~* "^/one(.*)" { rewrite "(?i)/one(.*)" /$2 break; proxy_pass http://127.0.0.1:${BACK}; }
    location = /exact { return 200 exact; }
    location ~* "^/login" { return 200 login; }
    location / { return 404; }
  }
}
`;

const folder = mkdtempSync(join(tmpdir(), 'ingress-paths-'));
mkdirSync(join(folder, 'logs'));
let nginx: ChildProcess;

before(async () => {
  writeFileSync(join(folder, 'nginx.conf'), CONFIG);
  nginx = spawn(NGINX_PROGRAM, ['-p', folder, '-c', join(folder, 'nginx.conf'), '-e', 'stderr'], { stdio: 'ignore' });
  for (let tries = 0; tries < 100; tries++) {
    if ((await answer('GET / HTTP/1.0\r\n\r\n').catch(() => '')) !== '') return;
    await sleep(50);
  }
  assert.fail('nginx does not answer');
});

after(() => {
  nginx.kill();
  rmSync(folder, { recursive: true, force: true });
});

/** All that comes back for what is sent. */
function answer(text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    const socket = connect(FRONT, '127.0.0.1', () => socket.write(text));
    socket.on('data', chunk => chunks.push(chunk));
    socket.on('end', () => resolve(Buffer.concat(chunks).toString()));
    socket.on('error', reject);
  });
}

async function got(path: string): Promise<string> {
  const [head = '', body = ''] = (await answer(`GET ${path} HTTP/1.0\r\nHost: a\r\n\r\n`)).split('\r\n\r\n');
  return head.includes(' 200 ') ? body : (/ (\d{3}) /.exec(head)?.[1] ?? head);
}

describe('ingress/rewrite-without-group', () => {
  const rows: readonly (readonly [path: string, backend: string])[] = [
    ['/plain', '/'],
    ['/plain/style.css', '/'],
    ['/plain/a/b?c=d', '/?c=d'],
    ['/groups/style.css', '/style.css'],
    ['/groups', '/'],
    ['/one/style.css', '/'],
  ];
  for (const [path, backend] of rows)
    it(`${path} reaches the backend as ${backend}`, async () => assert.equal(await got(path), backend));
});

describe('ingress/regex-whole-host', () => {
  const rows: readonly (readonly [path: string, what: string])[] = [
    ['/exact', 'exact'],
    ['/exactly', '404'],
    ['/EXACT', '404'],
    ['/login', 'login'],
    ['/login-as', 'login'],
    ['/LOGIN/anything', 'login'],
  ];
  for (const [path, what] of rows) it(`${path} gets ${what}`, async () => assert.equal(await got(path), what));
});

describe('ingress/proxy-protocol', () => {
  it('has nginx refuse what a balancer begins with', async () => {
    const begun = 'PROXY TCP4 192.0.2.1 192.0.2.2 40000 80\r\nGET /login HTTP/1.0\r\n\r\n';
    assert.match(await answer(begun), / 400 Bad Request/);
  });
});
