import type { Cluster } from '../../model/cluster.ts';
import { mirrorEdits, mirrored } from '../../model/ruleset/mirror.ts';
import { type HalfTracked, halfTracked, hookOf, serverOf } from '../../model/ruleset/notrackFlows.ts';
import type { PlacedRule, WrittenRule, WrittenRuleset } from '../../model/ruleset/ruleset.ts';
import { folderOf } from '../../text/path.ts';
import { atPlace, type Draft } from '../draft.ts';
import { rule } from '../rule.ts';
import en from './notrack-one-way.md';
import zh from './notrack-one-way.zh.md';
import { below, edit, isAloneOnItsLine, isSameExceptInterfaces } from './rulesetEdits.ts';

/** Who writes more NOTRACK rules than that has a program write them. */
const MOST_RULES = 200;

type Key = 'repliesTracked' | 'requestsTracked' | 'swapped' | 'model' | 'addTwin' | 'swap';

/**
 * NOTRACK is about packets, not about connections: it needs a rule for either direction. With one of them, conntrack begins an entry at a
 * packet of the other, keeps it as unreplied, and calls packets INVALID that belong to the connection.
 */
export const notrackOneWay = rule({
  id: 'netfilter/notrack-one-way',
  severity: 'warning',
  on: 'ruleset',
  evidence: [
    'test/real/packetPath.test.ts: conntrack entries of connections with NOTRACK in one direction, nft and legacy, Linux 6.18',
    'test/real/netfilter-fixes.test.ts: with the fix both directions are untracked and the connection opens',
  ],
  summary: { en: 'NOTRACK is there for one direction only', zh: 'NOTRACK 只写了一个方向' },
  messages: {
    en: {
      repliesTracked: v =>
        `Replies from ${v.server} are still tracked: no NOTRACK in raw ${v.chain} meets them, so each connection leaves an [UNREPLIED] entry that begins at the server`,
      requestsTracked: v =>
        `Requests to ${v.server} are still tracked: no NOTRACK in raw ${v.chain} meets them, so each connection leaves an entry in SYN_SENT [UNREPLIED] and its other packets are INVALID`,
      swapped: v =>
        `This meets none of the packets that it is for: those that go the other way have source and destination exchanged, so ${v.server} stays tracked in one direction`,
      model: () => 'the rule for the other direction asks for the same source and destination',
      addTwin: v => `Add the rule for the other direction to raw ${v.chain}`,
      swap: () => 'Exchange source and destination',
    },
    zh: {
      repliesTracked: v =>
        `来自 ${v.server} 的回包仍会被跟踪：raw ${v.chain} 中没有匹配它们的 NOTRACK，每个连接都会留下一条从服务端开始的 [UNREPLIED] 条目`,
      requestsTracked: v =>
        `发往 ${v.server} 的请求仍会被跟踪：raw ${v.chain} 中没有匹配它们的 NOTRACK，每个连接都会留下一条 SYN_SENT [UNREPLIED] 条目，后续报文则为 INVALID`,
      swapped: v => `这条规则匹配不到它要处理的报文：反方向报文的源和目的是互换的，因此 ${v.server} 仍有一个方向被跟踪`,
      model: () => '另一个方向的规则写的是同样的源和目的',
      addTwin: v => `在 raw ${v.chain} 中添加另一个方向的规则`,
      swap: () => '互换源和目的',
    },
  },
  page: { en, zh },

  *check(ruleset, { cluster, file }): Iterable<Draft<Key>> {
    if (ruleset.source.hasOwnLines) return;
    const besides = rulesBeside(ruleset, file, cluster);
    const found = new Map<number, OneWay>();
    for (const variant of [ruleset, ...ruleset.variants]) {
      for (const each of oneWayRules(variant, besides)) {
        const known = found.get(each.placed.written.start);
        found.set(each.placed.written.start, { ...each, servers: [...(known?.servers ?? []), ...each.servers] });
      }
    }
    for (const { placed, flow, servers } of found.values()) {
      const server = [...new Set(servers)].join(', ');
      const { written } = placed;
      const opposite = [...found.values()].find(other => isCopy(ruleset, other.placed, placed));
      if (opposite && opposite.placed.written.start < written.start) {
        yield swapped(ruleset, written, server).seeAlso('model', ruleset.placeOf(opposite.placed.written));
      } else if (!opposite) yield oneWay(ruleset, placed, flow, server);
    }
  },
});

