import { SYSCTL_ALIASES } from '../../facts/netfilterSysctls.ts';
import type { SysctlLine, SysctlSettings } from '../../model/sysctlSettings.ts';
import { atPlace, edit } from '../draft.ts';
import { rule } from '../rule.ts';
import en from './old-sysctl-name.md';
import zh from './old-sysctl-name.zh.md';

/** Kernels since 4.9 have no ip_conntrack files: the line fails, and the table keeps the size and the timeouts that it had. */
export const oldSysctlName = rule({
  id: 'conntrack/old-sysctl-name',
  severity: 'warning',
  on: 'sysctlSettings',
  evidence: [
    'Linux 4.9, commit adf0516845bc: netfilter: remove ip_conntrack* sysctl compat code',
    'test/real/netfilterSysctls.test.ts: no such file on the kernel of today',
  ],
  summary: {
    en: 'A sysctl has a name that kernels since 4.9 do not know',
    zh: 'sysctl 名称自内核 4.9 起已不存在',
  },
  messages: {
    en: {
      gone: ({ name, today, until }) =>
        `Kernels since ${until} have no ${name} and ignore this line; today it is ${today}`,
      rename: ({ today }) => `Write ${today}`,
      remove: ({ today }) => `Remove the line: ${today} is set already`,
    },
    zh: {
      gone: ({ name, today, until }) => `内核 ${until} 起没有 ${name}，此行不生效；现在的名称是 ${today}`,
      rename: ({ today }) => `改为 ${today}`,
      remove: ({ today }) => `删除此行：${today} 已有设置`,
    },
  },
  page: { en, zh },

  *check(settings) {
    for (const line of settings.lines) {
      const alias = SYSCTL_ALIASES.get(line.path);
      // A line that may fail is there for old kernels beside new ones.
      if (!alias?.until || line.mayFail) continue;
      const draft = atPlace(line.namePlace, 'gone', { name: alias.name, today: alias.is, until: alias.until });
      if (!line.isVerbatim) {
        yield draft;
      } else if (settings.carrier === 'file' && isSetOtherwise(settings, line)) {
        yield draft.fix('remove', 'safe', edit(settings, { span: line.spans.line, newText: '' }));
      } else {
        const today = line.written.includes('/') ? alias.is.replaceAll('.', '/') : alias.is;
        yield draft.fix('rename', 'safe', edit(settings, { span: line.spans.name, newText: today }));
      }
    }
  },
});

/** True if a line beside it sets the same under a name of today. */
function isSetOtherwise({ lines, hidden }: SysctlSettings, { knob, path }: SysctlLine): boolean {
  return hidden.includes(knob) || lines.some(other => other.knob === knob && other.path !== path && !isOld(other));
}

function isOld({ path }: SysctlLine): boolean {
  return SYSCTL_ALIASES.get(path)?.until != null;
}
