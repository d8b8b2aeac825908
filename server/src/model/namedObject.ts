import type { Entity } from './entity.ts';
import type { Ingress } from './ingress.ts';
import type { Reading } from './reading.ts';
import type { Place, Value } from './value.ts';

/** Kinds of objects that Ingresses and the controller's flags name. */
const NAMED_KINDS = ['Service', 'Secret', 'ConfigMap', 'IngressClass'] as const;
export type NamedKind = (typeof NAMED_KINDS)[number];

/** An object that others can name. */
export interface NamedObject {
  readonly is: 'namedObject';
  readonly kind: NamedKind;
  readonly name: Value<string>;
  readonly namespace: Value<string>;
}

/** A place that names an object. */
export interface Reference {
  readonly kind: NamedKind;
  readonly name: string;
  /** Null where it is not known, and for what has none. */
  readonly namespace: string | null;
  readonly place: Place;
}

/** The object itself, if it is of one of those kinds. */
export function namedObjectOf(object: Reading): NamedObject | null {
  const kind = NAMED_KINDS.find(each => object.get('kind').string().is(each));
  if (!kind) return null;
  const metadata = object.get('metadata');
  return {
    is: 'namedObject',
    kind,
    name: metadata.get('name').string(),
    namespace: metadata.get('namespace').string(),
  };
}

const ANNOTATIONS: ReadonlyMap<string, NamedKind> = new Map([
  ['auth-secret', 'Secret'],
  ['auth-tls-secret', 'Secret'],
  ['proxy-ssl-secret', 'Secret'],
  ['auth-proxy-set-headers', 'ConfigMap'],
  ['custom-headers', 'ConfigMap'],
  ['fastcgi-params-configmap', 'ConfigMap'],
  ['default-backend', 'Service'],
]);

const FLAGS: ReadonlyMap<string, NamedKind> = new Map([
  ['--configmap', 'ConfigMap'],
  ['--tcp-services-configmap', 'ConfigMap'],
  ['--udp-services-configmap', 'ConfigMap'],
  ['--default-backend-service', 'Service'],
  ['--publish-service', 'Service'],
  ['--default-ssl-certificate', 'Secret'],
]);

/** What an entity names, in the order of the text; nothing for most. */
export function referencesOf(entity: Entity): Reference[] {
  if (entity.is === 'ingress') return ofIngress(entity);
  if (entity.is !== 'controllerWorkload') return [];
  const own = entity.namespace.known ?? null;
  return entity.flags.flatMap(({ name, value, place }) => {
    const kind = FLAGS.get(name);
    return kind && value !== null ? qualified(kind, value, own, place) : [];
  });
}

function ofIngress({ namespace, className, rules, tls, annotations }: Ingress): Reference[] {
  const own = namespace.known ?? null;
  const plain = (kind: NamedKind, value: Value<string>, within: string | null): Reference[] =>
    value.known !== undefined && value.place
      ? [{ kind, name: value.known, namespace: within, place: value.place }]
      : [];
  return [
    ...annotations.flatMap(({ name, value }) => {
      const kind = ANNOTATIONS.get(name ?? '');
      return kind && value.known !== undefined && value.place ? qualified(kind, value.known, own, value.place) : [];
    }),
    ...plain('IngressClass', className, null),
    ...rules.flatMap(({ paths }) => paths.flatMap(({ service }) => plain('Service', service, own))),
    ...tls.flatMap(({ secret }) => plain('Secret', secret, own)),
  ];
}

/** `namespace/name`, or a name in the namespace of who names it; a variable of the container stands for that namespace. */
function qualified(kind: NamedKind, written: string, own: string | null, place: Place): Reference[] {
  const [, space, name = ''] = /^(?:([^/]*)\/)?([^/]+)$/.exec(written) ?? [];
  if (name === '' || name.includes('$')) return [];
  return [{ kind, name, namespace: space === undefined || space.startsWith('$') ? own : space, place }];
}

/** True if a reference can mean an object. */
export function means({ kind, name, namespace }: Reference, object: NamedObject): boolean {
  if (kind !== object.kind || !object.name.is(name)) return false;
  const other = object.namespace.known;
  return kind === 'IngressClass' || namespace === null || other === undefined || other === namespace;
}
