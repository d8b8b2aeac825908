import { KUBE_PROXY_FIELDS } from '../facts/kubeProxy.ts';
import type { KubernetesScalar } from '../syntax/yaml/kubernetesScalar.ts';
import { parseGoDuration } from '../text/goDuration.ts';
import { nameMeant } from '../text/spelling.ts';
import { type KubeProxySettings, settingValues, written } from './kubeProxySettings.ts';
import type { Reading } from './reading.ts';
import { type Address, type Place, Value } from './value.ts';

/** A KubeProxyConfiguration, bare or inside a ConfigMap. */
export interface KubeProxyConfiguration {
  readonly is: 'kubeProxyConfiguration';
  readonly carrier: 'document' | 'configMap';
  /** The ConfigMap that carries it, and under which key; null where there is none. */
  readonly configMap: ConfigMapKey | null;
  /** The `apiVersion` line; null where a template hides it. */
  readonly place: Place | null;
  /** Where the document is. */
  readonly address: Address;
  /** What is written in it, in its order, fields of sections behind the section; nothing of what is below an unknown key. */
  readonly fields: readonly WrittenField[];
  readonly settings: KubeProxySettings;
  /** The sections, '' for the top, that may have keys which the text does not show. */
  readonly open: readonly string[];
}

export interface ConfigMapKey {
  readonly name: Value<string>;
  readonly namespace: Value<string>;
  readonly key: string;
}

/** A key that is written in a configuration, whether kube-proxy knows it or not. */
export interface WrittenField {
  /** Keys from the top, with dots. */
  readonly path: string;
  /** The key alone. */
  readonly key: Place;
  /** Key and value; null if a template decides about it. */
  readonly place: Place | null;
  readonly address: Address;
  readonly kind: 'map' | 'list' | 'scalar' | 'null' | 'unknown';
  /** What a scalar is read as; null for anything else. */
  readonly scalar: KubernetesScalar | null;
  /** True if a template decides whether it is there. */
  readonly isConditional: boolean;
}

/** What a field's scalar is read as, if that is a string, a number or a boolean; undefined for anything else. */
export function plainValue({ scalar }: WrittenField): string | number | boolean | undefined {
  const isPlain = scalar?.type === 'string' || scalar?.type === 'number' || scalar?.type === 'boolean';
  return isPlain ? scalar.value : undefined;
}

const API_GROUP = 'kubeproxy.config.k8s.io/';

/** The sections of a configuration: `conntrack`, `logging.options`. */
const SECTIONS: ReadonlySet<string> = new Set(
  [...KUBE_PROXY_FIELDS.keys()].flatMap(path => {
    const keys = path.split('.');
    return keys.slice(1).map((_, index) => keys.slice(0, index + 1).join('.'));
  }),
);

/** True for the path of a mapping whose keys kube-proxy knows. */
export function isSection(path: string): boolean {
  return SECTIONS.has(path);
}

/** What a configuration says of a field: null if it certainly says nothing, undefined if nobody can tell. */
export function fieldOf({ fields, open }: KubeProxyConfiguration, path: string): WrittenField | null | undefined {
  const written = fields.findLast(each => each.path === path);
  if (written)
    return written.isConditional || written.kind === 'unknown' ? undefined : written.kind === 'null' ? null : written;
  return open.some(section => section === '' || path.startsWith(`${section}.`)) ? undefined : null;
}

/** The configurations that an object is, or carries in the strings of its `data`, each with the settings in it. */
export function* kubeProxyConfigurationsOf(object: Reading): Iterable<KubeProxyConfiguration | KubeProxySettings> {
  if (isConfiguration(object)) yield* entitiesOf(object, null);
  if (!object.get('kind').string().is('ConfigMap')) return;
  const [name, namespace] = ['name', 'namespace'].map(key => object.at('metadata', key).string());
  for (const { name: key, value } of object.get('data').entries()) {
    if (!name || !namespace || !value.embeddedText()?.text.includes('KubeProxyConfiguration')) continue;
    for (const document of value.embeddedYaml()) {
      if (isConfiguration(document)) yield* entitiesOf(document, { name, namespace, key });
    }
  }
}

function isConfiguration(object: Reading): boolean {
  const apiVersion = object.get('apiVersion').string();
  return (
    object.get('kind').string().is('KubeProxyConfiguration') &&
    (apiVersion.isUnknown || (apiVersion.known ?? '').startsWith(API_GROUP))
  );
}

function* entitiesOf(
  document: Reading,
  configMap: ConfigMapKey | null,
): Iterable<KubeProxyConfiguration | KubeProxySettings> {
  const settings = settingsOf(document);
  yield {
    is: 'kubeProxyConfiguration',
    carrier: configMap ? 'configMap' : 'document',
    configMap,
    place: document.get('apiVersion').place,
    address: document.address,
    fields: [...fieldsOf(document, '')],
    settings,
    open: ['', ...SECTIONS].filter(path => document.at(...path.split('.').filter(key => key !== '')).mayHaveMoreKeys),
  };
  yield settings;
}

function* fieldsOf(map: Reading, prefix: string): Iterable<WrittenField> {
  for (const { name, key, value, isConditional } of map.ownEntries()) {
    const path = prefix + name;
    yield {
      path,
      key,
      place: value.place,
      address: value.address,
      kind: kindOf(value),
      scalar: value.scalar(),
      isConditional,
    };
    if (isSection(path)) yield* fieldsOf(value, `${path}.`);
  }
}

function kindOf(value: Reading): WrittenField['kind'] {
  if (value.isUnknown) return 'unknown';
  if (value.isAbsent) return 'null';
  return value.isMap ? 'map' : value.isList ? 'list' : 'scalar';
}

function settingsOf(document: Reading): KubeProxySettings {
  const meant = new Set(['conntrack', 'ipvs'].flatMap(section => fieldsMeant(document.get(section), section)));
  const addressOf = (path: string) => [...document.address, ...path.split('.')];
  /** Of a field that is misspelt nobody can tell what it will be once that is mended. */
  const at = <T>(path: string, read: (field: Reading) => Value<T>): Value<T> => {
    const value = read(document.at(...path.split('.')));
    return value.isAbsent && meant.has(path) ? Value.unknown(addressOf(path), null) : value;
  };
  return {
    is: 'kubeProxySettings',
    origin: 'configuration',
    mode: document.get('mode').string(),
    ...settingValues({
      number: path => at(path, field => field.number()),
      seconds: path => at(path, field => field.string().map(parseGoDuration)),
      boolean: path => at(path, field => field.boolean()),
    }),
    change: (path, value) => ({ address: addressOf(path), change: { op: 'set', value: written(value) } }),
    removal: path => [{ address: addressOf(path), change: { op: 'remove' } }],
  };
}

/** The fields of a section that its misspelt keys stand for. */
function fieldsMeant(map: Reading, section: string): string[] {
  const names = fieldsIn(section);
  return map.ownEntries().flatMap(({ name }) => {
    const meant = names.includes(name) ? null : nameMeant(name, names);
    return meant === null ? [] : [`${section}.${meant}`];
  });
}

/** The keys that a section, '' for the top, has in releases of today. */
export function fieldsIn(section: string): string[] {
  const prefix = section === '' ? '' : `${section}.`;
  const below = [...KUBE_PROXY_FIELDS.values()].filter(
    ({ path, removed }) => removed === null && path.startsWith(prefix),
  );
  return [...new Set(below.map(({ path }) => path.slice(prefix.length).split('.')[0] ?? ''))];
}
