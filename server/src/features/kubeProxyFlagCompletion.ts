import { KUBE_PROXY_FIELDS, KUBE_PROXY_FLAGS, type KubeProxyFlag } from '../facts/kubeProxy.ts';
import type { Entity } from '../model/entity.ts';
import { type KubeProxyFlags, takesNextWord } from '../model/kubeProxyFlags.ts';
import { hasReached, type InForce, isBefore } from '../model/versions.ts';
import type { Language } from '../text/wording.ts';
import type { PieceAt, Workspace } from '../workspace/workspace.ts';
import { type Completion, type Completions, completionsOf, plain } from './answers.ts';
import { valuesOf } from './kubeProxyCompletion.ts';
import { fieldLine } from './kubeProxyField.ts';
import { type Form, formAt } from './probed.ts';

/** A flag that nobody has. */
const PROBE = 'zz-probe-zz';

const OF_KUBE_PROXY = /kube-?_?proxy|hyperkube|extraArgs/i;

/** In lists of platforms, in commands, and in mappings of platforms. */
const FORMS: readonly Form[] = [
  { before: '', after: '=1' },
  { before: '--', after: '=1' },
  { before: '', after: ': x' },
];

/** The flags of kube-proxy wherever its words are written, and what they can be: commands, units, variables, platforms. */
export function kubeProxyFlagCompletion(piece: PieceAt, { language, linked }: Workspace): Completions | null {
  const { text, offset } = piece;
  if (!OF_KUBE_PROXY.test(text)) return null;
  const version = linked.version('kubernetes', piece.file);
  const behind = text.slice(offset, offset + 80);
  const [, typedValue] = /=([\w.]*)$/.exec(text.slice(Math.max(0, offset - 80), offset)) ?? [];
  if (typedValue !== undefined) {
    const end = offset + (/^[\w.]*/.exec(behind)?.[0].length ?? 0);
    return completionsOf(piece, { start: offset - typedValue.length, end }, values(piece, version));
  }
  const [typed = ''] = /[\w-]*$/.exec(text.slice(Math.max(0, offset - 80), offset)) ?? [];
  if (/[\w.]$/.test(text.slice(0, offset - typed.length)) || typed === '-') return null;
  const rest = /^[\w-]*/.exec(behind)?.[0].length ?? 0;
  const span = { start: offset - typed.length, end: offset + rest };
  const hasValue = /^[ \t]*[:=]/.test(behind.slice(rest));
  const forms = FORMS.filter(({ before }) => typed === '' || (before === '--') === typed.startsWith('-'));
  const asWritten = hasValue ? forms.map(({ before }) => ({ before, after: '' })) : forms;
  const at = formAt(piece, span, PROBE, asWritten, flagsWithProbe);
  if (!at) return null;
  return completionsOf(
    piece,
    span,
    offered(at.found, version).map(flag => item(flag, at.form, hasValue, language)),
  );
}

function flagsWithProbe(entities: readonly Entity[]): KubeProxyFlags | undefined {
  for (const entity of entities)
    if (entity.is === 'kubeProxyFlags' && entity.uses.some(({ name }) => name === `--${PROBE}`)) return entity;
  return undefined;
}

/** Flags of the release that are not used yet, and that do something beside a file. */
function offered({ uses, config }: KubeProxyFlags, version: InForce): KubeProxyFlag[] {
  const hasFile = (config.known ?? '') !== '';
  return [...KUBE_PROXY_FLAGS.values()].filter(
    ({ name, besideConfig, since, removed }) =>
      name.startsWith('--') &&
      !uses.some(use => use.name === name) &&
      !(since !== null && isBefore(version, since)) &&
      !(removed !== null && hasReached(version, removed)) &&
      !(hasFile && besideConfig === 'ignored'),
  );
}

function item(
  { name, field: path }: KubeProxyFlag,
  { before, after }: Form,
  hasValue: boolean,
  language: Language,
): Completion {
  const field = KUBE_PROXY_FIELDS.get(path ?? '');
  const label = before + name.slice(2);
  const sign = after === ': x' ? ': ' : takesNextWord(name) ? '=' : '';
  return {
    kind: 'option',
    label,
    detail: 'kube-proxy',
    documentation: field ? `${field.about[language]} ${fieldLine(field, language)}` : '',
    insert: hasValue ? label : label + sign,
  };
}

/** What the flag whose value is being typed can be. */
function values({ entities, offset }: PieceAt, version: InForce): Completion[] {
  for (const entity of entities) {
    if (entity.is !== 'kubeProxyFlags') continue;
    const use = entity.uses.find(({ place }) => place.value.start < offset && offset <= place.value.end);
    const field = KUBE_PROXY_FIELDS.get(KUBE_PROXY_FLAGS.get(use?.name ?? '')?.field ?? '');
    if (!field) continue;
    return valuesOf(field, version).map(label => plain('value', label, field.path));
  }
  return [];
}
