import { CONTROLLER_CLASS, OTHER_CLASSES } from '../facts/ingressNginxRecognition.ts';
import type { IsClosed } from '../simulate/controllerCves.ts';
import { parseGoBoolean } from '../text/goLiteral.ts';
import { baseName } from '../text/path.ts';
import type { Cluster, Located } from './cluster.ts';
import { type ControllerConfig, keyNamed } from './controllerConfig.ts';
import { defaultOfKey } from './controllerDefaults.ts';
import { type ControllerWorkload, flagNamed } from './controllerWorkload.ts';
import { annotationNamed, type Ingress } from './ingress.ts';
import { nearest } from './nearest.ts';
import type { Place } from './value.ts';
import { hasReached } from './versions.ts';

/** What is in force, where the workspace tells: a value that is written, or the program's default. */
export type InForceValue =
  | {
      readonly state: 'known';
      readonly value: string;
      readonly file: string;
      readonly piece: number;
      readonly place: Place;
    }
  | { readonly state: 'default' }
  | { readonly state: 'unknown' };

const UNKNOWN: InForceValue = { state: 'unknown' };

/** True if a controller reads it: by what it says itself, or because a `--configmap` of the workspace names it. */
export function isReadByController(config: ControllerConfig, cluster: Cluster): boolean {
  if (config.evidence !== null) return true;
  return cluster.all('controllerWorkload').some(({ entity }) => names(entity, config));
}

/** True if the controller's `--configmap` can mean this ConfigMap. */
export function names(workload: ControllerWorkload, { name, namespace }: ControllerConfig): boolean {
  const written = flagNamed(workload, '--configmap')?.value;
  const [, space = '', own = ''] = /^([^/]*)\/([^/]+)$/.exec(written ?? '') ?? [];
  if (own === '' || !name.is(own)) return false;
  const meant = /^\$/.test(space) ? workload.namespace.known : space;
  return meant === undefined || namespace.known === undefined || namespace.known === meant;
}

/** The ConfigMaps and values that the controllers near a file read. */
export function configsNear(cluster: Cluster, file: string): readonly Located<ControllerConfig>[] {
  return nearest(
    file,
    cluster.all('controllerConfig').filter(({ entity }) => isReadByController(entity, cluster)),
  );
}

/** What a key says to the controllers near a file. Unknown where no ConfigMap is in sight, and where several disagree. */
export function keyInForce(cluster: Cluster, file: string, name: string): InForceValue {
  // A patch that does not mention it leaves it to the object that it changes.
  const configs = configsNear(cluster, file).filter(
    config => keyNamed(config.entity, name) || config.entity.isOpen || !isPatch(config.file, cluster),
  );
  const found = configs.map((config): InForceValue => {
    const value = keyNamed(config.entity, name)?.value;
    if (value?.known !== undefined && value.place) {
      return { state: 'known', value: value.known, file: config.file, piece: config.piece, place: value.place };
    }
    return value || config.entity.isOpen ? UNKNOWN : { state: 'default' };
  });
  return agreed(
    found,
    configs.map(({ entity }) => `${entity.namespace.known}/${entity.name.known}`),
  );
}

/** What a key comes to in the controllers near a file: what is written, else the default of their release; null where nobody knows. */
export function valueOfKey(cluster: Cluster, file: string, name: string): string | null {
  const said = keyInForce(cluster, file, name);
  if (said.state === 'known') return said.value;
  return said.state === 'default' ? defaultOfKey(name, cluster.version('controller', file)) : null;
}

/** True for a file that changes an object which is written elsewhere: what it leaves out is not absent. */
function isPatch(file: string, cluster: Cluster): boolean {
  const name = baseName(file);
  if (/patch/i.test(name)) return true;
  return cluster.all('kustomization').some(({ entity }) => entity.patches.some(path => path.endsWith(name)));
}

/** What a flag says to the controllers near a file. */
export function flagInForce(cluster: Cluster, file: string, name: string): InForceValue {
  const workloads = cluster.near('controllerWorkload', file);
  const known = FLAGS.get(workloads) ?? new Map<string, InForceValue>();
  if (known.size === 0) FLAGS.set(workloads, known);
  const said = known.get(name) ?? flagOf(workloads, name);
  known.set(name, said);
  return said;
}

