import type { Change } from '../../model/edit.ts';
import { type IptablesCall, iptablesCallOf } from '../../model/iptablesCall.ts';
import type { Invocation } from '../../model/shell/invocation.ts';
import { programOf } from '../../model/shell/program.ts';
import type { ShellText } from '../../model/shellText.ts';
import { contains, type Span } from '../../text/span.ts';
import type { Wording } from '../../text/wording.ts';
import { atPlace, edit } from '../draft.ts';
import { rule } from '../rule.ts';
import en from './no-shell.md';
import zh from './no-shell.zh.md';

/**
 * systemd, lists of words and Ansible's module command start a program without a shell. What would join or redirect commands in one is
 * a word that iptables gets, and refuses; what stands behind it as another command is never run.
 */
export const noShell = rule({
  id: 'netfilter/no-shell',
  severity: 'error',
  on: 'shellText',
  evidence: [
    'test/real/noShell.test.ts: iptables 1.8.9 of both backends with such words, and the fixed lines in a shell',
    'systemd.service(5), COMMAND LINES: redirections, pipes and other elements of shell syntax are not supported',
    'Ansible 2.17: lib/ansible/modules/command.py, "the command will not be processed through the shell"',
  ],
  summary: {
    en: 'iptables gets the shell syntax as arguments: nothing here starts a shell',
    zh: 'shell 语法被当作参数传给 iptables：这里没有 shell',
  },
  messages: {
    en: {
      refuses: ({ program, operator, by }) =>
        `${program} refuses this command and does nothing: ${NOBODY.en[String(by)]}, so \`${operator}\` is one of its arguments`,
      notRun: ({ program, operator, by, behind }) =>
        `${behind} is never run: ${NOBODY.en[String(by)]}, so \`${operator}\` and all behind it are arguments of ${program}`,
      inShell: () => 'Run the line in a shell',
      moduleShell: () => 'Use the module shell',
    },
    zh: {
      refuses: ({ program, operator, by }) =>
        `${program} 拒绝这条命令，什么也不做：${NOBODY.zh[String(by)]}，\`${operator}\` 只是它的一个参数`,
      notRun: ({ program, operator, by, behind }) =>
        `${behind} 永远不会运行：${NOBODY.zh[String(by)]}，\`${operator}\` 及其后的内容都只是 ${program} 的参数`,
      inShell: () => '在 shell 中运行这一行',
      moduleShell: () => '使用 shell 模块',
    },
  },
  page: { en, zh },

  *check(text) {
    const seen = new Set<number>();
    for (const invocation of text.invocations) {
      const { command } = invocation;
      if (seen.has(command.start)) continue;
      seen.add(command.start);
      const operators = text.operators.startingIn(command);
      const program = operators.length > 0 ? programOf(invocation.fields) : null;
      const call = program && iptablesCallOf(invocation);
      const first = operators.find(span => !call || isHandedOn(call, span));
      if (!first || !program) continue;
      const behind = call ? null : startedBehind(invocation, first);
      if (!call && behind === null) continue;
      const draft = atPlace(text.placeOf(first), behind === null ? 'refuses' : 'notRun', {
        program: program.name,
        operator: text.script.text.slice(first.start, first.end).replace(/^'(.*)'$/, '$1'),
        by: text.carrier.kind,
        behind: behind ?? '',
      });
      const [line, module] = [inShell(text, command), moduleShell(text, command)];
      yield line ? draft.fix('inShell', 'safe', line) : module ? draft.fix('moduleShell', 'safe', module) : draft;
    }
  },
});

/** Options that take any text. */
const FREE = /^(?:comment|log-prefix)$/;

function isHandedOn({ specification }: IptablesCall, span: Span): boolean {
  const options = specification?.options ?? [];
  return !options.some(({ name, argument }) => FREE.test(name) && argument && contains(argument, span));
}

/** A program of iptables that was to be run behind an operator. */
function startedBehind({ fields }: Invocation, operator: Span): string | null {
  const behind = fields.find(
    ({ value, word }) => word.start > operator.start && /(?:^|\/)ip6?tables(?:-[a-z]+)*$/.test(value ?? ''),
  );
  return behind?.value?.replace(/^.*\//, '') ?? null;
}

/** systemd hands a word in quotes on as it is: systemd.syntax(7), QUOTING. */
function inShell({ carrier, region, script, unread }: ShellText, command: Span): Change | null {
  const { start, end } = command;
  const written = script.text.slice(start, end);
  const quote = written.includes("'") ? '"' : "'";
  if (carrier.kind !== 'unit' || !unread.some(each => contains(each, command))) return null;
  if (written.includes(quote) || /\\(?!\r?\n)/.test(written)) return null;
  return edit(
    region,
    { span: { start, end: start }, newText: `/bin/sh -c ${quote}` },
    { span: { start: end, end }, newText: quote },
  );
}

function moduleShell(text: ShellText, command: Span): Change | null {
  const written = text.addressAt(command) ?? [];
  const module = written.at(-1) === 'cmd' ? written.slice(0, -1) : written;
  const name = module.at(-1);
  if (text.carrier.kind !== 'ansible' || typeof name !== 'string') return null;
  return { address: module, change: { op: 'rename', to: name.replace(/command$/, 'shell') } };
}

/** Who starts the program. */
const NOBODY: Wording<Readonly<Record<string, string>>> = {
  en: {
    unit: 'systemd starts no shell',
    ansible: "Ansible's module command starts no shell",
    container: 'a list of words starts no shell',
  },
  zh: {
    unit: 'systemd 不会启动 shell',
    ansible: 'Ansible 的 command 模块不会启动 shell',
    container: '命令列表不会启动 shell',
  },
};