/** A rule of which one flow, or more, is tracked in the other direction. */
interface OneWay {
  readonly placed: PlacedRule;
  readonly flow: HalfTracked;
  readonly servers: readonly string[];
}

/**
 * The rules that other scripts of the same folder add; a unit or a list of commands is many scripts. Of files of rules, those that a script has
 * within itself, in a here-document, go together with its commands.
 */
function rulesBeside(ruleset: WrittenRuleset, file: string, cluster: Cluster): readonly WrittenRuleset[] {
  return cluster
    .all('ruleset')
    .filter(({ file: where, entity: { isWhole } }) =>
      where === file
        ? !isWhole || !ruleset.isWhole
        : !isWhole && !ruleset.isWhole && folderOf(where) === folderOf(file),
    )
    .map(({ entity }) => entity)
    .filter(entity => entity !== ruleset && entity.family === ruleset.family);
}

/** With a variable for an address, the rules that have it: the others are looked at without. */
function* oneWayRules(ruleset: WrittenRuleset, besides: readonly WrittenRuleset[]): Iterable<OneWay> {
  const { assumed } = ruleset;
  const others = besides.map(({ ruleset: plain, variants }) => {
    const same = variants.find(each => each.assumed?.variable === assumed?.variable);
    return same?.ruleset ?? plain;
  });
  const rules = [...ruleset.rulesOf('raw')].filter(
    ({ rule: { target, matches } }) =>
      target.does === 'notrack' && (!assumed || matches.some(match => 'in' in match && match.in === assumed.address)),
  );
  for (const placed of rules.slice(0, MOST_RULES)) {
    const flows = halfTracked(ruleset, placed, others);
    const [flow] = flows;
    if (flow) yield { placed, flow, servers: flows.map(each => serverOf(each, ruleset)) };
  }
}

/** True for rules of the two hooks that ask for the same: one of them was copied, and not turned around. */
function isCopy({ ruleset }: WrittenRuleset, one: PlacedRule, other: PlacedRule): boolean {
  const isOpposite = hookOf(ruleset, one.at.chain) !== hookOf(ruleset, other.at.chain);
  return isOpposite && isSameExceptInterfaces(one.rule, other.rule);
}

function swapped(ruleset: WrittenRuleset, written: WrittenRule, server: string): Draft<'swapped' | 'swap'> {
  const draft = atPlace(ruleset.placeOf(written), 'swapped' as const, { server });
  const edits = mirrorEdits(ruleset.source.text, written, null);
  return edits ? draft.fix('swap', 'safe', edit(ruleset, ...edits)) : draft;
}

function oneWay(
  ruleset: WrittenRuleset,
  { at, written }: PlacedRule,
  { sender }: HalfTracked,
  server: string,
): Draft<'repliesTracked' | 'requestsTracked' | 'addTwin'> {
  const chain = hookOf(ruleset.ruleset, at.chain) === 'PREROUTING' ? 'OUTPUT' : 'PREROUTING';
  const message = sender === 'client' ? 'repliesTracked' : 'requestsTracked';
  const draft = atPlace(ruleset.placeOf(written), message, { server, chain });
  const { text, isSparse } = ruleset.source;
  const twin = mirrored(text, written, chain);
  const place = !isSparse && isAloneOnItsLine(text, written) ? below(text, written, twin ?? '') : null;
  return twin === null || !place ? draft : draft.fix('addTwin', 'safe', edit(ruleset, place));
}
