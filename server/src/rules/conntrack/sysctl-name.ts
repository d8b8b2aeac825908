import { NETFILTER_SYSCTLS } from '../../facts/netfilterSysctls.ts';
import { nameMeant } from '../../text/spelling.ts';
import { atPlace, edit } from '../draft.ts';
import { rule } from '../rule.ts';
import en from './sysctl-name.md';
import zh from './sysctl-name.zh.md';

const FOLDER = 'net/netfilter/';

/** A name that the kernel does not have sets nothing; here, one that is close to a name that it has. */
export const sysctlName = rule({
  id: 'conntrack/sysctl-name',
  severity: 'error',
  on: 'sysctlSettings',
  evidence: [
    'test/real/netfilterSysctls.test.ts: the files that Linux 6.18 has',
    'Documentation/networking/nf_conntrack-sysctl.rst',
    'test/real/sysctl.test.ts: a name without a file sets nothing',
  ],
  summary: {
    en: 'The name of a conntrack sysctl is misspelt',
    zh: 'conntrack 参数名称拼写错误',
  },
  messages: {
    en: {
      unknown: ({ name, meant }) => `This line sets nothing: the kernel has no ${name}; its name is ${meant}`,
      rename: ({ meant }) => `Write ${meant}`,
    },
    zh: {
      unknown: ({ name, meant }) => `此行不起作用：内核没有 ${name}，正确的名称是 ${meant}`,
      rename: ({ meant }) => `改为 ${meant}`,
    },
  },
  page: { en, zh },

  *check(settings) {
    for (const line of settings.lines) {
      if (line.isGlob || line.mayFail || !line.knob.startsWith(FOLDER) || NETFILTER_SYSCTLS.has(line.knob)) continue;
      const name = line.knob.slice(FOLDER.length);
      const meant = MISTAKEN.get(name) ?? nameMeant(name, NAMES);
      if (meant === null) continue;
      const draft = atPlace(line.namePlace, 'unknown', { name, meant });
      const path = FOLDER + meant;
      const newText = line.written.includes('/') ? path : path.replaceAll('/', '.');
      yield line.isVerbatim ? draft.fix('rename', 'safe', edit(settings, { span: line.spans.name, newText })) : draft;
    }
  },
});

/** The module calls the number of its buckets so, the sysctl does not. */
const MISTAKEN: ReadonlyMap<string, string> = new Map([['nf_conntrack_hashsize', 'nf_conntrack_buckets']]);

const NAMES = [...NETFILTER_SYSCTLS.keys()].map(path => path.slice(FOLDER.length));
