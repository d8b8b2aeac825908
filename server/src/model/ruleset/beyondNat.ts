import { packetPath } from '../../simulate/packetPath/packetPath.ts';
import { anyAddress, onePort, portionIn, type Ranges, size } from '../../simulate/packetPath/ranges.ts';
import type { Flow } from '../../simulate/packetPath/travel.ts';
import type { Cluster } from '../cluster.ts';
import { type NodeTranslation, nodeTranslations } from '../nodeTranslations.ts';
import { type NotrackFlow, notrackFlows, onlyRaw } from './notrackFlows.ts';
import type { PlacedRule, WrittenRuleset } from './ruleset.ts';

/** Rules, and the text that has them. */
type TextRuleset = Pick<WrittenRuleset, 'ruleset' | 'family'> & { readonly source: { readonly text: string } };

/** The range that the API server takes ports of nodes from by default. */
const NODE_PORTS: Ranges = [{ low: 30_000n, high: 32_767n }];

/** What only rules of a cluster's node have in them, or in the words around them. */
const OF_NODE = /kube|k8s|ingress[- ]nginx|\bCNI-/i;

/** The most addresses by which a rule is still about those of Services, wherever it is loaded: a wider network has the machines, too. */
const WIDEST = { cluster: 2n ** 20n, external: 2n ** 8n } as const;

/** What rules have on a node where IPVS has the Services' addresses, or where packets to one come to the sockets of NodeLocal DNSCache. */
const DONE_OTHERWISE = /kube-ipvs0|KUBE-CLUSTER-IP|KUBE-ROUTER|NodeLocal/;

/**
 * What the connections of a NOTRACK rule would have to be translated for, as other files tell: the table nat is asked about nothing that is
 * untracked, and neither kube-proxy nor portmap has another way. IPVS and eBPF have one: nothing then.
 */
export function beyondNat(
  written: TextRuleset,
  placed: Pick<PlacedRule, 'at' | 'rule'>,
  cluster: Cluster,
  file: string,
): readonly NodeTranslation[] {
  const { text } = written.source;
  if (DONE_OTHERWISE.test(text)) return [];
  const flows = notrackFlows(written, placed).filter(({ sender }) => sender === 'client');
  const translations = nodeTranslations(cluster, file, written.family);
  if (flows.length === 0 || translations.isEmpty) return [];
  const isOfNode = OF_NODE.test(text);
  return flows.flatMap(flow => {
    const [way] = flow.ways;
    if (!way || way.direction === 'forwarded' || way.clientInterface === 'lo' || way.serverInterface === 'lo')
      return [];
    const asks = question(written, placed, flow, way, isOfNode);
    const found: NodeTranslation[] = [];
    for (const each of translations.within(way.destination, way.destinationPort)) {
      if (!asks(each)) continue;
      found.push(each.by === 'hostPort' ? { ...each, isSure: isOfNode } : each);
      if (found.length > ENOUGH) break;
    }
    return found;
  });
}

/** More than a finding names. */
const ENOUGH = 8;

/** A rule of which so many connections are tracked for another reason is none that defeats anything. */
const MOST_ASKED = 64;

/** Tells whether a flow is about something that is translated, and certainly untracked. */
function question(
  written: TextRuleset,
  placed: Pick<PlacedRule, 'at' | 'rule'>,
  flow: NotrackFlow,
  way: Flow,
  isOfNode: boolean,
): (to: NodeTranslation) => boolean {
  const isEveryAddress = portionIn(anyAddress(written.family), way.destination) === 'all';
  let known: boolean | null = null;
  const isOfRouter = () => {
    known ??= isForRouter(written, flow);
    return known;
  };
  const untracked = new Map<string, boolean>();
  const source = placed.rule.matches.some(({ on }) => on === 'source') ? way.source : anyAddress(written.family);
  return ({ by, address, number, port, protocol }) => {
    if (protocol !== way.protocol) return false;
    if (by === 'nodePort' || by === 'hostPort') {
      // What leaves the node for such a port goes to another one.
      if (way.direction !== 'toLocal') return false;
      const isMeant = by === 'nodePort' ? portionIn(way.destinationPort, NODE_PORTS) === 'all' : isOnePort(way);
      if ((!isMeant && !isOfNode) || isOfRouter()) return false;
    } else {
      if (isEveryAddress && (!isOfNode || (by === 'cluster' && way.clientInterface !== null))) return false;
      if (number === null && !isEveryAddress) return false;
      if (!isOfNode && size(way.destination) > WIDEST[by]) return false;
      if (by === 'cluster' && address !== null && isSetUpIn(written.source.text, address)) return false;
      if ((by === 'external' || isEveryAddress) && isOfRouter()) return false;
    }
    const key = `${number} ${port}`;
    const found = untracked.get(key);
    if (found !== undefined || untracked.size >= MOST_ASKED) return found === true;
    const destination = number === null ? way.destination : [{ low: number, high: number }];
    const is = isUntracked(written, { ...way, source, destination, destinationPort: onePort(port) });
    untracked.set(key, is);
    return is;
  };
}

/** True for a machine that passes connections on: the rules for their replies stand where packets come in, too. */
function isForRouter(written: TextRuleset, { ways }: NotrackFlow): boolean {
  const raw = onlyRaw(written.ruleset);
  const isWhole = (way: Flow) =>
    packetPath(raw, way).every(({ legs }) => legs.every(({ tracking }) => tracking.as === 'untracked'));
  const [local, forwarded] = ways;
  return local !== undefined && forwarded !== undefined && isWhole(forwarded) && !isWhole(local);
}

function isUntracked(written: TextRuleset, way: Flow): boolean {
  return packetPath(onlyRaw(written.ruleset), way).every(({ legs: [opening] }) => opening?.tracking.as === 'untracked');
}

/** True if a script gives an address to an interface: somebody shall listen on it. */
function isSetUpIn(text: string, address: string): boolean {
  const added = String.raw`\bip\b[^|;&\n]*\b(?:add|replace)\s+${address.replaceAll('.', String.raw`\.`)}(?![\d.])`;
  return text.includes(address) && new RegExp(added).test(text);
}

function isOnePort({ destinationPort: [range, ...others] }: Flow): boolean {
  return range !== undefined && others.length === 0 && range.low === range.high;
}
