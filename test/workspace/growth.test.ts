import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Core } from '../../server/src/core.ts';

/** How many times as long four times as much may take: with what grows with the square, it is sixteen times. */
const MOST = 9;

/** At most. */
const RUNS = 5;

const each = (count: number, write: (i: number) => string) =>
  Array.from({ length: count }, (_, i) => write(i)).join('');
const address = (i: number) => `10.${i >> 16}.${(i >> 8) & 255}.${i & 255}`;

/** Files of which there seems to be no end: `count` things of one kind in each. */
const FILES: readonly (readonly [what: string, file: string, count: number, text: (count: number) => string])[] = [
  [
    'servers of one socket',
    'nginx.conf',
    1200,
    count =>
      `events {}\nhttp {\n  ssl_certificate a;\n  ssl_certificate_key b;\n${each(count, i => `  server { listen 443 ssl; server_name h${i}; location / { return 204; } }\n`)}}\n`,
  ],
  [
    'locations within each other',
    'nginx.conf',
    700,
    count =>
      `events {}\nhttp {\n  server {\n    listen 80;\n${each(count, i => `location /${i} {\n`)}${'}\n'.repeat(count)}  }\n}\n`,
  ],
  [
    'Ingresses of one host',
    'ingresses.yaml',
    250,
    count =>
      each(
        count,
        i =>
          `---\napiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: { name: web-${i} }\nspec:\n  ingressClassName: nginx\n  rules:\n    - host: shop.example.com\n      http:\n        paths:\n          - path: /${i}\n            pathType: Prefix\n            backend: { service: { name: web, port: { number: 80 } } }\n`,
      ),
  ],
  [
    'rules of one chain',
    'rules.v4',
    5000,
    count => `*filter\n${each(count, i => `-A INPUT -s ${address(i)} -p tcp -j ACCEPT\n`)}COMMIT\n`,
  ],
  [
    'chains that jump to the next',
    'rules.v4',
    1000,
    count =>
      `*filter\n${each(count + 1, i => `:C${i} - [0:0]\n`)}${each(count, i => `-A C${i} -s 10.0.0.1 -j C${i + 1}\n`)}-A INPUT -j C0\nCOMMIT\n`,
  ],
  [
    'commands of iptables',
    'firewall.sh',
    1000,
    count => `#!/bin/sh\n${each(count, i => `iptables -A INPUT -s ${address(i)} -p tcp -j ACCEPT\n`)}`,
  ],
  ['blanks within a rule', 'rules.v4', 100_000, count => `*filter\n-A INPUT${' '.repeat(count)}-j ACCEPT\nCOMMIT\n`],
  ['blanks behind a sysctl', '99-node.conf', 100_000, count => `net.netfilter.nf_conntrack_max${' '.repeat(count)}x\n`],
  ['lines for one sysctl', '99-node.conf', 8000, count => each(count, i => `net.netfilter.nf_conntrack_max = ${i}\n`)],
  ['lines of a command', 'start.sh', 300, count => `kube-proxy \\\n${each(count, i => `  --x${i}=1 \\\n`)}  --v=2\n`],
  [
    'statements of nftables',
    'rules.nft',
    2000,
    count =>
      `table inet t {\n  chain c {\n    type filter hook prerouting priority raw;\n${each(count, i => `    ip daddr ${address(i)} tcp dport 443 notrack\n`)}  }\n}\n`,
  ],
];

/** Milliseconds until everything is said of a file. */
function timeOf(file: string, text: string): number {
  const core = new Core(message => assert.fail(message));
  const started = performance.now();
  core.put(file, text);
  core.findings(file);
  return performance.now() - started;
}

describe('four times as much takes about four times as long', () => {
  for (const [what, file, count, text] of FILES) {
    it(what, () => {
      timeOf(file, text(count));
      let [few, many] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
      // What else the machine does only adds: the quickest runs count.
      for (let i = 0; i < RUNS && (i < 2 || many >= MOST * few); i++) {
        few = Math.min(few, timeOf(file, text(count)));
        many = Math.min(many, timeOf(file, text(4 * count)));
      }
      const ratio = many / few;
      console.log(`${4 * count} ${what}: ${many.toFixed(0)} ms, ${ratio.toFixed(1)} times as long as ${count}`);
      assert.ok(ratio < MOST, `${few} ms, then ${many} ms`);
    });
  }
});
