import { wholeOf } from '../../syntax/shell/tree.ts';
import type { Span } from '../../text/span.ts';
import type { Change } from '../edit.ts';
import {
  BINARY,
  type CommandWord,
  type KubeProxyCommand,
  kubeProxyStarted,
  optionOf,
  takesNextWord,
} from '../kubeProxyFlags.ts';
import { proxyArguments } from '../proxyArguments.ts';
import type { ShellField } from '../shell/fields.ts';
import type { Invocation } from '../shell/invocation.ts';
import { programOf } from '../shell/program.ts';
import type { ShellText } from '../shellText.ts';
import { Value } from '../value.ts';

/** What hands flags on to kube-proxy; the shell that installs k3s gets its words. */
const HANDS_ON = /^(?:k3s|rke2|sh)$/;

/** What is known of whoever runs a script: the object and its pod, if there is one. */
export type AroundScript = Pick<KubeProxyCommand, 'name' | 'namespace' | 'mounts' | 'annotations' | 'readOnly'>;

const NOBODY: AroundScript = {
  name: Value.absent([]),
  namespace: Value.absent([]),
  mounts: [],
  annotations: null,
  readOnly: null,
};

/** How the commands of a script start kube-proxy. One that is run in several ways, with other words each time, is left out. */
export function* kubeProxyOfShell(text: ShellText, around = NOBODY): ReturnType<typeof kubeProxyStarted> {
  const runs = new Map<number, Started[]>();
  for (const invocation of text.invocations) {
    const started = startedBy(invocation);
    const { start } = invocation.command;
    if (started) runs.set(start, [...(runs.get(start) ?? []), started]);
  }
  for (const [first, ...others] of runs.values()) {
    if (!first || others.some(other => !isSame(other, first))) continue;
    const command = commandOf(first, text);
    const started = first.isKubeProxy ? command : proxyArguments(command);
    if (started) yield* kubeProxyStarted({ ...around, ...started });
  }
}

/** The words behind the program, and the command as a whole. */
interface Started {
  readonly fields: readonly ShellField[];
  readonly command: Span;
  readonly program: Span;
  /** False for a program that may hand flags on to kube-proxy. */
  readonly isKubeProxy: boolean;
}

function startedBy({ command, fields }: Invocation): Started | null {
  const program = programOf(fields);
  if (!program) return null;
  const [first, ...rest] = program.arguments;
  const own = { fields: program.arguments, command, program: program.field.word };
  if (BINARY.test(program.name)) return { ...own, isKubeProxy: true };
  // The binary of all programs, with the one that it is to be as its first argument.
  const isHyperkube = program.name === 'hyperkube' && /^(?:kube-)?proxy$/.test(first?.value ?? '');
  if (first && isHyperkube) return { fields: rest, command, program: first.word, isKubeProxy: true };
  return HANDS_ON.test(program.name) ? { ...own, isKubeProxy: false } : null;
}

function isSame(one: Started, other: Started): boolean {
  const texts = ({ fields }: Started) => JSON.stringify(fields.map(({ value }) => value));
  return texts(one) === texts(other);
}

function commandOf({ fields, command, program }: Started, text: ShellText) {
  const words = fields.map((field, index): CommandWord => wordOf(field, fields[index - 1]?.word ?? program, text));
  const unseen = words.some(({ value }, index) => value.isUnknown && !isValueOf(words[index - 1]));
  const last = fields.at(-1)?.word ?? program;
  const separator = text.script.text.slice(fields.at(-2)?.word.end ?? program.end, last.start);
  const isPlain = fields.length > 1 && /^(?:[ \t]|\\\r?\n)+$/.test(separator);
  return {
    words,
    mayHaveMore: unseen || hasTemplateBetween(fields, { start: program.end, end: command.end }, text),
    append: (word: string) => edit(text, { start: last.end, end: last.end }, (isPlain ? separator : ' ') + word),
  };
}

/** True behind a flag that takes its value from the next word. */
function isValueOf(before: CommandWord | undefined): boolean {
  return before?.value.known !== undefined && takesNextWord(before.value.known);
}

/** True if a template puts words there, or takes them away: between those that are seen, or on the line that follows. */
function hasTemplateBetween(fields: readonly ShellField[], command: Span, text: ShellText): boolean {
  const source = text.script.text;
  const next = source.indexOf('\n', source.indexOf('\n', command.end) + 1);
  let from = command.start;
  for (const { word } of fields) {
    if (word.start > from && text.isTemplated({ start: from, end: word.start })) return true;
    from = Math.max(from, word.end);
  }
  const goesOn = /^[ \t]*\\\r?\n/.test(source.slice(from));
  return goesOn && text.isTemplated({ start: from, end: next < 0 ? source.length : next });
}

function wordOf({ value, word, from = word }: ShellField, before: Span, text: ShellText): CommandWord {
  const whole = wholeOf(word);
  const place = text.placeOf(whole ?? word);
  const { address } = text.region;
  const known = value ?? optionOf(text.script.text.slice(from.start, from.end));
  // What a variable or an escape has part of is not written as it is read.
  const isWritten = value !== null && from === word && word.parts.every(({ kind }) => kind === 'text');
  return {
    value: known === null ? Value.unknown(address, place) : Value.known(address, known, place),
    set: written => edit(text, isWritten ? (whole ?? word) : null, written),
    removal: edit(text, isWritten ? { start: before.end, end: word.end } : null, ''),
  };
}

/** An edit of a script; null for a place that cannot be edited. */
export function edit({ region }: ShellText, span: Span | null, newText: string): Change {
  const all = { embedded: 'text', span: null } as const;
  return {
    address: [...region.address, span ? all : { ...all, decoded: true }],
    change: { op: 'edit', edits: [{ span: span ?? { start: 0, end: 0 }, newText }] },
  };
}
