import type { Reading } from './reading.ts';
import type { Value } from './value.ts';

/** What a pod runs, as far as it can be told from its containers. */
export type Software = 'ingress-nginx' | 'unknown';

/** The settings of a pod: of an object with a pod spec or a pod template, or of a chart's values that become one. */
export interface PodSpec {
  readonly is: 'podSpec';
  readonly origin: 'manifest' | 'helmValues';
  /** The object's kind and name; absent in Helm values. */
  readonly kind: Value<string>;
  readonly name: Value<string>;
  readonly namespace: Value<string>;
  readonly software: Software;
  /** True if no container names an image: a patch for an object that is written elsewhere. */
  readonly partial: boolean;
  readonly hostNetwork: Value<boolean>;
  readonly dnsPolicy: Value<string>;
  readonly dnsConfig: DnsConfig;
  readonly images: readonly Value<string>[];
}

export interface DnsConfig {
  readonly nameservers: StringList;
  readonly searches: StringList;
}

/** A list of strings; null if it, or part of it, is unknown. */
export type StringList = readonly string[] | null;

/**
 * Images of the Kubernetes project's controller: the current and the retired names, mirrors and repackaged ones that keep
 * the name. F5's `nginx/nginx-ingress` and the demo images of the same name are another program.
 */
const CONTROLLER_IMAGE =
  /(?:(?:^|\/)ingress-nginx\/controller|(?:^|[/-])(?:nginx-ingress-controller|ingress-nginx-controller))(?:-chroot)?(?:-(?:amd64|arm64?|ppc64le|s390x))?(?:[:@]|$)/;

/** The controller's binary, as every release's container runs it; F5's is `/nginx-ingress`. */
const CONTROLLER_BINARY = /^(?:\/usr\/bin)?\/nginx-ingress-controller$/;

/** True for the path of the controller's binary. */
export function isControllerBinary(word: string): boolean {
  return CONTROLLER_BINARY.test(word);
}

export function isControllerImage(image: string): boolean {
  return CONTROLLER_IMAGE.test(image);
}

/** The pod specs of a Kubernetes object, wherever its kind keeps them. */
export function* podSpecsOf(object: Reading): Iterable<PodSpec> {
  for (const spec of podSpecReadings(object)) yield fromManifest(object, spec);
}

/** The specs themselves, for what else is read out of them. */
export function* podSpecReadings(object: Reading): Iterable<Reading> {
  for (const { spec } of podTemplatesOf(object)) yield spec;
}

/** A spec, and the metadata of the pods that it is for. */
export interface PodTemplate {
  readonly spec: Reading;
  readonly metadata: Reading;
}

export function* podTemplatesOf(object: Reading, depth = 0): Iterable<PodTemplate> {
  if (depth > 6) return;
  for (const { name, value } of object.entries()) {
    if (!value.isMap || name === 'metadata') continue;
    const isTemplate = name === 'template' && value.get('spec').isMap;
    if (isTemplate || (depth === 0 && name === 'spec' && isPodSpec(object, value))) {
      yield isTemplate
        ? { spec: value.get('spec'), metadata: value.get('metadata') }
        : { spec: value, metadata: object.get('metadata') };
    }
    yield* podTemplatesOf(value, depth + 1);
  }
}

function isPodSpec(object: Reading, spec: Reading): boolean {
  return object.get('kind').string().is('Pod') || spec.get('containers').isList;
}

function fromManifest(object: Reading, spec: Reading): PodSpec {
  const containers = ['containers', 'initContainers'].flatMap(name => spec.get(name).items());
  const images = containers.map(container => container.get('image').string());
  const runsController = spec
    .get('containers')
    .items()
    .some(container => isController(container));
  const partial = images.every(image => image.isAbsent);
  const name = object.at('metadata', 'name').string();
  return {
    is: 'podSpec',
    origin: 'manifest',
    kind: object.get('kind').string(),
    name,
    namespace: object.at('metadata', 'namespace').string(),
    // A patch has no image to tell by; the upstream manifests and the chart's default release give the object this name.
    software: runsController || (partial && name.is('ingress-nginx-controller')) ? 'ingress-nginx' : 'unknown',
    partial,
    hostNetwork: spec.get('hostNetwork').boolean(),
    dnsPolicy: spec.get('dnsPolicy').string(),
    dnsConfig: dnsConfigOf(spec.get('dnsConfig')),
    images,
  };
}

/** True for a container that certainly runs the ingress-nginx controller. */
export function isController(container: Reading): boolean {
  const image = container.get('image').string().known;
  if (image !== undefined && isControllerImage(image)) return true;
  const words = ['command', 'args'].flatMap(name => container.get(name).items());
  return words.some(word => isControllerBinary(word.string().known ?? ''));
}

export function dnsConfigOf(dnsConfig: Reading): DnsConfig {
  return {
    nameservers: stringList(dnsConfig.get('nameservers')),
    searches: stringList(dnsConfig.get('searches')),
  };
}

function stringList(list: Reading): StringList {
  if (list.mayHaveMoreItems) return null;
  const strings = list.items().map(item => item.string().known);
  return strings.every(string => string !== undefined) ? strings : null;
}
