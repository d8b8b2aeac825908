import { blockContent, blockLines, indented, indicators, needsIndicator } from './blockScalar.ts';
import { escapeDouble, escapeSingle, unfoldBreaks } from './flowScalar.ts';
import { resolvePlain } from './kubernetesScalar.ts';
import { kindOf, readsBack } from './scalarCheck.ts';
import { INDENT_STEP, type ScalarSite, type ScalarStyle } from './scalarSite.ts';

/**
 * The source of a new scalar that reads back as exactly this string: in `style` if that can carry it at this site, else
 * in the style of `chooseStyle`. A block scalar's source ends with a line break; that of other styles does not.
 */
export function encodeScalar(text: string, site: ScalarSite, style?: ScalarStyle): string {
  const wanted = style ? encodeAs(text, style, site) : null;
  return wanted ?? encodeAs(text, chooseStyle(text, site, style), site) ?? writeDouble(text);
}

/**
 * The style a careful author would give a new string: plain if every YAML reader takes it for that string, a literal
 * block for several lines, else quotes: single ones if `near`, the style of a neighbour, says so.
 */
export function chooseStyle(text: string, site: ScalarSite, near?: ScalarStyle): ScalarStyle {
  const quotes: ScalarStyle[] = near === 'single' ? ['single', 'double'] : ['double'];
  const candidates: ScalarStyle[] = text.includes('\n') ? ['literal', 'double'] : ['plain', ...quotes];
  const fits = (style: ScalarStyle) => !(style === 'plain' && looksTyped(text)) && encodeAs(text, style, site) !== null;
  return candidates.find(fits) ?? 'double';
}

/** The source of the scalar in this very style, or `null` if that cannot carry the string at this site. */
export function encodeAs(text: string, style: ScalarStyle, site: ScalarSite): string | null {
  if (!canHold(text, style) || kindOf(text, style, site.tag) !== 'string') return null;
  const source = write(text, style, site);
  return source !== null && readsBack(source, style, text, site) ? source : null;
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

function write(text: string, style: ScalarStyle, site: ScalarSite): string | null {
  const { eol = '\n', parentIndent, indentStep = INDENT_STEP } = site;
  const indent = Math.max(0, parentIndent) + indentStep;
  switch (style) {
    case 'plain':
      return unfoldBreaks(text, eol, indent);
    case 'single':
      return `'${unfoldBreaks(escapeSingle(text), eol, indent)}'`;
    case 'double':
      return writeDouble(text);
    case 'literal':
    case 'folded':
      return writeBlock(text, style === 'folded', indent, indentStep, eol);
  }
}

function writeDouble(text: string): string {
  return `"${escapeDouble(text)}"`;
}

function writeBlock(text: string, folded: boolean, indent: number, step: number, eol: string): string | null {
  const { chomping, content } = blockContent(text, '');
  const lines = blockLines(content, folded);
  const header = indicators(folded, needsIndicator(lines) ? step : 0, chomping);
  return header === null ? null : [header, ...indented(lines, indent), ''].join(eol);
}
