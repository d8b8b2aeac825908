import { SYSCTL_ALIASES } from '../../facts/netfilterSysctls.ts';
import type { Located } from '../../model/cluster.ts';
import type { SysctlLine, SysctlSettings } from '../../model/sysctlSettings.ts';
import { baseName, folderOf } from '../../text/path.ts';
import { atPlace, edit } from '../draft.ts';
import { rule } from '../rule.ts';
import en from './sysctl-overwritten.md';
import zh from './sysctl-overwritten.zh.md';

/**
 * Of two lines for one knob the later one counts, and the two names of nf_conntrack_max are one knob: the figure that somebody
 * reads first is not the one that the kernel has.
 */
export const sysctlOverwritten = rule({
  id: 'conntrack/sysctl-overwritten',
  severity: 'warning',
  on: 'sysctlSettings',
  evidence: [
    'sysctl.d(5): later files and lines win',
    'test/real/sysctl.test.ts: procps 4.0.2 and systemd-sysctl 252',
    'test/real/netfilterSysctls.test.ts: both names of nf_conntrack_max show one value',
  ],
  summary: {
    en: 'A conntrack sysctl is overwritten by a later line',
    zh: 'conntrack 参数被后面的行覆盖',
  },
  messages: {
    en: {
      same: ({ name, text, later }) => `${name} does not stay ${text}: a later line sets it to ${later}`,
      alias: ({ name, text, later, other }) =>
        `${name} does not stay ${text}: ${other}, another name for it, sets it to ${later} later`,
      file: ({ name, text, later, file }) =>
        `${name} does not stay ${text}: ${file}, which is read later, sets it to ${later}`,
      there: () => 'this line counts',
      remove: () => 'Remove the line that does not count',
    },
    zh: {
      same: ({ name, text, later }) => `${name} 不会保持 ${text}：后面的行把它设为 ${later}`,
      alias: ({ name, text, later, other }) =>
        `${name} 不会保持 ${text}：它的另一个名称 ${other} 随后把它设为 ${later}`,
      file: ({ name, text, later, file }) => `${name} 不会保持 ${text}：之后读取的 ${file} 把它设为 ${later}`,
      there: () => '生效的是这一行',
      remove: () => '删除不生效的行',
    },
  },
  page: { en, zh },

  *check(settings, { cluster, file }) {
    // Commands may stand in two arms of a condition, tasks in two plays.
    if (settings.carrier !== 'file') return;
    const behind = behindIn(cluster.all('sysctlSettings'), file);
    const last = new Map(settings.lines.filter(counts).map(line => [line.knob, line]));
    for (const line of settings.lines) {
      if (!counts(line)) continue;
      const counted = last.get(line.knob);
      const later = counted !== line ? counted : undefined;
      const params = { name: line.written, text: line.number };
      if (later) {
        if (later.number === line.number) continue;
        const told = { ...params, later: later.number ?? '', other: later.written };
        yield atPlace(line.place, later.path === line.path ? 'same' : 'alias', told)
          .seeAlso('there', later.place)
          .fix('remove', 'safe', edit(settings, { span: line.spans.line, newText: '' }));
        continue;
      }
      const found = lastOf(behind, line);
      if (!found || found.line.number === line.number) continue;
      const told = { ...params, later: found.line.number ?? '', file: baseName(found.in.file) };
      yield atPlace(line.place, 'file', told).seeAlso('there', found.line.place, found.in);
    }
  },
});

function counts(line: SysctlLine): line is SysctlLine & { readonly number: NonNullable<SysctlLine['number']> } {
  return !line.isGlob && line.number !== null && !isOld(line);
}

function isOld({ path }: SysctlLine): boolean {
  return SYSCTL_ALIASES.get(path)?.until != null;
}

/** The files of the same sysctl.d that are read after this one, from the last to the first. */
function behindIn(all: readonly Located<SysctlSettings>[], file: string): readonly Located<SysctlSettings>[] {
  const folder = folderOf(file);
  if (!/(?:^|\/)sysctl\.d$/.test(folder) || !file.endsWith('.conf')) return [];
  return all
    .filter(
      each => folderOf(each.file) === folder && each.file.endsWith('.conf') && baseName(each.file) > baseName(file),
    )
    .sort((a, b) => (baseName(a.file) < baseName(b.file) ? 1 : -1));
}

/** The line that counts in the files that are read later. */
function lastOf(behind: readonly Located<SysctlSettings>[], line: SysctlLine) {
  for (const each of behind) {
    const found = each.entity.lines.findLast(other => other.knob === line.knob && counts(other));
    if (found) return { in: each, line: found };
  }
  return null;
}
