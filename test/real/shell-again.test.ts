import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { BACKENDS, fixed, runTwice } from './shellRuns.ts';

it('a check of the other backend finds nothing', () => {
  const script =
    'iptables-nft -C INPUT -s 192.0.2.1 -j ACCEPT || iptables-legacy -w 5 -A INPUT -s 192.0.2.1 -j ACCEPT\n';
  assert.equal(runTwice('legacy', script, { table: 'filter' })[1].length, 2);
  assert.equal(runTwice('legacy', fixed('again.sh', script), { table: 'filter' })[1].length, 1);
});

/** Scripts of cron, and how many rules there are after two runs: of each as it is, and with its fixes. */
const rows: readonly (readonly [about: string, table: string, script: string, before: number, after: number])[] = [
  ['-A alone', 'filter', '# cron\niptables -w -A INPUT -p tcp --dport 80 -j ACCEPT\n', 2, 1],
  ['-I alone', 'filter', '# cron\niptables -w -I INPUT 1 -p tcp --dport 80 -j ACCEPT\n', 2, 1],
  [
    'a check in the other spelling',
    'raw',
    'iptables -w -t raw -C OUTPUT -p udp -j NOTRACK || iptables -w -t raw -A OUTPUT -p udp -j CT --notrack\n',
    2,
    1,
  ],
  [
    'deleted by the other name',
    'raw',
    'iptables -w -t raw -A OUTPUT -p udp -j CT --notrack\niptables -w -t raw -D OUTPUT -p udp -j NOTRACK\n',
    2,
    0,
  ],
  [
    'a check of another rule',
    'filter',
    'if ! iptables -w -C INPUT -p tcp --dport 80 -j ACCEPT; then iptables -w -A INPUT -p tcp --dport 8080 -j ACCEPT; fi\n',
    2,
    1,
  ],
  [
    'in a function and a loop',
    'filter',
    '# cron\nadd() { iptables -w -A "$@"; }\nfor p in 80 443; do add INPUT -p tcp --dport $p -j ACCEPT; done\n',
    4,
    2,
  ],
  [
    'a search for what -L never writes',
    'filter',
    'iptables -w -L INPUT | grep -q "dpt:80" || iptables -w -A INPUT -p tcp --dport 80 -j ACCEPT\n',
    2,
    1,
  ],
  [
    'a search for what -S never writes',
    'filter',
    'iptables -w -S INPUT | grep -q "dpt:80" || iptables -w -A INPUT -p tcp --dport 80 -j ACCEPT\n',
    2,
    1,
  ],
  [
    'a check of the same rule in other words',
    'filter',
    'iptables -w -C INPUT --protocol tcp -m tcp --dport 80 -j ACCEPT || iptables -w -A INPUT -p tcp --dport 80 -j ACCEPT\n',
    1,
    1,
  ],
  [
    'deleted first',
    'filter',
    '# cron\niptables -w -D INPUT -p tcp --dport 80 -j ACCEPT\niptables -w -A INPUT -p tcp --dport 80 -j ACCEPT\n',
    1,
    1,
  ],
];

for (const backend of BACKENDS) {
  describe(`rules after two runs, iptables-${backend}`, () => {
    for (const [about, table, script, before, after] of rows) {
      it(about, () => {
        assert.equal(runTwice(backend, script, { table })[1].length, before);
        const mended = fixed('again.sh', script);
        assert.equal(mended === script, before === after);
        assert.equal(runTwice(backend, mended, { table })[1].length, after);
      });
    }
  });
}
