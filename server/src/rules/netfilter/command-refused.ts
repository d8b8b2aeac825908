import type { Change } from '../../model/edit.ts';
import { commandOf, type IptablesCall, iptablesCallsOf } from '../../model/iptablesCall.ts';
import type { ShellText } from '../../model/shellText.ts';
import { checkCommand } from '../../syntax/iptables/checkCommand.ts';
import type { IptablesProblem, IptablesProblemCode } from '../../syntax/iptables/problem.ts';
import { optionNamed } from '../../syntax/iptables/specification.ts';
import { literal } from '../../syntax/shell/tree.ts';
import type { TextEdit } from '../../text/edits.ts';
import type { Language } from '../../text/wording.ts';
import { atPlace, type Draft, edit } from '../draft.ts';
import { type Message, rule } from '../rule.ts';
import en from './command-refused.md';
import zh from './command-refused.zh.md';
import { pipelineOf } from './guarded.ts';
import { merged } from './refusals.ts';
import { REASONS } from './refusalWording.ts';

/** What is not there after a command that was refused. */
const CONSEQUENCE: Record<Language, (command: string) => string> = {
  en: command => {
    const lost = command === 'policy' ? 'sets no policy' : command === 'new-chain' ? 'makes no chain' : 'adds no rule';
    return `iptables refuses this command and ${lost}: `;
  },
  zh: command => {
    const lost =
      command === 'policy' ? '默认策略不会改变' : command === 'new-chain' ? '链不会被创建' : '规则不会被添加';
    return `iptables 拒绝这条命令，${lost}：`;
  },
};

/** Another program than that of files is right. */
const OTHER_FAMILY: Record<Language, (what: string, family: string) => string> = {
  en: (what, family) =>
    `\`${what}\` is of the other family, which \`${family === 'ipv6' ? 'iptables' : 'ip6tables'}\` takes`,
  zh: (what, family) => `另一协议族的地址 ${what} 应使用 ${family === 'ipv6' ? 'iptables' : 'ip6tables'}`,
};

/**
 * A script goes on behind a command that iptables refuses: the rule is missing, and nothing but a line on a console that nobody reads says
 * so. Without -t the table is filter, in which neither NOTRACK nor NAT works.
 */
export const commandRefused = rule({
  id: 'netfilter/command-refused',
  severity: 'error',
  on: 'shellText',
  evidence: [
    'test/real/commandRefused.test.ts: the Example and a table of commands, run with iptables 1.8.9 of both backends',
    'iptables 1.8.9: iptables/xshared.c (do_parse), libxtables/xtoptions.c; Linux net/netfilter/x_tables.c',
  ],
  summary: {
    en: 'iptables refuses this command of a script',
    zh: 'iptables 拒绝脚本中的这条命令',
  },
  messages: {
    en: {
      ...worded('en'),
      inRaw: () => 'Add -t raw to such rules',
      sameHere: () => 'this one is refused for the same reason',
    },
    zh: { ...worded('zh'), inRaw: () => '为这类规则加上 -t raw', sameHere: () => '这一条因同样的原因被拒绝' },
  },
  page: { en, zh },

  *check(text) {
    // The other direction may have been added there already.
    const isRawUsed = iptablesCallsOf(text).some(
      ({ table, specification }) =>
        table === 'raw' && /^(?:NOTRACK|CT)$/.test(specification?.jump?.argument?.value ?? ''),
    );
    const refused = refusedIn(text);
    // One direction alone would be worse than none: they are one finding.
    const ofRaw = refused.filter(isMeantForRaw);
    const [modules, commands] = [ofRaw.map(({ call }) => tableOfModule(text, call)), [] as TextEdit[]];
    for (const [i, { call }] of ofRaw.entries()) {
      const { end } = call.program.field.word;
      if (!modules[i]) commands.push({ span: { start: end, end }, newText: ' -t raw' });
    }
    const changes = [
      ...modules.filter(each => each !== null),
      ...(commands.length > 0 ? [edit(text.region, ...commands)] : []),
    ];
    for (const each of refused) {
      if (ofRaw.includes(each) && each !== ofRaw[0]) continue;
      const { code, span, what, with: also } = each.problem;
      const draft = atPlace(text.placeOf(span), code, { what, with: also, command: commandOf(each.call) ?? '' });
      if (each !== ofRaw[0]) yield draft;
      else {
        let told: Draft<IptablesProblemCode | 'inRaw' | 'sameHere'> = draft.fix(
          'inRaw',
          isRawUsed ? 'unsafe' : 'safe',
          ...changes,
        );
        for (const { problem } of ofRaw.slice(1)) told = told.seeAlso('sameHere', text.placeOf(problem.span));
        yield told;
      }
    }
  },
});

