import { ANNOTATIONS } from '../../facts/ingressNginxAnnotations.ts';
import { ANNOTATION_PREFIX } from '../../facts/ingressNginxSnippets.ts';
import { NO_SUCH_ANNOTATION, NO_SUCH_KEY, type NoSuchName } from '../../facts/tlsNames.ts';
import { controllerBoolean } from '../../simulate/controllerValue.ts';
import { type ControllerConfig, controllerConfigOf, kubesprayConfigOf } from '../controllerConfig.ts';
import { type Ingress, ingressOf } from '../ingress.ts';
import { mappingsIn } from '../mappings.ts';
import type { Reading } from '../reading.ts';
import { placeIn } from '../region.ts';
import type { TlsName } from '../tlsName.ts';
import type { TlsPolicy, WrittenText } from '../tlsPolicy.ts';
import { Value } from '../value.ts';
import { chartControllers } from './helmValues.ts';
import { objects } from './manifest.ts';

/** What the annotation may be: internal/ingress/annotations/sslcipher/main.go, 1.12.2 to 1.15.1. */
const TAKEN = ANNOTATIONS.get('ssl-ciphers')?.pattern ?? /^[\w!:+-]*$/;

/** What ingress-nginx is told of TLS in a YAML document: in its ConfigMap, in values of its chart, in annotations. */
export function* tlsOfController(file: string, root: Reading): Iterable<TlsPolicy | TlsName> {
  const ingresses = new Map<string, Ingress>();
  for (const object of objects(root)) {
    const ingress = ingressOf(object);
    if (ingress) ingresses.set(JSON.stringify(ingress.address), ingress);
    const config = controllerConfigOf(object);
    if (config) yield* globalPolicy(object.get('data'), 'configMap', config);
  }
  for (const { controller } of chartControllers(file, root))
    yield* globalPolicy(controller.get('config'), 'helmValues', null);
  const variables = kubesprayConfigOf(root);
  if (variables) yield* globalPolicy(root.get('ingress_nginx_configmap'), 'configMap', variables);
  for (const mapping of mappingsIn(root)) {
    yield* ofAnnotations(mapping, ingresses.get(JSON.stringify(mapping.address)) ?? null);
  }
}

function* globalPolicy(
  config: Reading,
  origin: 'configMap' | 'helmValues',
  of: ControllerConfig | null,
): Iterable<TlsPolicy | TlsName> {
  yield* noSuchNames(config, origin, '', NO_SUCH_KEY, of);
  // The chart quotes what it renders: there, true is as good as "true".
  const value = (key: string) => (origin === 'helmValues' ? config.get(key).text() : config.get(key).string());
  const ciphers = written(config.get('ssl-ciphers'), value('ssl-ciphers'));
  const protocols = written(config.get('ssl-protocols'), value('ssl-protocols'));
  const curves = written(config.get('ssl-ecdh-curve'), value('ssl-ecdh-curve'));
  if (![ciphers, protocols, curves].some(each => each.value.place)) return;
  yield {
    is: 'tlsPolicy',
    origin,
    ciphers,
    annotation: null,
    protocols,
    idleProtocols: null,
    preferServerCiphers: Value.absent(config.get('ssl-prefer-server-ciphers').address),
    http2: switchOf(value('use-http2')),
    http2Switches: [],
    dhparam: value('ssl-dh-param'),
    curves,
    keyTypes: null,
    of,
    mayShareSocket: false,
  };
}

/** What a mapping says if it holds annotations: below `metadata`, or in the values of whatever chart passes them on. */
function* ofAnnotations(mapping: Reading, of: Ingress | null): Iterable<TlsPolicy | TlsName> {
  const own = mapping.get(`${ANNOTATION_PREFIX}ssl-ciphers`);
  if (own.place) yield policyOfHost(mapping, own, of);
  yield* noSuchNames(mapping, 'annotation', ANNOTATION_PREFIX, NO_SUCH_ANNOTATION, of);
}

/** Names that are not there, and what of them the same mapping could hold. */
function* noSuchNames(
  settings: Reading,
  origin: TlsName['origin'],
  prefix: string,
  names: ReadonlyMap<string, NoSuchName>,
  of: TlsName['of'],
): Iterable<TlsName> {
  for (const { name: written, value } of settings.entries()) {
    if (!written.startsWith(prefix)) continue;
    const name = written.slice(prefix.length);
    const no = names.get(origin === 'annotation' ? name : name.toLowerCase());
    if (!no || !value.place) continue;
    const meant = no.why === 'misnamed' ? settings.get(prefix + no.meant).text() : null;
    yield { is: 'tlsName', origin, name, value: value.text(), meant, of };
  }
}

/** The host's list; everything else is the controller's to say. */
function policyOfHost(reading: Reading, own: Reading, of: Ingress | null): TlsPolicy {
  const absent = <T>() => Value.absent<T>(own.address);
  const ciphers = written(own, own.string());
  // With anything else the Ingress is refused, and with a blank nginx's configuration.
  const isTaken = TAKEN.test(ciphers.value.known ?? '');
  return {
    is: 'tlsPolicy',
    origin: 'annotation',
    ciphers: isTaken ? ciphers : { ...ciphers, value: Value.unknown(own.address, own.place) },
    annotation: ciphers,
    protocols: { ...ciphers, value: absent() },
    idleProtocols: null,
    preferServerCiphers: switchOf(reading.get(`${ANNOTATION_PREFIX}ssl-prefer-server-ciphers`).string()),
    http2: absent(),
    http2Switches: [],
    dhparam: absent(),
    curves: { ...ciphers, value: absent() },
    keyTypes: null,
    of,
    mayShareSocket: false,
  };
}

function written(reading: Reading, value: Value<string>): WrittenText {
  const embedded = value.known === undefined ? null : reading.embeddedText();
  const isSame = embedded !== null && embedded.text === value.known;
  const { place } = value;
  // Words that stand in for a value are none: %LIST%, <list>.
  const isPlain = /^[\w\s!:+,;@=.[\]|-]*$/.test(value.known ?? '');
  return {
    value: isPlain ? value : Value.unknown(value.address, place),
    placeOf(span) {
      if (isSame && embedded) return placeIn(embedded, span);
      const whole = place?.value ?? { start: 0, end: 0 };
      return { value: whole, entry: whole };
    },
    rewrite: text => ({ address: value.address, change: { op: 'set', value: text } }),
  };
}

/** With a word that is no boolean the controller keeps its default. */
function switchOf(text: Value<string>): Value<boolean> {
  const { known, place, address } = text;
  if (text.isUnknown) return Value.unknown(address, place);
  const read = known === undefined ? null : controllerBoolean(known);
  return read === null || !place ? Value.absent(address) : Value.known(address, read, place);
}
