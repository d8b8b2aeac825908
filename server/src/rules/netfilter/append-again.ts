import { commandOf, type IptablesCall, iptablesCallsOf, ruleOf } from '../../model/iptablesCall.ts';
import type { Invocation } from '../../model/shell/invocation.ts';
import { programOf } from '../../model/shell/program.ts';
import type { ShellText } from '../../model/shellText.ts';
import { optionNamed } from '../../syntax/iptables/specification.ts';
import { bodiesOf } from '../../syntax/shell/tree.ts';
import type { TextEdit } from '../../text/edits.ts';
import { atPlace, edit } from '../draft.ts';
import { rule } from '../rule.ts';
import en from './append-again.md';
import zh from './append-again.zh.md';
import { additionsIn, checkInstead, checksBefore, searchBefore } from './guarded.ts';

/**
 * `-A` and `-I` add a rule whether it is there or not. A script that runs again, and does not ask with `-C` first, adds one copy each time: harmless at
 * first, then thousands of rules that each packet is held against, and `-D` takes away one. A check that asks for another rule is none.
 */
export const appendAgain = rule({
  id: 'netfilter/append-again',
  severity: 'warning',
  on: 'shellText',
  evidence: [
    'test/real/shell-again.test.ts: the rules after two runs of such scripts, and of the fixed ones',
    'test/real/shell-again.test.ts: neither -C nor -D finds -j NOTRACK where -j CT --notrack was added (iptables 1.8.9, both backends)',
  ],
  summary: {
    en: 'Each run adds the same rule once more',
    zh: '每运行一次就多添加一条相同的规则',
  },
  messages: {
    en: {
      cron: () => 'Each run from cron adds this rule once more: nothing asks whether it is there',
      unit: () => 'Each start of the unit adds this rule once more: nothing asks whether it is there, or takes it away',
      container: () =>
        "Each start of the container adds this rule once more: the pod's network is the node's, and keeps its rules",
      hook: () =>
        "Each start or probe of the container adds this rule once more: the pod's network is the node's, and keeps its rules",
      playbook: () => 'Each run of the playbook adds this rule once more: nothing asks whether it is there',
      loop: () => 'Each round of the loop adds this rule once more: nothing asks whether it is there',
      neighbours: () =>
        'Each run adds this rule once more: its neighbours are asked for before they are added, this one is not',
      spelling: () =>
        'Each run adds this rule once more: -C does not find `CT --notrack` by the name NOTRACK, nor the other way round',
      other: () => 'This rule is added again with each run, or never: the check before it asks for another one',
      stays: () =>
        'This takes no rule away: -D does not find `CT --notrack` by the name NOTRACK, nor the other way round',
      added: () => 'this adds it, by the other name',
      ask: () => 'Ask with -C first',
      sameName: () => 'Delete it by the name that it is added by',
      same: () => 'Ask for the rule that is added',
    },
    zh: {
      cron: () => '每次由 cron 运行都会再添加一条相同的规则：事先没有检查它是否已经存在',
      unit: () => '单元每次启动都会再添加一条相同的规则：既没有检查它是否存在，也没有删除它',
      container: () => '容器每次启动都会再添加一条相同的规则：Pod 使用节点的网络，规则会一直留在节点上',
      hook: () => '容器每次启动或探测都会再添加一条相同的规则：Pod 使用节点的网络，规则会一直留在节点上',
      playbook: () => '每次运行 playbook 都会再添加一条相同的规则：事先没有检查它是否已经存在',
      loop: () => '循环每执行一轮都会再添加一条相同的规则：事先没有检查它是否已经存在',
      neighbours: () => '每次运行都会再添加一条相同的规则：旁边的规则都先检查再添加，唯独这一条没有',
      spelling: () => '每次运行都会再添加一条相同的规则：-C 不会把 `CT --notrack` 与 NOTRACK 当成同一条',
      other: () => '这条规则每次运行都会再添加一条，或者永远不会被添加：前面的检查问的是另一条规则',
      stays: () => '这条命令删不掉规则：-D 不会把 `CT --notrack` 与 NOTRACK 当成同一条',
      added: () => '这里用另一个名称添加了它',
      ask: () => '先用 -C 检查',
      sameName: () => '用添加时的名称删除',
      same: () => '检查要添加的那一条规则',
    },
  },
  page: { en, zh },

  *check(text, { cluster, file }) {
    const additions = additionsIn(text);
    const others =
      text.carrier.again === 'unit'
        ? cluster
            .all('shellText')
            .flatMap(({ file: where, entity }) => (where === file && entity !== text ? [entity] : []))
        : [];
    const calls = [text, ...others].flatMap(each => iptablesCallsOf(each));
    const asksElsewhere = additions.some(
      call => checksBefore(call).some(check => ruleOf(check) === ruleOf(call)) || searchBefore(call) !== null,
    );
    for (const call of additions) {
      const { command } = call.invocation;
      if (text.isTemplated(command)) continue;
      const other = otherCheck(call, additions);
      if (other) {
        const [end, newText] = [other.invocation.command.words.at(-1)?.end ?? 0, checkInstead(text, call)];
        const isSpelling = isNotrack(call) && isNotrack(other);
        const draft = atPlace(text.placeOf(command), isSpelling ? 'spelling' : 'other');
        const span = { start: other.invocation.command.words[0]?.start ?? 0, end };
        yield newText === null ? draft : draft.fix('same', 'safe', edit(text.region, { span, newText }));
        continue;
      }
      const why = call.invocation.within.some(({ kind }) => kind === 'while' || kind === 'until')
        ? isEndless(call.invocation)
          ? 'loop'
          : null
        : (text.carrier.again ?? (asksElsewhere ? 'neighbours' : null));
      if (why === null || !isBare(call) || isTakenAway(call, calls)) continue;
      const draft = atPlace(text.placeOf(command), why);
      const check = text.isReadByShell(command) && isStatement(call) ? checkInstead(text, call) : null;
      const ask =
        check === null
          ? draft
          : draft.fix(
              'ask',
              'safe',
              edit(text.region, {
                span: { start: command.start, end: command.start },
                newText: `${check} 2>/dev/null || `,
              }),
            );
      yield why === 'unit' ? ask.as('information') : ask;
    }
    for (const { deletion, addition } of deletedInVain(text, additions)) {
      const { command } = deletion.invocation;
      const draft = atPlace(text.placeOf(command), 'stays').seeAlso('added', text.placeOf(addition.invocation.command));
      const change = renamed(text, deletion);
      yield change ? draft.fix('sameName', 'safe', edit(text.region, change)) : draft;
    }
  },
});

