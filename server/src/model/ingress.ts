import { ANNOTATION_PREFIX } from '../facts/ingressNginxSnippets.ts';
import { DEEPEST_MAPPING } from './mappings.ts';
import type { NotString, Reading } from './reading.ts';
import { type Address, Value } from './value.ts';

/** One annotation, whoever reads it. */
export interface Annotation {
  /** As it is written, with its prefix. */
  readonly key: string;
  /** Behind the prefix of ingress-nginx; null for annotations of others. */
  readonly name: string | null;
  /** The string; unknown for what the API server refuses. */
  readonly value: Value<string>;
  /** What stands there instead of a string, which annotations must be: as YAML would print it; null for strings. */
  readonly notString: NotString | null;
}

/** One path of a rule, and the Service it leads to. */
export interface IngressPath {
  readonly path: Value<string>;
  readonly pathType: Value<string>;
  readonly service: Value<string>;
}

export interface IngressRule {
  readonly host: Value<string>;
  readonly paths: readonly IngressPath[];
}

export interface IngressTls {
  readonly hosts: readonly Value<string>[];
  readonly secret: Value<string>;
}

/** An Ingress, or annotations of ingress-nginx wherever else somebody writes them. */
export interface Ingress {
  readonly is: 'ingress';
  /** `values`: below other keys, for a template that passes them on. */
  readonly origin: 'ingress' | 'service' | 'configMap' | 'otherObject' | 'values';
  readonly apiVersion: Value<string>;
  readonly name: Value<string>;
  readonly namespace: Value<string>;
  /** `spec.ingressClassName`, or what stands in its place beside annotations in values. */
  readonly className: Value<string>;
  /** Of the annotations. */
  readonly address: Address;
  readonly annotations: readonly Annotation[];
  /** True if annotations may be there that the text does not show. */
  readonly isOpen: boolean;
  readonly rules: readonly IngressRule[];
  readonly hasDefaultBackend: boolean;
  readonly tls: readonly IngressTls[];
  /** False if the object has no spec: a patch, or no Ingress at all. */
  readonly hasSpec: boolean;
}

/** The Ingress that an object is, if it is one. */
export function ingressOf(object: Reading): Ingress | null {
  if (!object.get('kind').string().is('Ingress')) return null;
  const spec = object.get('spec');
  return {
    ...annotated(object.at('metadata', 'annotations')),
    origin: 'ingress',
    apiVersion: object.get('apiVersion').string(),
    name: object.at('metadata', 'name').string(),
    namespace: object.at('metadata', 'namespace').string(),
    className: spec.get('ingressClassName').string(),
    rules: spec
      .get('rules')
      .items()
      .map(rule => ({
        host: rule.get('host').string(),
        paths: rule
          .at('http', 'paths')
          .items()
          .map(path => ({
            path: path.get('path').string(),
            pathType: path.get('pathType').string(),
            service: firstOf(path.at('backend', 'service', 'name'), path.at('backend', 'serviceName')).string(),
          })),
      })),
    hasDefaultBackend: !spec.get('defaultBackend').isAbsent || !spec.get('backend').isAbsent,
    tls: spec
      .get('tls')
      .items()
      .map(tls => ({
        hosts: tls
          .get('hosts')
          .items()
          .map(host => host.string()),
        secret: tls.get('secretName').string(),
      })),
    hasSpec: !spec.isAbsent,
  };
}

/** Annotations of ingress-nginx anywhere below: of other objects, and in the values of whatever chart passes them on. */
export function* annotationsBelow(reading: Reading, kind: string | undefined, depth = 0): Iterable<Ingress> {
  if (depth > DEEPEST_MAPPING) return;
  if (reading.isList) for (const item of reading.items()) yield* annotationsBelow(item, kind, depth + 1);
  if (!reading.isMap) return;
  for (const { name, value } of reading.entries()) {
    const isHere = value.isMap && value.entries().some(entry => entry.name.startsWith(ANNOTATION_PREFIX));
    if (isHere) {
      const absent = Value.absent<string>(reading.address);
      yield {
        ...annotated(value),
        origin: originOf(kind),
        apiVersion: absent,
        name: kind === undefined ? absent : reading.get('name').string(),
        namespace: kind === undefined ? absent : reading.get('namespace').string(),
        className: firstOf(reading.get('ingressClassName'), reading.get('className')).string(),
        rules: [],
        hasDefaultBackend: false,
        tls: [],
        hasSpec: false,
      };
    } else if (name !== 'data') yield* annotationsBelow(value, kind, depth + 1);
  }
}

function originOf(kind: string | undefined): Ingress['origin'] {
  if (kind === undefined) return 'values';
  return kind === 'Service' ? 'service' : kind === 'ConfigMap' ? 'configMap' : 'otherObject';
}

function annotated(annotations: Reading): Pick<Ingress, 'is' | 'address' | 'annotations' | 'isOpen'> {
  return {
    is: 'ingress',
    address: annotations.address,
    annotations: annotations.entries().map(({ name: key, value }) => ({
      key,
      name: key.startsWith(ANNOTATION_PREFIX) ? key.slice(ANNOTATION_PREFIX.length) : null,
      value: value.string(),
      notString: value.notString(),
    })),
    isOpen: annotations.mayHaveMoreKeys,
  };
}

function firstOf(...readings: readonly Reading[]): Reading {
  const [first] = readings;
  if (!first) throw new RangeError('nothing to choose from');
  return readings.find(reading => !reading.isAbsent) ?? first;
}

/** The annotation of ingress-nginx by its name without prefix, or an older name that means the same. */
export function annotationNamed({ annotations }: Ingress, ...names: readonly string[]): Annotation | undefined {
  return annotations.find(({ name }) => name !== null && names.includes(name));
}
