import type { Reading } from './reading.ts';
import { CHART_LABELS, type Labels, labelsOf } from './service.ts';
import { Value } from './value.ts';

/** What pods ask of the network of their node. */
export interface PodNetwork {
  readonly is: 'podNetwork';
  /** Absent in values of a chart. */
  readonly name: Value<string>;
  readonly namespace: Value<string>;
  /** Null if some of them are not known, or may stand in another layer of the same object. */
  readonly labels: Labels | null;
  readonly hostNetwork: Value<boolean>;
  readonly ports: readonly PodPort[];
  /** The known words of their commands: addresses that they listen on are often among them. */
  readonly words: readonly string[];
}

export interface PodPort {
  /** `TCP`, which is also what is left out. */
  readonly protocol: string;
  readonly containerPort: Value<number>;
  readonly hostPort: Value<number>;
  /** The only address of the node that leads there. */
  readonly hostIp: Value<string>;
}

/** The pods of a spec; `metadata` is their own. */
export function podNetworkOf(object: Reading, spec: Reading, metadata: Reading): PodNetwork {
  const containers = ['containers', 'initContainers'].flatMap(name => spec.get(name).items());
  const isPatch = containers.every(container => container.get('image').isAbsent);
  return {
    is: 'podNetwork',
    name: object.at('metadata', 'name').string(),
    namespace: object.at('metadata', 'namespace').string(),
    labels: isPatch ? null : labelsOf(metadata.get('labels')),
    hostNetwork: spec.get('hostNetwork').boolean(),
    ports: containers.flatMap(container => container.get('ports').items().map(portOf)),
    words: containers
      .flatMap(container => [
        container.get('image'),
        ...['command', 'args'].flatMap(name => container.get(name).items()),
      ])
      .flatMap(word => word.string().known ?? []),
  };
}

/** The controller's pods that values of its chart describe. */
export function chartPodNetwork(controller: Reading): PodNetwork {
  const absent = Value.absent<string>(controller.address);
  const isOn = controller.at('hostPort', 'enabled').boolean().is(true);
  return {
    is: 'podNetwork',
    name: absent,
    namespace: absent,
    labels: CHART_LABELS,
    hostNetwork: controller.get('hostNetwork').boolean(),
    ports: (isOn ? ['http', 'https'] : []).map(name => ({
      protocol: 'TCP',
      containerPort: controller.at('containerPort', name).number(),
      hostPort: controller.at('hostPort', 'ports', name).number(),
      hostIp: absent,
    })),
    words: [],
  };
}

function portOf(port: Reading): PodPort {
  return {
    protocol: port.get('protocol').string().known ?? 'TCP',
    containerPort: port.get('containerPort').number(),
    hostPort: port.get('hostPort').number(),
    hostIp: port.get('hostIP').string(),
  };
}
