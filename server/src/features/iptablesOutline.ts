import { hookOf } from '../facts/netfilter.ts';
import type { IptablesText } from '../model/iptablesText.ts';
import type { IptablesTable } from '../syntax/iptables/tree.ts';
import { rulesOf } from '../syntax/iptables/tree.ts';
import type { Span } from '../text/span.ts';
import type { FilePiece } from '../workspace/workspace.ts';
import type { OutlineItem } from './answers.ts';
import { chainNames, iptablesTexts } from './iptablesAt.ts';

/** Tables with their chains, each where it is declared, or first named. */
export function iptablesOutline(piece: FilePiece): OutlineItem[] {
  return iptablesTexts(piece.entities).flatMap(text => text.tree.tables.map(table => ofTable(table, text, piece)));
}

function ofTable(table: IptablesTable, text: IptablesText, piece: FilePiece): OutlineItem {
  const rangeOf = ({ start, end }: Span) => piece.rangeOf(text.placeOf({ start, end }).value);
  const counts = new Map<string, number>();
  for (const { specification } of rulesOf(table)) {
    const chain = specification.chain?.value;
    if (chain) counts.set(chain, (counts.get(chain) ?? 0) + 1);
  }
  const policies = new Map(
    table.lines.flatMap(line => (line.is === 'chain' ? [[line.name.value, line.policy?.value]] : [])),
  );
  const seen = new Set<string>();
  const children: OutlineItem[] = [];
  for (const { word, chain } of chainNames(table)) {
    const isThere = policies.has(chain) || counts.has(chain) || hookOf(table.name.value ?? '', chain) !== null;
    if (seen.has(chain) || !isThere) continue;
    seen.add(chain);
    const policy = policies.get(chain);
    const name = [chain, policy && policy !== '-' ? policy : '', `(${counts.get(chain) ?? 0})`]
      .filter(part => part !== '')
      .join(' ');
    children.push({ kind: 'block', name, range: rangeOf(word), selection: rangeOf(word), children: [] });
  }
  const selection = { start: table.start, end: table.name.end };
  return {
    kind: 'section',
    name: `*${table.name.value ?? '…'}`,
    range: rangeOf(table),
    selection: rangeOf(selection),
    children,
  };
}
