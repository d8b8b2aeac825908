import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { describe, it } from 'node:test';
import { NETFILTER_SYSCTLS, SYSCTL_ALIASES } from '../../server/src/facts/netfilterSysctls.ts';

/** What a script prints that runs in a network namespace of its own, as root of the machine. */
function inNamespace(script: string): string {
  const { stdout, stderr, status } = spawnSync('unshare', ['-r', '-n', 'bash', '-ec', script], { encoding: 'utf8' });
  assert.equal(status, 0, stderr);
  return stdout.trim();
}

const NAME = (path: string) => path.replaceAll('/', '.');

/** A file below /proc/sys: its mode in a network namespace, and its value there. */
const files = new Map(
  inNamespace(
    'cd /proc/sys; for f in net/netfilter/nf_* net/nf_conntrack_max; do [ -f $f ] && stat -c "%n %a" $f && cat $f || true; done',
  )
    .split('\n')
    .reduce<string[][]>((pairs, line) => {
      if (line.startsWith('net/')) pairs.push([line]);
      else pairs.at(-1)?.push(line);
      return pairs;
    }, [])
    .map(([head = '', value = '']) => {
      const [path = '', mode = ''] = head.split(' ');
      return [path, { mode, value }] as const;
    }),
);

describe('the table of sysctls is the kernel’s', () => {
  it('has every file that a network namespace has', () => {
    const unknown = [...files.keys()].filter(path => path.startsWith('net/netfilter/') && !NETFILTER_SYSCTLS.has(path));
    assert.deepEqual(unknown, []);
    assert.ok(files.size > 30);
  });

  it('knows their defaults', () => {
    for (const [path, { value }] of files) {
      const known = NETFILTER_SYSCTLS.get(path)?.default ?? null;
      if (known !== null) assert.equal(Number(value), known, path);
    }
  });

  it('knows which are the whole kernel’s: no other namespace may write them', () => {
    for (const path of [
      'net/netfilter/nf_conntrack_max',
      'net/netfilter/nf_conntrack_buckets',
      'net/netfilter/nf_conntrack_expect_max',
    ]) {
      assert.equal(NETFILTER_SYSCTLS.get(path)?.scope, 'global');
      assert.equal(files.get(path)?.mode, '444', path);
      const { status } = spawnSync('unshare', ['-r', '-n', 'sh', '-c', `echo 300000 > /proc/sys/${path}`]);
      assert.notEqual(status, 0, path);
    }
  });

  it('knows which each namespace has for itself', () => {
    for (const [path, { scope, default: byDefault }] of NETFILTER_SYSCTLS) {
      if (scope !== 'netns' || byDefault === null || !files.has(path) || !path.endsWith('timeout_close_wait')) continue;
      const before = spawnSync('cat', [`/proc/sys/${path}`], { encoding: 'utf8' }).stdout;
      assert.equal(inNamespace(`echo 77 > /proc/sys/${path}; cat /proc/sys/${path}`), '77');
      assert.equal(spawnSync('cat', [`/proc/sys/${path}`], { encoding: 'utf8' }).stdout, before);
    }
  });

  it('are nobody’s to write where /proc/sys is mounted read-only, as for a container that is not privileged', () => {
    const path = '/proc/sys/net/netfilter/nf_conntrack_tcp_timeout_close_wait';
    const write = (before: string) =>
      spawnSync('unshare', ['-r', '-n', '-m', 'bash', '-c', `${before} echo 3600 > ${path}; cat ${path}`], {
        encoding: 'utf8',
      });
    assert.deepEqual([write('').stdout, write('').stderr], ['3600\n', '']);
    const readOnly = write('mount --bind /proc/sys /proc/sys && mount -o remount,ro,bind /proc/sys &&');
    assert.equal(readOnly.stdout, '60\n');
    assert.match(readOnly.stderr, /Read-only file system/);
  });

  it('has two names for the size of the table, and none of the old ones', () => {
    const read = (name: string) => spawnSync('sysctl', ['-n', name], { encoding: 'utf8' }).stdout;
    assert.equal(read('net.nf_conntrack_max'), read('net.netfilter.nf_conntrack_max'));
    for (const [path, { until }] of SYSCTL_ALIASES) if (until !== null) assert.equal(read(NAME(path)), '', path);
  });
});

/** A connection whose client has closed and whose server has not: how conntrack lists it with this timeout of CLOSE_WAIT. */
function halfClosed(seconds: number): string {
  return inNamespace(`
    ip link set lo up
    iptables -A INPUT -m conntrack --ctstate INVALID -j DROP
    echo ${seconds} > /proc/sys/net/netfilter/nf_conntrack_tcp_timeout_close_wait
    node -e "
      const net = require('node:net');
      const server = net.createServer({ allowHalfOpen: true }, socket => socket.resume());
      server.listen(8080, '127.0.0.1', () => {
        const client = net.connect(8080, '127.0.0.1', () => client.end());
        setTimeout(() => {
          process.stdout.write(require('node:child_process').execSync('conntrack -L -p tcp --dport 8080 2>/dev/null'));
          process.exit();
        }, 300);
      });
    "
  `);
}

describe('an entry in CLOSE_WAIT', () => {
  for (const seconds of [60, 3600]) {
    it(`stays ${seconds} seconds where the sysctl says so`, () => {
      const [, left = ''] = /^tcp\s+6 (\d+) CLOSE_WAIT /.exec(halfClosed(seconds)) ?? [];
      assert.ok(Number(left) <= seconds && Number(left) >= seconds - 2, left);
    });
  }
});
