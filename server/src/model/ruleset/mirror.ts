import { applyEdits, type TextEdit } from '../../text/edits.ts';
import type { WrittenRule } from './ruleset.ts';

/** Options that are about one direction of a packet, and those about the other. */
const PAIRS: readonly (readonly [string, string])[] = [
  ['-s', '-d'],
  ['--source', '--destination'],
  ['--src', '--dst'],
  ['--sport', '--dport'],
  ['--source-port', '--destination-port'],
  ['--sports', '--dports'],
  ['--source-ports', '--destination-ports'],
  ['--src-range', '--dst-range'],
  ['-i', '-o'],
  ['--in-interface', '--out-interface'],
];

const OPPOSITES = new Map(PAIRS.flatMap(([a, b]) => [[a, b] as const, [b, a] as const]));

const INTERFACES = ['in-interface', 'out-interface'];

/** Options that mean the same in both directions. */
const SYMMETRIC = new Set([
  'append',
  'insert',
  'jump',
  'match',
  'protocol',
  'notrack',
  'comment',
  'wait',
  'wait-interval',
  'table',
  'numeric',
  'verbose',
]);

/**
 * The edits that turn a rule of `from` into one about the same connections’ packets in the other direction: source and destination
 * change places, and interfaces too if the rule moves to another chain, `to`. Null if something in it has no such opposite.
 */
export function mirrorEdits(text: string, { specification }: WrittenRule, to: string | null): TextEdit[] | null {
  const edits: TextEdit[] = [];
  for (const { name, word } of specification.options) {
    if (SYMMETRIC.has(name)) continue;
    if (to === null && INTERFACES.includes(name)) continue;
    const written = text.slice(word.start, word.end);
    const option = /^(?:--[a-z-]+|-[a-z])/.exec(written)?.[0] ?? '';
    const opposite = OPPOSITES.get(option);
    if (opposite === undefined) return null;
    edits.push({ span: { start: word.start, end: word.start + option.length }, newText: opposite });
  }
  const { chain, command } = specification;
  if (to !== null) {
    // Where in the other chain it belongs, its number in this one cannot tell.
    if (!chain || text.slice(chain.start, chain.end) !== chain.value || (command?.more.length ?? 0) > 0) return null;
    edits.push({ span: { start: chain.start, end: chain.end }, newText: to });
  }
  return edits;
}

/** The same rule for the other direction, in another chain; null if something in it has no opposite. */
export function mirrored(text: string, rule: WrittenRule, to: string): string | null {
  const edits = mirrorEdits(text, rule, to);
  if (!edits) return null;
  const shifted = edits.map(({ span, newText }) => ({
    span: { start: span.start - rule.start, end: span.end - rule.start },
    newText,
  }));
  return applyEdits(text.slice(rule.start, rule.end), shifted).replace(/^\[\d+:\d+\]/, '[0:0]');
}
