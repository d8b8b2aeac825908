import type { Entity } from '../entity.ts';
import { DEEPEST_MAPPING } from '../mappings.ts';
import type { Reading } from '../reading.ts';
import { joined, type ReadText } from '../region.ts';
import { scriptInWords } from '../shell/scriptInWords.ts';
import type { Again, ShellCarrier } from '../shellText.ts';
import { shellOfAnsible } from './ansibleShell.ts';
import { commandsOfLines, looksLikeCommandLines } from './commandLines.ts';
import { commandWords } from './commandWords.ts';
import { objects } from './manifest.ts';
import { isOfInterest, looksLikeShell, shellOf } from './shellFile.ts';

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
      if (!region) continue;
      if (looksLikeShell(name, region.text)) yield* shellOf({ kind: 'configMap', again: null }, region, readText);
      else if (looksLikeCommandLines(name, region.text)) yield* commandsOfLines(name, region, readText);
    }
  }
  yield* cloudInit(root, readText);
  yield* shellOfAnsible(root, readText);
  const isCron = root.get('kind').string().is('CronJob');
  yield* containers(root, { onHost: false, again: isCron ? 'cron' : null }, readText, 0);
}

/** Every mapping with a `command`, wherever it is: containers, hooks, probes, and what charts make of their values. */
function* containers(reading: Reading, around: Around, readText: ReadText, depth: number): Iterable<Entity> {
  if (depth > DEEPEST_MAPPING) return;
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

/** `command: [sh, -c, …]`, `command: [sh, -c]` with the script in `args`, or the words of a program that needs no shell. */
function* commandOf(mapping: Reading, { onHost, again }: Around, readText: ReadText): Iterable<Entity> {
  const words = [mapping.get('command'), mapping.get('args')].flatMap(list => (list.isList ? list.items() : []));
  // A pod with a network of its own starts with no rules.
  const carrier: ShellCarrier = { kind: 'container', again: onHost ? again : null };
  const script = scriptInWords(words);
  if (script) yield* shellOf(carrier, script, readText);
  else yield* programIn(words, carrier, readText);
}

/** A program with its words, each an item of the list. */
function* programIn(words: readonly Reading[], carrier: ShellCarrier, readText: ReadText): Iterable<Entity> {
  if (!words.some(word => isOfInterest(word.text().known ?? ''))) return;
  const line = commandWords(words);
  if (line)
    yield* shellOf(carrier, line.region, readText, {
      operators: line.operators,
      unread: [{ start: 0, end: line.region.text.length }],
      isSparse: true,
    });
}

/** The commands of cloud-init's user data. All of `runcmd` becomes one script, as all of `bootcmd` does: its shellify(). */
function* cloudInit(root: Reading, readText: ReadText): Iterable<Entity> {
  for (const key of ['runcmd', 'bootcmd']) {
    const list = root.get(key);
    const regions = list
      .items()
      .flatMap(
        item =>
          (item.isList ? (scriptInWords(item.items()) ?? commandWords(item.items())?.region) : item.embeddedText()) ??
          [],
      );
    const carrier = { kind: 'cloudInit', again: null } as const;
    if (regions.length > 0) yield* shellOf(carrier, joined(list.address, regions, 'lines'), readText);
  }
}
