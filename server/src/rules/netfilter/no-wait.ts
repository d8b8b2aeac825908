import { commandOf, type IptablesCall, iptablesCallsOf } from '../../model/iptablesCall.ts';
import type { ShellText } from '../../model/shellText.ts';
import { atPlace, edit } from '../draft.ts';
import { rule } from '../rule.ts';
import { additionsIn, checksBefore, searchBefore } from './guarded.ts';
import en from './no-wait.md';
import zh from './no-wait.zh.md';

/**
 * Programs of iptables-legacy take a lock, and kube-proxy and network plugins of that backend hold it again and again. Without -w most versions give up
 * at once, so that a rule is missing now and then; a check that gives up passes for a rule that is missing, which is then added twice.
 * iptables-nft takes no lock.
 */
export const noWait = rule({
  id: 'netfilter/no-wait',
  severity: 'information',
  on: 'shellText',
  evidence: [
    'test/real/shell-notrack.test.ts: what iptables 1.8.9 of each backend does while the lock is held',
    'iptables/xshared.c, xtables_lock: LOCK_NB without -w up to 1.8.7, exit status 4; waits for ever since 1.8.8 (07e2107ef0cb), LOCK_NB again since 1.8.11 (63ab5b8906f6, netfilter bug 1728)',
    'ansible/ansible#59002: a check that fails for the lock passes for a rule that is missing',
  ],
  summary: {
    en: 'iptables does not wait for the lock that kube-proxy takes too',
    zh: 'iptables 没有等待 kube-proxy 也会占用的锁',
  },
  messages: {
    en: {
      legacy: v =>
        `While another program holds the lock, ${v.count === 1 ? 'this command fails' : `each of ${v.count} commands here fails`} with exit status 4, or hangs (1.8.8 to 1.8.10): no -w`,
      unknown: v =>
        `Where iptables is iptables-legacy, ${v.count === 1 ? 'this command fails' : `each of ${v.count} commands here fails`} (status 4), or hangs (1.8.8 to 1.8.10), while another program holds the lock: no -w`,
      wait: () => 'Wait five seconds for the lock',
    },
    zh: {
      legacy: v =>
        `其他程序占用锁时，${v.count === 1 ? '这条命令' : `这里的 ${v.count} 条命令都`}会以状态码 4 失败，或者一直挂起（1.8.8 至 1.8.10）：没有 -w`,
      unknown: v =>
        `如果 iptables 是 iptables-legacy，其他程序占用锁时，${v.count === 1 ? '这条命令' : `这里的 ${v.count} 条命令都`}会失败（状态码 4）或一直挂起（1.8.8 至 1.8.10）：没有 -w`,
      wait: () => '最多等待五秒以获得锁',
    },
  },
  page: { en, zh },

  *check(text) {
    const calls = callsWithoutWait(text);
    const legacy = calls.filter(({ backend }) => backend === 'legacy');
    const [first] = legacy.length > 0 ? legacy : calls;
    if (!first || !(legacy.length > 0 || runsBesideOthers(text))) return;
    const edits = calls.map(({ program }) => {
      const { end } = program.field.word;
      return { span: { start: end, end }, newText: ' -w 5' };
    });
    const place = text.placeOf({
      start: first.program.field.word.start,
      end: first.invocation.command.words.at(-1)?.end ?? 0,
    });
    const draft = atPlace(place, legacy.length > 0 ? 'legacy' : 'unknown', { count: calls.length });
    yield (legacy.length > 0 ? draft.as('warning') : draft).fix('wait', 'safe', edit(text.region, ...edits));
  },
});

/** Commands that take the lock at once, each as it is written. */
function callsWithoutWait(text: ShellText): readonly IptablesCall[] {
  const seen = new Set<number>();
  return iptablesCallsOf(text).filter(call => {
    const { program, waits, backend } = call;
    const { start } = call.invocation.command;
    if (commandOf(call) === null || waits !== null || backend === 'nft' || text.isTemplated(program.field.word))
      return false;
    if (seen.has(start)) return false;
    seen.add(start);
    return true;
  });
}

/** True for a script that runs while kube-proxy does: again and again, or so that it has to ask what is there. */
function runsBesideOthers(text: ShellText): boolean {
  if (text.carrier.again !== null) return true;
  return additionsIn(text).some(call => checksBefore(call).length > 0 || searchBefore(call) !== null);
}
