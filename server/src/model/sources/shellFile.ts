import {
  literal,
  type ShellHeredoc,
  type ShellPart,
  type ShellStatement,
  type ShellWord,
} from '../../syntax/shell/tree.ts';
import { OrderedSpans } from '../../text/ordered.ts';
import { withoutTemplateEnding } from '../../text/path.ts';
import { compose, SourceMapBuilder } from '../../text/sourceMap.ts';
import { contains, type Span } from '../../text/span.ts';
import type { Entity } from '../entity.ts';
import { type ReadText, type Region, stretchOf } from '../region.ts';
import { rulesetsOfScript } from '../ruleset/scriptLines.ts';
import { partValue, wordValue } from '../shell/fields.ts';
import type { Invocation } from '../shell/invocation.ts';
import { programOf } from '../shell/program.ts';
import { type ShellCarrier, ShellText, type Untold } from '../shellText.ts';
import { clustersOfShell } from './clustersInShell.ts';
import { kubeProxyOfShell } from './kubeProxyInShell.ts';
import { sysctlOfShell } from './sysctlInShell.ts';

/** Programs whose commands, or whose files in here-documents, somebody here reads. */
const OF_INTEREST =
  /\b(?:ip6?tables|nft|sysctl|nginx|kubectl|conntrack|modprobe|kube-proxy|hyperkube)\b|\/proc\/sys\/|\$\{?IP6?T/;
const SHEBANG = /^\uFEFF?#!.*\b(?:ba|da|a|k|mk|z)?sh\b/;
const ENDING = /\.(?:sh|bash|ksh|zsh)$/i;
/** Commands of the firewall at the beginning of a line: files without any ending have them, with or without a shebang. */
const COMMAND_LINE = /^(?:sudo[ \t]+)?(?:\/(?:usr\/)?s?bin\/)?ip6?tables(?:-nft|-legacy)?[ \t]+-/m;

/** True for a text with commands that somebody here reads. */
export function isOfInterest(text: string): boolean {
  return OF_INTEREST.test(text);
}

/** True for a script of interest: by its ending, its first line, or what its lines are. */
export function looksLikeShell(file: string, text: string): boolean {
  if (!OF_INTEREST.test(text)) return false;
  const name = withoutTemplateEnding(file);
  if (ENDING.test(name) || SHEBANG.test(text)) return true;
  return /(?:^|\/)[^./]+$/.test(name) && COMMAND_LINE.test(text);
}

/** What a script says: its commands, and the texts within it. */
export function shellOfFile(file: string, region: Region, readText: ReadText): Iterable<Entity> {
  return shellOf({ kind: 'file', again: isOfCron(file, region.text) ? 'cron' : null }, region, readText);
}

/** A file that cron runs, or that says so before its first command. */
function isOfCron(file: string, text: string): boolean {
  const [head = ''] = /^(?:[ \t]*(?:#.*)?\r?\n)*/.exec(text) ?? [];
  return /(?:^|\/)cron/.test(file) || /\bcron(?:tab|job)?\b|计划任务|定时任务/i.test(head);
}

/** The commands of a text, the scripts that its own words are, and the files that its here-documents become. */
export function* shellOf(
  carrier: ShellCarrier,
  region: Region,
  readText: ReadText,
  untold: Untold = {},
): Iterable<Entity> {
  const text = new ShellText(carrier, region, untold);
  yield text;
  yield* rulesetsOfScript(text);
  yield* sysctlOfShell(text);
  yield* clustersOfShell(text);
  // Pods and units know more about the kube-proxy that they start.
  if (!/^(?:container|unit)$/.test(carrier.kind)) yield* kubeProxyOfShell(text);
  const seen = new Set<number>();
  const inParts = filesInParts(text.invocations);
  for (const invocation of text.invocations) {
    const { command } = invocation;
    if (seen.has(command.start)) continue;
    seen.add(command.start);
    yield* scriptInWord(text, invocation, region, readText);
    yield* fileInWord(text, invocation, region, inParts, readText);
    for (const { heredoc } of command.redirections) {
      const file = heredoc && destinationOf(text, invocation);
      if (file && !inParts.has(file)) yield* readText(file, linesOf(region, heredoc, invocation));
    }
  }
}

/** Read a line at a time: a part of one says what it says. */
const LINE_BY_LINE = /sysctl|modules/;

/** Files that several commands write, one of them behind what is there: no text of theirs is a whole file. */
function filesInParts(invocations: readonly Invocation[]): ReadonlySet<string> {
  const writers = new Map<string, Map<number, boolean>>();
  const write = (file: string | null, { command }: Invocation, adds: boolean) => {
    if (file === null || LINE_BY_LINE.test(file)) return;
    writers.set(file, (writers.get(file) ?? new Map()).set(command.start, adds));
  };
  for (const invocation of invocations) {
    for (const { operator, target } of invocation.command.redirections) {
      if (/^(?:>|>>|>\|)$/.test(operator)) write(fileNamed(target, invocation), invocation, operator === '>>');
    }
    const program = programOf(invocation.fields);
    if (program?.name !== 'tee') continue;
    const words = program.arguments.map(({ value }) => value ?? '');
    const adds = words.some(word => /^(?:-\w*a\w*|--append)$/.test(word));
    for (const word of words) if (word !== '' && !word.startsWith('-')) write(word, invocation, adds);
  }
  const parts = [...writers].filter(([, by]) => by.size > 1 && [...by.values()].includes(true));
  return new Set(parts.map(([file]) => file));
}

/** What `sh -c` and its like get as one quoted word. */
function* scriptInWord(
  { carrier }: ShellText,
  { fields }: Invocation,
  region: Region,
  readText: ReadText,
): Iterable<Entity> {
  const program = programOf(fields);
  if (!program || !/^(?:ba|da|a|k)?sh$/.test(program.name)) return;
  const flag = program.arguments.findIndex(({ value }) => /^-[a-z]*c$/.test(value ?? ''));
  const script = flag < 0 ? null : verbatim(program.arguments[flag + 1]?.word);
  if (script && OF_INTEREST.test(script.text))
    yield* shellOf({ kind: 'word', again: carrier.again }, stretchOf(region, script), readText);
}

/** What `echo` writes: a line into a crontab (`(crontab -l; echo '* * * * * …') | crontab -`), or the lines of a file. */
function* fileInWord(
  text: ShellText,
  invocation: Invocation,
  region: Region,
  inParts: ReadonlySet<string>,
  readText: ReadText,
): Iterable<Entity> {
  const program = programOf(invocation.fields);
  if (program?.name !== 'echo') return;
  const [word, more] = program.arguments.filter(({ value }) => !/^-[neE]+$/.test(value ?? ''));
  const written = more ? null : verbatim(word?.word);
  const file = written && destinationOf(text, invocation);
  if (!file) return;
  // Of other files, one line of many says too little, and whether an escape counts is for the shell to say.
  const isFile = written.text.includes('\n') && !written.text.includes('\\') && !inParts.has(file);
  const isRead = /(?:^|\/)cron/.test(file) ? OF_INTEREST.test(written.text) : isFile;
  if (isRead) yield* readText(file, stretchOf(region, written));
}

/** The text of a word that stands there as it is, in one piece. */
function verbatim(word: ShellWord | undefined): (Span & { readonly text: string }) | null {
  const parts = word?.parts.filter(part => part.kind !== 'text' || part.text !== '') ?? [];
  const [only] = parts;
  if (parts.length !== 1 || only?.kind !== 'text' || only.end - only.start !== only.text.length) return null;
  return only;
}

/** The file that a redirection names, where it or its variables are known. */
function fileNamed(target: ShellWord | null, { variables }: Invocation): string | null {
  return target && wordValue(target, { variables, positional: null, splits: true, unknown: new OrderedSpans([]) });
}

/** The name of the file that a command's input becomes, or one that says what reads it; null if that cannot be told. */
function destinationOf({ script }: ShellText, invocation: Invocation): string | null {
  const { command, fields } = invocation;
  const written = command.redirections.find(({ operator }) => /^(?:>|>>|>\|)$/.test(operator))?.target;
  if (written) return fileNamed(written, invocation);
  const own = readerOf(programOf(fields));
  if (own) return own;
  const pipeline = pipelineAround(script.statements, command);
  const next = pipeline[pipeline.findIndex(part => contains(part, command)) + 1];
  if (next?.kind !== 'command') return null;
  const target = next.redirections.find(({ operator }) => operator.startsWith('>'))?.target;
  const words = next.words.map(word => ({ value: literal(word), single: true, word }));
  return readerOf(programOf(words)) ?? (target ? literal(target) : null);
}

function readerOf(program: ReturnType<typeof programOf>): string | null {
  const words = program?.arguments.map(({ value }) => value ?? '') ?? [];
  const [file] = words.filter(word => !word.startsWith('-'));
  switch (program?.name) {
    case 'tee':
      return file ?? null;
    case 'iptables-restore':
    case 'iptables-nft-restore':
    case 'iptables-legacy-restore':
      return 'rules.v4';
    case 'ip6tables-restore':
    case 'ip6tables-nft-restore':
    case 'ip6tables-legacy-restore':
      return 'rules.v6';
    case 'crontab':
      return words.every(word => word === '-') ? 'crontab' : null;
    case 'kubectl':
      return words.some(word => /^(?:apply|create|replace)$/.test(word)) ? 'manifest.yaml' : null;
    case 'sysctl':
      return words.some(word => /^(?:-p|-p-|--load)/.test(word)) ? 'sysctl.conf' : null;
    default:
      return null;
  }
}

/** The parts of the pipeline that a command stands in. */
function pipelineAround(statements: readonly ShellStatement[], command: ShellStatement): readonly ShellStatement[] {
  for (const each of statements) {
    if (!contains(each, command)) continue;
    if (each.kind === 'pipeline') {
      const inner = pipelineAround(each.parts, command);
      return inner.length > 0 ? inner : each.parts;
    }
    if (each.kind === 'command') return [];
    const inner = 'body' in each ? each.body : 'parts' in each ? each.parts : [];
    const arms = 'arms' in each ? each.arms.flatMap(arm => arm.body) : [];
    return pipelineAround([...inner, ...arms, ...('otherwise' in each ? each.otherwise : [])], command);
  }
  return [];
}

/**
 * The lines of a here-document as the program reads them. What the shell expands and nobody knows becomes a template's expression:
 * it is one, in another language.
 */
function linesOf(region: Region, { body, parts, stripsTabs }: ShellHeredoc, { variables }: Invocation): Region {
  const isPlain = parts.every(part => part.kind === 'text' && part.end - part.start === part.text.length);
  if (isPlain && !(stripsTabs && /^\t/m.test(region.text.slice(body.start, body.end)))) return stretchOf(region, body);
  const builder = new SourceMapBuilder();
  let text = '';
  const expansion = { variables, positional: null, splits: true, unknown: new OrderedSpans([]) };
  const verbatim: ShellPart[] = [
    { kind: 'text', ...body, quoted: true, text: region.text.slice(body.start, body.end) },
  ];
  for (const part of parts.length > 0 ? parts : verbatim) {
    const source = region.text.slice(part.start, part.end);
    if (part.kind === 'text' && part.text === source) {
      for (const line of source.matchAll(/[^\n]*\n|[^\n]+/g)) {
        const isStart = region.text[part.start + line.index - 1] === '\n' || part.start + line.index === body.start;
        const tabs = stripsTabs && isStart ? (/^\t*/.exec(line[0])?.[0].length ?? 0) : 0;
        builder.verbatim(part.start + line.index + tabs, part.start + line.index + line[0].length);
        text += line[0].slice(tabs);
      }
      continue;
    }
    const value = part.kind === 'text' ? part.text : (partValue(part, expansion) ?? '{{ .unknown }}');
    builder.opaque(value.length, part.start, part.end);
    text += value;
  }
  const address = [...region.address, { embedded: 'text', span: body, decoded: true } as const];
  return { text, toPiece: compose(region.toPiece, builder.build(body.start)), address, depth: region.depth + 1 };
}
