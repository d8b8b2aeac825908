import type { Hook, TableName } from '../../facts/netfilter.ts';
import type { Entry, Side } from './conntrackEntry.ts';
import { meetsAll } from './match.ts';
import { type Packet, TEMPLATE, type Tracking, UNTRACKED } from './packet.ts';
import type { Chain, RuleAt, State, Target } from './ruleset.ts';

/** One thing that happens to a packet on its way. */
export type Step =
  | { readonly is: 'chain'; readonly hook: Hook; readonly table: TableName }
  | { readonly is: 'conntrack'; readonly hook: Hook; readonly state: State | 'unknown' }
  /** `isSure` is false where the rule may as well not match. */
  | { readonly is: 'rule'; readonly at: RuleAt; readonly target: Target; readonly isSure: boolean }
  | { readonly is: 'policy'; readonly table: TableName; readonly chain: string; readonly policy: Chain['policy'] }
  | { readonly is: 'translated'; readonly hook: Hook; readonly what: 'source' | 'destination' };

/** Steps from the last to the first: worlds share what they have in common. */
export interface Steps {
  readonly step: Step;
  readonly before: Steps | null;
}

/** What can have become of a packet so far. Where it cannot be told whether a rule matches, there is a world for either. */
export interface World {
  readonly packet: Packet;
  readonly tracking: Tracking;
  readonly entry: Entry | null;
  readonly steps: Steps | null;
  readonly decided: Decided | null;
}

/**
 * What was taken for granted of the flow on the way here, from the last to the first. The packets of one direction have the same
 * header: a rule that met the first meets the others.
 */
export interface Decided {
  readonly about: object;
  readonly of: Side;
  readonly is: boolean;
  readonly before: Decided | null;
}

/** The end of a packet's way through a table: the target that ended it, or null for the end of a chain. */
export interface Ending {
  readonly world: World;
  readonly target: Target | null;
}

/** More worlds than that in one chain tell nobody anything: the rest counts as unknown. */
const MOST_WORLDS = 48;

/** nf_tables follows no more than 16 jumps; x_tables any number, which nobody writes. */
const MOST_JUMPS = 200;

const UNKNOWN: Target = { does: 'unknown', text: '' };

export function after(world: World, step: Step): World {
  return { ...world, steps: { step, before: world.steps } };
}

/** The worlds in which something that cannot be told is so, and is not so; only one of them if that was decided before. */
export function decide(
  world: World,
  about: object,
  of: Side,
): { readonly yes: World | null; readonly no: World | null } {
  for (let known = world.decided; known; known = known.before) {
    if (known.about === about && known.of === of) return known.is ? { yes: world, no: null } : { yes: null, no: world };
  }
  const as = (is: boolean): World => ({ ...world, decided: { about, of, is, before: world.decided } });
  return { yes: as(true), no: as(false) };
}

/** Sends a packet through a built-in chain of a table. Ways that end alike and leave the packet alike are told once. */
export function walkTable(
  chains: ReadonlyMap<string, Chain>,
  table: TableName,
  hook: Hook,
  from: Side,
  world: World,
): readonly Ending[] {
  const chain = chains.get(hook);
  if (!chain) return [{ world, target: null }];
  const walk = new Walk(chains, table, from);
  const { through } = walk.chain(hook, [after(world, { is: 'chain', hook, table })]);
  for (const each of through) {
    const { policy } = chain;
    const target: Target | null = policy === 'DROP' ? { does: 'drop' } : policy === 'unknown' ? UNKNOWN : null;
    walk.end(target === null ? each : after(each, { is: 'policy', table, chain: hook, policy }), target);
  }
  return walk.endings;
}

class Walk {
  readonly endings: Ending[] = [];
  private readonly chains: ReadonlyMap<string, Chain>;
  private readonly table: TableName;
  private readonly from: Side;
  private readonly active = new Set<string>();

  constructor(chains: ReadonlyMap<string, Chain>, table: TableName, from: Side) {
    this.chains = chains;
    this.table = table;
    this.from = from;
  }

