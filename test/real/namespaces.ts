import assert from 'node:assert/strict';
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

export type Backend = 'nft' | 'legacy';

/** What a client finds out: an echo came back, a refusal came, or nothing did. */
export type Observed = 'open' | 'refused' | 'dropped';

export const ADDRESSES = {
  left: '10.1.0.2',
  host: '10.1.0.1',
  hostRight: '10.2.0.1',
  right: '10.2.0.2',
  vip: '1.2.15.21',
};

/** Beyond these nothing more comes; a SYN is sent again only after a second. */
const PATIENCE_MS = 250;

/** Serves echoes on ports, and connects on request: one JSON line in, one out. */
const PEER = `
const net = require('node:net');
const say = answer => process.stdout.write(JSON.stringify(answer) + '\\n');
let open = null;
function connect({ host, port, localPort }) {
  const socket = net.connect({ host, port, localPort });
  open = socket;
  const stage = what => setTimeout(() => end(what), ${PATIENCE_MS});
  let timer = stage('dropped');
  const end = what => { clearTimeout(timer); if (socket.told) return; socket.told = true; say(what); };
  socket.on('connect', () => { clearTimeout(timer); timer = stage('dropped'); socket.write('ping'); });
  socket.on('data', () => end('open'));
  socket.on('error', error => end(/ECONNREFUSED|ECONNRESET/.test(error.code) ? 'refused' : error.code === 'EPERM' ? 'dropped' : error.code));
}
require('node:readline').createInterface({ input: process.stdin }).on('line', line => {
  const order = JSON.parse(line);
  if (order.do === 'connect') return connect(order);
  if (order.do === 'hang up') { open?.resetAndDestroy(); return say('done'); }
  let waiting = order.ports.length;
  for (const port of order.ports) {
    net.createServer(socket => { socket.on('error', () => {}); socket.pipe(socket); }).listen(port, '::', () => { if (--waiting === 0) say('done'); });
  }
});`;

/** Node, in a network namespace, that serves and connects. */
class Peer {
  private readonly child: ChildProcess;
  private readonly answers: AsyncIterator<string>;

  constructor(namespace: number) {
    this.child = spawn('nsenter', [...entering(namespace), process.execPath, '-e', PEER], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    assert.ok(this.child.stdout);
    this.answers = createInterface({ input: this.child.stdout })[Symbol.asyncIterator]();
  }

  async ask(order: Readonly<Record<string, unknown>>): Promise<string> {
    this.child.stdin?.write(`${JSON.stringify(order)}\n`);
    const { value } = await this.answers.next();
    return JSON.parse(value);
  }

  stop(): void {
    this.child.kill();
  }
}

/**
 * Three machines in a row, each a network namespace: left (10.1.0.2, fd01::2), the host with the rules (10.1.0.1 and 10.2.0.1; 1.2.15.21 and
 * fd00::21 on lo) and right (10.2.0.2). Each serves echoes on some ports. Needs no privileges but user namespaces.
 */
export class Machines {
  private readonly folder = mkdtempSync(join(tmpdir(), 'namespaces-'));
  private readonly sleepers: ChildProcess[] = [];
  private readonly peers: Peer[] = [];
  private host = 0;
  /** Connections tell themselves apart by their ports: what is left of one would else count for the next. */
  private localPort = 33_000;

