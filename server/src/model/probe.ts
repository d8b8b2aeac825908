import { CHART_PROBES, HEALTH_ENDPOINT, HEALTH_FLAGS } from '../facts/ingressNginxProbes.ts';
import { KUBERNETES_PROBE, type ProbeTiming } from '../simulate/probe.ts';
import { isController, isControllerBinary, podSpecReadings } from './podSpec.ts';
import type { Reading } from './reading.ts';
import { type Place, Value } from './value.ts';

const KINDS = ['liveness', 'readiness', 'startup'] as const;
export type ProbeKind = (typeof KINDS)[number];

/** What a probe or a flag says of where the controller answers health checks. */
export interface HealthEndpoint {
  readonly port: Value<number>;
  readonly path: Value<string>;
  readonly host: Value<string>;
}

/** What holds for an endpoint where nothing is written; undefined where nobody can tell. */
export type EndpointDefaults = {
  readonly [Key in keyof HealthEndpoint]: HealthEndpoint[Key] extends Value<infer T> ? T | undefined : never;
};

/** The figures of a probe as they are written. */
export interface WrittenTiming {
  readonly timing: Readonly<Record<keyof ProbeTiming, Value<number>>>;
  /** What holds where the text leaves a figure out; null for a patch, whose base says that. */
  readonly defaults: ProbeTiming | null;
}

/** A probe of an ingress-nginx controller, and the flags that it has to agree with. */
export interface Probe extends WrittenTiming {
  readonly is: 'probe';
  readonly origin: 'manifest' | 'helmValues';
  readonly kind: ProbeKind;
  /** The probe with its key, and its key alone; null where a chart's own probe stands behind the flags. */
  readonly place: Place | null;
  readonly key: Place | null;
  /** The startup probe that holds it back; null if there is none. */
  readonly startup: WrittenTiming | null;
  /** What it asks by HTTP; null for a probe of another kind, or one that nobody can tell. */
  readonly asks: HealthEndpoint | null;
  readonly asksByDefault: EndpointDefaults;
  /** What the controller's flags say. */
  readonly flags: HealthEndpoint;
  readonly hostNetwork: Value<boolean>;
  /** True if nothing else in the pod could answer in the controller's place. */
  readonly alone: boolean;
}

/** The figures in force; null if one of them is unknown, or is none that the API server takes. */
export function timingOf({ timing, defaults }: WrittenTiming): ProbeTiming | null {
  const figure = (key: keyof ProbeTiming, least: number): number => {
    const value = inForce(timing[key], defaults?.[key]);
    return value !== undefined && Number.isInteger(value) && value >= least ? value : Number.NaN;
  };
  const result: ProbeTiming = {
    initialDelaySeconds: figure('initialDelaySeconds', 0),
    periodSeconds: figure('periodSeconds', 1),
    timeoutSeconds: figure('timeoutSeconds', 1),
    failureThreshold: figure('failureThreshold', 1),
  };
  return Object.values(result).some(Number.isNaN) ? null : result;
}

/** What is in force: what is written, or else the default; undefined if that is unknown. */
export function inForce<T>(value: Value<T>, byDefault: T | undefined): T | undefined {
  return value.isAbsent ? byDefault : value.known;
}

/** The probes of the controllers in an object's pods. */
export function* probesOf(object: Reading): Iterable<Probe> {
  for (const spec of podSpecReadings(object)) {
    const containers = spec.get('containers');
    for (const container of containers.items()) {
      if (!isController(container) && !isPatched(object, container)) continue;
      const alone = containers.items().length === 1 && !containers.mayHaveMoreItems;
      for (const kind of KINDS) {
        const probe = container.get(`${kind}Probe`);
        if (probe.isAbsent || !probe.place) continue;
        yield fromContainer(kind, probe, container, spec.get('hostNetwork').boolean(), alone);
      }
    }
  }
}

/** The name that the upstream manifests and the chart give the container, and the object around it; a patch has no image to tell by. */
function isPatched(object: Reading, container: Reading): boolean {
  return (
    container.get('image').isAbsent &&
    container.get('name').string().is('controller') &&
    object.at('metadata', 'name').string().is('ingress-nginx-controller')
  );
}

function fromContainer(
  kind: ProbeKind,
  probe: Reading,
  container: Reading,
  hostNetwork: Value<boolean>,
  alone: boolean,
): Probe {
  const isPatch = container.get('image').isAbsent;
  const httpGet = probe.get('httpGet');
  return {
    is: 'probe',
    origin: 'manifest',
    kind,
    place: probe.place,
    key: keyOf(probe, `${kind}Probe`),
    timing: timingValues(probe),
    defaults: isPatch ? null : KUBERNETES_PROBE,
    startup: startupOf(kind, container, isPatch ? null : KUBERNETES_PROBE),
    asks: httpGet.isMap ? { ...endpointOf(httpGet), port: portOf(httpGet.get('port'), container.get('ports')) } : null,
    asksByDefault: isPatch ? UNKNOWN_ENDPOINT : { port: undefined, path: '/', host: '' },
    flags: isPatch ? unknownEndpoint(container) : flagsOf(container),
    hostNetwork,
    alone,
  };
}

