import { HEALTH_FLAGS } from '../facts/ingressNginxProbes.ts';
import { isControllerBinary } from './podSpec.ts';
import type { Reading } from './reading.ts';
import { Value } from './value.ts';

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

/** Where nobody can tell. */
export const UNKNOWN_ENDPOINT: EndpointDefaults = { port: undefined, path: undefined, host: undefined };

/** The same, for what stands at a place. */
export function unknownEndpoint({ address }: Reading): HealthEndpoint {
  return {
    port: Value.unknown(address, null),
    path: Value.unknown(address, null),
    host: Value.unknown(address, null),
  };
}

/** What a probe asks by HTTP. */
export function endpointOf(httpGet: Reading): HealthEndpoint {
  return {
    port: httpGet.get('port').number(),
    path: httpGet.get('path').string(),
    host: httpGet.get('host').string(),
  };
}

/** A port by its number, or by the name that the container gives it. */
export function portOf(port: Reading, ports: Reading): Value<number> {
  const name = port.string().known;
  const place = port.place;
  if (name === undefined || !place) return port.number();
  const named = ports.items().find(item => item.get('name').string().is(name));
  const number = named?.get('containerPort').number().known;
  return number === undefined ? Value.unknown(port.address, place) : Value.known(port.address, number, place);
}

/** What a container's command line says of the controller's flags; the last one counts. */
export function endpointOfFlags(container: Reading): HealthEndpoint {
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

/** What values of the chart make the flags say. */
export function endpointOfChart(controller: Reading): HealthEndpoint {
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

function numberOf(value: Value<string>): Value<number> {
  if (value.isAbsent) return Value.absent(value.address);
  const { known, place } = value;
  if (known === undefined || !place || !/^\d{1,5}$/.test(known)) return Value.unknown(value.address, place);
  return Value.known(value.address, Number(known), place);
}
