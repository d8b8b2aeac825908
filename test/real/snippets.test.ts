import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { expand, root, snippet } from '../snippets/expand.ts';

interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const env = { ...process.env, PATH: `${process.env.PATH}:/usr/sbin:/sbin`, LC_ALL: 'C' };

/** A script of bash in network, mount and user namespaces of its own, with lo up; `set -e` holds unless it says otherwise. */
function alone(script: string): Ended {
  const text = `set -e\nmount -t tmpfs none /run\nip link set lo up\n${script}\n`;
  return spawnSync('unshare', ['-r', '-n', '-m', 'bash', '-c', text], { encoding: 'utf8', env, timeout: 60_000 });
}

function succeeds(script: string): string {
  const { status, stdout, stderr } = alone(script);
  assert.equal(status, 0, stderr);
  return stdout.trim();
}

interface Question {
  readonly to: string;
  readonly host: string;
  /** The name in the TLS handshake, empty for none; absent: plain HTTP. */
  readonly tls?: string;
}

const asker = `
const { to, host, tls } = JSON.parse(process.argv[1]);
const [port, scheme] = tls === undefined ? [80, "http"] : [443, "https"];
require(scheme)
  .get({ host: to, port, agent: false, headers: { host }, servername: tls, rejectUnauthorized: false, timeout: 5000 })
  .on("response", answer => answer.on("data", data => console.log(String(data))))
  .on("timeout", () => process.exit(1))
  .on("error", error => console.log(/unrecognized name/.test(error.message) ? "unrecognized name" : error.code));`;

/** The shell command that prints the answer, or the code of the error. */
function asking(question: Question): string {
  return `"${process.execPath}" -e '${asker}' '${JSON.stringify(question)}'`;
}

const example = (path: string): string => join(root, 'examples', path);
const lines = (text: string): readonly string[] => text.split('\n').filter(line => line !== '');
const saved = "iptables-save -t raw | grep -e '^-A' || true";

const both = (vip: string, ports: readonly number[]): readonly string[] =>
  ports
    .flatMap(port => [
      `-A PREROUTING -d ${vip}/32 -p tcp -m tcp --dport ${port} -j NOTRACK`,
      `-A OUTPUT -s ${vip}/32 -p tcp -m tcp --sport ${port} -j NOTRACK`,
    ])
    .sort();

const neighbour = 'iptables -t raw -A PREROUTING -d 1.2.15.21 -p tcp --dport 8080 -j NOTRACK';
const longerAddress = [80, 443]
  .flatMap(port => [
    `iptables -t raw -A PREROUTING -d 1.2.15.210 -p tcp --dport ${port} -j NOTRACK`,
    `iptables -t raw -A OUTPUT -s 1.2.15.210 -p tcp --sport ${port} -j NOTRACK`,
  ])
  .join('\n');
const address = (vip: string): string => `ip addr add ${vip}/32 dev lo`;

