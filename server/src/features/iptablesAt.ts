import { FOREIGN_EXTENSIONS, VERDICTS } from '../facts/netfilter.ts';
import type { Entity } from '../model/entity.ts';
import type { IptablesText } from '../model/iptablesText.ts';
import { type IptablesRule, type IptablesTable, rulesOf } from '../syntax/iptables/tree.ts';
import type { IptablesWord } from '../syntax/iptables/word.ts';
import { touches } from '../text/span.ts';

/** An offset in a text for iptables-restore. */
export interface IptablesOffset {
  readonly text: IptablesText;
  /** In `text.tree.text`. */
  readonly offset: number;
}

/** The text for iptables-restore that an offset in a piece is in; null if it is in none. */
export function iptablesAt(entities: readonly Entity[], inPiece: number): IptablesOffset | null {
  for (const entity of entities) {
    const offset = entity.is === 'iptablesText' ? entity.offsetOf(inPiece) : null;
    if (entity.is === 'iptablesText' && offset !== null) return { text: entity, offset };
  }
  return null;
}

/** The texts for iptables-restore of a piece, each stretch of it once: an alias has it read twice. */
export function iptablesTexts(entities: readonly Entity[]): IptablesText[] {
  const texts = new Map<number, IptablesText>();
  for (const entity of entities) {
    if (entity.is !== 'iptablesText') continue;
    const { start } = entity.placeOf({ start: 0, end: entity.tree.text.length }).value;
    if (!texts.has(start)) texts.set(start, entity);
  }
  return [...texts.values()];
}

/** The table that an offset is in; null before the first, and behind a COMMIT. */
export function tableAt({ text, offset }: IptablesOffset): IptablesTable | null {
  const table = text.tree.tables.findLast(({ start }) => start <= offset);
  return table && (!table.commit || offset <= table.commit.end) ? table : null;
}

/** The rule that an offset is in, both of whose ends count. */
export function ruleAt(table: IptablesTable, offset: number): IptablesRule | null {
  const line = table.lines.find(each => touches(each, offset));
  return line?.is === 'rule' ? line : null;
}

/** The policy that a table's lines leave a chain with; null if none sets it. */
export function policyIn({ lines }: IptablesTable, chain: string): string | null {
  let policy: string | null = null;
  for (const line of lines) {
    if (line.is === 'chain') policy = line.name.value === chain ? (line.policy?.value ?? null) : policy;
    else if (line.specification.command?.name === 'policy' && line.specification.chain?.value === chain)
      policy = line.specification.command.more[0]?.value ?? null;
  }
  return policy;
}

/** The rules that a table's lines add to a chain, whatever others take away. */
export function rulesIn(table: IptablesTable, chain: string): IptablesRule[] {
  return rulesOf(table).filter(
    ({ specification: { chain: own, command } }) =>
      own?.value === chain && (command === null || /^(?:append|insert)$/.test(command.name)),
  );
}

/** Every place in a table that names a chain, and whether it is where the chain is declared. */
export function* chainNames(table: IptablesTable): Generator<{ word: IptablesWord; chain: string; declares: boolean }> {
  const declared = new Set(table.lines.map(line => (line.is === 'chain' ? line.name.value : null)));
  for (const line of table.lines) {
    if (line.is === 'chain') {
      if (line.name.value) yield { word: line.name, chain: line.name.value, declares: true };
      continue;
    }
    const { chain, command, jump, target } = line.specification;
    if (chain?.value) yield { word: chain, chain: chain.value, declares: command?.name === 'new-chain' };
    const to = jump?.argument?.value;
    const isChain = to && !target && !VERDICTS.includes(to) && (declared.has(to) || !FOREIGN_EXTENSIONS.has(to));
    if (jump?.argument && isChain) yield { word: jump.argument, chain: to, declares: false };
  }
}

/** The name of a chain at an offset, and all places in tables of the same name that name it. */
export function chainAt({
  text,
  offset,
}: IptablesOffset): { table: IptablesTable; word: IptablesWord; chain: string } | null {
  const table = tableAt({ text, offset });
  if (!table) return null;
  for (const { word, chain } of chainNames(table)) if (touches(word, offset)) return { table, word, chain };
  return null;
}
