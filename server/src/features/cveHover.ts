import { closedNear } from '../model/controllers.ts';
import { controllerCves } from '../simulate/controllerCves.ts';
import type { Wording } from '../text/wording.ts';
import type { PieceAt, Workspace } from '../workspace/workspace.ts';
import type { Shown } from './answers.ts';
import { table } from './table.ts';

interface Words {
  readonly open: (version: string, count: number) => string;
  readonly none: (version: string) => string;
  readonly heads: readonly string[];
  readonly never: string;
}

const WORDS: Wording<Words> = {
  en: {
    open: (version, count) =>
      `**Controller ${version}** is open to ${count === 1 ? '1 published vulnerability' : `${count} published vulnerabilities`}, as far as the files here tell.`,
    none: version => `**Controller ${version}**: no published vulnerability is known.`,
    heads: ['vulnerability', 'severity', 'way in', 'fixed in'],
    never: 'no release',
  },
  zh: {
    open: (version, count) => `**控制器 ${version}** 受 ${count} 个已公开漏洞影响（依据此处的文件判断）。`,
    none: version => `**控制器 ${version}**：没有已知的公开漏洞。`,
    heads: ['漏洞', '级别', '攻击途径', '修复版本'],
    never: '没有版本修复',
  },
};

/** The published vulnerabilities of the controller whose version stands at the offset; null where none does. */
export function cveHover({ file, entities, offset }: PieceAt, { language, linked: cluster }: Workspace): Shown | null {
  for (const entity of entities) {
    if (entity.is !== 'versionEvidence' || entity.program !== 'controller') continue;
    const span = entity.place.entry;
    if (offset < span.start || span.end < offset) continue;
    const words = WORDS[language];
    const version = entity.version.join('.');
    const cves = controllerCves(entity.version, closedNear(cluster, file));
    if (cves.length === 0) return { markdown: words.none(version), span };
    const rows = cves.map(({ id, severity, vector, fixed }) => [
      id,
      severity ?? '',
      vector,
      fixed.length > 0 ? fixed.join(', ') : words.never,
    ]);
    return { markdown: [words.open(version, cves.length), table(words.heads, rows)].join('\n\n'), span };
  }
  return null;
}
