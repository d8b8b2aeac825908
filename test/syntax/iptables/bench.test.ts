import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseIptables } from '../../../server/src/syntax/iptables/parse.ts';
import { rulesOf } from '../../../server/src/syntax/iptables/tree.ts';

const RULES = 10_000;

/** What is written, and what kube-proxy writes for each port of a Service. */
const KINDS: Readonly<Record<string, (i: number) => string>> = {
  ordinary: i => `-A INPUT -s 10.${(i >> 8) & 255}.${i & 255}.0/24 -p tcp -m tcp --dport ${i % 65536} -j ACCEPT\n`,
  'of kube-proxy': i =>
    `-A KUBE-SERVICES -d 10.96.${(i >> 8) & 255}.${i & 255}/32 -p tcp -m comment --comment "default/web-${i}:http cluster IP" -m tcp --dport ${i % 65536} -j KUBE-SVC-${i}\n`,
  'of kube-proxy, with marks': i =>
    `-A KUBE-SVC-${i} ! -s 10.244.0.0/16 -d 10.96.0.${i & 255}/32 -p tcp -m comment --comment "default/web-${i}:http cluster IP" -m tcp --dport 80 -m mark --mark 0x4000/0x4000 -j KUBE-MARK-MASQ\n`,
  'of kube-proxy, with odds': i =>
    `-A KUBE-SVC-${i} -m comment --comment "default/web-${i}:http -> 10.244.0.${i & 255}:8080" -m statistic --mode random --probability 0.33333333349 -j KUBE-SEP-${i}\n`,
};

/** How many times as long it may take as parting lines at their blanks, which says nothing of what the words are. */
const MOST = 8;

for (const [kind, rule] of Object.entries(KINDS)) {
  test(`10,000 rules ${kind} are read in a few times the time of parting them at their blanks`, () => {
    const text = `*filter\n:KUBE-SERVICES - [0:0]\n${Array.from({ length: RULES }, (_, i) => rule(i)).join('')}COMMIT\n`;
    const { tables, problems } = parseIptables(text, { family: 'ipv4' });
    assert.equal(tables.flatMap(rulesOf).length, RULES);
    assert.deepEqual(problems, []);
    const parsed = quickest(() => parseIptables(text, { family: 'ipv4' }));
    const parted = quickest(() => text.split('\n').map(line => line.split(' ')));
    console.log(
      `${RULES} rules ${kind}: ${parsed.toFixed(1)} ms, ${(parsed / parted).toFixed(1)} times as long as split()`,
    );
    assert.ok(parsed < MOST * parted, `${parsed} ms, split() ${parted} ms`);
  });
}

/** Milliseconds of the quickest of many runs: what else the machine does only adds. */
function quickest(run: () => void): number {
  let best = Number.POSITIVE_INFINITY;
  for (let i = 0; i < 30; i++) {
    const started = performance.now();
    run();
    best = Math.min(best, performance.now() - started);
  }
  return best;
}
