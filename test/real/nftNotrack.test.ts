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

describe('netfilter/nft-notrack-late', () => {
  for (const priority of ['raw', '-201', 'raw + 99', '-199', 'mangle', 'filter - 10', 'filter', '300']) {
    it(`says what becomes of notrack at priority ${priority}`, async () => {
      const text = table(['prerouting', 'output'], priority);
      const told = isTold(text);
      assert.equal(await isTracked(text), told);
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
