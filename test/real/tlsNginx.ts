import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { TLS_GROUPS } from '../../server/src/facts/tlsGroups.ts';
import type { TlsServer } from '../../server/src/simulate/handshake.ts';

const env = { ...process.env, PATH: `${process.env.PATH}:/usr/sbin:/sbin`, LC_ALL: 'C' };

/** Debian's nginx with one socket for each server; every page says what was negotiated. */
export class RealNginx {
  readonly ports: readonly number[];
  readonly #folder: string;
  readonly #process: ChildProcess;

  private constructor(folder: string, ports: readonly number[], running: ChildProcess) {
    this.#folder = folder;
    this.ports = ports;
    this.#process = running;
  }

  /** Such as `1.22.1`. */
  static version(): string {
    const { stderr } = spawnSync('nginx', ['-v'], { env, encoding: 'utf8' });
    return /nginx\/([\d.]+)/.exec(stderr)?.[1] ?? '';
  }

  static async start(servers: readonly TlsServer[]): Promise<RealNginx> {
    const ports = await freePorts(servers.length);
    return RealNginx.#run(
      ports,
      servers.map((server, i) => serverBlock(server, `127.0.0.1:${ports[i]}`)),
    );
  }

  /** Servers with an RSA certificate on one socket, the first of them its default; each is given by its directives. */
  static async startSharing(servers: readonly string[]): Promise<RealNginx> {
    const ports = await freePorts(1);
    const own = `listen 127.0.0.1:${ports[0]} ssl; ssl_certificate RSA.crt; ssl_certificate_key RSA.key;`;
    return RealNginx.#run(
      ports,
      servers.map(directives => `server { ${own} ${directives} }`),
    );
  }

  static async #run(ports: readonly number[], blocks: readonly string[]): Promise<RealNginx> {
    const folder = mkdtempSync(join(tmpdir(), 'ingress-path-'));
    makeKeys(folder);
    writeFileSync(join(folder, 'nginx.conf'), configuration(blocks));
    const running = spawn('nginx', ['-p', folder, '-c', 'nginx.conf', '-e', 'error.log'], { env, stdio: 'ignore' });
    const nginx = new RealNginx(folder, ports, running);
    await nginx.#listening();
    return nginx;
  }

  async #listening(): Promise<void> {
    for (let tries = 0; tries < 200 && this.#process.exitCode === null; tries++) {
      if (await accepts(this.ports[0] ?? 0)) return;
      await wait(50);
    }
    const log = readFileSync(join(this.#folder, 'error.log'), 'utf8');
    await this.stop();
    throw new Error(`nginx does not start: ${log}`);
  }

  async stop(): Promise<void> {
    if (this.#process.exitCode === null) {
      const ended = new Promise(resolve => this.#process.once('exit', resolve));
      this.#process.kill('SIGTERM');
      await ended;
    }
    rmSync(this.#folder, { recursive: true });
  }
}

/** nginx's complaint about one server; null if it would start. */
export function complaintOfNginx(server: TlsServer): string | null {
  return complaintOfBlock(serverBlock(server, 'unix:socket'));
}

/** nginx's complaint about a block of `http`, beside whose configuration there are an RSA and an ECDSA certificate. */
export function complaintOfBlock(block: string): string | null {
  const folder = mkdtempSync(join(tmpdir(), 'ingress-path-'));
  try {
    makeKeys(folder);
    writeFileSync(join(folder, 'nginx.conf'), configuration([block]));
    execFileSync('nginx', ['-t', '-p', folder, '-c', 'nginx.conf', '-e', 'error.log'], { env, stdio: 'pipe' });
    return null;
  } catch (error) {
    return String((error as { stderr?: Buffer }).stderr);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function configuration(servers: readonly string[]): string {
  const folders = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(name => `${name}_temp_path ${name};`);
  return `daemon off; master_process off; pid nginx.pid;
events { worker_connections 1024; }
http { access_log off; ${folders.join(' ')}
default_type text/plain;
${servers.join('\n')}
}
`;
}

function serverBlock(server: TlsServer, listen: string) {
  const { protocols, ciphers, preferServerCiphers, keyTypes, groups, dhparam, http2 } = server;
  const named = (id: string) => [...TLS_GROUPS].find(([, each]) => each === id)?.[0] ?? id;
  const curves = (groups ?? []).map(named).join(':');
  return `server {
  listen ${listen} ssl${http2 ? ' http2' : ''};
  ssl_protocols ${protocols.join(' ')};
  ssl_ciphers "${ciphers.string}";
  ssl_prefer_server_ciphers ${preferServerCiphers ? 'on' : 'off'};
  ${keyTypes.map(type => `ssl_certificate ${type}.crt; ssl_certificate_key ${type}.key;`).join(' ')}
  ${dhparam ? 'ssl_dhparam dh.pem;' : ''}
  ${curves === '' ? '' : `ssl_ecdh_curve ${curves};`}
  location / { return 200 "$ssl_protocol $ssl_cipher $server_protocol"; }
}`;
}

function makeKeys(folder: string): void {
  const openssl = (args: string) => execFileSync('openssl', args.split(' '), { cwd: folder, stdio: 'pipe' });
  const of = (type: string) => `-nodes -days 2 -subj /CN=localhost -keyout ${type}.key -out ${type}.crt`;
  openssl(`req -x509 -newkey rsa:2048 ${of('RSA')}`);
  openssl(`req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 ${of('ECDSA')}`);
  openssl('genpkey -genparam -algorithm DH -pkeyopt group:ffdhe2048 -out dh.pem');
}

async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from(
      { length: count },
      () =>
        new Promise<ReturnType<typeof createServer>>(resolve => {
          const server = createServer().listen(0, '127.0.0.1', () => resolve(server));
        }),
    ),
  );
  const ports = servers.map(server => (server.address() as AddressInfo).port);
  await Promise.all(servers.map(server => new Promise(resolve => server.close(resolve))));
  return ports;
}

function accepts(port: number): Promise<boolean> {
  return new Promise(resolve => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    }).on('error', () => resolve(false));
  });
}
