import type { IpFamily } from '../facts/netfilter.ts';
import { parseAddress, type Ranges } from '../simulate/packetPath/ranges.ts';
import type { Cluster, Located } from './cluster.ts';
import type { PodNetwork } from './podNetwork.ts';
import type { Labels, Service } from './service.ts';
import type { Place } from './value.ts';

/** An address or port that connections get away from only by DNAT on the node: nobody listens there. */
export interface NodeTranslation {
  /** cluster: the ClusterIP of a Service. external: another address of one. nodePort and hostPort: a port of every address of the node. */
  readonly by: 'cluster' | 'external' | 'nodePort' | 'hostPort';
  /** Null for every address of the node, and for a ClusterIP that no file has. */
  readonly address: string | null;
  readonly number: bigint | null;
  readonly port: number;
  /** As rules have it: `tcp`. */
  readonly protocol: string;
  readonly of: Located<Service> | Located<PodNetwork>;
  readonly place: Place;
  /** False if a program of the node may listen there as well, or something else may translate. */
  readonly isSure: boolean;
}

/** Translations by what they are asked for: a rule names an address or two, a cluster has thousands. */
export class NodeTranslations {
  private readonly addressed: readonly (NodeTranslation & { readonly number: bigint })[];
  private readonly others: ReadonlyMap<number, readonly NodeTranslation[]>;

  constructor(all: readonly NodeTranslation[]) {
    this.addressed = all
      .flatMap(each => (each.number === null ? [] : [{ ...each, number: each.number }]))
      .sort((a, b) => (a.number < b.number ? -1 : a.number > b.number ? 1 : 0));
    const others = new Map<number, NodeTranslation[]>();
    for (const each of all) {
      if (each.number !== null) continue;
      const known = others.get(each.port);
      if (known) known.push(each);
      else others.set(each.port, [each]);
    }
    this.others = others;
  }

  get isEmpty(): boolean {
    return this.addressed.length === 0 && this.others.size === 0;
  }

  /** Those of addresses within a set, and those of no one address, on ports within another. */
  *within(addresses: Ranges, ports: Ranges): Iterable<NodeTranslation> {
    const has = (port: number) => ports.some(({ low, high }) => low <= port && port <= high);
    for (const { low, high } of addresses) {
      for (let i = this.firstFrom(low); i < this.addressed.length; i++) {
        const each = this.addressed[i];
        if (!each || each.number > high) break;
        if (has(each.port)) yield each;
      }
    }
    for (const [port, all] of this.others) if (has(port)) yield* all;
  }

  private firstFrom(number: bigint): number {
    let from = 0;
    let to = this.addressed.length;
    while (from < to) {
      const middle = (from + to) >> 1;
      if ((this.addressed[middle]?.number ?? number) < number) from = middle + 1;
      else to = middle;
    }
    return from;
  }
}

const NONE = new NodeTranslations([]);

type Services = readonly Located<Service>[];
type Pods = readonly Located<PodNetwork>[];

/**
 * What kube-proxy and the portmap plugin translate on the nodes of the cluster; nothing where Services are, or may be, seen to
 * otherwise (IPVS, eBPF), and nothing that a pod with the node's network listens on, or may.
 */
export function nodeTranslations(cluster: Cluster, file: string, family: IpFamily): NodeTranslations {
  if (isDoneOtherwise(cluster, file)) return NONE;
  const [services, pods] = [cluster.all('service'), cluster.all('podNetwork')];
  const known = FOUND.get(services)?.find(each => each.pods === pods && each.family === family);
  if (known) return known.translations;
  const labelled = byLabels(pods);
  const translations = new NodeTranslations([
    ...services.flatMap(each => [...ofService(each, labelled, family)]),
    ...pods.flatMap(each => [...ofPod(each, labelled)]),
  ]);
  const ofOthers = FOUND.get(services)?.filter(each => each.family !== family) ?? [];
  FOUND.set(services, [...ofOthers, { pods, family, translations }]);
  return translations;
}

interface Found {
  readonly pods: Pods;
  readonly family: IpFamily;
  readonly translations: NodeTranslations;
}

/** Every NOTRACK rule of the workspace asks for them. */
const FOUND = new WeakMap<Services, readonly Found[]>();

function isDoneOtherwise(cluster: Cluster, file: string): boolean {
  if (cluster.all('serviceProxy').length > 0) return true;
  return cluster
    .near('kubeProxySettings', file)
    .some(({ entity: { mode } }) => mode.isUnknown || mode.is('ipvs', 'kernelspace', 'userspace'));
}

