import { serverOf } from '../../model/ruleset/notrackFlows.ts';
import type { PlacedRule, WrittenRule, WrittenRuleset } from '../../model/ruleset/ruleset.ts';
import { type Missing, untrackedDropped } from '../../model/ruleset/untrackedDropped.ts';
import { ANY_PORT, portionIn } from '../../simulate/packetPath/ranges.ts';
import type { IptablesOption } from '../../syntax/iptables/specification.ts';
import { atPlace, type Draft } from '../draft.ts';
import { rule } from '../rule.ts';
import en from './notrack-untracked-dropped.md';
import zh from './notrack-untracked-dropped.zh.md';
import { edit } from './rulesetEdits.ts';

/** Who writes more NOTRACK rules than that has a program write them. */
const MOST_RULES = 100;

type Key = 'dropped' | 'refused' | 'notrack' | 'accept';

/**
 * What NOTRACK has touched is in the state UNTRACKED, and in no other. A firewall that accepts NEW, ESTABLISHED and RELATED and
 * drops the rest drops all of it.
 */
export const notrackUntrackedDropped = rule({
  id: 'netfilter/notrack-untracked-dropped',
  severity: 'error',
  on: 'ruleset',
  evidence: [
    'test/real/packetPath.test.ts: the connection times out until UNTRACKED is accepted, nft and legacy, Linux 6.18',
    'test/real/netfilter-fixes.test.ts: with the fix the connection opens',
  ],
  summary: { en: 'The firewall drops what NOTRACK leaves untracked', zh: '防火墙丢弃了 NOTRACK 之后未跟踪的报文' },
  messages: {
    en: {
      dropped: v =>
        `Connections with ${v.server} time out: NOTRACK makes their packets UNTRACKED, ${v.chain} accepts them only as ${v.states}, and drops the rest`,
      refused: v =>
        `Connections with ${v.server} are refused: NOTRACK makes their packets UNTRACKED, ${v.chain} accepts them only as ${v.states}, and rejects the rest`,
      notrack: () => 'this leaves them untracked',
      accept: () => 'Accept UNTRACKED too',
    },
    zh: {
      dropped: v =>
        `与 ${v.server} 的连接会超时：NOTRACK 使其报文处于 UNTRACKED 状态，而 ${v.chain} 只放行 ${v.states}，其余全部丢弃`,
      refused: v =>
        `与 ${v.server} 的连接会被拒绝：NOTRACK 使其报文处于 UNTRACKED 状态，而 ${v.chain} 只放行 ${v.states}，其余全部拒绝`,
      notrack: () => '这条规则使报文不被跟踪',
      accept: () => '同时放行 UNTRACKED',
    },
  },
  page: { en, zh },

  *check(ruleset): Iterable<Draft<Key>> {
    if (ruleset.source.hasOwnLines || !ruleset.isWhole) return;
    for (const [written, all] of missingByRule(ruleset)) {
      const states = written.specification.options.find(({ name }) => name === 'ctstate' || name === 'state');
      const [{ missing } = { missing: null }] = all;
      if (!states?.argument || !missing) continue;
      const server = [...new Set(all.map(each => serverOf(each.missing.flow, ruleset)))].join(', ');
      const figures = { server, chain: missing.chain, states: (states.argument.value ?? '').replace(/,/g, ', ') };
      let draft: Draft<Key> = atPlace(ruleset.placeOf(states.argument), missing.outcome, figures);
      for (const by of new Set(all.map(each => each.notrack.written))) {
        draft = draft.seeAlso('notrack', ruleset.placeOf(by));
      }
      const isNarrow = all.every(each => hasPort(each.missing));
      yield draft.fix('accept', isNarrow ? 'safe' : 'unsafe', edit(ruleset, untrackedToo(ruleset, states)));
    }
  },
});

interface Found {
  readonly missing: Missing;
  readonly notrack: PlacedRule;
}

/** What is missing, by the rule that accepts too little. */
function missingByRule(ruleset: WrittenRuleset): ReadonlyMap<WrittenRule, readonly Found[]> {
  const found = new Map<WrittenRule, Found[]>();
  const rules = [...ruleset.rulesOf('raw')].filter(({ rule: { target } }) => target.does === 'notrack');
  for (const notrack of rules.slice(0, MOST_RULES)) {
    for (const missing of untrackedDropped(ruleset, notrack)) {
      const { written } = missing.accepting;
      const known = found.get(written);
      if (known) known.push({ missing, notrack });
      else found.set(written, [{ missing, notrack }]);
    }
  }
  return found;
}

/** Without a port, UNTRACKED would be all that comes from, or goes to, an address. */
function hasPort({ flow: { ways } }: Missing): boolean {
  return ways.every(({ destinationPort }) => portionIn(ANY_PORT, destinationPort) !== 'all');
}

function untrackedToo({ source: { text } }: WrittenRuleset, { argument }: IptablesOption) {
  const end = argument?.end ?? 0;
  const at = argument?.quoted && text[end - 1] === '"' ? end - 1 : end;
  return { span: { start: at, end: at }, newText: ',UNTRACKED' };
}
