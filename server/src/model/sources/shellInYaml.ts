import type { Entity } from '../entity.ts';
import type { Reading } from '../reading.ts';
import type { ReadText } from '../region.ts';
import { scriptInWords } from '../shell/scriptInWords.ts';
import type { Again } from '../shellText.ts';
import { objects } from './manifest.ts';
import { looksLikeShell, shellOf } from './shellFile.ts';

/** Mappings below this depth hold nothing that anybody would write. */
const MAX_DEPTH = 24;

/** What the commands around a container are known by. */
interface Around {
  /** True where the pod's rules are the node's. */
  readonly onHost: boolean;
  readonly again: Again | null;
}

/** Scripts in YAML: what containers run, what ConfigMaps and cloud-init write into files, what cloud-init runs. */
export function* shellInYaml(_file: string, root: Reading, readText: ReadText): Iterable<Entity> {
  for (const object of objects(root)) {
    if (!object.get('kind').string().is('ConfigMap')) continue;
    for (const { name, value } of object.get('data').entries()) {
      const region = value.embeddedText();
      if (region && looksLikeShell(name, region.text)) {
        yield* shellOf({ kind: 'configMap', again: null }, region, readText);
      }
    }
  }
  yield* cloudInit(root, readText);
  const isCron = root.get('kind').string().is('CronJob');
  yield* containers(root, { onHost: false, again: isCron ? 'cron' : null }, readText, 0);
}

/** Every mapping with a `command`, wherever it is: containers, hooks, probes, and what charts make of their values. */
function* containers(reading: Reading, around: Around, readText: ReadText, depth: number): Iterable<Entity> {
  if (depth > MAX_DEPTH) return;
  if (reading.isList) for (const item of reading.items()) yield* containers(item, around, readText, depth + 1);
  if (!reading.isMap) return;
  const own = { ...around, onHost: around.onHost || reading.get('hostNetwork').boolean().is(true) };
  yield* commandOf(reading, own, readText);
  for (const { name, value } of reading.entries()) {
    const isHook = /^(?:postStart|livenessProbe|readinessProbe|startupProbe)$/.test(name);
    const isStarted = /^(?:initContainers|containers)$/.test(name);
    const again = isHook ? 'hook' : (own.again ?? (isStarted ? 'container' : null));
    yield* containers(value, { ...own, again }, readText, depth + 1);
  }
}

/** `command: [sh, -c, …]`, or `command: [sh, -c]` with the script in `args`. */
function* commandOf(mapping: Reading, { onHost, again }: Around, readText: ReadText): Iterable<Entity> {
  const command = mapping.get('command');
  const args = mapping.get('args');
  const words = [command, args].flatMap(list => (list.isList ? list.items() : []));
  const region = scriptInWords(words);
  // A pod with a network of its own starts with no rules.
  if (region) yield* shellOf({ kind: 'container', again: onHost ? again : null }, region, readText);
}

/** The commands and files of cloud-init's user data. */
function* cloudInit(root: Reading, readText: ReadText): Iterable<Entity> {
  for (const key of ['runcmd', 'bootcmd']) {
    for (const item of root.get(key).items()) {
      const region = item.isList ? null : item.embeddedText();
      if (region) yield* shellOf({ kind: 'cloudInit', again: null }, region, readText);
    }
  }
  for (const file of root.get('write_files').items()) {
    const path = file.get('path').string().known;
    const region = file.get('encoding').isAbsent ? file.get('content').embeddedText() : null;
    if (path !== undefined && region) yield* readText(path, region);
  }
}
