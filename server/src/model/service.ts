import type { Reading } from './reading.ts';
import { type Place, Value } from './value.ts';

/** Labels, or a selector, of which every value is known. */
export type Labels = Readonly<Record<string, string>>;

/** What a Service promises at which addresses: each is one that kube-proxy translates, and on which nobody listens. */
export interface Service {
  readonly is: 'service';
  /** Absent in values of a chart. */
  readonly name: Value<string>;
  readonly namespace: Value<string>;
  /** Where it is written. */
  readonly place: Place;
  readonly addresses: readonly ServiceAddress[];
  /** True if the API server gives it an address of the cluster that no file has. */
  readonly isAssigned: boolean;
  readonly ports: readonly ServicePort[];
  /** Null if there is none, or part of it is unknown: which pods it means cannot be told. */
  readonly selector: Labels | null;
}

export interface ServiceAddress {
  /** cluster: an address of no machine. external: one that leads to nodes, whoever brings it there. */
  readonly of: 'cluster' | 'external';
  readonly text: string;
  readonly place: Place;
}

export interface ServicePort {
  /** As it is written: `TCP`, which is also what is left out. */
  readonly protocol: string;
  readonly port: number;
  /** The port of every node that leads to it; null if none is written. */
  readonly nodePort: number | null;
  readonly place: Place;
}

/** Annotations that ask MetalLB or kube-vip for addresses, a list with commas. */
const ADDRESS_ANNOTATIONS = [
  'metallb.universe.tf/loadBalancerIPs',
  'metallb.io/loadBalancerIPs',
  'kube-vip.io/loadbalancerIPs',
];

/** The Service that an object is, if kube-proxy has something to translate for it. */
export function serviceOf(object: Reading): Service | null {
  if (!object.get('kind').string().is('Service')) return null;
  const metadata = object.get('metadata');
  const spec = object.get('spec');
  const [name, namespace] = ['name', 'namespace'].map(key => metadata.get(key).string());
  const place = name?.place ?? null;
  // Another proxy than kube-proxy is asked to see to it (Kubernetes pkg/proxy/config, LabelServiceProxyName).
  const isOthers = !metadata.get('labels').get('service.kubernetes.io/service-proxy-name').isAbsent;
  const type = spec.get('type').string();
  const clusterIp = spec.get('clusterIP').string();
  if (!name || !namespace || !place || isOthers || type.is('ExternalName') || clusterIp.is('None')) return null;
  return {
    is: 'service',
    name,
    namespace,
    place,
    addresses: [
      ...addresses('cluster', [spec.get('clusterIP'), ...spec.get('clusterIPs').items()]),
      ...addresses('external', spec.get('externalIPs').items()),
      ...(type.is('LoadBalancer') ? balancerAddresses(object) : []),
    ],
    isAssigned: clusterIp.isAbsent && !spec.mayHaveMoreKeys,
    ports: spec
      .get('ports')
      .items()
      .flatMap(port => portOf(port, type)),
    selector: labelsOf(spec.get('selector')),
  };
}

/** The Service that values of ingress-nginx's chart describe; null if they say nothing of its addresses. */
export function chartService(controller: Reading): Service | null {
  const service = controller.get('service');
  const enabled = service.get('enabled').boolean();
  const { place } = service;
  if (!place || enabled.isUnknown || enabled.is(false)) return null;
  const type = service.get('type').string();
  const isBalancer = type.isAbsent || type.is('LoadBalancer');
  const absent = Value.absent<string>(controller.address);
  return {
    is: 'service',
    name: absent,
    namespace: absent,
    place,
    addresses: [
      ...addresses('cluster', [service.get('clusterIP')]),
      ...addresses('external', service.get('externalIPs').items()),
      ...(isBalancer ? [...addresses('external', [service.get('loadBalancerIP')]), ...annotated(service)] : []),
    ],
    isAssigned: service.get('clusterIP').isAbsent,
    ports: (
      [
        ['http', 'enableHttp', 80],
        ['https', 'enableHttps', 443],
      ] as const
    ).flatMap(([name, switched, usual]) => {
      const port = service.at('ports', name).number();
      const number = port.isAbsent ? usual : port.known;
      const isOn = service.get(switched).isAbsent || service.get(switched).boolean().is(true);
      const nodePort = type.is('ClusterIP') ? undefined : service.at('nodePorts', name).number();
      const at = nodePort?.place ?? port.place ?? place;
      return number === undefined || !isOn
        ? []
        : [{ protocol: 'TCP', port: number, nodePort: nodePort?.known ?? null, place: at }];
    }),
    selector: CHART_LABELS,
  };
}

/** What the chart gives the controller's pods, whatever the release is called. */
export const CHART_LABELS: Labels = {
  'app.kubernetes.io/name': 'ingress-nginx',
  'app.kubernetes.io/component': 'controller',
};

/** The labels of a mapping; null if there are none, or some of them are not known. */
export function labelsOf(mapping: Reading): Labels | null {
  const entries = mapping.entries().map(({ name, value }) => [name, value.string().known] as const);
  if (entries.length === 0 || mapping.mayHaveMoreKeys) return null;
  const known = entries.flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const]));
  return known.length === entries.length ? Object.fromEntries(known) : null;
}

function* addresses(of: ServiceAddress['of'], written: readonly Reading[]): Iterable<ServiceAddress> {
  const seen = new Set<string>();
  for (const reading of written) {
    const { known, place } = reading.string();
    for (const text of known?.split(',').map(part => part.trim()) ?? []) {
      if (!place || text === '' || seen.has(text)) continue;
      seen.add(text);
      yield { of, text, place };
    }
  }
}

function* balancerAddresses(object: Reading): Iterable<ServiceAddress> {
  yield* addresses('external', [object.at('spec', 'loadBalancerIP')]);
  yield* annotated(object.get('metadata'));
  // `Proxy`: the balancer ends connections, and kube-proxy leaves its address alone (KEP-1860).
  const own = object
    .at('status', 'loadBalancer', 'ingress')
    .items()
    .filter(each => each.get('ipMode').isAbsent || each.get('ipMode').string().is('VIP'));
  yield* addresses(
    'external',
    own.map(each => each.get('ip')),
  );
}

function annotated(object: Reading): Iterable<ServiceAddress> {
  const annotations = object.get('annotations');
  return addresses(
    'external',
    ADDRESS_ANNOTATIONS.map(name => annotations.get(name)),
  );
}

function portOf(port: Reading, type: Value<string>): ServicePort[] {
  const protocol = port.get('protocol').string();
  const number = port.get('port').number();
  const nodePort = port.get('nodePort').number();
  if (protocol.isUnknown || number.known === undefined || !number.place) return [];
  const hasNodePort = type.is('NodePort', 'LoadBalancer') && nodePort.known !== undefined;
  return [
    {
      protocol: protocol.known ?? 'TCP',
      port: number.known,
      nodePort: hasNodePort ? (nodePort.known ?? null) : null,
      place: (hasNodePort ? nodePort.place : null) ?? number.place,
    },
  ];
}
