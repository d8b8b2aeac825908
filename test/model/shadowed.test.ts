import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readPiece } from '../../server/src/model/pieces.ts';
import type { PlacedRule } from '../../server/src/model/ruleset/ruleset.ts';
import { shadowedIn } from '../../server/src/model/ruleset/shadowed.ts';
import { packetPath } from '../../server/src/simulate/packetPath/packetPath.ts';
import { onePort } from '../../server/src/simulate/packetPath/ranges.ts';
import type { Ruleset } from '../../server/src/simulate/packetPath/ruleset.ts';
import type { Flow } from '../../server/src/simulate/packetPath/travel.ts';
import { network } from '../simulate/packetPath/build.ts';
import { generatedRuleset } from '../simulate/packetPath/generated.ts';
import { restoreText } from '../simulate/packetPath/restoreText.ts';

const FLOWS: readonly Flow[] = (['toLocal', 'fromLocal', 'forwarded', 'loopback'] as const).flatMap(direction =>
  [80, 443].map(port => ({
    direction,
    source: network('10.1.0.2'),
    sourcePort: onePort(50_000),
    destination: network(direction === 'forwarded' ? '10.2.0.2' : '1.2.15.21'),
    destinationPort: onePort(port),
    protocol: 'tcp',
    clientInterface: 'left',
    serverInterface: 'right',
    local: network('1.2.15.21'),
  })),
);

/** What becomes of the flows, and what they leave in conntrack. */
function outcomes(ruleset: Ruleset): string[] {
  return FLOWS.flatMap(flow =>
    packetPath(ruleset, flow).map(({ outcome, legs, entry }) =>
      [outcome, ...legs.map(leg => leg.tracking.states.join('/')), entry?.tcp, entry?.isReplied].join(' '),
    ),
  );
}

describe('shadowedIn', () => {
  it('finds rules without which generated rulesets do the same', () => {
    let found = 0;
    for (let seed = 1; seed <= 400; seed++) {
      const generated = generatedRuleset(seed);
      const text = restoreText(generated);
      const ruleset = readPiece('rules.v4', 'iptables', text).find(entity => entity.is === 'ruleset');
      assert.ok(ruleset?.is === 'ruleset');
      for (const [table, chains] of Object.entries(ruleset.ruleset.tables)) {
        for (const [name, chain] of chains) {
          const placed = [...chain.rules.keys()].map(index =>
            ruleset.at({ table: table as 'raw', chain: name, index }),
          );
          for (const { rule } of shadowedIn(placed.filter((each): each is PlacedRule => each !== null))) {
            found++;
            const rules = chain.rules.filter(each => each !== rule.rule);
            const without = new Map(chains).set(name, { ...chain, rules });
            const tables: Ruleset['tables'] = { ...ruleset.ruleset.tables, [table]: without };
            assert.deepEqual(outcomes({ family: 'ipv4', tables }), outcomes(ruleset.ruleset), text);
          }
        }
      }
    }
    assert.ok(found > 20, `${found} found`);
  });
});
