import fc from 'fast-check';
import { isScalar, parseDocument, type Scalar, visit } from 'yaml';
import type { ScalarSite, ScalarStyle } from '../../../server/src/syntax/yaml/scalarSite.ts';
import type { DecodedScalar } from '../../../server/src/syntax/yaml/scalarText.ts';
import { type Run, type SourceMap, SourceMapBuilder } from '../../../server/src/text/sourceMap.ts';

export const STYLES: Readonly<Record<string, ScalarStyle>> = {
  PLAIN: 'plain',
  QUOTE_SINGLE: 'single',
  QUOTE_DOUBLE: 'double',
  BLOCK_LITERAL: 'literal',
  BLOCK_FOLDED: 'folded',
};

export interface Located {
  readonly start: number;
  readonly source: string;
  readonly style: ScalarStyle;
  readonly site: ScalarSite;
  /** What `yaml` makes of it. */
  readonly text: string;
}

/** The scalars of a document as `yaml` finds them, those of broken documents too. */
export function locate(document: string): Located[] {
  const found: Located[] = [];
  const parsed = parseDocument(document, { keepSourceTokens: true, logLevel: 'silent', uniqueKeys: false });
  visit(parsed, {
    Scalar: (_, node) => {
      const located = locatedScalar(document, node);
      if (located) found.push(located);
    },
  });
  return found;
}

function locatedScalar(document: string, node: Scalar): Located | null {
  const style = STYLES[node.type ?? ''];
  const token = node.srcToken;
  if (!style || !token || !node.range || !('indent' in token) || node.source === undefined) return null;
  const [start, end] = node.range;
  const eol = document.includes('\r\n') ? '\r\n' : '\n';
  const site = { parentIndent: token.indent, eol, following: document.slice(end) } as const;
  return { start, source: document.slice(start, end), style, site, text: node.source };
}

/** The value behind the key `k`, with the site that the document was written for; null if the document is broken. */
export function locateK(document: string, place: Place): Located | null {
  const parsed = parseDocument(document, { keepSourceTokens: true, logLevel: 'silent' });
  if (parsed.errors.length > 0) return null;
  const values: Scalar[] = [];
  visit(parsed, {
    Pair: (_, { key, value }) => {
      if (isScalar(key) && key.source === 'k' && isScalar(value)) values.push(value);
    },
  });
  const located = values[0] ? locatedScalar(document, values[0]) : null;
  return located && { ...located, site: { ...located.site, parentIndent: place.indent, flow: place.close !== '' } };
}

/** What surrounds the pair `k: …` in a document. */
export interface Place {
  readonly open: string;
  readonly close: string;
  readonly indent: number;
}

const BLOCK_PLACES: readonly Place[] = [
  { open: '', close: '', indent: 0 },
  { open: 'a:\n  ', close: '', indent: 2 },
  { open: 'l:\n- ', close: '', indent: 2 },
  { open: 'l:\n  - ', close: '', indent: 4 },
];
const PLACES: readonly Place[] = [
  ...BLOCK_PLACES,
  { open: 'f: [', close: ']', indent: 0 },
  { open: 'm:\n  - {', close: '}', indent: 2 },
];

export interface Case {
  readonly document: string;
  readonly place: Place;
}

/** Documents with one scalar of a random style, shape and place under the key `k`; not all of them are valid. */
export const cases: fc.Arbitrary<Case> = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...BLOCK_PLACES).chain(place => inPlace(blockScalar(place.indent), place)) },
  { weight: 2, arbitrary: fc.constantFrom(...PLACES).chain(place => inPlace(flowScalar(place.indent), place)) },
);

function inPlace(scalar: fc.Arbitrary<string>, place: Place): fc.Arbitrary<Case> {
  const behind = place.close === '' ? ' '.repeat(place.indent) : '';
  const tails = ['\n', '\n\n', '\n  \n\n', '\n# comment\n', '\n      # comment\n'].map(
    tail => `${tail}${behind}z: 1\n`,
  );
  return fc
    .tuple(scalar, fc.constantFrom('', '\n  # comment', ...tails, ...tails), fc.constantFrom('\n', '\n', '\r\n'))
    .map(([written, tail, eol]) => ({
      document: `${place.open}k: ${written}${place.close}${tail}`.replaceAll('\n', eol),
      place,
    }));
}

function pieces(...alphabet: string[]): fc.Arbitrary<string> {
  return fc.array(fc.constantFrom(...alphabet), { maxLength: 10 }).map(parts => parts.join(''));
}

function blockScalar(indent: number): fc.Arbitrary<string> {
  const line = `\n${' '.repeat(indent + 2)}`;
  const headers = ['|', '>', '|-', '>-', '|+', '>+', '|2', '>2-', '|1+', '>+1', '| # note', '>2 # note'];
  return fc
    .tuple(
      fc.constantFrom(...headers),
      fc.constantFrom(line, line, `${line} `, `\n${line}`),
      pieces('a', 'b', 'é', '😀', ' ', line, line, '\n', 'c:', '# d', `${line} `, `${line}\t`),
    )
    .map(parts => parts.join(''));
}

