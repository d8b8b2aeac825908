import { NETFILTER_SYSCTLS } from '../../facts/netfilterSysctls.ts';
import type { SysctlLine, SysctlSettings } from '../../model/sysctlSettings.ts';
import { parseGoDuration } from '../../text/goDuration.ts';
import { atPlace, type Draft, edit } from '../draft.ts';
import { rule } from '../rule.ts';
import en from './sysctl-value.md';
import zh from './sysctl-value.zh.md';

/** Sysctls take bare numbers: quotes, units and separators make the kernel refuse the write, and comments are no comments. */
export const sysctlValue = rule({
  id: 'conntrack/sysctl-value',
  severity: 'error',
  on: 'sysctlSettings',
  evidence: [
    'test/real/sysctl.test.ts: what procps 4.0.2, systemd-sysctl 252 and Linux 6.18 take and refuse',
    'Linux kernel/sysctl.c, proc_get_long',
  ],
  summary: {
    en: 'The kernel refuses the value of a conntrack sysctl, or drops part of it',
    zh: '内核拒绝 conntrack 参数的值，或丢弃其中一部分',
  },
  messages: {
    en: {
      refused: ({ name, text }) => `${name} stays as it was: the kernel refuses ${text}, which is not a 31-bit number`,
      empty: ({ name }) => `${name} stays as it was: there is no value`,
      comment: ({ number, rest }) =>
        `The kernel takes ${number} and drops “${rest}”: nothing behind a value is a comment to sysctl`,
      write: ({ number }) => `Write ${number}`,
      lift: () => 'Put the comment on a line of its own',
    },
    zh: {
      refused: ({ name, text }) => `${name} 保持原值：内核拒绝 ${text}，它不是 31 位整数`,
      empty: ({ name }) => `${name} 保持原值：没有写值`,
      comment: ({ number, rest }) => `内核只取 ${number}，丢弃“${rest}”：sysctl 不支持行尾注释`,
      write: ({ number }) => `改为 ${number}`,
      lift: () => '把注释移到单独一行',
    },
  },
  page: { en, zh },

  *check(settings) {
    for (const line of settings.lines) {
      if (!NETFILTER_SYSCTLS.has(line.knob)) continue;
      const name = line.written;
      if (line.text === '') yield atPlace(line.place, 'empty', { name });
      else if (line.number === null)
        yield withNumber(settings, line, atPlace(line.valuePlace, 'refused', { name, text: line.text }));
      else if (/^[#;]/.test(line.rest) && settings.carrier === 'file') {
        const draft = atPlace(line.valuePlace, 'comment', { number: line.number, rest: line.rest }).as('information');
        yield draft.fix('lift', 'safe', edit(settings, ...lifted(settings, line)));
      }
    }
  },
});

function withNumber<Key extends string>(settings: SysctlSettings, line: SysctlLine, draft: Draft<Key>) {
  const number = meant(line);
  if (number === null || !line.isVerbatim) return draft;
  const told = { ...draft.params, number };
  return atPlace(draft.place, draft.message, told).fix(
    'write',
    'safe',
    edit(settings, { span: line.spans.value, newText: String(number) }),
  );
}

/** The number that quotes, separators or a unit of time were written around; null if that is not plain. */
function meant({ text, knob }: SysctlLine): number | null {
  const bare = text.replace(/^(["'])(.*)\1$/, '$2').replace(/(?<=\d)[,_](?=\d{3}(?:\D|$))/g, '');
  if (/^\d{1,9}$/.test(bare)) return Number(bare);
  const seconds = NETFILTER_SYSCTLS.get(knob)?.unit === 'seconds' ? parseGoDuration(bare) : null;
  return seconds !== null && Number.isInteger(seconds) ? seconds : null;
}

/** The comment before the line, at its indentation, and the value without it. */
function lifted({ eol }: SysctlSettings, { spans, text, rest, indent }: SysctlLine) {
  const { start } = spans.entry;
  return [
    { span: { start, end: start }, newText: `${rest}${eol}${indent}` },
    { span: spans.value, newText: text.slice(0, text.length - rest.length).trimEnd() },
  ];
}
