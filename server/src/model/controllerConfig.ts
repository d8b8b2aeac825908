import { CONFIG_KEYS, REMOVED_KEYS } from '../facts/ingressNginxKeys.ts';
import { CONTROLLER_ONLY_KEYS, OTHER_CONTROLLER_KEYS } from '../facts/ingressNginxRecognition.ts';
import type { NotString, Reading } from './reading.ts';
import { type Address, Value } from './value.ts';

/** One entry of the controller's ConfigMap, in the order of the text. */
export interface ControllerKey {
  readonly name: string;
  /** The string that the controller gets; unknown for what the API server refuses. */
  readonly value: Value<string>;
  /** What stands there instead of a string, which a ConfigMap cannot hold: as YAML would print it; null for strings. */
  readonly notString: NotString | null;
}

/** A ConfigMap that may be the one that ingress-nginx reads, or the values of its chart that become it. */
export interface ControllerConfig {
  readonly is: 'controllerConfig';
  readonly origin: 'configMap' | 'helmValues';
  /** What tells that it is the controller's; null if only a controller's `--configmap` can. */
  readonly evidence: 'name' | 'label' | 'keys' | 'chart' | null;
  /** Of the ConfigMap; absent in values. */
  readonly name: Value<string>;
  readonly namespace: Value<string>;
  /** Of the mapping that holds the keys. */
  readonly address: Address;
  readonly keys: readonly ControllerKey[];
  /** True if keys may be there that the text does not show. */
  readonly isOpen: boolean;
}

/** Names that upstream's manifests, its chart and addons of minikube, RKE2 and the like give it. */
const NAME = /^(?:(?:.+-)?ingress-nginx-controller|nginx-configuration|nginx-load-balancer-conf)$/;

/** Names that charts of several controllers give theirs. */
const SHARED_NAME = /^(?:.+-)?nginx-ingress-controller$/;

/** The ConfigMap that an object is, if it can be the controller's. */
export function controllerConfigOf(object: Reading): ControllerConfig | null {
  if (!object.get('kind').string().is('ConfigMap')) return null;
  const data = object.get('data');
  const evidence = evidenceOf(object, data);
  if (evidence === undefined) return null;
  return {
    is: 'controllerConfig',
    origin: 'configMap',
    evidence,
    name: object.at('metadata', 'name').string(),
    namespace: object.at('metadata', 'namespace').string(),
    address: data.address,
    keys: data.entries().map(({ name, value }) => ({ name, value: value.string(), notString: value.notString() })),
    isOpen: data.mayHaveMoreKeys,
  };
}

/** The keys below `controller` in values of the chart, which prints each as a string. */
export function chartConfigOf(controller: Reading): ControllerConfig | null {
  const config = controller.get('config');
  const snippets = controller.get('allowSnippetAnnotations');
  if (!config.isMap && snippets.isAbsent) return null;
  // The chart writes this key itself; what stands below `config` goes before it.
  const ofChart = snippets.isAbsent || !config.get('allow-snippet-annotations').isAbsent ? [] : [snippets];
  return {
    is: 'controllerConfig',
    origin: 'helmValues',
    evidence: 'chart',
    name: Value.absent(controller.address),
    namespace: Value.absent(controller.address),
    address: config.address,
    keys: [
      ...ofChart.map(value => ({ name: 'allow-snippet-annotations', value })),
      ...config.entries().filter(({ value }) => !value.isAbsent),
    ].map(({ name, value }) => ({ name, value: value.printed(), notString: value.notString() })),
    isOpen: config.mayHaveMoreKeys,
  };
}

/** What Kubespray's variables make the data of the controller's ConfigMap, as they stand: its template puts no quotes there. */
export function kubesprayConfigOf(variables: Reading): ControllerConfig | null {
  const data = variables.get('ingress_nginx_configmap');
  if (!data.isMap) return null;
  const absent = Value.absent<string>(variables.address);
  return {
    is: 'controllerConfig',
    origin: 'configMap',
    evidence: 'name',
    name: absent,
    namespace: absent,
    address: data.address,
    keys: data.entries().map(({ name, value }) => ({ name, value: value.string(), notString: value.notString() })),
    isOpen: data.mayHaveMoreKeys,
  };
}

/** Undefined for a ConfigMap that is certainly not the controller's, or of which nothing speaks for it. */
function evidenceOf(object: Reading, data: Reading): ControllerConfig['evidence'] | undefined {
  const names = data.entries().map(({ name }) => name);
  const isKnown = (name: string) => CONFIG_KEYS.has(name) || REMOVED_KEYS.has(name);
  const name = object.at('metadata', 'name').string().known ?? '';
  if (NAME.test(name)) return 'name';
  if (!names.some(isKnown)) return undefined;
  if (object.at('metadata', 'labels').get('app.kubernetes.io/name').string().is('ingress-nginx')) return 'label';
  if (names.some(key => OTHER_CONTROLLER_KEYS.has(key))) return null;
  const own = names.filter(key => CONTROLLER_ONLY_KEYS.has(key)).length;
  if (own >= 1 && SHARED_NAME.test(name)) return 'name';
  return own >= 2 ? 'keys' : null;
}

/** A key as the controller finds it: most of them in any case. */
export function keyNamed(config: ControllerConfig, name: string): ControllerKey | undefined {
  const facts = CONFIG_KEYS.get(name);
  const isSame = (written: string) =>
    written === name || (facts?.exactCase === false && written.toLowerCase() === name);
  return config.keys.findLast(key => isSame(key.name));
}
