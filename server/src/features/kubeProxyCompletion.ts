import { KUBE_PROXY_FIELDS, KUBE_PROXY_MODES, type KubeProxyField } from '../facts/kubeProxy.ts';
import { fieldsIn, isSection } from '../model/kubeProxyConfiguration.ts';
import { hasReached, type InForce, isBefore } from '../model/versions.ts';
import type { Language } from '../text/wording.ts';
import type { PieceAt, Workspace } from '../workspace/workspace.ts';
import { type Completion, type Completions, completionsOf } from './answers.ts';
import { fieldLine } from './kubeProxyField.ts';
import { yamlCaret } from './yamlCaret.ts';

/** Values that are one of a few. */
const VALUES: Readonly<Record<string, readonly string[]>> = {
  kind: ['KubeProxyConfiguration'],
  apiVersion: ['kubeproxy.config.k8s.io/v1alpha1'],
  detectLocalMode: ['ClusterCIDR', 'NodeCIDR', 'BridgeInterface', 'InterfaceNamePrefix'],
  'logging.format': ['text', 'json'],
  'ipvs.scheduler': ['rr', 'wrr', 'lc', 'wlc', 'lblc', 'lblcr', 'sh', 'dh', 'sed', 'nq'],
};

/** The fields of a KubeProxyConfiguration that are not written yet in the section around the caret, and what they can be. */
export function kubeProxyCompletion(piece: PieceAt, { language, linked }: Workspace): Completions | null {
  if (!piece.text.includes('KubeProxyConfiguration')) return null;
  const caret = yamlCaret(piece);
  if (!caret?.root.get('kind').string().is('KubeProxyConfiguration')) return null;
  const { target, root, what, typed, hasColon } = caret;
  const path = target.address.slice(root.address.length).join('.');
  const version = linked.version('kubernetes', piece.file);
  if (what === 'value') return completionsOf(piece, typed, values(KUBE_PROXY_FIELDS.get(path), version));
  if (path !== '' && !isSection(path)) return null;
  const written = target.entries().map(({ name }) => name);
  const names = fieldsIn(path).filter(name => !written.includes(name));
  return completionsOf(
    piece,
    typed,
    names.flatMap(name => [...key(path === '' ? name : `${path}.${name}`, name, hasColon, version, language)]),
  );
}

function* key(
  path: string,
  name: string,
  hasColon: boolean,
  version: InForce,
  language: Language,
): Iterable<Completion> {
  const field = KUBE_PROXY_FIELDS.get(path);
  if (field?.since && isBefore(version, field.since)) return;
  yield {
    kind: 'key',
    label: name,
    detail: 'KubeProxyConfiguration',
    documentation: field ? `${field.about[language]} ${fieldLine(field, language)}` : '',
    insert: hasColon ? name : field ? `${name}: ` : `${name}:`,
  };
}

function values(field: KubeProxyField | undefined, version: InForce): Completion[] {
  if (!field) return [];
  return valuesOf(field, version).map(label => ({
    kind: 'value',
    label,
    detail: field.path,
    documentation: '',
    insert: label,
  }));
}

/** What a field can be, in a release; its default for numbers and durations. */
export function valuesOf({ path, type, default: byDefault }: KubeProxyField, version: InForce): readonly string[] {
  if (path === 'mode') {
    return KUBE_PROXY_MODES.filter(
      ({ since, removed }) => !(since && isBefore(version, since)) && !(removed && hasReached(version, removed)),
    ).map(({ mode }) => mode);
  }
  if (type === 'bool') return ['false', 'true'];
  const one = VALUES[path];
  if (one) return one;
  const isPlain = type === 'duration' || type === 'int32';
  return isPlain && byDefault !== null ? [String(byDefault)] : [];
}
