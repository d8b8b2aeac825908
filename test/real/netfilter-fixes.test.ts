import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';
import { codeBlock, section } from '../../server/src/features/page.ts';
import { restoreText } from '../simulate/packetPath/restoreText.ts';
import { ADDRESSES, type Backend, Machines, type Observed } from './namespaces.ts';

const machines = new Machines();

before(() => machines.start([80, 443, 8443]));
after(() => machines.stop());

/** Makes Linux track at all, and in a table that no page writes. */
const TRACKING = '*security\n:OUTPUT ACCEPT [0:0]\n-A OUTPUT -m conntrack --ctstate NEW\nCOMMIT\n';

/** What becomes of a connection to 1.2.15.21:443 by the Example of a rule's page, and by its fix. */
const PAGES: readonly (readonly [string, { example: [Observed, RegExp]; fixed: [Observed, RegExp] }])[] = [
  ['notrack-one-way', { example: ['open', /ESTABLISHED src=1\.2\.15\.21 .*\[UNREPLIED\]/], fixed: ['open', /^$/] }],
  ['notrack-untracked-dropped', { example: ['dropped', /^$/], fixed: ['open', /^$/] }],
  [
    'notrack-defeats-nat',
    { example: ['open', /^$/], fixed: ['open', /ESTABLISHED src=10\.1\.0\.2 .*sport=8443 .*\[ASSURED\]/] },
  ],
];

for (const backend of ['nft', 'legacy'] satisfies Backend[]) {
  describe(`pages of netfilter rules, ${backend}`, () => {
    before(() => void machines.run(['nft', 'flush', 'ruleset']));

    for (const [page, expected] of PAGES) {
      for (const heading of ['example', 'fixed'] as const) {
        it(`${page}: ${heading}`, async () => {
          const text = readFileSync(`server/src/rules/netfilter/${page}.md`, 'utf8');
          const rules = codeBlock(section(text, heading, 'en'))?.text ?? '';
          const empty = restoreText({ family: 'ipv4', tables: {} });
          assert.equal(machines.load(backend, `${empty}${TRACKING}`), null);
          assert.equal(machines.load(backend, rules), null);
          const { observed, entries } = await machines.connect('left', ADDRESSES.vip, 443);
          const [outcome, entry] = expected[heading];
          assert.equal(observed, outcome);
          assert.match(entries.join('\n'), entry);
        });
      }
    }
  });
}