describe('NOTRACK', () => {
  const pair = expand(snippet('shell', 'ingress-path-notrack').body, { indent: '  ', typed: { 1: '1.2.15.21' } });

  it('snippet run twice adds four rules once', () => {
    assert.deepEqual([...lines(succeeds(`${pair}\n${pair}\n${saved}`))].sort(), both('1.2.15.21', [80, 443]));
  });

  it('snippet is not misled by a port or an address that begins alike', () => {
    const rules = lines(succeeds(`${neighbour}\n${longerAddress}\n${pair}\n${saved}`));
    for (const rule of both('1.2.15.21', [80, 443])) assert.ok(rules.includes(rule), rule);
    assert.equal(rules.length, 9);
  });

  const fixed = `bash ${example('4-notrack/fixed/notrack-vip.sh')}`;
  const broken = `bash ${example('4-notrack/broken/notrack-vip.sh')}`;

  it('script of the examples, fixed: each VIP of lo gets its four rules, once', () => {
    const vips = ['1.2.15.21', '1.2.15.22'];
    const rules = lines(succeeds(`${vips.map(address).join('\n')}\n${neighbour}\n${fixed}\n${fixed}\n${saved}`));
    const wanted = [...vips.flatMap(vip => both(vip, [80, 443])), ...both('1.2.15.21', [8080]).slice(1)];
    assert.deepEqual([...rules].sort(), wanted.sort());
  });

  it('script of the examples, fixed: adds nothing to rules.v4, and says when there is no VIP', () => {
    const load = `iptables-restore ${example('4-notrack/fixed/rules.v4')}`;
    assert.deepEqual(
      [...lines(succeeds(`${address('1.2.15.21')}\n${load}\n${fixed}\n${saved}`))].sort(),
      both('1.2.15.21', [80, 443]),
    );
    const { status, stderr } = alone(fixed);
    assert.deepEqual([status, stderr], [1, 'no VIP on lo\n']);
  });

  it('script of the examples, broken: works only in the simplest case', () => {
    const run = (setup: string): readonly string[] =>
      lines(succeeds(`${setup}\n${broken} >/dev/null 2>&1 || true\n${saved}`)).filter(rule => !rule.includes('8080'));
    assert.deepEqual([...run(address('1.2.15.21'))].sort(), both('1.2.15.21', [80, 443]));
    assert.deepEqual(
      [...run(`${address('1.2.15.21')}\n${neighbour}`)].sort(),
      both('1.2.15.21', [80, 443]).filter(rule => !rule.includes('--dport 80 ')),
    );
    assert.equal(run(`${address('1.2.15.21')}\n${longerAddress}`).length, 4, 'only the rules of the other address');
    assert.deepEqual(run(`${address('1.2.15.21')}\n${address('1.2.15.22')}`), []);
  });

  const connectionsWith = (rules: string): readonly string[] =>
    lines(
      succeeds(`
ip netns add client
ip link add to-client type veth peer name eth0 netns client
ip addr add 10.9.0.1/24 dev to-client
ip link set to-client up
ip -n client addr add 10.9.0.2/24 dev eth0
ip -n client link set eth0 up
ip -n client route add default via 10.9.0.1
${address('1.2.15.21')}
iptables-restore ${example(rules)}
"${process.execPath}" -e 'require("http").createServer((_, answer) => answer.end("ok")).listen(80, "1.2.15.21")' &
server=$!
trap 'kill $server' EXIT
for _ in $(seq 50); do ss -ltn | grep -q 1.2.15.21:80 && break; sleep 0.1; done
for _ in 1 2 3; do
  test "$(ip netns exec client ${asking({ to: '1.2.15.21', host: 'www.example.com' })})" = ok
done
conntrack -L -p tcp 2>/dev/null`),
    );

  it('rules of the examples: one way leaves an unreplied entry for each connection, both ways none', () => {
    const left = connectionsWith('4-notrack/broken/rules.v4');
    assert.equal(left.length, 3);
    for (const entry of left) assert.match(entry, / src=1\.2\.15\.21 dst=10\.9\.0\.2 sport=80 .*\[UNREPLIED\]/);
    assert.deepEqual(connectionsWith('4-notrack/fixed/rules.v4'), []);
  });

  for (const state of ['broken', 'fixed'])
    it(`rules of the examples, ${state}: both backends load them`, () => {
      const file = example(`4-notrack/${state}/rules.v4`);
      succeeds(`iptables-nft-restore ${file}\nXTABLES_LOCKFILE=/run/lock-of-its-own iptables-legacy-restore ${file}`);
    });
});

describe('nginx', () => {
  let folder = '';
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'ingress-path-nginx-'));
    const subject = ['-subj', '/CN=www.example.com', '-days', '2', '-nodes'];
    const out = ['-keyout', join(folder, 'key.pem'), '-out', join(folder, 'cert.pem')];
    const made = spawnSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', ...subject, ...out], { env });
    assert.equal(made.status, 0, String(made.stderr));
  });
  after(() => rmSync(folder, { recursive: true }));

  const certificate = (): string => `ssl_certificate ${folder}/cert.pem; ssl_certificate_key ${folder}/key.pem;`;

  /** nginx with one real site beside `text`; `then` runs while it serves. */
  const nginx = (text: string, then?: string): Ended => {
    writeFileSync(join(folder, 'catch-all.conf'), text);
    writeFileSync(
      join(folder, 'nginx.conf'),
      `user root; pid ${folder}/nginx.pid; error_log stderr; events {}
http { access_log off; root ${folder}; client_body_temp_path ${folder}/body; proxy_temp_path ${folder}/proxy;
fastcgi_temp_path ${folder}/fastcgi; uwsgi_temp_path ${folder}/uwsgi; scgi_temp_path ${folder}/scgi;
server { listen 80; listen 443 ssl; server_name www.example.com; ${certificate()} return 200 site; }
include ${folder}/catch-all.conf; }`,
    );
    const command = `nginx -p ${folder} -c ${folder}/nginx.conf`;
    return alone(then === undefined ? `${command} -t` : `${command}\ntrap '${command} -s stop' EXIT\nset +e\n${then}`);
  };

  const plain = expand(snippet('nginx', 'ingress-path-444').body, { tab: '\t' });
  const withCertificate = (): string =>
    expand(snippet('nginx', 'ingress-path-444-certificate').body, {
      typed: { 2: join(folder, 'cert.pem'), 3: join(folder, 'key.pem') },
    });

  it('refuses the broken example for the missing brace alone', () => {
    const broken = readFileSync(example('5-catch-all/broken/catch-all.conf'), 'utf8');
    const answer = nginx(broken);
    assert.notEqual(answer.status, 0);
    assert.match(answer.stderr, /unexpected end of file, expecting "}"/);
    assert.equal(nginx(`${broken}}\n`).status, 0);
  });

  it('takes every snippet', () => {
    for (const text of [plain, withCertificate()]) assert.match(nginx(text).stderr, /test is successful/);
  });

  const to = '127.0.0.1';
  const known = 'www.example.com';
  const unknown = 'old.g.example.com';
  const questions = [
    asking({ to, host: known }),
    asking({ to, host: known, tls: known }),
    asking({ to, host: unknown }),
    asking({ to, host: unknown, tls: unknown }),
    asking({ to, host: to, tls: '' }),
    asking({ to, host: unknown, tls: known }),
  ].join('\n');
  const hungUp = 'ECONNRESET';
  const refused = 'unrecognized name';

  it('with the fixed example, or the snippet, hangs up on unknown names and serves the known one', () => {
    for (const text of [readFileSync(example('5-catch-all/fixed/catch-all.conf'), 'utf8'), plain]) {
      const { stdout, stderr } = nginx(text, questions);
      assert.deepEqual(lines(stdout), ['site', 'site', hungUp, refused, refused, hungUp], stderr);
    }
  });

  it('with the certificate snippet hangs up after the handshake', () => {
    const { stdout, stderr } = nginx(withCertificate(), questions);
    assert.deepEqual(lines(stdout), ['site', 'site', 'site', hungUp, hungUp, hungUp], stderr);
  });
});

