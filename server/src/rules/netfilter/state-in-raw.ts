import type { PlacedRule, WrittenRule, WrittenRuleset } from '../../model/ruleset/ruleset.ts';
import { meets } from '../../simulate/packetPath/match.ts';
import { NOTHING, type Packet, TEMPLATE, type Tracking, UNTRACKED } from '../../simulate/packetPath/packet.ts';
import { ANY_PORT, anyAddress } from '../../simulate/packetPath/ranges.ts';
import type { Match } from '../../simulate/packetPath/ruleset.ts';
import { atPlace } from '../draft.ts';
import { rule } from '../rule.ts';
import en from './state-in-raw.md';
import zh from './state-in-raw.zh.md';

/**
 * The table raw is asked before conntrack is. A packet from the network has no connection there yet: none is NEW or ESTABLISHED, and all
 * that NOTRACK has not touched are INVALID.
 */
export const stateInRaw = rule({
  id: 'netfilter/state-in-raw',
  severity: 'error',
  on: 'ruleset',
  evidence: [
    'Linux net/netfilter/xt_conntrack.c, conntrack_mt: a packet without an entry is INVALID, or UNTRACKED (6.18)',
    'test/real/packetPath.test.ts: states matched in raw PREROUTING, nft and legacy',
  ],
  summary: { en: 'A state is asked for before conntrack has given it', zh: '在 conntrack 判定状态之前就匹配状态' },
  messages: {
    en: {
      never: v =>
        `This rule meets no packet ${v.chain === 'OUTPUT' ? 'that a program here sends' : 'from the network'}: raw is asked before conntrack, so none of them is ${v.states} there`,
      always: v => `${v.states} means every packet here: raw is asked before conntrack, so all of them are INVALID`,
      dropsAll: v =>
        `This drops all traffic: raw is asked before conntrack, so every packet is INVALID there, and ${v.states} means all of them`,
    },
    zh: {
      never: v =>
        `这条规则匹配不到任何${v.chain === 'OUTPUT' ? '本机程序发出' : '来自网络'}的报文：raw 在 conntrack 之前执行，此时没有报文处于 ${v.states} 状态`,
      always: v => `${v.states} 在这里匹配所有报文：raw 在 conntrack 之前执行，此时所有报文都是 INVALID`,
      dropsAll: v =>
        `这条规则会丢弃所有流量：raw 在 conntrack 之前执行，此时每个报文都是 INVALID，而 ${v.states} 匹配全部报文`,
    },
  },
  page: { en, zh },

  *check(ruleset) {
    // What nothing here leaves untracked is INVALID, whatever others add: NOTRACK is for chosen packets.
    const certain = statesOfOwn(ruleset);
    const possible = ruleset.isWhole ? certain : [...certain, UNTRACKED];
    const seen = new Set<WrittenRule>();
    for (const placed of ruleset.rulesOf('raw')) {
      const { written, rule: found } = placed;
      const state = found.matches.find(match => match.on === 'state');
      const option = written.specification.options.find(({ name }) => name === 'ctstate' || name === 'state');
      // What came out of this machine by lo has its connection already.
      if (!state || !option?.argument || seen.has(written) || comesByLo(placed)) continue;
      seen.add(written);
      const answers = possible.map(tracking => meets(state, SOME_PACKET, tracking));
      const ofOwn = certain.map(tracking => meets(state, SOME_PACKET, tracking));
      const states = `${option.not ? '! ' : ''}${option.argument.value ?? ''}`;
      const place = ruleset.placeOf(option.argument);
      if (answers.every(answer => answer === 'no')) yield atPlace(place, 'never', { states, chain: placed.at.chain });
      else if (ofOwn.every(answer => answer === 'yes')) {
        const isOnlyCondition = found.matches.length === 1 && found.target.does === 'drop';
        yield atPlace(place, isOnlyCondition ? 'dropsAll' : 'always', { states }).as('warning');
      }
    }
  },
});

/** A state match asks nothing of the packet itself. */
const SOME_PACKET: Packet = {
  source: anyAddress('ipv4'),
  sourcePort: ANY_PORT,
  destination: anyAddress('ipv4'),
  destinationPort: ANY_PORT,
  protocol: null,
  in: null,
  out: null,
  flags: null,
};

/** What can be attached to a packet of the network while raw is asked, by these rules alone. */
function statesOfOwn(ruleset: WrittenRuleset): readonly Tracking[] {
  const targets = new Set([...ruleset.rulesOf('raw')].map(({ rule: { target } }) => target.does));
  return [NOTHING, ...(targets.has('notrack') ? [UNTRACKED] : []), ...(targets.has('template') ? [TEMPLATE] : [])];
}

function comesByLo({ rule: { matches } }: PlacedRule): boolean {
  return matches.some((match: Match) => match.on === 'in' && match.name === 'lo' && !match.isNegated);
}