function* ofService(service: Located<Service>, pods: Labelled, family: IpFamily): Iterable<NodeTranslation> {
  const { addresses, isAssigned, ports, selector } = service.entity;
  const { onNode } = pods;
  const backing = addresses.some(({ of }) => of === 'external') ? backingOf(selector, pods) : 'unknown';
  for (const { protocol: written, port, nodePort, place } of ports) {
    const common = { of: service, port, protocol: written.toLowerCase(), place, isSure: true };
    for (const { of: by, text: address, place } of addresses) {
      const number = parseAddress(address, family);
      const isExternal = by === 'external';
      const isTaken = onNode.some(({ entity }) =>
        isExternal ? isFront(entity) || isNamed(entity, port) : hasAddress(entity, address, port),
      );
      if (number === null || isTaken || (isExternal && backing === 'node')) continue;
      yield { ...common, by, address, number, place, isSure: !isExternal || backing === 'pod' };
    }
    if (isAssigned && family === 'ipv4') yield { ...common, by: 'cluster', address: null, number: null };
    if (nodePort === null || onNode.some(({ entity }) => isNamed(entity, nodePort))) continue;
    yield { ...common, by: 'nodePort', address: null, number: null, port: nodePort };
  }
}

function* ofPod(pod: Located<PodNetwork>, { onNode }: Labelled): Iterable<NodeTranslation> {
  if (isOnNode(pod.entity)) return;
  for (const { protocol, hostPort, hostIp } of pod.entity.ports) {
    const { known: port, place } = hostPort;
    if (port === undefined || !place || !hostIp.isAbsent) continue;
    if (onNode.some(({ entity }) => isFront(entity) || isNamed(entity, port))) continue;
    yield {
      by: 'hostPort',
      address: null,
      number: null,
      port,
      protocol: protocol.toLowerCase(),
      of: pod,
      place,
      isSure: false,
    };
  }
}

interface Labelled {
  readonly onNode: Pods;
  /** Of which nobody knows what they are called. */
  readonly unlabelled: Pods;
  /** By each `name=value` that they have. */
  readonly byLabel: ReadonlyMap<string, Pods>;
}

function byLabels(pods: Pods): Labelled {
  const byLabel = new Map<string, Located<PodNetwork>[]>();
  for (const pod of pods) {
    for (const pair of Object.entries(pod.entity.labels ?? {})) {
      const key = pair.join('=');
      const known = byLabel.get(key);
      if (known) known.push(pod);
      else byLabel.set(key, [pod]);
    }
  }
  return {
    onNode: pods.filter(({ entity }) => isOnNode(entity)),
    unlabelled: pods.filter(({ entity: { labels } }) => labels === null),
    byLabel,
  };
}

/** Where the pods behind a Service are: on the network of their node, on one of their own, or nobody can tell. */
function backingOf(selector: Labels | null, { unlabelled, byLabel }: Labelled): 'node' | 'pod' | 'unknown' {
  const [pair] = Object.entries(selector ?? {});
  if (selector === null || !pair) return 'unknown';
  const labelled = byLabel.get(pair.join('=')) ?? [];
  const meant = [...unlabelled, ...labelled.filter(({ entity: { labels } }) => labels && isSelected(selector, labels))];
  if (meant.some(({ entity }) => isOnNode(entity))) return 'node';
  return meant.some(({ entity: { labels } }) => labels !== null) ? 'pod' : 'unknown';
}

function isSelected(selector: Labels, labels: Labels): boolean {
  return Object.entries(selector).every(([name, value]) => labels[name] === value);
}

function isOnNode({ hostNetwork }: PodNetwork): boolean {
  return hostNetwork.isUnknown || hostNetwork.is(true);
}

/** Programs that take connections from outside on whatever ports they are told to. */
const FRONT = /nginx|haproxy|traefik|envoy|contour|caddy|kong|apisix|ingress|gateway|httpd|apache|router|balancer/i;

/** True for pods that may listen on any port, whether they name it or not: of a mere patch nobody knows what it is for. */
function isFront({ name, words, labels }: PodNetwork): boolean {
  if (words.length === 0 && (labels === null || name.known === undefined)) return true;
  return [name.known ?? '', ...words].some(word => FRONT.test(word));
}

function isNamed({ ports }: PodNetwork, port: number): boolean {
  return ports.some(({ containerPort }) => containerPort.isUnknown || containerPort.is(port));
}

/** True if pods bring a Service's own address to the node: as NodeLocal DNSCache does with the one of kube-dns. */
function hasAddress({ words }: PodNetwork, address: string, port: number): boolean {
  return words.some(word => word.includes(address) || (port === 53 && /node-cache|node-?local-?dns/.test(word)));
}
