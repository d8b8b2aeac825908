import { isMap, isPair, isScalar, isSeq, parseDocument } from 'yaml';
import { type KubernetesScalar, resolvePlain, resolveTagged } from './kubernetesScalar.ts';
import type { ScalarSite, ScalarStyle } from './scalarSite.ts';

const TYPES: Readonly<Record<ScalarStyle, string>> = {
  plain: 'PLAIN',
  single: 'QUOTE_SINGLE',
  double: 'QUOTE_DOUBLE',
  literal: 'BLOCK_LITERAL',
  folded: 'BLOCK_FOLDED',
};

/**
 * True if the parser in use, at such a site, reads all of `source` and nothing else as one scalar of this style with
 * this text. It parses a document of that shape: what scalars swallow or end at is the parser's word, not ours.
 */
export function readsBack(source: string, style: ScalarStyle, text: string, site: ScalarSite): boolean {
  if (style === 'plain' && site.flow && FLOW_INDICATORS_OF_1_1.test(source)) return false;
  const { before, after } = surroundings(source, site);
  const document = parseDocument(before + source + after, { logLevel: 'silent', uniqueKeys: false });
  if (document.errors.length > 0) return false;
  const node = scalarWithin(document.contents, site);
  if (!isScalar(node) || node.type !== TYPES[style] || node.source !== text || !node.range) return false;
  const [start, end] = node.range;
  const kept = style === 'literal' || style === 'folded';
  return (
    start === before.length && (end === before.length + source.length || (kept && end >= before.length + source.length))
  );
}

/** Ends or starts something in a flow collection of YAML 1.1, and so for go-yaml, but not for YAML 1.2 (experiment). */
const FLOW_INDICATORS_OF_1_1 = /\?|^:/;

/** What Kubernetes reads such a scalar as. */
export function kindOf(text: string, style: ScalarStyle, tag: string | undefined): KubernetesScalar['type'] {
  if (tag !== undefined) return resolveTagged(tag, text).type;
  return style === 'plain' ? resolvePlain(text).type : 'string';
}

/** A document of the site's shape, without the scalar: another key behind it shows whether the scalar ends in time. */
function surroundings(source: string, site: ScalarSite): { before: string; after: string } {
  const pad = ' '.repeat(Math.max(0, site.parentIndent));
  if (site.key) return site.flow ? { before: `${pad}k: {`, after: ': 0}\n' } : { before: pad, after: ': 0\n' };
  if (site.flow) return { before: `${pad}k: [`, after: `]\n${pad}z: 0\n` };
  const trivia = triviaLines(site.following ?? '');
  if (site.parentIndent < 0) return { before: '', after: trivia };
  const isBlock = /^[|>]/.test(source);
  if (isBlock && !(source + trivia).endsWith('\n')) return { before: `${pad}k: `, after: trivia };
  const lineBreak = (source + trivia).endsWith('\n') ? '' : '\n';
  return { before: `${pad}k: `, after: `${trivia}${lineBreak}${pad}z: 0\n` };
}

/** The blank lines that `text` starts with. */
export function blankLines(text: string): string {
  return /^(?: *\r?\n)*(?: +$)?/.exec(text)?.[0] ?? '';
}

/** The blank lines and comments that `text` starts with: a change of indentation could make them part of a block. */
function triviaLines(text: string): string {
  return /^(?:[ \t]*(?:#.*)?\r?\n)*(?:[ \t]*(?:#.*)?$)?/.exec(text)?.[0] ?? '';
}

function scalarWithin(contents: unknown, site: ScalarSite): unknown {
  if (site.parentIndent < 0 && !site.flow && !site.key) return contents;
  const first = isMap(contents) ? contents.items[0] : null;
  if (site.key && !site.flow) return first?.key;
  const value = first?.value;
  if (!site.flow) return value;
  if (site.key) return isMap(value) && value.items.length === 1 ? value.items[0]?.key : null;
  return isSeq(value) && value.items.length === 1 && !isPair(value.items[0]) ? value.items[0] : null;
}
