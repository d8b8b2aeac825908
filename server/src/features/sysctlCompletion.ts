import { NETFILTER_SYSCTLS } from '../facts/netfilterSysctls.ts';
import type { PieceAt, Workspace } from '../workspace/workspace.ts';
import { type Completions, completionsOf } from './answers.ts';

/** What stands before the caret where a name is typed: nothing else on the line. */
const TYPED = /(?:^|\n)[ \t]*-?[ \t]*([\w./-]*)$/;

/** Names of netfilter's sysctls where a line of a sysctl file begins; null elsewhere. */
export function sysctlCompletion(piece: PieceAt, { language }: Workspace): Completions | null {
  if (piece.language !== 'sysctl') return null;
  const { text, offset } = piece;
  const [, typed] = TYPED.exec(text.slice(0, offset)) ?? [];
  if (typed === undefined) return null;
  const [, behind = ''] = /^([\w./-]*)/.exec(text.slice(offset)) ?? [];
  const hasValue = /^[ \t]*=/.test(text.slice(offset + behind.length));
  const isSlashed = typed.includes('/') && !typed.includes('.');
  const items = [...NETFILTER_SYSCTLS.values()]
    .filter(({ name }) => name !== 'net.netfilter.nf_conntrack_count')
    .map(({ name, what, default: byDefault }) => {
      const label = isSlashed ? name.replaceAll('.', '/') : name;
      return {
        kind: 'key',
        label,
        detail: byDefault === null ? '' : `${WORDS[language]} ${byDefault}`,
        documentation: what[language],
        insert: hasValue ? label : `${label} = `,
      } as const;
    });
  return completionsOf(piece, { start: offset - typed.length, end: offset + behind.length }, items);
}

const WORDS = { en: 'default', zh: '默认' } as const;