describe('sysctl snippets', () => {
  const reader = expand(snippet('shell', 'ingress-path-zabbix-sysctl').body);
  const read = (...keys: readonly string[]): Ended => {
    const { status, stdout, stderr } = spawnSync('bash', ['-c', reader, 'reader', ...keys], { encoding: 'utf8', env });
    return { status, stdout, stderr };
  };

  it('the reader prints a sysctl', () => {
    assert.deepEqual(read('net.ipv4.ip_forward').stdout, readFileSync('/proc/sys/net/ipv4/ip_forward', 'utf8'));
  });

  it('the reader refuses what is no name, and fails for a name that does not exist', () => {
    const strange = [
      '',
      'net',
      'net /etc/passwd',
      '../../etc/passwd',
      'net..ipv4',
      'net/ipv4.ip_forward',
      'net.ipv4.*',
    ];
    for (const key of [...strange, 'net.$(id)', 'net.ipv4.ip_forward;id', 'net.ipv4.ip_forward\n'])
      assert.deepEqual(read(key), { status: 1, stdout: '', stderr: `not a sysctl name: ${key}\n` }, key);
    assert.equal(read().status, 1);
    const { status, stdout } = read('net.nothing');
    assert.deepEqual([status, stdout], [1, '']);
  });

  it('the pair is written so that sysctl reads it', () => {
    const typed = { 1: '1048576', 2: '/run/modules.conf', 3: '/run/conntrack.conf' };
    const pair = expand(snippet('shell', 'ingress-path-conntrack-sysctl').body, { indent: '    ', typed });
    const calls = 'modprobe() { echo "modprobe $*"; }; sysctl() { echo "sysctl $*"; }';
    assert.deepEqual(lines(succeeds(`${calls}\n${pair}\ncat /run/modules.conf /run/conntrack.conf`)), [
      'modprobe nf_conntrack',
      'sysctl -p /run/conntrack.conf',
      'nf_conntrack',
      'net.netfilter.nf_conntrack_buckets = 262144',
      'net.netfilter.nf_conntrack_max = 1048576',
    ]);
  });
});

describe('manifests of the examples', () => {
  const kubectl = (...args: readonly string[]): string => {
    const { status, stdout, stderr } = spawnSync('kubectl', args, { encoding: 'utf8', env });
    assert.equal(status, 0, stderr);
    return stdout;
  };

  for (const state of ['broken', 'fixed'])
    it(`${state}: kubectl decodes them into their types`, () => {
      for (const [file, container] of [
        [`1-hostnetwork-dns/${state}/daemonset.yaml`, 'controller'],
        [`3-conntrack/${state}/ingress-daemonset.yaml`, 'controller'],
        [`3-conntrack/${state}/kube-proxy-daemonset.yaml`, 'kube-proxy'],
      ] as const)
        kubectl('set', 'image', '--local', '-f', example(file), `${container}=example.com/image`, '-o', 'json');
      for (const file of [`2-tls-http2/${state}/configmap.yaml`, `3-conntrack/${state}/kube-proxy-configmap.yaml`])
        kubectl('label', '--local', '-f', example(file), 'a=b', '-o', 'json');
    });
});
