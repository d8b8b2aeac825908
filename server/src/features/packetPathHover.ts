import { TABLES } from '../facts/netfilter.ts';
import type { Entity } from '../model/entity.ts';
import { flowsOf, serverOf } from '../model/ruleset/notrackFlows.ts';
import type { PlacedRule, WrittenRuleset } from '../model/ruleset/ruleset.ts';
import { rulesetsOfScript } from '../model/ruleset/scriptLines.ts';
import type { ShellText } from '../model/shellText.ts';
import { type Course, type Leg, type LegName, type Outcome, packetPath } from '../simulate/packetPath/packetPath.ts';
import type { Target } from '../simulate/packetPath/ruleset.ts';
import type { Flow } from '../simulate/packetPath/travel.ts';
import type { Step } from '../simulate/packetPath/walk.ts';
import { type Span, touches } from '../text/span.ts';
import type { Wording } from '../text/wording.ts';
import type { PieceAt, Workspace } from '../workspace/workspace.ts';

interface Words {
  readonly title: (server: string, by: string) => string;
  readonly file: string;
  readonly commands: string;
  readonly result: (direction: string, outcome: string) => string;
  readonly packet: string;
  readonly way: string;
  readonly legs: Readonly<Record<LegName, string>>;
  readonly directions: Readonly<Record<Flow['direction'], string>>;
  readonly outcomes: Readonly<Record<Outcome, string>>;
  readonly rule: (chain: string, number: number, does: string) => string;
  readonly policy: (chain: string, policy: string) => string;
  readonly may: string;
  readonly tracked: (state: string) => string;
  readonly untracked: string;
  readonly entry: (entry: string) => string;
  readonly noEntry: string;
  readonly more: (count: number) => string;
}

const WORDS: Wording<Words> = {
  en: {
    title: (server, by) => `A connection with ${server}, by ${by} alone`,
    file: 'this file',
    commands: 'these commands',
    result: (direction, outcome) => `${direction}: **${outcome}**`,
    packet: 'packet',
    way: 'way',
    legs: { opening: 'request, the first', answer: 'reply, the first', request: 'requests', reply: 'replies' },
    directions: {
      toLocal: 'to this machine',
      fromLocal: 'from this machine',
      forwarded: 'through this machine',
      loopback: 'within this machine',
    },
    outcomes: {
      open: 'opens',
      dropped: 'times out',
      refused: 'is refused',
      misdirected: 'breaks: later packets carry other addresses than the first',
      unknown: 'cannot be told',
    },
    rule: (chain, number, does) => `${chain} rule ${number} ${does}`,
    policy: (chain, policy) => `${chain} policy ${policy}`,
    may: 'if it matches',
    tracked: state => `conntrack: ${state}`,
    untracked: 'untracked',
    entry: entry => `Conntrack has an entry: ${entry}.`,
    noEntry: 'Conntrack has no entry.',
    more: count => `… and ${count === 1 ? 'another way' : `${count} other ways`}, by rules that may match or not.`,
  },
  zh: {
    title: (server, by) => `与 ${server} 的连接（只看${by}）`,
    file: '本文件',
    commands: '这些命令',
    result: (direction, outcome) => `${direction}：**${outcome}**`,
    packet: '报文',
    way: '经过',
    legs: { opening: '第一个请求', answer: '第一个回包', request: '后续请求', reply: '后续回包' },
    directions: { toLocal: '发往本机', fromLocal: '从本机发起', forwarded: '经本机转发', loopback: '本机内部' },
    outcomes: {
      open: '可以建立',
      dropped: '超时',
      refused: '被拒绝',
      misdirected: '中断：后续报文的地址与第一个报文不同',
      unknown: '无法判断',
    },
    rule: (chain, number, does) => `${chain} 第 ${number} 条 ${does}`,
    policy: (chain, policy) => `${chain} 默认策略 ${policy}`,
    may: '如果匹配',
    tracked: state => `conntrack：${state}`,
    untracked: '不跟踪',
    entry: entry => `conntrack 中有条目：${entry}。`,
    noEntry: 'conntrack 中没有条目。',
    more: count => `……另有 ${count} 种走法，取决于某些规则是否匹配。`,
  },
};

/** Courses beyond these tell nobody anything. */
const MOST_COURSES = 2;

