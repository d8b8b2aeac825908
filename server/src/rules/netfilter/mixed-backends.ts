import type { IptablesCall } from '../../model/iptablesCall.ts';
import { atPlace, edit } from '../draft.ts';
import { rule } from '../rule.ts';
import { additionsIn, checksBefore, searchBefore } from './guarded.ts';
import en from './mixed-backends.md';
import zh from './mixed-backends.zh.md';

/**
 * iptables-legacy and iptables-nft keep their rules in two places of the kernel, and neither sees the other's. A check by one never finds what the
 * other has added.
 */
export const mixedBackends = rule({
  id: 'netfilter/mixed-backends',
  severity: 'warning',
  on: 'shellText',
  evidence: [
    'test/real/shell-again.test.ts: the rules after two runs of a script that asks one backend and adds to the other (1.8.9)',
  ],
  summary: {
    en: 'The check asks one backend of iptables, and the rule is added to the other',
    zh: '检查用的是 iptables 的一种后端，添加规则用的却是另一种',
  },
  messages: {
    en: {
      apart: v =>
        `Each run adds this rule once more to iptables-${v.added}: the check before it asks iptables-${v.asked}, which does not see it`,
      same: v => `Ask iptables-${v.added}`,
    },
    zh: {
      apart: v =>
        `每次运行都会向 iptables-${v.added} 再添加一条相同的规则：前面的检查问的是 iptables-${v.asked}，它看不到这条规则`,
      same: v => `改为询问 iptables-${v.added}`,
    },
  },
  page: { en, zh },

  *check(text) {
    for (const call of additionsIn(text)) {
      const asked = askedBefore(call);
      const { command } = call.invocation;
      if (!asked || !call.backend || !asked.backend || asked.backend === call.backend || text.isTemplated(command))
        continue;
      const { word } = asked.program.field;
      const draft = atPlace(text.placeOf(command), 'apart', { added: call.backend, asked: asked.backend });
      const written = text.script.text.slice(word.start, word.end);
      const renamed = written.replace(`-${asked.backend}`, `-${call.backend}`);
      const newText = renamed + (call.backend === 'legacy' && asked.waits === null ? ' -w 5' : '');
      yield newText === written
        ? draft
        : draft.fix('same', 'safe', edit(text.region, { span: { start: word.start, end: word.end }, newText }));
    }
  },
});

/** The call whose answer decides about an addition; null if there is none, or more than one. */
function askedBefore(call: IptablesCall): IptablesCall | null {
  const [check, ...more] = checksBefore(call);
  return more.length > 0 ? null : (check ?? searchBefore(call)?.listing ?? null);
}
