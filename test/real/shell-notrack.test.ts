import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { Core } from '../../server/src/core.ts';

const folder = mkdtempSync(join(tmpdir(), 'notrack-'));
after(() => rmSync(folder, { recursive: true, force: true }));

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

/** Runs a script twice in a network namespace of its own; gives the rules of the raw table after each run. */
function run(
  backend: 'nft' | 'legacy',
  script: string,
  { vips = [VIP], rules = [] }: { readonly vips?: readonly string[]; readonly rules?: readonly string[] },
): [string[], string[]] {
  const bin = mkdtempSync(join(folder, 'bin-'));
  for (const program of ['iptables', 'ip6tables']) {
    symlinkSync(`/usr/sbin/xtables-${backend}-multi`, join(bin, program));
  }
  const file = join(bin, 'script');
  writeFileSync(file, script);
  const list = 'echo ===; iptables -w -t raw -S | grep ^-A';
  const steps = [
    'ip link set lo up',
    ...vips.map(vip => `ip addr add ${vip}/32 dev lo`),
    ...rules.map(rule => `iptables -w -t raw ${rule}`),
    `bash ${file} >/dev/null 2>&1`,
    list,
    `bash ${file} >/dev/null 2>&1`,
    list,
  ];
  const { stdout, stderr } = spawnSync('unshare', ['-r', '-n', 'bash', '-c', steps.join('\n')], {
    encoding: 'utf8',
    env: { ...process.env, PATH: `${bin}:/usr/sbin:/usr/bin:/sbin:/bin`, XTABLES_LOCKFILE: join(bin, 'lock') },
  });
  const [, first, second] = stdout.split('===\n');
  assert.ok(first !== undefined && second !== undefined, stderr);
  const sorted = (text: string) =>
    text
      .split('\n')
      .filter(line => line !== '')
      .sort();
  return [sorted(first), sorted(second)];
}

function fixed(script: string): string {
  const core = new Core(message => assert.fail(message));
  core.put('notrack-vip.sh', script);
  return core.fixAll('notrack-vip.sh') ?? script;
}

for (const backend of ['nft', 'legacy'] as const) {
  describe(`the script of the notes, iptables-${backend}`, () => {
    it('adds four rules where nothing is in its way', () => {
      assert.deepEqual(run(backend, NOTES, {})[1], needed(VIP).sort());
    });

    it('leaves requests to port 80 tracked where a rule for port 8080 is there, but not the replies', () => {
      const missing = `-A PREROUTING -d ${VIP}/32 -p tcp -m tcp --dport 80 -j NOTRACK`;
      const expected = [...needed(VIP), NEIGHBOUR].filter(rule => rule !== missing).sort();
      assert.deepEqual(run(backend, NOTES, { rules: [NEIGHBOUR] })[1], expected);
    });

    it('adds nothing where an address that begins the same has its rules', () => {
      const others = needed(`${VIP}0`);
      assert.deepEqual(run(backend, NOTES, { rules: others })[1], others.sort());
    });

    it('adds nothing for two addresses, quoted or not', () => {
      const vips = [VIP, '1.2.15.22'];
      assert.deepEqual(run(backend, NOTES, { vips })[1], []);
      assert.deepEqual(run(backend, NOTES.replaceAll(' $vip ', ' "$vip" '), { vips })[1], []);
    });
  });

  for (const [who, script] of [
    ['with its fixes applied', fixed(NOTES)],
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
          const [first, second] = run(backend, script, situation);
          assert.deepEqual(first, [...expected].sort());
          assert.deepEqual(second, first);
        });
      }
    });
  }
}

it('every bug of the script of the notes is found', () => {
  const core = new Core(message => assert.fail(message));
  core.put('notrack-vip.sh', NOTES);
  const found = core.findings('notrack-vip.sh').map(({ rule, range }) => `${range.start.line + 1} ${rule}`);
  const searches = [7, 8, 9, 10].map(line => `${line} netfilter/grep-for-rule`);
  const addresses = ['3 netfilter/lo-addresses-only', '3 netfilter/several-addresses'];
  assert.deepEqual([...found].filter(each => !each.includes('no-wait')).sort(), [...searches, ...addresses].sort());
});
