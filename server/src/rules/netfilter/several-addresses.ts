import { atPlace, edit } from '../draft.ts';
import { rule } from '../rule.ts';
import { addressLoop } from './addressLoop.ts';
import { localAddressesIn } from './localAddresses.ts';
import en from './several-addresses.md';
import zh from './several-addresses.zh.md';

/** Interfaces on which several addresses are the usual thing: those of virtual servers. */
const MANY = /^(?:lo|dummy\w*|kube-ipvs0|ipvs\w*|lvs\w*|vip\w*)$/;

/**
 * A list of addresses in one variable is one word too many for iptables: it refuses the second one, and the rule of neither is added. With one
 * address on the interface the script works; the day somebody adds another, it stops, for both.
 */
export const severalAddresses = rule({
  id: 'netfilter/several-addresses',
  severity: 'warning',
  on: 'shellText',
  evidence: [
    'test/real/shell-notrack.test.ts: what iptables 1.8.9 of both backends makes of two addresses, quoted or not',
  ],
  summary: {
    en: 'With a second address on the interface, no rule is added at all',
    zh: '接口上一旦有第二个地址，就一条规则也加不上',
  },
  messages: {
    en: {
      several: v =>
        `With two addresses on ${v.device} no rule is added, for neither: \`$${v.variable}\` is then ${v.quoted === 'yes' ? 'one word of two lines, which is no address' : 'two words, and iptables refuses the second'}`,
      loop: () => 'Go through the addresses in a loop',
    },
    zh: {
      several: v =>
        `${v.device} 上有两个地址时，两个地址的规则都加不上：\`$${v.variable}\` ${v.quoted === 'yes' ? '成了含有换行的一个词，不是合法地址' : '变成两个词，iptables 会拒绝第二个'}`,
      loop: () => '用循环逐个处理地址',
    },
  },
  page: { en, zh },

  *check(text) {
    for (const addresses of localAddressesIn(text)) {
      const { variable, set, device, mayBeSeveral, calls } = addresses;
      if (!mayBeSeveral || !MANY.test(device) || text.isTemplated(set)) continue;
      // In quotes too, a line feed makes it no address.
      const quoted = calls.every(({ invocation }) =>
        invocation.fields.every(({ value, single }) => value !== null || single),
      );
      const draft = atPlace(text.placeOf(set), 'several', { device, variable, quoted: quoted ? 'yes' : 'no' });
      const edits = addressLoop(text, addresses);
      yield edits ? draft.fix('loop', 'safe', edit(text.region, ...edits)) : draft;
    }
  },
});
