import { commandOf, type IptablesCall, iptablesCallOf, iptablesCallsOf } from '../../model/iptablesCall.ts';
import type { Guard, Invocation } from '../../model/shell/invocation.ts';
import { programOf } from '../../model/shell/program.ts';
import type { ShellText } from '../../model/shellText.ts';
import type { ShellPipeline, ShellWord } from '../../syntax/shell/tree.ts';
import type { Span } from '../../text/span.ts';

/** Calls that add a rule, each as it is written: of a loop's rounds the first one. */
export function additionsIn(text: ShellText): readonly IptablesCall[] {
  const seen = new Set<number>();
  return iptablesCallsOf(text).filter(call => {
    const { start } = call.invocation.command;
    if (!isAddition(call) || seen.has(start)) return false;
    seen.add(start);
    return true;
  });
}

export function isAddition(call: IptablesCall): boolean {
  return /^(?:append|insert)$/.test(commandOf(call) ?? '');
}

/** A listing of rules that is searched by grep to find out whether a rule has to be added. */
export interface Search {
  readonly listing: IptablesCall;
  readonly greps: readonly Grep[];
  /** From the listing to the last grep, redirections included, if the condition is nothing else; null otherwise. */
  readonly span: Span | null;
}

export interface Grep {
  readonly command: Span;
  /** Null if it is not known. */
  readonly pattern: string | null;
  readonly word: ShellWord;
  /** `-w` or `-x`. */
  readonly isOfWholeWords: boolean;
}

/** The last search that has to find nothing for a call to be made; null if there is none. */
export function searchBefore({ invocation }: IptablesCall): Search | null {
  for (const guard of [...invocation.guards].reverse()) {
    // Rules that are added where the search finds something are other rules.
    if (guard.onSuccess === true) continue;
    for (const asked of guard.invocations) {
      const listing = iptablesCallOf(asked);
      const does = listing && commandOf(listing);
      if (!listing || !(listing.form === 'save' || does === 'list' || does === 'list-rules')) continue;
      const pipeline = pipelineOf(asked);
      const greps = pipeline
        ? guard.invocations.filter(each => pipelineOf(each) === pipeline).flatMap(each => grepOf(each) ?? [])
        : [];
      if (pipeline && greps.length > 0) return { listing, greps, span: conditionSpan(guard, pipeline) };
    }
  }
  return null;
}

/** The checks (`-C`) that may decide whether a call is made: those that have to find nothing. */
export function checksBefore({ invocation }: IptablesCall): readonly IptablesCall[] {
  return invocation.guards
    .flatMap(({ invocations, onSuccess }) => (onSuccess === true ? [] : invocations))
    .flatMap(asked => iptablesCallOf(asked) ?? [])
    .filter(call => commandOf(call) === 'check');
}

export function pipelineOf({ within }: Invocation): ShellPipeline | null {
  return [...within].reverse().find(statement => statement.kind === 'pipeline') ?? null;
}

/** A pipeline, without the `!` before it, where it is all of a condition. */
function conditionSpan({ condition }: Guard, pipeline: ShellPipeline): Span | null {
  const [only] = condition;
  if (condition.length !== 1 || only !== pipeline) return null;
  return { start: pipeline.parts[0]?.start ?? pipeline.start, end: pipeline.end };
}

function grepOf({ fields, command }: Invocation): Grep | null {
  const program = programOf(fields);
  if (!/^[ef]?grep$/.test(program?.name ?? '')) return null;
  const words = program?.arguments ?? [];
  const end = words.findIndex(({ value }) => value === '--');
  const isOption = ({ value }: (typeof words)[number], i: number) =>
    (end < 0 || i < end) && /^-[a-zA-Z-]/.test(value ?? '');
  const options = words.filter(isOption);
  const found = words.find((each, i) => i !== end && !isOption(each, i));
  const isInverted = options.some(({ value }) => /^-\w*v|^--invert/.test(value ?? ''));
  if (!found || isInverted) return null;
  return {
    command,
    pattern: found.value,
    word: found.word,
    isOfWholeWords: options.some(({ value }) => /^-\w*[wx]|^--(?:word|line)-regexp$/.test(value ?? '')),
  };
}

/** The call's words as they are written, but that they ask for the rule; null where a function's words hold what it does. */
export function checkInstead(
  { script }: ShellText,
  { invocation: { command }, specification }: IptablesCall,
): string | null {
  const option = specification?.command;
  if (!option || !/^(?:-[AI]|--append|--insert)$/.test(script.text.slice(option.word.start, option.word.end)))
    return null;
  const end = command.words.at(-1)?.end ?? command.end;
  const number = option.more[0];
  const isShort = option.word.value?.startsWith('--') === false;
  const before = script.text.slice(command.words[0]?.start, option.word.start);
  const between = script.text.slice(option.word.end, number ? (option.argument?.end ?? number.start) : option.word.end);
  const behind = script.text.slice(number ? number.end : option.word.end, end);
  return `${before}${isShort ? '-C' : '--check'}${between}${behind}`;
}
