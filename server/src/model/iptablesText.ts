import type { IpFamily } from '../facts/netfilter.ts';
import { checkIptables, type IptablesCheck } from '../syntax/iptables/check.ts';
import { parseIptables } from '../syntax/iptables/parse.ts';
import type { IptablesTree } from '../syntax/iptables/tree.ts';
import { placeholdersIn } from '../syntax/placeholders.ts';
import { mask } from '../syntax/template.ts';
import type { Region } from './region.ts';
import { RegionText } from './regionText.ts';

/** A text for iptables-restore, wherever it is written. */
export class IptablesText extends RegionText {
  readonly is = 'iptablesText';
  readonly tree: IptablesTree;
  private checked: IptablesCheck | null = null;

  constructor(region: Region, family: IpFamily) {
    const masked = mask(region.text, placeholdersIn(region.text, { braces: true }));
    super(region, masked);
    this.tree = parseIptables(masked.text, { family, unknown: masked.statements });
  }

  /** What iptables-restore and the kernel refuse of it, tables being flushed first. */
  get check(): IptablesCheck {
    this.checked ??= checkIptables(this.tree);
    return this.checked;
  }

  /** True if it is written for tables that hold something: commands that find nothing in tables that were just flushed. */
  get addsToTables(): boolean {
    return this.tree.tables.some(({ lines }) =>
      lines.some(line => line.is === 'rule' && NEEDS_CONTENTS.has(line.specification.command?.name ?? '')),
    );
  }
}

const NEEDS_CONTENTS: ReadonlySet<string> = new Set(['flush', 'delete', 'delete-chain', 'check', 'rename-chain']);
