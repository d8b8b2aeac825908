import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { Core } from '../../server/src/core.ts';
import { BACKENDS, fixed, inNamespace, runTwice } from './shellRuns.ts';

const NOTES = readFileSync('examples/4-notrack/broken/notrack-vip.sh', 'utf8');
const FIXED_BY_HAND = readFileSync('examples/4-notrack/fixed/notrack-vip.sh', 'utf8');
const VIP = '1.2.15.21';

/** In the order of ports and chains: what a VIP needs. */
function needed(vip: string): string[] {
  return ['80', '443'].flatMap(port => [
    `-A OUTPUT -s ${vip}/32 -p tcp -m tcp --sport ${port} -j NOTRACK`,
    `-A PREROUTING -d ${vip}/32 -p tcp -m tcp --dport ${port} -j NOTRACK`,
  ]);
}

const NEIGHBOUR = `-A PREROUTING -d ${VIP}/32 -p tcp -m tcp --dport 8080 -j NOTRACK`;

for (const backend of BACKENDS) {
  describe(`the script of the notes, iptables-${backend}`, () => {
    it('adds four rules where nothing is in its way', () => {
      assert.deepEqual(runTwice(backend, NOTES, { vips: [VIP] })[1], needed(VIP).sort());
    });

    it('leaves requests to port 80 tracked where a rule for port 8080 is there, but not the replies', () => {
      const missing = `-A PREROUTING -d ${VIP}/32 -p tcp -m tcp --dport 80 -j NOTRACK`;
      const expected = [...needed(VIP), NEIGHBOUR].filter(rule => rule !== missing).sort();
      assert.deepEqual(runTwice(backend, NOTES, { vips: [VIP], rules: [NEIGHBOUR] })[1], expected);
    });

    it('adds nothing where an address that begins the same has its rules', () => {
      const others = needed(`${VIP}0`);
      assert.deepEqual(runTwice(backend, NOTES, { vips: [VIP], rules: others })[1], others.sort());
    });

    it('adds nothing for two addresses, quoted or not', () => {
      const vips = [VIP, '1.2.15.22'];
      assert.deepEqual(runTwice(backend, NOTES, { vips })[1], []);
      assert.deepEqual(runTwice(backend, NOTES.replaceAll(' $vip ', ' "$vip" '), { vips })[1], []);
    });
  });

  for (const [who, script] of [
    ['with its fixes applied', fixed('notrack-vip.sh', NOTES)],
    ['as the examples have it', FIXED_BY_HAND],
  ] as const) {
    describe(`the script ${who}, iptables-${backend}`, () => {
      const cases = [
        ['one VIP', { vips: [VIP] }, needed(VIP)],
        ['two VIPs', { vips: [VIP, '1.2.15.22'] }, [...needed(VIP), ...needed('1.2.15.22')]],
        ['a neighbour on port 8080', { rules: [NEIGHBOUR] }, [...needed(VIP), NEIGHBOUR]],
        ['an address that begins the same', { rules: needed(`${VIP}0`) }, [...needed(VIP), ...needed(`${VIP}0`)]],
      ] as const;
      for (const [about, situation, expected] of cases) {
        it(`adds what is missing once, and nothing with its second run: ${about}`, () => {
          const [first, second] = runTwice(backend, script, { vips: [VIP], ...situation });
          assert.deepEqual(first, [...expected].sort());
          assert.deepEqual(second, first);
        });
      }
    });
  }
}

describe('the lock of iptables', () => {
  /** The exit status, and whether it took as long as the lock was held. */
  const whileLocked = (backend: (typeof BACKENDS)[number], options: string) =>
    inNamespace(backend, '', () => [
      `iptables -t raw -S >/dev/null`,
      `( flock 9; sleep 3 ) 9>"$XTABLES_LOCKFILE" & sleep 0.5; start=$(date +%s%N)`,
      `iptables ${options} -t raw -S >/dev/null 2>&1; echo $? $(( ($(date +%s%N) - start) / 1000000 > 2000 ))`,
    ]).trim();
  const rows = [
    ['nft', '', '0 0'],
    ['legacy', '', '0 1'],
    ['legacy', '-w 1', '4 0'],
    ['legacy', '-w 5', '0 1'],
  ] as const;
  for (const [backend, options, expected] of rows) {
    it(`iptables-${backend} ${options || 'without -w'}`, () => assert.equal(whileLocked(backend, options), expected));
  }
});

it('every bug of the script of the notes is found', () => {
  const core = new Core(message => assert.fail(message));
  core.put('notrack-vip.sh', NOTES);
  const found = core.findings('notrack-vip.sh').map(({ rule, range }) => `${range.start.line + 1} ${rule}`);
  assert.deepEqual(found.sort(), [
    '10 netfilter/grep-for-rule',
    '3 netfilter/lo-addresses-only',
    '3 netfilter/several-addresses',
    '7 netfilter/grep-for-rule',
    '7 netfilter/no-wait',
    '8 netfilter/grep-for-rule',
    '9 netfilter/grep-for-rule',
  ]);
});
