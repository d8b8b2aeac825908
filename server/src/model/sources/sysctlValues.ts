import { kernelNumber, sysctlPath } from '../../syntax/sysctl/parse.ts';
import type { Span } from '../../text/span.ts';
import type { OwnEntry, Reading } from '../reading.ts';
import { type Region, stretchOf } from '../region.ts';
import { isOfNetfilter, knobOf, type SysctlLine, type SysctlSettings } from '../sysctlSettings.ts';

/** A word of a document, and where it stands in the piece. */
export interface Written {
  readonly text: string;
  readonly span: Span;
  /** True if it stands there as it is read. */
  readonly isVerbatim: boolean;
}

/** The name of a sysctl, and its value; null for one that only rendering knows. */
export interface SysctlPair {
  readonly name: Written;
  readonly value: Written | null;
  readonly mayFail: boolean;
  /** True if the two are one word: `name=value`. */
  readonly isOneWord: boolean;
}

/** A scalar, whatever type YAML gives it; null for what is none, or only rendering knows. */
export function writtenIn(reading: Reading): Written | null {
  const region = reading.isUnknown ? null : reading.embeddedText();
  return region && writtenAs(region);
}

/** A text as it stands in the piece. */
export function writtenAs({ text, toPiece }: Region): Written {
  const span = toPiece.spanToSource({ start: 0, end: text.length });
  return { text, span, isVerbatim: span.end - span.start === text.length };
}

/** A key of a mapping. */
export function writtenKey({ name, key }: OwnEntry): Written {
  const { start, end } = key.value;
  const quotes = end - start === name.length + 2 ? 1 : 0;
  const span = { start: start + quotes, end: end - quotes };
  return { text: name, span, isVerbatim: span.end - span.start === name.length };
}

/** The two sides of `name=value`; null without the sign. */
export function assignmentIn(region: Region): SysctlPair | null {
  const equals = region.text.indexOf('=');
  if (equals <= 0) return null;
  const side = (start: number, end: number) => {
    const text = region.text.slice(start, end);
    const from = start + text.length - text.trimStart().length;
    return writtenAs(stretchOf(region, { start: from, end: Math.max(from, start + text.trimEnd().length) }));
  };
  return { name: side(0, equals), value: side(equals + 1, region.text.length), mayFail: false, isOneWord: true };
}

/** What a mapping of names and values sets. */
export function pairsOf(mapping: Reading): SysctlPair[] {
  return mapping.ownEntries().map(entry => ({
    name: writtenKey(entry),
    value: entry.isConditional ? null : writtenIn(entry.value),
    mayFail: false,
    isOneWord: false,
  }));
}

/**
 * What a document that is no sysctl file says of netfilter's sysctls. `root` is the document: only in one that is a piece of its own can
 * be edited. `file`: the name of the file that they will be in; '' if there is none. Null if it says nothing.
 */
export function sysctlValues(root: Reading, file: string, pairs: readonly SysctlPair[]): SysctlSettings | null {
  const own = pairs.filter(({ name }) => isOfNetfilter(sysctlPath(name.text)));
  if (own.length === 0) return null;
  const isPiece = root.address.length === 0;
  return {
    is: 'sysctlSettings',
    carrier: 'values',
    file,
    address: root.address,
    eol: '\n',
    lines: own.flatMap(pair => (pair.value ? [lineOf(pair, pair.value, isPiece)] : [])),
    hidden: own.flatMap(({ name, value }) => (value ? [] : [knobOf(sysctlPath(name.text))])),
  };
}

function lineOf({ name, mayFail, isOneWord }: SysctlPair, value: Written, isPiece: boolean): SysctlLine {
  const path = sysctlPath(name.text);
  const text = value.text.trim();
  const taken = kernelNumber(text);
  // Between name and value there may be other keys, and whole lines.
  const entry = isOneWord ? { start: name.span.start, end: value.span.end } : value.span;
  return {
    path,
    knob: knobOf(path),
    written: name.text,
    text,
    number: taken?.value ?? null,
    rest: taken?.rest ?? '',
    mayFail,
    isGlob: false,
    isVerbatim: isPiece && name.isVerbatim && value.isVerbatim,
    place: { value: value.span, entry },
    namePlace: { value: name.span, entry: name.span },
    valuePlace: { value: value.span, entry: value.span },
    indent: '',
    spans: { name: name.span, value: value.span, entry, line: entry },
  };
}
