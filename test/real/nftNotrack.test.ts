import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';
import { Core } from '../../server/src/core.ts';
import { codeBlock, section } from '../../server/src/features/page.ts';
import { ADDRESSES, Machines } from './namespaces.ts';

const machines = new Machines();

before(() => machines.start([443]));
after(() => machines.stop());

/** Makes Linux track at all. */
const TRACKING = `table inet tracking {
  chain c {
    type filter hook output priority 50
    ct state new counter
  }
}
`;

function isTold(text: string): boolean {
  const core = new Core(message => assert.fail(message));
  core.put('rules.nft', text);
  return core.findings('rules.nft').some(({ rule }) => rule === 'netfilter/nft-notrack-late');
}

/** True if conntrack has an entry of a connection to 1.2.15.21:443. */
async function isTracked(text: string): Promise<boolean> {
  assert.equal(machines.loadNft(`${TRACKING}${text}`), null);
  const { observed, entries } = await machines.connect('left', ADDRESSES.vip, 443);
  assert.equal(observed, 'open');
  return entries.length > 0;
}

const table = (hooks: readonly string[], priority: string) =>
  `table inet t {\n${hooks
    .map(
      hook =>
        `  chain ${hook} { type filter hook ${hook} priority ${priority}; tcp dport 443 notrack; tcp sport 443 notrack; }`,
    )
    .join('\n')}\n}\n`;

const UNTRACKED = 'chain n {\n tcp dport 443 notrack\n tcp sport 443 notrack\n}';
const base = (hook: string, priority: string, rule: string) =>
  `chain ${hook}_${priority} {\n type filter hook ${hook} priority ${priority};\n ${rule}\n}`;
const inTable = (...parts: readonly string[]) => `table inet t {\n${parts.join('\n')}\n}\n`;
const MAP = 'map m {\n type inet_proto : verdict; elements = { tcp : jump n }\n}';
const ROUTE = base('output', 'mangle', 'tcp sport 443 notrack').replace('type filter', 'type route');

const OTHERS = [
  [
    'a chain that late chains alone jump to',
    inTable(UNTRACKED, base('output', 'filter', 'jump n'), base('prerouting', 'filter', 'goto n')),
  ],
  [
    'a chain that early chains jump to as well',
    inTable(
      UNTRACKED,
      base('output', 'raw', 'jump n'),
      base('prerouting', 'raw', 'jump n'),
      base('input', 'filter', 'jump n'),
    ),
  ],
  [
    'a chain that early chains find in a map',
    inTable(
      MAP.replace(/^/, `${UNTRACKED}\n`),
      base('output', 'raw', 'meta l4proto vmap @m'),
      base('prerouting', 'raw', 'meta l4proto vmap @m'),
      base('input', 'filter', 'jump n'),
    ),
  ],
  ['a chain that decides on routes', inTable(ROUTE)],
  ['states before it, late', inTable(base('prerouting', 'filter', 'ct state new tcp dport 443 notrack'))],
  [
    'sets, early',
    inTable(
      base('prerouting', 'raw', 'ip daddr { 1.2.15.21, 10.0.0.0/8 } tcp dport { 443 } notrack'),
      base('output', 'raw', 'ip saddr 1.2.15.21 tcp sport { 80, 443 } counter notrack'),
    ),
  ],
  [
    'what a flush before it leaves',
    `flush ruleset\n${TRACKING}${inTable(base('prerouting', 'filter', 'tcp dport 443 notrack'))}`,
  ],
  [
    'what a later line takes away',
    `${inTable(base('prerouting', 'raw', 'notrack'), base('output', 'raw', 'notrack'))}delete table inet t\n${inTable(base('prerouting', 'filter', 'notrack'))}`,
  ],
] as const;

describe('netfilter/nft-notrack-late', () => {
  for (const priority of [
    'raw',
    '-201',
    'raw + 99',
    'raw+101',
    '-199',
    'mangle - 50',
    'mangle - 51',
    'filter - 201',
    'mangle',
    'filter - 10',
    'filter',
    '300',
  ]) {
    it(`says what becomes of notrack at priority ${priority}`, async () => {
      const text = table(['prerouting', 'output'], priority);
      const told = isTold(text);
      assert.equal(await isTracked(text), told);
    });
  }

  for (const [name, text] of OTHERS) {
    it(`knows ${name}`, async () => {
      assert.equal(await isTracked(text), isTold(text));
    });
  }

  for (const hook of ['input', 'forward', 'postrouting']) {
    for (const priority of ['raw', 'filter']) {
      it(`says that notrack in ${hook} at priority ${priority} does nothing`, async () => {
        const text = table([hook], priority);
        assert.equal(isTold(text), true);
        assert.equal(await isTracked(text), true);
      });
    }
  }

  for (const [heading, tracked] of [
    ['example', true],
    ['fixed', false],
  ] as const) {
    it(`has a page whose ${heading} is ${tracked ? '' : 'un'}tracked`, async () => {
      const page = readFileSync('server/src/rules/netfilter/nft-notrack-late.md', 'utf8');
      assert.equal(await isTracked(codeBlock(section(page, heading, 'en'))?.text ?? ''), tracked);
    });
  }
});