  /** The worlds that leave a chain at its end or by RETURN. */
  chain(name: string, worlds: readonly World[]): { readonly through: readonly World[] } {
    const chain = this.chains.get(name);
    // The kernel refuses loops, and jumps into nothing: nobody knows what the author will make of them.
    if (!chain || this.active.has(name) || this.active.size >= MOST_JUMPS) {
      for (const world of worlds) this.end(world, UNKNOWN);
      return { through: [] };
    }
    this.active.add(name);
    const through: World[] = [];
    let current = worlds;
    for (const [index, rule] of chain.rules.entries()) {
      if (current.length === 0) break;
      const { matches, target } = rule;
      const next: World[] = [];
      for (const world of current) {
        const answer = target.does === 'continue' ? 'no' : meetsAll(matches, world.packet, world.tracking);
        const { yes, no } =
          answer === 'maybe'
            ? decide(world, rule, this.from)
            : { yes: answer === 'yes' ? world : null, no: answer === 'no' ? world : null };
        if (no) next.push(no);
        if (!yes) continue;
        const at = { table: this.table, chain: name, index };
        this.apply(target, after(yes, { is: 'rule', at, target, isSure: answer === 'yes' }), next, through);
      }
      current = this.bounded(next);
    }
    this.active.delete(name);
    return { through: this.bounded([...current, ...through]) };
  }

  /** Puts what a target leaves of a world where it belongs: on to the next rule, out of the chain, or at an end. */
  private apply(target: Target, world: World, next: World[], through: World[]): void {
    switch (target.does) {
      case 'continue':
        next.push(world);
        break;
      case 'notrack':
      case 'template':
        // The first that attaches something wins (xt_CT.c: "Previously seen (loopback)? Ignore.").
        if (world.tracking.as !== 'nothing') next.push(world);
        else next.push({ ...world, tracking: target.does === 'notrack' ? UNTRACKED : TEMPLATE });
        break;
      case 'jump':
        next.push(...this.chain(target.chain, [world]).through);
        break;
      case 'goto':
        through.push(...this.chain(target.chain, [world]).through);
        break;
      case 'return':
        through.push(world);
        break;
      case 'unknown':
        // It may let go on, and it may end the way.
        next.push(world);
        this.end(world, target);
        break;
      default:
        this.end(world, target);
    }
  }

  end(world: World, target: Target | null): void {
    const index = this.endings.findIndex(other => sameTarget(other.target, target) && sameWorld(other.world, world));
    const known = this.endings[index];
    if (known) this.endings[index] = { ...known, world: either(known.world, world) };
    else this.endings.push({ world, target });
  }

  private bounded(worlds: readonly World[]): readonly World[] {
    if (worlds.length < 2) return worlds;
    const distinct: World[] = [];
    for (const world of worlds) {
      const index = distinct.findIndex(other => sameWorld(other, world));
      const known = distinct[index];
      if (known) distinct[index] = either(known, world);
      else distinct.push(world);
    }
    for (const world of distinct.slice(MOST_WORLDS)) this.end(world, UNKNOWN);
    return distinct.slice(0, MOST_WORLDS);
  }
}

/** Two worlds that have become alike: what they were decided differently by is open again. */
function either(one: World, other: World): World {
  const known = new Set<Decided>();
  for (let each = one.decided; each; each = each.before) known.add(each);
  let common = other.decided;
  while (common && !known.has(common)) common = common.before;
  return { ...one, decided: common };
}

function sameTarget(a: Target | null, b: Target | null): boolean {
  // An end of the chain and an ACCEPT lead on alike; translations differ in what they translate to.
  const accepts = (target: Target | null) => target === null || target.does === 'accept';
  return (accepts(a) && accepts(b)) || a === b || (a?.does === b?.does && !/nat/.test(a?.does ?? ''));
}

function sameWorld(a: World, b: World): boolean {
  return a.packet === b.packet && a.tracking === b.tracking && a.entry === b.entry;
}
