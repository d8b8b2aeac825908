import { KUBE_PROXY_FIELDS, KUBE_PROXY_FLAGS } from '../facts/kubeProxy.ts';
import { fieldsIn, isSection } from '../model/kubeProxyConfiguration.ts';
import { settingsInForce } from '../model/kubeProxyService.ts';
import type { KubeProxySettings } from '../model/kubeProxySettings.ts';
import type { Place } from '../model/value.ts';
import { touches } from '../text/span.ts';
import type { PieceAt, Workspace } from '../workspace/workspace.ts';
import type { Shown } from './answers.ts';
import { heldTable, sizeTable } from './conntrackTables.ts';
import { fieldMarkdown, sectionMarkdown } from './kubeProxyField.ts';

/** Where the size of the table is the matter. */
const SIZES: readonly string[] = ['conntrack', 'conntrack.maxPerCore', 'conntrack.min', 'conntrack.max'];

/** What kube-proxy's field or flag at a position is, and what comes of it on nodes of many CPUs, or of connections a second. */
export function kubeProxyHover(piece: PieceAt, workspace: Workspace): Shown | null {
  for (const entity of piece.entities) {
    if (entity.is === 'kubeProxyConfiguration') {
      const field = entity.fields.findLast(({ place, key }) => contains(place ?? key, piece.offset));
      const markdown = field && aboutPath(field.path, entity.settings, workspace);
      if (field && markdown)
        return { markdown, span: isSection(field.path) ? field.key.entry : (field.place ?? field.key).entry };
    }
    if (entity.is === 'kubeProxyFlags') {
      const use = entity.uses.find(({ place }) => contains(place, piece.offset));
      const path = use && KUBE_PROXY_FLAGS.get(use.name)?.field;
      // Flags that a file replaces come to nothing: their figures would mislead.
      const inForce = entity.settings && settingsInForce(entity.settings, workspace.linked);
      const markdown = path && aboutPath(path, inForce, workspace);
      if (use && markdown) return { markdown, span: use.place.entry };
    }
  }
  return null;
}

function aboutPath(path: string, settings: KubeProxySettings | null, { language, linked }: Workspace): string | null {
  const field = KUBE_PROXY_FIELDS.get(path);
  if (!field && !isSection(path)) return null;
  const what = field ? fieldMarkdown(field, language) : sectionMarkdown(path, fieldsIn(path), language);
  const { nodeCores, connectionsPerSecond } = linked.environment();
  const [section = '', name = ''] = path.split('.');
  const table =
    settings === null
      ? null
      : SIZES.includes(path)
        ? sizeTable(settings.conntrack, nodeCores, language)
        : section === 'conntrack'
          ? heldTable(settings.conntrack, name, connectionsPerSecond, language)
          : null;
  return table === null ? what : `${what}\n\n${table}`;
}

function contains({ entry }: Place, offset: number): boolean {
  return touches(entry, offset);
}
