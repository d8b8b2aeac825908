import { CONNTRACK_BUCKETS } from '../../facts/netfilterSysctls.ts';
import { literal, type ShellWord, wholeOf } from '../../syntax/shell/tree.ts';
import { sysctlPath } from '../../syntax/sysctl/parse.ts';
import type { Span } from '../../text/span.ts';
import type { ShellField } from './fields.ts';
import type { Invocation } from './invocation.ts';
import { programOf } from './program.ts';

/** A command that writes a sysctl, now or into a file that sysctl reads. */
export interface SysctlWrite {
  /** The file below /proc/sys. */
  readonly path: string;
  readonly written: string;
  readonly text: string;
  readonly name: Span;
  readonly value: Span;
  /** The word, or the command, that does it. */
  readonly span: Span;
  /** True if name and value stand in the script as they are: without an escape, a variable or a quote within. */
  readonly isVerbatim: boolean;
  /** True if the script is ready for a failure, or asks first whether there is such a file. */
  readonly mayFail: boolean;
}

const HASHSIZE = '/sys/module/nf_conntrack/parameters/hashsize';
const SYSCTL_FILE = /(?:^|\/)sysctl(?:\.d\/[^/]+)?\.conf$/;

/**
 * What a command writes: `sysctl -w a=b`, `echo b > /proc/sys/a`, `echo a=b >> /etc/sysctl.conf`, and the same through `| sudo tee`. Nothing
 * in another namespace.
 */
export function sysctlWritesOf(invocation: Invocation): SysctlWrite[] {
  const mayFail = isReady(invocation);
  return writesOf(invocation).map(write => ({ ...write, mayFail: write.mayFail || mayFail }));
}

/** What is written in the script of a condition, and how a failure of a command is taken. */
function isReady({ command, guards, within }: Invocation): boolean {
  const asked = guards.flatMap(({ invocations }) => invocations.flatMap(({ fields }) => fields));
  return (
    asked.some(({ value }) => /conntrack/.test(value ?? '')) ||
    command.redirections.some(({ descriptor, operator }) => descriptor === '2' || operator === '&>') ||
    within.some(statement => statement.kind === 'andOr' && statement.operators.includes('||'))
  );
}

function writesOf(invocation: Invocation): SysctlWrite[] {
  const { command, fields } = invocation;
  const program = programOf(fields);
  if (!program || program.isElsewhere) return [];
  if (program.name === 'sysctl') {
    const mayFail = program.arguments.some(({ value }) => /^(?:-[a-z]*e[a-z]*|--ignore)$/.test(value ?? ''));
    return program.arguments.flatMap(assignmentIn).map(write => ({ ...write, mayFail }));
  }
  if (program.name !== 'echo' && program.name !== 'printf') return [];
  const target = targetOf(invocation);
  const file = literal(target);
  if (!target || file === null) return [];
  const words = program.arguments.filter(({ value }) => !/^-[neE]+$/.test(value ?? ''));
  const [first] = words;
  if (!first || words.length !== 1 || first.value === null) return [];
  const only = { ...first, value: first.value.replace(/(?:\\n)+$/, '') };
  // An escape is several lines, or whatever else.
  if (/[\\\n]/.test(only.value) || (program.name === 'printf' && only.value.includes('%'))) return [];
  if (SYSCTL_FILE.test(file)) return assignmentIn(only);
  const path = file === HASHSIZE ? CONNTRACK_BUCKETS : /^\/proc\/sys\/(.+)$/.exec(file)?.[1];
  if (path === undefined) return [];
  const [name, written] = [wholeOf(target), wholeOf(only.word)];
  const value = written && { start: written.start, end: written.start + only.value.length };
  const isVerbatim = name !== null && value !== null;
  return [
    {
      path: path.replace(/\/{2,}/g, '/'),
      written: file === HASHSIZE ? file : path,
      text: only.value,
      name: name ? { start: name.end - path.length, end: name.end } : target,
      value: value ?? only.word,
      span: command,
      isVerbatim: isVerbatim && file !== HASHSIZE,
      mayFail: false,
    },
  ];
}

/** The file that the output of a command goes into. */
function targetOf({ command, within }: Invocation): ShellWord | null {
  const written = command.redirections.find(({ operator }) => /^(?:>|>>|>\|)$/.test(operator))?.target;
  if (written) return written;
  const pipeline = within.findLast(({ kind }) => kind === 'pipeline');
  const parts = pipeline?.kind === 'pipeline' ? pipeline.parts : [];
  const next = parts[parts.indexOf(command) + 1];
  if (parts.indexOf(command) < 0 || next?.kind !== 'command') return null;
  const program = programOf(next.words.map(word => ({ value: literal(word), single: true, word })));
  if (program?.name !== 'tee' || program.isElsewhere) return null;
  const files = program.arguments.filter(({ value }) => !value?.startsWith('-'));
  return files.length === 1 ? (files[0]?.word ?? null) : null;
}

/** The modules that a command loads, and the options that it gives them. */
export function modulesLoadedBy({ fields }: Invocation): readonly ShellField[] {
  const program = programOf(fields);
  if (program?.name !== 'modprobe' || program.isElsewhere) return [];
  return program.arguments.filter(({ value }) => value !== null && !value.startsWith('-'));
}

function assignmentIn({ value, word }: ShellField): SysctlWrite[] {
  const equals = value?.indexOf('=') ?? -1;
  if (value === null || equals <= 0 || value.startsWith('-')) return [];
  const [left, right] = [value.slice(0, equals), value.slice(equals + 1)];
  const whole = wholeOf(word);
  const trimmed = (text: string, from: number): Span => {
    const start = from + text.length - text.trimStart().length;
    return { start, end: Math.max(start, from + text.trimEnd().length) };
  };
  const written = left.trim();
  return [
    {
      path: sysctlPath(written),
      written,
      text: right.trim(),
      name: whole ? trimmed(left, whole.start) : word,
      value: whole ? trimmed(right, whole.start + equals + 1) : word,
      span: word,
      isVerbatim: whole !== null,
      mayFail: false,
    },
  ];
}