/** What was found out of the controllers of a list: there is a question for each flag that a vulnerability hangs on. */
const FLAGS = new WeakMap<readonly Located<ControllerWorkload>[], Map<string, InForceValue>>();

function flagOf(workloads: readonly Located<ControllerWorkload>[], name: string): InForceValue {
  const found = workloads.map((workload): InForceValue => {
    const flag = flagNamed(workload.entity, name);
    if (flag && flag.value !== null) {
      return { state: 'known', value: flag.value, file: workload.file, piece: workload.piece, place: flag.place };
    }
    return flag || workload.entity.mayHaveMoreFlags ? UNKNOWN : { state: 'default' };
  });
  return agreed(
    found,
    workloads.map(({ entity }) => `${entity.namespace.known}/${entity.name.known}`),
  );
}

/** True if the controllers near a file check what annotations hold: by their flag where it is in sight, else by their release. */
export function validatesAnnotations(cluster: Cluster, file: string): boolean {
  const flag = flagInForce(cluster, file, '--enable-annotation-validation');
  if (flag.state === 'known') return parseGoBoolean(flag.value) === true;
  return hasReached(cluster.version('controller', file), '1.12.0');
}

/** What the ConfigMap and the flags of the controllers near a file say. */
export function closedNear(cluster: Cluster, file: string): IsClosed {
  return ({ kind, name, value }) => {
    const found = kind === 'key' ? keyInForce(cluster, file, name) : flagInForce(cluster, file, name);
    if (found.state === 'unknown') return null;
    if (value === '') return found.state === 'default';
    return found.state === 'known' && found.value === value;
  };
}

/** Layers of one object add up; different objects must say the same. */
function agreed(found: readonly InForceValue[], objects: readonly string[]): InForceValue {
  const [first] = found;
  const known = found.filter(each => each.state === 'known');
  if (!first || found.some(({ state }) => state === 'unknown')) return UNKNOWN;
  const said = new Set(known.map(({ value }) => value));
  if (said.size > 1 || (said.size === 1 && known.length < found.length && new Set(objects).size > 1)) return UNKNOWN;
  return known[0] ?? first;
}

/** Whether ingress-nginx serves an Ingress: null where nothing tells. */
export function isServed(ingress: Ingress, cluster: Cluster): boolean | null {
  const { className } = ingress;
  const written = annotationOfClass(ingress);
  const name = className.known ?? written?.known;
  if (className.isUnknown || written?.isUnknown) return null;
  if (name === undefined) return ingress.annotations.some(each => each.name !== null) ? null : false;
  const declared = cluster.all('ingressClass').filter(({ entity }) => entity.name.is(name));
  const controllers = declared.map(({ entity }) => entity.controller.known);
  if (controllers.length > 0) {
    return controllers.every(each => each === undefined) ? null : controllers.some(each => isOurClass(each, cluster));
  }
  if (OTHER_CLASSES.has(name)) return false;
  const marks = ingress.annotations.some(each => each.name !== null);
  const others = ingress.annotations.some(({ key }) => /^nginx\.(?:org|com)\//.test(key));
  return marks || (/(?:^|-)nginx(?:-|$)/.test(name) && !others) ? true : null;
}

function isOurClass(controller: string | undefined, cluster: Cluster): boolean {
  if (controller?.startsWith(CONTROLLER_CLASS)) return true;
  return cluster
    .all('controllerWorkload')
    .some(({ entity }) => flagNamed(entity, '--controller-class')?.value === controller);
}

function annotationOfClass(ingress: Ingress) {
  return ingress.annotations.find(({ key }) => key === 'kubernetes.io/ingress.class')?.value;
}

/** True if annotations of ingress-nginx mean something here, as far as anybody can tell. */
export function isOurs(ingress: Ingress, cluster: Cluster): boolean {
  return isServed(ingress, cluster) !== false;
}

/** The value of an annotation that has one; undefined for those that are not there or not known. */
export function annotationValue(ingress: Ingress, ...names: readonly string[]): string | undefined {
  return annotationNamed(ingress, ...names)?.value.known;
}
