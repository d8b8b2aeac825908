import assert from 'node:assert/strict';
import { isIPv4, isIPv6 } from 'node:net';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { isIpv4, isIpv6, isNetwork, looksLikeNetwork, parseIpv4, parseIpv6 } from '../../server/src/text/network.ts';

const SEED = 20_261_127;

describe('addresses', () => {
  it('of IPv4 are numbers', () => {
    assert.equal(parseIpv4('1.2.3.4'), 0x01020304n);
    assert.deepEqual(['1.2.3', '1.2.3.256', '01.2.3.4', '1.2.3.4.5', ''].map(parseIpv4), Array(5).fill(null));
  });
  it('of IPv6 are numbers', () => {
    assert.equal(parseIpv6('::'), 0n);
    assert.equal(parseIpv6('2001:db8::1'), 0x20010db8000000000000000000000001n);
    assert.equal(parseIpv6('::ffff:1.2.3.4'), 0xffff01020304n);
    const wrong = ['1.2.3.4::', '1::2::3', '1:2:3:4:5:6:7', '1:2:3:4::5:6:7:8', ':1', '12345::', '::1.2.3.4:5', ''];
    assert.deepEqual(wrong.map(parseIpv6), Array(wrong.length).fill(null));
  });
  it('are those that the C library takes', () => {
    const part = fc.constantFrom('0', '1', 'ffff', '12345', '255', '256', '007', 'g', ':', '::', '.', '1.2.3.4', ':1');
    const text = fc.array(part, { maxLength: 10 }).map(parts => parts.join(''));
    const joined = fc
      .array(fc.constantFrom('0', 'a', 'ffff', '', '1.2.3.4'), { maxLength: 9 })
      .map(all => all.join(':'));
    fc.assert(
      fc.property(fc.oneof(text, joined), each => {
        assert.deepEqual([isIpv4(each), isIpv6(each)], [isIPv4(each), isIPv6(each)]);
      }),
      { seed: SEED, numRuns: 5000 },
    );
  });
});

describe('networks', () => {
  const good = ['10.0.0.0/8', '10.0.0.1', '::/0', '2001:db8::/32', '0.0.0.0/0'];
  const bad = ['10.0.0.0/33', '10.0.0/8', '::/129', '10.0.0.0/8/8', '10.0.0.0/', '10.0.0.0/08'];
  const neither = ['example.com', 'all', 'unix:', ''];
  it('are addresses with or without a length', () => {
    assert.deepEqual(good.filter(isNetwork), good);
    assert.deepEqual([...bad, ...neither].filter(isNetwork), []);
  });
  it('may be meant by what is none', () => {
    assert.deepEqual([...good, ...bad, ...neither].filter(looksLikeNetwork), [
      ...good,
      ...bad.slice(0, 3),
      ...bad.slice(4),
    ]);
  });
});
