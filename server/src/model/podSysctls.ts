import { sysctlPath } from '../syntax/sysctl/parse.ts';
import type { Change } from './edit.ts';
import { podSpecReadings } from './podSpec.ts';
import type { Reading } from './reading.ts';
import { scriptInWords } from './shell/scriptInWords.ts';
import { sysctlWritesOf } from './shell/sysctlWrites.ts';
import { ShellText } from './shellText.ts';
import { knobOf } from './sysctlSettings.ts';
import type { Place, Value } from './value.ts';

/** The sysctls that a pod asks the kubelet for, and those that its containers write. */
export interface PodSysctls {
  readonly is: 'podSysctls';
  readonly hostNetwork: Value<boolean>;
  readonly sysctls: readonly PodSysctl[];
}

export interface PodSysctl {
  /** As it is written. */
  readonly name: string;
  /** The file below /proc/sys that today's kernels have for it. */
  readonly knob: string;
  /** The value that a container's command writes; null for one that the kubelet is asked for. */
  readonly written: string | null;
  readonly place: Place;
  /** Null for one that a container's command writes. */
  readonly removal: Change | null;
}

/** What the pods of an object ask for in their security contexts. */
export function* podSysctlsOf(object: Reading): Iterable<PodSysctls> {
  for (const spec of podSpecReadings(object)) {
    const list = spec.at('securityContext', 'sysctls');
    const sysctls = list.items().flatMap(item => {
      const name = item.get('name');
      return sysctlOf(name.string().known, item, name.place && { value: name.place.value, entry: name.place.value });
    });
    for (const kind of ['initContainers', 'containers']) {
      for (const container of spec.get(kind).items()) sysctls.push(...writtenBy(container));
    }
    if (sysctls.length > 0) yield { is: 'podSysctls', hostNetwork: spec.get('hostNetwork').boolean(), sysctls };
  }
}

/** What the values of the ingress-nginx chart ask for its controller: a mapping of names. */
export function* chartSysctls(controller: Reading): Iterable<PodSysctls> {
  const sysctls = controller
    .get('sysctls')
    .entries()
    .flatMap(({ name, value }) => sysctlOf(name, value, value.place));
  if (sysctls.length > 0) yield { is: 'podSysctls', hostNetwork: controller.get('hostNetwork').boolean(), sysctls };
}

function sysctlOf(name: string | undefined, { address }: Reading, place: Place | null): PodSysctl[] {
  if (name === undefined || !place) return [];
  return [
    { name, knob: knobOf(sysctlPath(name)), written: null, place, removal: { address, change: { op: 'remove' } } },
  ];
}

/** What a container's command writes: `sysctl -w a=b`, or a script that does. */
function writtenBy(container: Reading): PodSysctl[] {
  const words = ['command', 'args'].flatMap(name => container.get(name).items());
  const texts = words.map(word => word.string().known ?? '');
  if (/(?:^|\/)sysctl$/.test(texts[0] ?? '')) {
    return texts.flatMap((text, index) => {
      const [name = '', value] = text.split('=', 2);
      const place = words[index]?.place;
      if (value === undefined || !place || name.startsWith('-')) return [];
      return [
        {
          name,
          knob: knobOf(sysctlPath(name)),
          written: value,
          place: { value: place.value, entry: place.value },
          removal: null,
        },
      ];
    });
  }
  const region = scriptInWords(words);
  if (!region || !/sysctl|\/proc\/sys\//.test(region.text)) return [];
  const script = new ShellText({ kind: 'container', again: null }, region);
  return script.invocations.flatMap(sysctlWritesOf).map(({ path, written, text, span }) => ({
    name: written,
    knob: knobOf(path),
    written: text,
    place: script.placeOf(span),
    removal: null,
  }));
}
