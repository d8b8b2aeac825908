import { blockContent, blockLines, indented, indicators, needsIndicator } from './blockScalar.ts';
import { escapeDouble, escapeSingle, unfoldBreaks } from './flowScalar.ts';
import { resolvePlain } from './kubernetesScalar.ts';
import { kindOf, readsBack } from './scalarCheck.ts';
import { INDENT_STEP, type ScalarSite, type ScalarStyle } from './scalarSite.ts';

export interface ScalarPreference {
  /** The quotes the neighbours use; double where they use none. */
  readonly quote?: 'single' | 'double';
  /** Columns by which the file indents its collections; `INDENT_STEP` if not given. */
  readonly indentStep?: number;
}

/**
 * The source of a new scalar that reads back as exactly this string, or `null` if the style cannot carry it at this
 * site. A block scalar starts with its indicator and ends with a line break; the source of other styles has none at
 * its end. A plain scalar is refused where Kubernetes would not read a string.
 */
export function encodeScalar(
  text: string,
  style: ScalarStyle,
  site: ScalarSite,
  { indentStep = INDENT_STEP }: ScalarPreference = {},
): string | null {
  if (!canHold(text, style) || kindOf(text, style, site.tag) !== 'string') return null;
  const source = write(text, style, site, indentStep);
  return source !== null && readsBack(source, style, text, site) ? source : null;
}

/**
 * The style a careful author would give a new string: plain if every YAML reader takes it for that string, a literal
 * block for several lines, else quotes like the neighbours'; double quotes carry what nothing else can.
 */
export function chooseStyle(text: string, site: ScalarSite, preference: ScalarPreference = {}): ScalarStyle {
  const { quote = 'double' } = preference;
  const candidates: ScalarStyle[] = text.includes('\n') ? ['literal'] : looksTyped(text) ? [quote] : ['plain', quote];
  return candidates.find(style => encodeScalar(text, style, site, preference) !== null) ?? 'double';
}

/** Strings for Kubernetes that other readers take for something else: sexagesimal numbers, timestamps, large floats. */
function looksTyped(text: string): boolean {
  return resolvePlain(text).type !== 'string' || /^[-+.]?[0-9][-+0-9_.:eExobTtZ ]*$|^(?:=|<<)$/.test(text);
}

/** Characters only an escape can carry: control characters, line breaks of YAML 1.1, byte order marks (YAML 1.2.2, 5.1). */
const UNPRINTABLE = /[^\t\n\x20-\x7e\xa0-\u2027\u202a-\ufefe\uff00-\ufffd\u{10000}-\u{10ffff}]/u;

/** False if no source can hold the text in this style, wherever it stands. Half a surrogate pair fits into no file. */
export function canHold(text: string, style: ScalarStyle): boolean {
  return style === 'double' ? !/\p{Surrogate}/u.test(text) : !UNPRINTABLE.test(text);
}

function write(text: string, style: ScalarStyle, site: ScalarSite, indentStep: number): string | null {
  const { eol = '\n', parentIndent } = site;
  const indent = Math.max(0, parentIndent) + indentStep;
  switch (style) {
    case 'plain':
      return unfoldBreaks(text, eol, indent);
    case 'single':
      return `'${unfoldBreaks(escapeSingle(text), eol, indent)}'`;
    case 'double':
      return `"${escapeDouble(text)}"`;
    case 'literal':
    case 'folded':
      return writeBlock(text, style === 'folded', indent, indentStep, eol);
  }
}

function writeBlock(text: string, folded: boolean, indent: number, step: number, eol: string): string | null {
  const { chomping, content } = blockContent(text, '');
  const lines = blockLines(content, folded);
  const header = indicators(folded, needsIndicator(lines) ? step : 0, chomping);
  return header === null ? null : [header, ...indented(lines, indent), ''].join(eol);
}
