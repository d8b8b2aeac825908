import { hookOf } from '../facts/netfilter.ts';
import type { IptablesText } from '../model/iptablesText.ts';
import type { IptablesTable } from '../syntax/iptables/tree.ts';
import type { Span } from '../text/span.ts';
import type { FilePiece } from '../workspace/workspace.ts';
import type { OutlineItem } from './answers.ts';
import { chainNames, iptablesTexts, policyIn } from './iptablesAt.ts';
import { scriptTables } from './iptablesScript.ts';

/** Tables with their chains, each where it is declared, or first named: of files of rules, and of the commands of scripts. */
export function iptablesOutline(piece: FilePiece): OutlineItem[] {
  const inFiles = iptablesTexts(piece.entities).flatMap(text =>
    text.tree.tables.map(table => ({ ...ofTable(table, text, piece), name: `*${table.name.value ?? '…'}` })),
  );
  const inScripts = scriptTables(piece.entities).map(({ text, table, family }) => ({
    ...ofTable(table, text, piece),
    name: `${family === 'ipv6' ? 'ip6tables' : 'iptables'} -t ${table.name.value ?? '…'}`,
  }));
  return [...inFiles, ...inScripts];
}

function ofTable(table: IptablesTable, text: Pick<IptablesText, 'placeOf'>, piece: FilePiece): OutlineItem {
  const rangeOf = ({ start, end }: Span) => piece.rangeOf(text.placeOf({ start, end }).value);
  const counts = new Map<string, number>();
  const declared = new Set<string>();
  for (const line of table.lines) {
    const chain = line.is === 'chain' ? line.name.value : line.specification.chain?.value;
    const adds = line.is === 'rule' && /^(?:append|insert)$/.test(line.specification.command?.name ?? '');
    if (chain && adds) counts.set(chain, (counts.get(chain) ?? 0) + 1);
    else if (chain) declared.add(chain);
  }
  const seen = new Set<string>();
  const children: OutlineItem[] = [];
  for (const { word, chain } of chainNames(table)) {
    const isThere = declared.has(chain) || counts.has(chain) || hookOf(table.name.value ?? '', chain) !== null;
    if (seen.has(chain) || !isThere) continue;
    seen.add(chain);
    const policy = policyIn(table, chain);
    const name = [chain, policy && policy !== '-' ? policy : '', `(${counts.get(chain) ?? 0})`]
      .filter(part => part !== '')
      .join(' ');
    children.push({ kind: 'block', name, range: rangeOf(word), selection: rangeOf(word), children: [] });
  }
  const selection = { start: table.start, end: table.name.end };
  return {
    kind: 'section',
    name: '',
    range: rangeOf(table),
    selection: rangeOf(selection),
    children,
  };
}