/** The probes of a controller as the values of its chart describe it. */
export function* chartProbes(controller: Reading): Iterable<Probe> {
  const flags = chartFlags(controller);
  const isFlagWritten = Object.values(flags).some(value => !value.isAbsent);
  for (const kind of KINDS) {
    const probe = controller.get(`${kind}Probe`);
    // A null takes the chart's own probe away.
    if (probe.isAbsent && (probe.place !== null || kind === 'startup' || !isFlagWritten)) continue;
    const httpGet = probe.get('httpGet');
    // Charts before 4.0.0 have the port as a key of the probe itself, render the path from healthCheckPath, and differ in their figures.
    const isOldChart = !probe.get('port').isAbsent;
    const asksByDefault = kind === 'startup' ? { port: undefined, path: '/', host: '' } : HEALTH_ENDPOINT;
    yield {
      is: 'probe',
      origin: 'helmValues',
      kind,
      place: probe.place,
      key: keyOf(probe, `${kind}Probe`),
      timing: timingValues(probe),
      defaults: isOldChart ? null : kind === 'startup' ? KUBERNETES_PROBE : CHART_PROBES[kind],
      startup: startupOf(kind, controller, KUBERNETES_PROBE),
      asks: isOldChart ? ofOldChart(probe) : isOfAnotherKind(probe) ? null : endpointOf(httpGet),
      asksByDefault,
      flags,
      hostNetwork: controller.get('hostNetwork').boolean(),
      alone: controller.get('extraContainers').isAbsent,
    };
  }
}

function ofOldChart(probe: Reading): HealthEndpoint {
  return { ...unknownEndpoint(probe), port: probe.get('port').number() };
}

function isOfAnotherKind(probe: Reading): boolean {
  return ['exec', 'tcpSocket', 'grpc'].some(kind => !probe.get(kind).isAbsent);
}

function chartFlags(controller: Reading): HealthEndpoint {
  const extraArgs = controller.get('extraArgs');
  const flag = (name: string, own: Reading | null): Value<string> => {
    const extra = extraArgs.get(name);
    return own === null || !extra.isAbsent ? extra.text() : own.text();
  };
  return {
    port: numberOf(flag(HEALTH_FLAGS.port, null)),
    path: flag(HEALTH_FLAGS.path, controller.get('healthCheckPath')),
    host: flag(HEALTH_FLAGS.host, controller.get('healthCheckHost')),
  };
}

function startupOf(kind: ProbeKind, around: Reading, defaults: ProbeTiming | null): WrittenTiming | null {
  const startup = around.get('startupProbe');
  return kind === 'startup' || startup.isAbsent ? null : { timing: timingValues(startup), defaults };
}

function timingValues(probe: Reading): Probe['timing'] {
  return {
    initialDelaySeconds: probe.get('initialDelaySeconds').number(),
    periodSeconds: probe.get('periodSeconds').number(),
    timeoutSeconds: probe.get('timeoutSeconds').number(),
    failureThreshold: probe.get('failureThreshold').number(),
  };
}

function endpointOf(httpGet: Reading): HealthEndpoint {
  return {
    port: httpGet.get('port').number(),
    path: httpGet.get('path').string(),
    host: httpGet.get('host').string(),
  };
}

/** A port by its number, or by the name that the container gives it. */
function portOf(port: Reading, ports: Reading): Value<number> {
  const name = port.string().known;
  const place = port.place;
  if (name === undefined || !place) return port.number();
  const named = ports.items().find(item => item.get('name').string().is(name));
  const number = named?.get('containerPort').number().known;
  return number === undefined ? Value.unknown(port.address, place) : Value.known(port.address, number, place);
}

/** What a container's command line says of the controller's flags; the last one counts. */
function flagsOf(container: Reading): HealthEndpoint {
  const lists = [container.get('command'), container.get('args')];
  const words = lists.flatMap(list => list.items());
  // A program of another name, or the image's own, may be a script that gives the controller its flags.
  const isHidden =
    !words.some(word => isControllerBinary(word.string().known ?? '')) ||
    lists.some(list => list.mayHaveMoreItems) ||
    words.some(word => {
      const text = word.string().known;
      return text === undefined || /\s/.test(text);
    });
  const flag = (name: string): Value<string> => {
    if (isHidden) return Value.unknown(container.get('args').address, null);
    let found: Value<string> = Value.absent(container.get('args').address);
    for (const [index, word] of words.entries()) {
      const text = word.string().known ?? '';
      const { address, place } = word;
      if (!place) continue;
      const next = words[index + 1]?.string().known;
      const value = text === `--${name}` ? next : text.startsWith(`--${name}=`) ? text.slice(name.length + 3) : null;
      if (value === null) continue;
      const isKnown = value !== undefined && !value.includes('$(');
      found = isKnown ? Value.known(address, value, place) : Value.unknown(address, place);
    }
    return found;
  };
  return { port: numberOf(flag(HEALTH_FLAGS.port)), path: flag(HEALTH_FLAGS.path), host: flag(HEALTH_FLAGS.host) };
}

function numberOf(value: Value<string>): Value<number> {
  if (value.isAbsent) return Value.absent(value.address);
  const { known, place } = value;
  if (known === undefined || !place || !/^\d{1,5}$/.test(known)) return Value.unknown(value.address, place);
  return Value.known(value.address, Number(known), place);
}

const UNKNOWN_ENDPOINT: EndpointDefaults = { port: undefined, path: undefined, host: undefined };

function unknownEndpoint({ address }: Reading): HealthEndpoint {
  return {
    port: Value.unknown(address, null),
    path: Value.unknown(address, null),
    host: Value.unknown(address, null),
  };
}

/** The place of a key without what is below it: a whole block is too much to underline. */
function keyOf({ place }: Reading, name: string): Place | null {
  if (!place) return null;
  const key = { start: place.entry.start, end: place.entry.start + name.length };
  return { value: key, entry: key };
}