/** The way of the connections that a rule is about, at its target; null elsewhere, and for rules about no certain connection. */
export function packetPathHover(
  { entities, offset }: PieceAt,
  { language }: Workspace,
): { markdown: string; span: Span } | null {
  for (const { ruleset, by } of rulesetsAt(entities, offset)) {
    if (ruleset.source.hasOwnLines) continue;
    const at = ruleset.source.offsetOf(offset);
    const placed = at === null ? null : ruleAt(ruleset, at);
    const markdown = placed && markdownOf(ruleset, placed, { words: WORDS[language], by });
    if (placed && markdown) return { markdown, span: ruleset.placeOf(placed.written).value };
  }
  return null;
}

/** The rulesets of files, and those that scripts make by themselves, also where a variable holds an address. */
function* rulesetsAt(
  entities: readonly Entity[],
  offset: number,
): Iterable<{ readonly ruleset: WrittenRuleset; readonly by: 'file' | 'commands' }> {
  for (const entity of entities) {
    if (entity.is === 'ruleset' && entity.isWhole) yield { ruleset: entity, by: 'file' };
    if (entity.is !== 'shellText' || entity.offsetOf(offset) === null) continue;
    const known = OF_SCRIPTS.get(entity) ?? [...rulesetsOfScript(entity, true)];
    OF_SCRIPTS.set(entity, known);
    for (const whole of known) for (const ruleset of [whole, ...whole.variants]) yield { ruleset, by: 'commands' };
  }
}

const OF_SCRIPTS = new WeakMap<ShellText, readonly WrittenRuleset[]>();

/** The rule whose target is at an offset. */
function ruleAt(ruleset: WrittenRuleset, offset: number): PlacedRule | null {
  for (const table of TABLES) {
    for (const placed of ruleset.rulesOf(table)) {
      const { jump } = placed.written.specification;
      if (jump && touches(jump, offset)) return placed;
    }
  }
  return null;
}

function markdownOf(
  ruleset: WrittenRuleset,
  placed: PlacedRule,
  { words, by }: { readonly words: Words; readonly by: 'file' | 'commands' },
): string | null {
  const [flow] = flowsOf(ruleset, placed);
  if (!flow) return null;
  const parts = flow.ways.flatMap(way => {
    const courses = packetPath(ruleset.ruleset, way);
    const shown = courses.slice(0, MOST_COURSES).map(course => courseOf(course, way, words));
    return courses.length > MOST_COURSES ? [...shown, words.more(courses.length - MOST_COURSES)] : shown;
  });
  return [`**${words.title(serverOf(flow, ruleset), words[by])}**`, ...parts].join('\n\n');
}

function courseOf({ outcome, legs, entry }: Course, { direction }: Flow, words: Words): string {
  const rows = legs.map(leg => `| ${words.legs[leg.name]} | ${wayOf(leg, words)} |`);
  const kept = entry
    ? words.entry(
        `${entry.tcp ?? ''}${entry.isReplied ? '' : ' [UNREPLIED]'}${entry.isAssured ? ' [ASSURED]' : ''}`.trim(),
      )
    : words.noEntry;
  return [
    words.result(words.directions[direction], words.outcomes[outcome]),
    '',
    `| ${words.packet} | ${words.way} |`,
    '| --- | --- |',
    ...rows,
    '',
    kept,
  ].join('\n');
}

/** What happens to a packet on its way, without the chains that let it pass. */
function wayOf({ steps, tracking }: Leg, words: Words): string {
  const told = steps.flatMap(step => toldOf(step, words));
  const isUntracked = tracking.as === 'untracked' && !steps.some(step => step.is === 'conntrack');
  const at = told.findIndex(text => text.endsWith('NOTRACK'));
  if (isUntracked && at >= 0) told.splice(at + 1, 0, words.untracked);
  return told.join(' → ');
}

function toldOf(step: Step, words: Words): string[] {
  switch (step.is) {
    case 'conntrack':
      return [words.tracked(step.state)];
    case 'rule': {
      const text = words.rule(`${step.at.table} ${step.at.chain}`, step.at.index + 1, doesOf(step.target));
      return [step.isSure ? text : `${text} (${words.may})`];
    }
    case 'policy':
      return step.policy === 'DROP' ? [words.policy(`${step.table} ${step.chain}`, step.policy)] : [];
    default:
      return [];
  }
}

function doesOf(target: Target): string {
  switch (target.does) {
    case 'jump':
    case 'goto':
      return `${target.does === 'jump' ? '-j' : '-g'} ${target.chain}`;
    case 'template':
      return 'CT';
    case 'unknown':
      return target.text;
    default:
      return target.does.toUpperCase();
  }
}
