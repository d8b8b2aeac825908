import { CHART_PROBES, HEALTH_ENDPOINT } from '../facts/ingressNginxProbes.ts';
import { KUBERNETES_PROBE, type ProbeTiming } from '../simulate/probe.ts';
import {
  type EndpointDefaults,
  endpointOf,
  endpointOfChart,
  endpointOfFlags,
  type HealthEndpoint,
  portOf,
  UNKNOWN_ENDPOINT,
  unknownEndpoint,
} from './healthEndpoint.ts';
import { isController, podSpecReadings } from './podSpec.ts';
import type { Reading } from './reading.ts';
import type { Place, Value } from './value.ts';

const KINDS = ['liveness', 'readiness', 'startup'] as const;
export type ProbeKind = (typeof KINDS)[number];

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
    flags: isPatch ? unknownEndpoint(container) : endpointOfFlags(container),
    hostNetwork,
    alone,
  };
}

/** The probes of a controller as the values of its chart describe it. */
export function* chartProbes(controller: Reading): Iterable<Probe> {
  const flags = endpointOfChart(controller);
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

/** The place of a key without what is below it: a whole block is too much to underline. */
function keyOf({ place }: Reading, name: string): Place | null {
  if (!place) return null;
  const key = { start: place.entry.start, end: place.entry.start + name.length };
  return { value: key, entry: key };
}