/** Deletions of NOTRACK rules that the script adds before by the other name, and takes away by neither. */
function* deletedInVain(
  text: ShellText,
  additions: readonly IptablesCall[],
): Iterable<{ readonly deletion: IptablesCall; readonly addition: IptablesCall }> {
  const added = additions.filter(isNotrack);
  const deletions = added.length > 0 ? iptablesCallsOf(text).filter(call => commandOf(call) === 'delete') : [];
  const told = new Set<number>();
  for (const deletion of deletions.filter(isNotrack)) {
    const { start } = deletion.invocation.command;
    const meant = added.filter(call => withoutName(call) === withoutName(deletion));
    const isOther = (call: IptablesCall) =>
      call.invocation.command.start < start && deletions.every(each => ruleOf(each) !== ruleOf(call));
    const [addition] = meant;
    // What comes before may be what an earlier version of the script has left.
    if (!addition || told.has(start) || text.isTemplated(deletion.invocation.command) || !meant.every(isOther))
      continue;
    told.add(start);
    yield { deletion, addition };
  }
}

/** What a NOTRACK rule says besides the name of its target. */
function withoutName(call: IptablesCall): string | null {
  const said = ruleOf(call);
  if (said === null || !call.specification?.certain) return null;
  const [family, table, chain, options] = JSON.parse(said);
  return JSON.stringify([family, table, chain, options.filter((each: string) => !/^\["(?:jump|notrack)"/.test(each))]);
}

/** The target by its other name; null if its words do not stand together as they are read. */
function renamed({ script }: ShellText, { specification }: IptablesCall): TextEdit | null {
  const name = specification?.jump?.argument;
  const option = specification?.options.find(each => each.name === 'notrack');
  if (!name) return null;
  const span = { start: name.start, end: option?.end ?? name.end };
  const written = script.text.slice(span.start, span.end);
  if (written === 'NOTRACK') return { span, newText: 'CT --notrack' };
  return /^CT[ \t]+--notrack$/.test(written) ? { span, newText: 'NOTRACK' } : null;
}

/** The check that decides about this call alone, and asks for another rule; null if there is none, or it may be the same one. */
function otherCheck(call: IptablesCall, additions: readonly IptablesCall[]): IptablesCall | null {
  const checks = checksBefore(call);
  const [check, ...more] = checks;
  if (!check || more.length > 0) return null;
  const shares = additions.filter(other =>
    checksBefore(other).some(each => each.invocation.command === check.invocation.command),
  );
  const isCertain = (each: IptablesCall) =>
    each.specification?.certain === true &&
    each.invocation.fields.every(({ value, single }) => value !== null || single);
  if (shares.length > 1 || !isCertain(check) || !isCertain(call)) return null;
  return ruleOf(check) === ruleOf(call) || check.specification?.chain?.value !== call.specification?.chain?.value
    ? null
    : check;
}

/** Programs that say nothing of rules. */
const HARMLESS = /^(?:\[|\[\[|test|echo|printf|exit|return|true|:|logger|command|which|type|id|whoami)$/;

/** True if nothing that decides about a call can know whether its rule is there. */
function isBare({ invocation }: IptablesCall): boolean {
  return invocation.guards.every(({ invocations }) => invocations.every(saysNothingOfRules));
}

function saysNothingOfRules({ fields, variables }: Invocation): boolean {
  const program = programOf(fields);
  if (!program || !HARMLESS.test(program.name)) return false;
  // Files may remember that a script has been here; so may what other programs printed.
  if (program.arguments.some(({ value }) => /^-[defsrL]$/.test(value ?? ''))) return false;
  return [...variables.values()].every(({ printedBy }) =>
    printedBy.every(({ fields: [name] }) =>
      /^(?:ip|[ef]?grep|awk|cut|sed|head|tail|hostname)$/.test(name?.value ?? ''),
    ),
  );
}

/** True if the script also deletes the rule, empties its chain, or makes the chain. */
function isTakenAway(call: IptablesCall, calls: readonly IptablesCall[]): boolean {
  const own = ruleOf(call);
  const chain = call.specification?.chain?.value;
  return calls.some(other => {
    if (other.form === 'restore') return true;
    const does = commandOf(other);
    if (does === 'delete')
      return ruleOf(other) === own || !other.specification?.certain || other.specification?.options.length === 1;
    const about = other.specification?.chain?.value;
    if (does === 'flush')
      return (about === undefined || about === chain) && (other.table === null || other.table === call.table);
    return (does === 'new-chain' || does === 'delete-chain') && (about === undefined || about === chain);
  });
}

/** True within `while true` and its like. */
function isEndless({ within }: Invocation): boolean {
  return within.some(statement => {
    if (statement.kind !== 'while' && statement.kind !== 'until') return false;
    const [condition] = statement.condition;
    if (condition?.kind !== 'command') return false;
    const [word] = condition.words;
    const text = word?.parts[0]?.kind === 'text' ? word.parts[0].text : '';
    return statement.kind === 'while' ? text === 'true' || text === ':' : text === 'false';
  });
}

/** True for a command that stands alone in a list: nothing else asks how it went. */
function isStatement({ invocation: { within, command } }: IptablesCall): boolean {
  const around = within.at(-1);
  if (!around || around.kind === 'command') return true;
  if (around.kind === 'andOr' || around.kind === 'pipeline') return false;
  const isCondition =
    'condition' in around
      ? around.condition
      : 'arms' in around && around.kind === 'if'
        ? around.arms.flatMap(({ condition }) => condition)
        : [];
  return bodiesOf(around).some(list => list.includes(command)) && !isCondition.includes(command);
}

/** True for either spelling of a rule that takes packets out of tracking. */
function isNotrack({ specification }: IptablesCall): boolean {
  const target = specification?.jump?.argument?.value;
  return target === 'NOTRACK' || (target === 'CT' && optionNamed(specification ?? { options: [] }, 'notrack') !== null);
}
