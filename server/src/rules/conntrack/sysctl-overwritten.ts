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
    const siblings = cluster.all('sysctlSettings');
    for (const [index, line] of settings.lines.entries()) {
      if (line.number === null || line.isGlob || isOld(line)) continue;
      const later = settings.lines.slice(index + 1).findLast(other => overwrites(other, line));
      const params = { name: line.written, text: line.number };
      if (later) {
        if (later.number === line.number) continue;
        const told = { ...params, later: later.number ?? '', other: later.written };
        yield atPlace(line.place, later.path === line.path ? 'same' : 'alias', told)
          .seeAlso('there', later.place)
          .fix('remove', 'safe', edit(settings, { span: line.spans.line, newText: '' }));
        continue;
      }
      const behind = lastOf(siblings, file, line);
      if (!behind || behind.line.number === line.number) continue;
      const told = { ...params, later: behind.line.number ?? '', file: baseName(behind.in.file) };
      yield atPlace(line.place, 'file', told).seeAlso('there', behind.line.place, behind.in);
    }
  },
});

function overwrites(other: SysctlLine, line: SysctlLine): boolean {
  return other.knob === line.knob && !other.isGlob && other.number !== null && !isOld(other);
}

function isOld({ path }: SysctlLine): boolean {
  return SYSCTL_ALIASES.get(path)?.until != null;
}

/** The line that counts in the files of the same sysctl.d that are read after this one, in the order of their names. */
function lastOf(all: readonly Located<SysctlSettings>[], file: string, line: SysctlLine) {
  const folder = folderOf(file);
  if (!/(?:^|\/)sysctl\.d$/.test(folder) || !file.endsWith('.conf')) return null;
  const later = all
    .filter(
      each => folderOf(each.file) === folder && each.file.endsWith('.conf') && baseName(each.file) > baseName(file),
    )
    .sort((a, b) => (baseName(a.file) < baseName(b.file) ? 1 : -1));
  for (const each of later) {
    const found = each.entity.lines.findLast(other => overwrites(other, line));
    if (found) return { in: each, line: found };
  }
  return null;
}
