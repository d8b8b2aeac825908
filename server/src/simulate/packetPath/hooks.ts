import { CHAINS, HOOKS, type Hook, type IpFamily, PRIORITIES, TABLES, type TableName } from '../../facts/netfilter.ts';
import { type Entry, type Side, type Translation, track } from './conntrackEntry.ts';
import { NOTHING, type Packet, type Tracking } from './packet.ts';
import { anyAddress, type Ranges } from './ranges.ts';
import type { Chain, Ruleset, Target } from './ruleset.ts';
import { after, type Ending, type World, walkTable } from './walk.ts';

/** What a packet meets at a hook, in order: tables, and conntrack between them. */
type Station = TableName | 'conntrack';

const STATIONS = new Map(HOOKS.map(hook => [hook, stationsOf(hook)]));

/** In the order of their priorities. Conntrack looks at a packet where it enters the machine, or is made there. */
function stationsOf(hook: Hook): readonly Station[] {
  const tables = TABLES.flatMap(table => {
    const priority = CHAINS[table]?.[hook];
    return priority === undefined ? [] : [{ station: table as Station, priority }];
  });
  const entrances = hook === 'PREROUTING' || hook === 'OUTPUT';
  const conntrack = entrances ? [{ station: 'conntrack' as const, priority: PRIORITIES.conntrack ?? 0 }] : [];
  return [...tables, ...conntrack].sort((a, b) => a.priority - b.priority).map(({ station }) => station);
}

const NO_CHAINS: ReadonlyMap<string, Chain> = new Map();

/**
 * Sends a packet of one side through a hook. Endings without a target are those that leave it on their way. `local`: the addresses of this
 * machine, as far as they are known.
 */
export function passHook(
  ruleset: Ruleset,
  hook: Hook,
  from: Side,
  world: World,
  local: Ranges = anyAddress(ruleset.family),
): readonly Ending[] {
  let worlds: readonly World[] = [world];
  const ended: Ending[] = [];
  for (const station of STATIONS.get(hook) ?? []) {
    if (station === 'conntrack') {
      worlds = worlds.map(each => tracked(each, hook, from));
      continue;
    }
    const chains = ruleset.tables[station] ?? NO_CHAINS;
    const next: World[] = [];
    for (const each of worlds) {
      const endings =
        station === 'nat'
          ? passNat(chains, { family: ruleset.family, local }, hook, from, each)
          : walkTable(chains, station, hook, from, each);
      for (const ending of endings) {
        if (ending.target === null || ending.target.does === 'accept') next.push(ending.world);
        else ended.push(ending);
      }
    }
    worlds = next;
  }
  return [...ended, ...worlds.map(each => ({ world: confirmed(each, hook, from), target: null }))];
}

function tracked(world: World, hook: Hook, from: Side): World {
  const { as } = world.tracking;
  if (as === 'untracked' || as === 'entry') {
    // What came through OUTPUT of the same machine keeps what was attached there.
    return world;
  }
  const { state, entry } = track(world.entry, from, world.packet);
  const tracking: Tracking =
    state === 'INVALID'
      ? NOTHING
      : { as: 'entry', states: [state], isSnat: Boolean(entry?.toSource), isDnat: Boolean(entry?.toDestination) };
  return after({ ...world, tracking, entry }, { is: 'conntrack', hook, state });
}

/** An entry begins to count when its first packet has passed the last hook. */
function confirmed(world: World, hook: Hook, from: Side): World {
  const { entry, tracking } = world;
  const isLast = hook === 'INPUT' || hook === 'POSTROUTING';
  if (!isLast || !entry || entry.isConfirmed || entry.from !== from || tracking.as !== 'entry') return world;
  return { ...world, entry: { ...entry, isConfirmed: true } };
}

/**
 * The nat table is asked once for each end of an entry, by its first packet; what it said holds for all others, in reverse for the
 * other direction. Packets without an entry pass untouched.
 */
function passNat(
  chains: ReadonlyMap<string, Chain>,
  machine: Machine,
  hook: Hook,
  from: Side,
  world: World,
): readonly Ending[] {
  const { entry, tracking } = world;
  if (!entry || tracking.as !== 'entry') return [{ world, target: null }];
  const end = hook === 'PREROUTING' || hook === 'OUTPUT' ? 'toDestination' : 'toSource';
  if (entry.from !== from) return [{ world: reversed(world, entry, hook, end), target: null }];
  if (entry[end] !== undefined) return [{ world: translated(world, hook, end, entry[end]), target: null }];
  return walkTable(chains, 'nat', hook, from, world).map(({ world: at, target }) => {
    const translation = target && translationBy(target, at.packet, machine, hook);
    if (target && !translation && target.does !== 'accept') return { world: at, target };
    const known: Entry = { ...entry, [end]: translation };
    return { world: translated({ ...at, entry: known }, hook, end, translation), target: null };
  });
}

const LOOPBACK: Readonly<Record<IpFamily, Ranges>> = {
  ipv4: [{ low: 0x7f000001n, high: 0x7f000001n }],
  ipv6: [{ low: 1n, high: 1n }],
};

type End = 'toDestination' | 'toSource';

interface Machine {
  readonly family: IpFamily;
  readonly local: Ranges;
}

function translationBy(target: Target, packet: Packet, { family, local }: Machine, hook: Hook): Translation | null {
  if (target.does === 'dnat') {
    const port = target.ports ?? packet.destinationPort;
    if (!target.isLocal) return { address: target.addresses ?? packet.destination, port, isLocal: false };
    // nf_nat_redirect.c: others go to the address of the interface that they come in by.
    return { address: hook === 'OUTPUT' ? LOOPBACK[family] : local, port, isLocal: true };
  }
  if (target.does === 'snat') {
    // The source port stays, unless somebody else has it: no table can tell.
    return { address: target.addresses ?? local, port: target.ports ?? packet.sourcePort, isLocal: false };
  }
  return null;
}

function translated(world: World, hook: Hook, end: End, translation: Translation | null): World {
  if (!translation) return world;
  const { address, port } = translation;
  const packet: Packet =
    end === 'toDestination'
      ? { ...world.packet, destination: address, destinationPort: port }
      : { ...world.packet, source: address, sourcePort: port };
  return moved(world, packet, hook, end === 'toDestination' ? 'destination' : 'source');
}

/** In the reply, the source's translation is undone where destinations are translated, and the other way round. */
function reversed(world: World, entry: Entry, hook: Hook, end: End): World {
  const { original, toSource, toDestination } = entry;
  if (end === 'toDestination') {
    if (!toSource) return world;
    const packet = { ...world.packet, destination: original.source, destinationPort: original.sourcePort };
    return moved(world, packet, hook, 'destination');
  }
  if (!toDestination) return world;
  const packet = { ...world.packet, source: original.destination, sourcePort: original.destinationPort };
  return moved(world, packet, hook, 'source');
}

function moved(world: World, packet: Packet, hook: Hook, what: 'source' | 'destination'): World {
  const { entry } = world;
  const tracking: Tracking = {
    ...world.tracking,
    isSnat: Boolean(entry?.toSource),
    isDnat: Boolean(entry?.toDestination),
  };
  return after({ ...world, packet, tracking }, { is: 'translated', hook, what });
}