function flowScalar(indent: number): fc.Arbitrary<string> {
  const line = `\n${' '.repeat(indent + 2)}`;
  const shared = ['a', 'b', 'é', '😀', ' ', '\t', line, `\n${line}`];
  const escapes = ['\\n', '\\x41', '\\u00e9', '\\U0001F600', '\\"', '\\\\', '\\ ', `\\${line}`, '\\N', '\\0', "'"];
  return fc.oneof(
    pieces(...shared, "''", '"', ': ', '#').map(text => `'${text}'`),
    pieces(...shared, ...escapes).map(text => `"${text}"`),
    pieces(...shared, "'", '-', ':').map(text => `p${text}q`),
  );
}

/** Text to type into a scalar. */
export const typed: fc.Arbitrary<string> = fc
  .array(fc.constantFrom('X', 'Y', ' ', '\n', '\n', 'é', '😀', '"', "'", '\\', ': ', ' #', '\t', ',', ']'), {
    maxLength: 4,
  })
  .map(parts => parts.join(''));

export function runsOf(map: SourceMap): Run[] {
  return Array.from({ length: map.runCount }, (_, index) => map.run(index));
}

/**
 * What is wrong with a map, in words; null if every decoded character stands on the source it came from, and no source
 * is left over but indentation, quotes, headers and escaped line breaks. Knows YAML, not the decoder.
 */
export function mapFault(source: string, style: ScalarStyle, { text, map }: DecodedScalar): string | null {
  const runs = runsOf(map);
  let decodedEnd = 0;
  let sourceEnd = 0;
  for (const { decoded, source: from, verbatim } of runs) {
    const read = text.slice(decoded.start, decoded.end);
    const written = source.slice(from.start, from.end);
    if (decoded.start !== decodedEnd) return `run at ${decoded.start} does not follow the one before`;
    if (written === '' && from.start !== source.length) return `nothing is ${JSON.stringify(read)}`;
    if (from.start < sourceEnd || from.end > source.length) return `source ${from.start} is out of order or outside`;
    if (!standsFor(written, read, verbatim, style, source))
      return `${JSON.stringify(written)} is not ${JSON.stringify(read)}`;
    const skipped = source.slice(sourceEnd, from.start);
    if (!isSilent(skipped, style, sourceEnd === 0, false)) return `${JSON.stringify(skipped)} is missing`;
    if (map.toDecoded(from.start) !== decoded.start) return `source ${from.start} does not lead to ${decoded.start}`;
    const whole = map.spanToSource(decoded);
    if (whole.start !== from.start || whole.end !== from.end) return `span of ${JSON.stringify(read)} is off`;
    decodedEnd = decoded.end;
    sourceEnd = from.end;
  }
  if (decodedEnd !== text.length) return `text behind ${decodedEnd} has no source`;
  const rest = source.slice(sourceEnd);
  return isSilent(rest, style, sourceEnd === 0, true) ? null : `${JSON.stringify(rest)} is missing`;
}

function standsFor(written: string, read: string, verbatim: boolean, style: ScalarStyle, source: string): boolean {
  if (verbatim) return written === read;
  if (written === '\r\n') return read === '\n' || read === ' ';
  if (written === '') return read === '\n' && !source.endsWith('\n');
  if (/^[ \t]*\r?\n$/.test(written)) return read === ' ';
  if (/^[ \t]*\r?\n[ \t]*\r?\n$/.test(written)) return read === '\n';
  if (style === 'single') return written === "''" && read === "'";
  if (style !== 'double' || !/^\\(?:x..|u.{4}|U.{8}|[^xuU])$/s.test(written)) return false;
  return parseDocument(`"${written}"`).contents?.toJSON() === read;
}

/** True for source that stands for no character. A scalar starts with its quote or header, and ends with its quote. */
function isSilent(skipped: string, style: ScalarStyle, leading: boolean, trailing: boolean): boolean {
  const quote = { single: "'", double: '"' }[style as string] ?? '';
  let silent = skipped;
  if (leading) silent = quote ? silent.replace(quote, '') : silent.replace(/^[|>][^\n]*/, '');
  if (trailing && silent.endsWith(quote)) silent = silent.slice(0, silent.length - quote.length);
  return /^\s*$/.test(style === 'double' ? silent.replace(/\\\r?\n[ \t]*/g, '') : silent);
}

/** The same map, except that one run's source lies `by` further on. */
export function withRunMoved(map: SourceMap, index: number, by: number): SourceMap {
  const builder = new SourceMapBuilder();
  runsOf(map).forEach(({ decoded, source, verbatim }, at) => {
    const moved = at === index ? by : 0;
    if (verbatim) builder.verbatim(source.start + moved, source.end + moved);
    else builder.opaque(decoded.end - decoded.start, source.start + moved, source.end + moved);
  });
  return builder.build(0);
}
