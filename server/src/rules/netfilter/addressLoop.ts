import { type IptablesCall, iptablesCallOf, ruleOf } from '../../model/iptablesCall.ts';
import type { ShellText } from '../../model/shellText.ts';
import { optionNamed } from '../../syntax/iptables/specification.ts';
import { bodiesOf, type ShellStatement } from '../../syntax/shell/tree.ts';
import type { TextEdit } from '../../text/edits.ts';
import { eolOf } from '../../text/lineBreaks.ts';
import { contains, type Span } from '../../text/span.ts';
import { checksBefore, isAddition, searchBefore } from './guarded.ts';
import { type LocalAddresses, onlyVariable } from './localAddresses.ts';

/**
 * The edits that put statements which take a variable for one address into a loop over all that it holds: written anew, for each
 * address and each port, where they do nothing but add rules that are missing; else as they are. Null where they do not stand
 * together, line by line, behind the assignment.
 */
export function addressLoop(text: ShellText, addresses: LocalAddresses): readonly TextEdit[] | null {
  const { script } = text;
  const list = listAround(script.statements, addresses.set).filter(({ start }) => start > addresses.set.start);
  const uses = addresses.calls.map(({ invocation }) => invocation.command);
  const isUse = (statement: ShellStatement) => uses.some(use => contains(statement, use));
  const from = list.findIndex(isUse);
  const to = list.length - 1 - [...list].reverse().findIndex(isUse);
  const block = from < 0 ? [] : list.slice(from, to + 1);
  const [first, last] = [block[0], block.at(-1)];
  if (!first || !last || uses.some(use => !block.some(statement => contains(statement, use)))) return null;
  const indent = /(?:^|\n)([ \t]*)$/.exec(script.text.slice(0, first.start))?.[1];
  const behind = /^[ \t]*(?:#[^\r\n]*)?(?=\r?\n|$)/.exec(script.text.slice(last.end));
  if (indent === undefined || !behind) return null;
  const lineEnd = last.end + behind[0].length;
  const feed = eolOf(script.text);
  const head = `for ${addresses.variable} in $${addresses.variable}; do`;
  const anew = rewritten(text, addresses, block);
  if (anew) {
    const lines = [head, ...anew.map(line => `  ${line}`), 'done'].join(`${feed}${indent}`);
    return [{ span: { start: first.start, end: lineEnd }, newText: lines }];
  }
  return [
    { span: { start: first.start, end: first.start }, newText: `${head}${feed}${indent}  ` },
    ...innerLines(text, { start: first.start, end: last.end }).map(at => ({
      span: { start: at, end: at },
      newText: '  ',
    })),
    { span: { start: lineEnd, end: lineEnd }, newText: `${feed}${indent}done` },
  ];
}

/** The list that a statement at `span` is a direct part of. */
function listAround(statements: readonly ShellStatement[], span: Span): readonly ShellStatement[] {
  const around = statements.find(statement => contains(statement, span));
  for (const list of around ? bodiesOf(around) : []) {
    if (around?.kind !== 'andOr' && around?.kind !== 'pipeline' && list.some(inner => contains(inner, span)))
      return listAround(list, span);
  }
  return statements;
}

/** Where lines begin within a stretch; none if one of them begins within a word or a here-document. */
function innerLines({ script }: ShellText, { start, end }: Span): readonly number[] {
  const stretch = script.text.slice(start, end);
  if (/['"`]|<<|\$\(/.test(stretch.replace(/'[^'\n]*'|"[^"\n]*"|`[^`\n]*`|\$\([^)\n]*\)/g, ''))) return [];
  return [...stretch.matchAll(/\n(?=[^\r\n])/g)].map(({ index }) => start + index + 1);
}

/** One rule of the block: what stands before and behind its port. */
interface Template {
  readonly before: string;
  readonly behind: string;
}

/** The lines of loops over ports that add what is missing; null if the block does anything else, or has comments. */
function rewritten(
  text: ShellText,
  addresses: LocalAddresses,
  block: readonly ShellStatement[],
): readonly string[] | null {
  const { script, invocations } = text;
  const pairs: { readonly template: Template; readonly port: string }[] = [];
  for (const [i, statement] of block.entries()) {
    const next = block[i + 1];
    if (next && /\S/.test(script.text.slice(statement.end, next.start))) return null;
    const calls = invocations
      .filter(({ command }) => contains(statement, command))
      .flatMap(each => iptablesCallOf(each) ?? []);
    const [addition, ...more] = calls.filter(isAddition);
    if (!addition || more.length > 0 || !isEnsuring(statement, addition)) return null;
    const pair = templateOf(text, addresses, addition);
    if (!pair) return null;
    pairs.push(pair);
  }
  if (/#/.test(script.text.slice(block.at(-1)?.end).split('\n')[0] ?? '')) return null;
  const ports = [...new Set(pairs.map(({ port }) => port))];
  const templates = new Map(pairs.map(({ template }) => [JSON.stringify(template), template]));
  const isComplete = new Set(pairs.map(pair => JSON.stringify(pair))).size === ports.length * templates.size;
  if (!isComplete || ports.includes('')) return null;
  const rules = [...templates.values()].flatMap(({ before, behind }) => {
    const line = (option: string) => `${before.replace(/-[AI]$/, option)}${behind}`;
    return [`  ${line('-C')} 2>/dev/null ||`, `    ${line(/-I$/.test(before) ? '-I' : '-A')}`];
  });
  return [`for port in ${ports.join(' ')}; do`, ...rules, 'done'];
}

/** True for an addition alone, or one behind `||` and a search or a check for the same rule. */
function isEnsuring(statement: ShellStatement, addition: IptablesCall): boolean {
  const { command } = addition.invocation;
  if (statement.kind === 'command') return statement === command;
  if (statement.kind !== 'andOr' || statement.operators.join() !== '||' || statement.parts[1] !== command) return false;
  const isSame = (check: IptablesCall) => ruleOf(check) === ruleOf(addition);
  return (
    contains(statement.parts[0] ?? command, searchBefore(addition)?.span ?? command) ||
    checksBefore(addition).some(isSame)
  );
}

/** A call with its address and its port taken out, and with a wait; null if it has no port of its own that is known. */
function templateOf({ script }: ShellText, { variable }: LocalAddresses, call: IptablesCall) {
  const { specification, invocation, program, waits } = call;
  const option = specification?.command;
  const ports = specification ? ['dport', 'sport'].flatMap(name => optionNamed(specification, name) ?? []) : [];
  const [port] = ports;
  if (!specification || !option || ports.length !== 1 || !/^\d+$/.test(port?.argument?.value ?? '')) return null;
  if (
    !/^-[AI]$/.test(option.word.value ?? '') ||
    option.more.length > 0 ||
    call.invocation.command.redirections.length > 0
  )
    return null;
  const fields = invocation.fields.filter((field, i, all) => field.word !== all[i - 1]?.word);
  let before = '';
  let behind = '';
  for (const { word } of fields) {
    const isPort = word.start === port?.argument?.start;
    const source = isPort
      ? '"$port"'
      : onlyVariable(word) === variable
        ? `"$${variable}"`
        : script.text.slice(word.start, word.end);
    const wait = word === program.field.word && waits === null ? ' -w 5' : '';
    if (word.start > option.word.start) behind += ` ${source}`;
    else before += `${before === '' ? '' : ' '}${source}${wait}`;
  }
  return { template: { before, behind } satisfies Template, port: port?.argument?.value ?? '' };
}