  async start(ports: readonly number[]): Promise<void> {
    const host = await this.sleeper('unshare', ['-r', '-n', 'sleep', '600']);
    const inHost = [...entering(host), 'unshare', '-n', 'sleep', '600'];
    const left = await this.sleeper('nsenter', inHost);
    const right = await this.sleeper('nsenter', inHost);
    this.host = host;
    const { left: l, host: h, hostRight: hr, right: r, vip } = ADDRESSES;
    sh(
      host,
      `ip link add left type veth peer name eth0 netns ${left}; ip link add right type veth peer name eth0 netns ${right}
       ip link set lo up; ip link set left up; ip link set right up
       ip addr add ${h}/24 dev left; ip addr add ${hr}/24 dev right; ip addr add ${vip}/32 dev lo
       ip -6 addr add fd01::1/64 dev left nodad; ip -6 addr add fd00::21/128 dev lo nodad
       echo 1 > /proc/sys/net/ipv4/ip_forward; echo 0 > /proc/sys/net/ipv4/icmp_ratelimit`,
    );
    sh(
      left,
      `ip link set lo up; ip link set eth0 up; ip addr add ${l}/24 dev eth0; ip route add default via ${h}
       ip -6 addr add fd01::2/64 dev eth0 nodad; ip -6 route add default via fd01::1`,
    );
    sh(right, `ip link set lo up; ip link set eth0 up; ip addr add ${r}/24 dev eth0; ip route add default via ${hr}`);
    for (const namespace of [left, host, right]) {
      const peer = new Peer(namespace);
      this.peers.push(peer);
      await peer.ask({ do: 'serve', ports });
    }
  }

  /** Loads rules of iptables-restore on the host; returns what it complains of, or null. */
  load(backend: Backend, text: string, family: 'ipv4' | 'ipv6' = 'ipv4'): string | null {
    const program = family === 'ipv4' ? 'iptables' : 'ip6tables';
    const { status, stderr } = this.run([`${program}-${backend}-restore`], text);
    return status === 0 ? null : stderr;
  }

  /** Takes a whole nft ruleset instead of what is there; returns what it complains of, or null. */
  loadNft(text: string): string | null {
    const { status, stderr } = this.run(['nft', '-f', '-'], `flush ruleset\n${text}`);
    return status === 0 ? null : stderr;
  }

  run(command: readonly string[], input = ''): { status: number | null; stdout: string; stderr: string } {
    const env = { ...process.env, XTABLES_LOCKFILE: join(this.folder, 'lock') };
    return spawnSync('nsenter', [...entering(this.host), ...command], { input, encoding: 'utf8', env });
  }

  /** Opens a connection, and lists what conntrack has of it while it is open. */
  async connect(from: 'left' | 'host', host: string, port: number): Promise<{ observed: Observed; entries: string[] }> {
    this.run(['conntrack', '-F']);
    const peer = this.peers[from === 'left' ? 0 : 1];
    assert.ok(peer);
    const localPort = this.localPort++;
    const observed = await peer.ask({ do: 'connect', host, port, localPort });
    assert.ok(observed === 'open' || observed === 'refused' || observed === 'dropped', observed);
    const family = host.includes(':') ? 'ipv6' : 'ipv4';
    const { stdout } = this.run(['conntrack', '-L', '-p', 'tcp', '-f', family]);
    await peer.ask({ do: 'hang up' });
    return { observed, entries: stdout.split('\n').filter(line => line.includes(`port=${localPort} `)) };
  }

  stop(): void {
    for (const peer of this.peers) peer.stop();
    for (const sleeper of this.sleepers) sleeper.kill();
    rmSync(this.folder, { recursive: true });
  }

  /** Starts a process that holds a namespace; its id once it is there. */
  private async sleeper(program: string, args: readonly string[]): Promise<number> {
    const child = spawn(program, args, { stdio: 'ignore' });
    this.sleepers.push(child);
    const { pid } = child;
    assert.ok(pid);
    const isThere = () =>
      spawnSync('sh', ['-c', `tr '\\0' ' ' < /proc/${pid}/cmdline`], { encoding: 'utf8' }).stdout.startsWith('sleep');
    for (let i = 0; i < 100 && !isThere(); i++) await new Promise(resolve => setTimeout(resolve, 20));
    assert.ok(isThere(), `${program} ${args.join(' ')}`);
    return pid;
  }
}

function entering(namespace: number): string[] {
  return ['-t', String(namespace), '-U', '-n', '--preserve-credentials'];
}

function sh(namespace: number, script: string): void {
  const { status, stderr } = spawnSync('nsenter', [...entering(namespace), 'sh', '-e', '-c', script], {
    encoding: 'utf8',
  });
  assert.equal(status, 0, stderr);
}
