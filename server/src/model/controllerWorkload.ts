import { CONTROLLER_FLAGS } from '../facts/ingressNginxFlags.ts';
import { isController, podSpecReadings } from './podSpec.ts';
import type { Reading } from './reading.ts';
import { type Address, type Place, Value } from './value.ts';

/** One flag of a command line: `--name=value`, `--name value`, or `--name` alone, which means true. */
export interface Flag {
  /** With its dashes. */
  readonly name: string;
  /** Null where a template has a say in it; `$(NAME)` stands for a variable of the container, which the kubelet puts in. */
  readonly value: string | null;
  readonly place: Place;
}

/** An object that runs ingress-nginx, or the values of its chart that become one. */
export interface ControllerWorkload {
  readonly is: 'controllerWorkload';
  readonly origin: 'manifest' | 'helmValues';
  /** Absent in values. */
  readonly apiVersion: Value<string>;
  readonly kind: Value<string>;
  readonly name: Value<string>;
  readonly namespace: Value<string>;
  readonly image: Value<string>;
  readonly flags: readonly Flag[];
  /** Of the list, or the mapping of a chart's values, that flags are written in. */
  readonly flagsAddress: Address;
  /** True if flags may be there that the text does not show. */
  readonly mayHaveMoreFlags: boolean;
  readonly hostNetwork: Value<boolean>;
  readonly replicas: Value<number>;
  /** `strategy.type` or `updateStrategy.type`. */
  readonly strategy: Value<string>;
  /** `strategy.rollingUpdate.maxSurge` and `maxUnavailable`, as they are written. */
  readonly maxSurge: Value<string>;
  readonly maxUnavailable: Value<string>;
  /** The annotation of the pods that has Prometheus scrape them; absent in values. */
  readonly scraped: Value<string>;
  /** True if the pods ask for ports of the node: of all of it, or by `hostPort`. */
  readonly takesNodePorts: boolean;
  /** Ports of the node that lead to the pod, as they are written. */
  readonly hostPorts: readonly Value<number>[];
}

/** Values of the chart that become a flag when they are set. */
const CHART_FLAGS: readonly (readonly [path: readonly string[], flag: string])[] = [
  [['reportNodeInternalIp'], '--report-node-internal-ip-address'],
  [['watchIngressWithoutClass'], '--watch-ingress-without-class'],
  [['ingressClassByName'], '--ingress-class-by-name'],
  [['enableAnnotationValidations'], '--enable-annotation-validation'],
  [['metrics', 'enabled'], '--enable-metrics'],
  [['healthCheckPath'], '--health-check-path'],
  [['healthCheckHost'], '--healthz-host'],
  [['ingressClass'], '--ingress-class'],
  [['ingressClassResource', 'controllerValue'], '--controller-class'],
];

/** The controllers that an object runs. */
export function* controllerWorkloadsOf(object: Reading): Iterable<ControllerWorkload> {
  for (const spec of podSpecReadings(object)) {
    const container = spec.get('containers').items().find(isController);
    if (!container) continue;
    const words = ['command', 'args'].flatMap(name => container.get(name).items());
    const rollout = [object.at('spec', 'strategy'), object.at('spec', 'updateStrategy')].find(each => !each.isAbsent);
    const hostNetwork = spec.get('hostNetwork').boolean();
    const ports = container.get('ports').items();
    yield {
      is: 'controllerWorkload',
      origin: 'manifest',
      apiVersion: object.get('apiVersion').string(),
      kind: object.get('kind').string(),
      name: object.at('metadata', 'name').string(),
      namespace: object.at('metadata', 'namespace').string(),
      image: container.get('image').string(),
      flags: flagsOf(words.map(word => word.string())),
      flagsAddress: container.get('args').address,
      mayHaveMoreFlags:
        ['command', 'args'].some(name => container.get(name).mayHaveMoreItems) ||
        words.some(word => word.isUnknown || /\s/.test(word.string().known ?? '')),
      hostNetwork,
      replicas: object.at('spec', 'replicas').number(),
      strategy: (rollout ?? object.at('spec', 'strategy')).get('type').string(),
      maxSurge: (rollout ?? object.at('spec', 'strategy')).at('rollingUpdate', 'maxSurge').text(),
      maxUnavailable: (rollout ?? object.at('spec', 'strategy')).at('rollingUpdate', 'maxUnavailable').text(),
      scraped: object.at('spec', 'template', 'metadata', 'annotations').get('prometheus.io/scrape').string(),
      takesNodePorts: hostNetwork.is(true) || ports.some(port => port.get('hostPort').number().known !== undefined),
      hostPorts: ports.map(port => port.get('hostPort').number()),
    };
  }
}

/** The controller that values of its chart describe. */
export function chartWorkloadOf(controller: Reading): ControllerWorkload {
  const extra = controller.get('extraArgs');
  const derived = CHART_FLAGS.flatMap(([path, flag]): Flag[] => {
    const value = controller.at(...path).printed();
    return value.place ? [{ name: flag, value: value.known ?? null, place: value.place }] : [];
  });
  const hostNetwork = controller.get('hostNetwork').boolean();
  const absent = Value.absent<string>(controller.address);
  return {
    is: 'controllerWorkload',
    origin: 'helmValues',
    apiVersion: absent,
    kind: controller.get('kind').string(),
    name: absent,
    namespace: absent,
    image: controller.at('image', 'image').string(),
    flags: [
      ...derived,
      ...extra.entries().flatMap(({ name, value }): Flag[] => {
        const { place } = value;
        return place ? [{ name: `--${name}`, value: value.printed().known ?? null, place }] : [];
      }),
    ],
    flagsAddress: extra.address,
    mayHaveMoreFlags: extra.mayHaveMoreKeys,
    hostNetwork,
    replicas: controller.get('replicaCount').number(),
    strategy: controller.at('updateStrategy', 'type').string(),
    maxSurge: controller.at('updateStrategy', 'rollingUpdate', 'maxSurge').text(),
    maxUnavailable: controller.at('updateStrategy', 'rollingUpdate', 'maxUnavailable').text(),
    scraped: absent,
    takesNodePorts: hostNetwork.is(true) || controller.at('hostPort', 'enabled').boolean().is(true),
    hostPorts: controller.at('hostPort', 'enabled').boolean().is(true)
      ? ['http', 'https'].map(name => controller.at('hostPort', 'ports', name).number())
      : [],
  };
}

/** As pflag reads them: the value in the same word, or in the next one, which a switch leaves alone. */
export function flagsOf(words: readonly Value<string>[]): Flag[] {
  return words.flatMap((word, index): Flag[] => {
    const [, dashed, value] = /^(--?[a-z][\w-]*)(?:=([\s\S]*))?$/.exec(word.known ?? '') ?? [];
    if (dashed === undefined || !word.place) return [];
    const name = dashed.replace(/^-?-/, '--');
    return [{ name, value: value ?? separateValue(name, words[index + 1]), place: word.place }];
  });
}

function separateValue(name: string, next: Value<string> | undefined): string | null {
  if (!next || CONTROLLER_FLAGS.get(name)?.type === 'bool' || next.known?.startsWith('-')) return 'true';
  return next.known ?? null;
}

/** The last of the flags of that name, which is the one that counts; undefined if there is none. */
export function flagNamed({ flags }: ControllerWorkload, name: string): Flag | undefined {
  return flags.findLast(flag => flag.name === name);
}
