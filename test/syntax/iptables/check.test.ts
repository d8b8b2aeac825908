import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { BACKENDS, type IpFamily } from '../../../server/src/facts/netfilter.ts';
import { checkIptables } from '../../../server/src/syntax/iptables/check.ts';
import { parseIptables } from '../../../server/src/syntax/iptables/parse.ts';
import { restoreVerdict } from '../../../server/src/syntax/iptables/verdict.ts';
import { FILES, FILTER_RULES, inFilter } from './cases.ts';

/** What each backend says of a text: the code of the problem that decides, its line if it stops there. */
function verdicts(text: string, family: IpFamily): string {
  const tree = parseIptables(text, { family });
  const check = checkIptables(tree);
  const each = BACKENDS.map(backend => {
    const verdict = restoreVerdict(tree, check, backend);
    return verdict.kind === 'refused'
      ? `${verdict.problem.code}${verdict.line === null ? '' : ` ${verdict.line}`}`
      : verdict.kind;
  });
  return each[0] === each[1] ? (each[0] ?? '') : each.join(' / ');
}

for (const [name, cases] of Object.entries(FILTER_RULES))
  describe(name, () => {
    for (const [rule, said, family = 'ipv4'] of cases)
      it(`${family === 'ipv6' ? 'ip6tables ' : ''}${rule}`, () => assert.equal(verdicts(inFilter(rule), family), said));
  });

describe('files', () => {
  for (const [name, text, said] of FILES) it(name, () => assert.equal(verdicts(text, 'ipv4'), said));
});

describe('beside rules that are there already', () => {
  for (const rule of ['-R INPUT 5 -j ACCEPT', '-D INPUT 5', '-R INPUT 1 -j DROP', '-D INPUT -j DROP'])
    it(`${rule} may do`, () =>
      assert.deepEqual(
        checkIptables(parseIptables(inFilter(rule), { family: 'ipv4' }), { noflush: true }).problems,
        [],
      ));
});
