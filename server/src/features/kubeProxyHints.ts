import { settingsInForce } from '../model/kubeProxyService.ts';
import { sizeSettings } from '../model/kubeProxySettings.ts';
import { conntrackTable, someNode } from '../simulate/conntrackTable.ts';
import { formatVersion } from '../text/version.ts';
import { formatCount } from '../text/wording.ts';
import type { FilePiece, Workspace } from '../workspace/workspace.ts';
import type { HintInPiece } from './answers.ts';
import { sizeTable } from './conntrackTables.ts';

/** Behind `maxPerCore`, or `min` where that stands alone: the size of the table on the node that the settings describe. */
export function* kubeProxyHints(piece: FilePiece, { language, linked }: Workspace): Iterable<HintInPiece> {
  const { nodeCores } = linked.environment();
  if (nodeCores === null) return;
  const { newest, oldest } = linked.version('kubernetes', piece.file);
  for (const entity of piece.entities) {
    const inForce = entity.is === 'kubeProxySettings' ? settingsInForce(entity, linked) : null;
    if (!inForce) continue;
    const { maxPerCore, min } = inForce.conntrack;
    const settings = sizeSettings(inForce.conntrack);
    const place = maxPerCore.place ?? min.place;
    if (!settings || !place) continue;
    const [first, last] = [oldest, newest].map(([, minor]) => conntrackTable(settings, minor, someNode(nodeCores, 0)));
    if (!first || !last || first.wanted.entries === null || first.wanted.entries !== last.wanted.entries) continue;
    const entries = formatCount(first.wanted.entries, language);
    const cpus = formatCount(nodeCores, language);
    const label =
      language === 'zh'
        ? `${cpus} 个 CPU：${entries} 个条目（Kubernetes ${formatVersion(newest)}）`
        : `${entries} entries on ${cpus} ${nodeCores === 1 ? 'CPU' : 'CPUs'} (Kubernetes ${formatVersion(newest)})`;
    yield { offset: place.entry.end, label, tooltip: sizeTable(inForce.conntrack, nodeCores, language) ?? '' };
  }
}