interface Refused {
  readonly call: IptablesCall;
  readonly problem: IptablesProblem;
}

/** Commands that are refused each time they run, each with the first reason, in the order of the text. */
function refusedIn(text: ShellText): readonly Refused[] {
  const asked = new Set(
    text.invocations.flatMap(({ guards }) =>
      guards.flatMap(({ invocations }) => invocations.map(each => each.command)),
    ),
  );
  const found = new Map<number, Refused | null>();
  for (const call of iptablesCallsOf(text)) {
    const { command } = call.invocation;
    const known = found.get(command.start);
    if (known === null) continue;
    const problem = !asked.has(command) && isPlain(text, call) ? reasonOf(call) : null;
    found.set(command.start, problem ? (known ?? { call, problem }) : null);
  }
  return [...found.values()].filter(each => each !== null);
}

/** True for a command of which every word is known that decides, and whose failure nobody expects. */
function isPlain(text: ShellText, { invocation, program, specification }: IptablesCall): boolean {
  const { command, within } = invocation;
  const does = specification?.command?.name ?? '';
  if (!specification?.certain || !specification.chain || !/^(?:append|insert|policy|new-chain)$/.test(does))
    return false;
  if (program.isGuess || text.isTemplated(command) || pipelineOf(invocation)) return false;
  const redirections = [...within, command].flatMap(each => ('redirections' in each ? each.redirections : []));
  if (redirections.some(({ target }) => literal(target) === '/dev/null')) return false;
  // Of words that come from one variable nobody sees which is meant.
  const starts = program.arguments.map(({ word }) => word.start);
  if (new Set(starts).size < starts.length) return false;
  const free = new Set(
    ['source', 'destination', 'in-interface', 'out-interface'].map(
      name => optionNamed(specification, name)?.argument?.start,
    ),
  );
  return specification.words.every(({ value, start }) => value !== null || free.has(start));
}

function reasonOf({ specification, family, table }: IptablesCall): IptablesProblem | null {
  if (!specification || table === null) return null;
  if (specification.options.some(({ name, loaded }) => !loaded && /^(?:ipv[46]|help|version|modprobe)$/.test(name)))
    return null;
  const problems = merged(checkCommand(specification, family, table)).filter(({ by }) => by === null);
  const ofTable = problems.find(({ problem }) => problem.code === 'targetOutsideTable');
  return (ofTable ?? problems[0])?.problem ?? null;
}

/** The table of a task of Ansible's module iptables, set; null for a command that is written as one. */
function tableOfModule(text: ShellText, { invocation: { command } }: IptablesCall): Change | null {
  const address = text.addressAt(command);
  if (typeof address?.at(-1) !== 'object') return null;
  return { address: [...address.slice(0, -1), 'table'], change: { op: 'set', value: 'raw' } };
}

/** NOTRACK in a chain that raw has, without a table: it was never meant for filter. */
function isMeantForRaw({ call, problem: { code, what } }: Refused): boolean {
  const { specification, family, table } = call;
  if (!specification || table !== 'filter' || optionNamed(specification, 'table')) return false;
  if (code !== 'targetOutsideTable' || (what !== 'NOTRACK' && what !== 'CT')) return false;
  const chain = specification.chain?.value;
  if (chain !== 'PREROUTING' && chain !== 'OUTPUT') return false;
  return !merged(checkCommand(specification, family, 'raw')).length;
}

function worded(language: Language): Record<IptablesProblemCode, Message> {
  const reasons = { ...REASONS[language], otherFamily: OTHER_FAMILY[language] };
  const entries = Object.entries(reasons).map(([code, reason]) => [
    code,
    (v: Record<string, string | number>) =>
      `${CONSEQUENCE[language](String(v.command))}${reason(String(v.what), String(v.with))}`,
  ]);
  return Object.fromEntries(entries) as Record<IptablesProblemCode, Message>;
}
