import { NETFILTER_SYSCTLS } from '../facts/netfilterSysctls.ts';
import type { Entity } from '../model/entity.ts';
import type { PieceAt, Workspace } from '../workspace/workspace.ts';
import { type Completions, completionsOf } from './answers.ts';
import { type Form, formAt } from './probed.ts';

/** A name that no kernel has. */
const PROBE = 'net.netfilter.zz_probe_zz';

/** Where a name stands alone, where a value follows in the same word, in a line of a file, as a key. */
const FORMS: readonly (Form & { readonly insert: string; readonly inFile?: true })[] = [
  { before: '', after: '', insert: '' },
  { before: '', after: ' = 1', insert: ' = ', inFile: true },
  { before: '', after: '=1', insert: '=' },
  { before: '', after: ': "1"', insert: ': ' },
];

/** Names of netfilter's sysctls wherever one is set: in files of sysctl, commands, pods, tasks of Ansible, what platforms are told. */
export function sysctlCompletion(piece: PieceAt, { language }: Workspace): Completions | null {
  const { text, offset } = piece;
  if (!/sysctl|conntrack/.test(text) && piece.language !== 'sysctl') return null;
  const [typed = ''] = /[\w./-]*$/.exec(text.slice(Math.max(0, offset - 80), offset)) ?? [];
  const name = piece.language === 'sysctl' ? typed.replace(/^-/, '') : typed;
  if (!/^(?:n|ne|net(?:[./].*)?)?$/.test(name)) return null;
  const rest = /^[\w./-]*/.exec(text.slice(offset, offset + 80))?.[0].length ?? 0;
  const span = { start: offset - name.length, end: offset + rest };
  const at = formAt(piece, span, PROBE, FORMS, (entities, form) => isThere(entities, form) || undefined);
  if (!at) return null;
  const isSlashed = name.includes('/') && !name.includes('.');
  const items = [...NETFILTER_SYSCTLS.values()]
    .filter(each => each.name !== 'net.netfilter.nf_conntrack_count')
    .map(({ name: dotted, what, default: byDefault }) => {
      const label = isSlashed ? dotted.replaceAll('.', '/') : dotted;
      return {
        kind: 'key',
        label,
        detail: byDefault === null ? '' : `${WORDS[language]} ${byDefault}`,
        documentation: what[language],
        insert: label + at.form.insert,
      } as const;
    });
  return completionsOf(piece, span, items);
}

function isThere(entities: readonly Entity[], { inFile }: { readonly inFile?: true }): boolean {
  return entities.some(entity => {
    if (entity.is === 'podSysctls') return !inFile && entity.sysctls.some(({ name }) => name === PROBE);
    if (entity.is !== 'sysctlSettings' || (inFile && entity.carrier !== 'file')) return false;
    return entity.lines.some(({ written }) => written === PROBE) || entity.hidden.includes(PROBE.replaceAll('.', '/'));
  });
}

const WORDS = { en: 'default', zh: '默认' } as const;
