import { type Part, partsOf, type YamlMap, type YamlSeq } from '../tree.ts';

/** How brackets and braces are written around a place. */
export interface FlowStyle {
  /** True where only JSON will do. */
  readonly json: boolean;
  /** What stands between a comma and the next part on its line, and between a colon and its value. */
  readonly afterComma: string;
  readonly afterColon: string;
}

const ROOMY: FlowStyle = { json: false, afterComma: ' ', afterColon: ' ' };

/** The style of the outermost brackets or braces around a place, if there are any. */
export function flowStyleOf(text: string, around: YamlMap | YamlSeq | null): FlowStyle {
  if (!around) return ROOMY;
  const json = isJson(text.slice(around.span.start, around.span.end));
  // YAML wants the blank behind a colon, except behind quoted keys.
  return { json, ...(json ? gapsIn(text, around) : { afterComma: commaGap(text, around) ?? ' ', afterColon: ' ' }) };
}

function isJson(source: string): boolean {
  try {
    JSON.parse(source);
    return true;
  } catch {
    return false;
  }
}

function gapsIn(text: string, around: YamlMap | YamlSeq): Pick<FlowStyle, 'afterComma' | 'afterColon'> {
  const colon = colonGap(text, around);
  return { afterComma: commaGap(text, around) ?? colon ?? ' ', afterColon: colon ?? ' ' };
}

/** Blanks behind the first comma that has something behind it on its line. */
function commaGap(text: string, around: YamlMap | YamlSeq): string | null {
  const [first, second] = partsOf(around);
  const gap = first && second && /,([ \t]*)$/.exec(text.slice(first.span.end, second.span.start))?.[1];
  return gap ?? firstOf(partsOf(around), inner => commaGap(text, inner));
}

function colonGap(text: string, around: YamlMap | YamlSeq): string | null {
  const entry = around.kind === 'map' ? around.entries[0] : undefined;
  if (entry?.colon !== undefined) return text.slice(entry.colon + 1, entry.value.span.start);
  return firstOf(partsOf(around), inner => colonGap(text, inner));
}

function firstOf<T>(parts: readonly Part[], find: (inner: YamlMap | YamlSeq) => T | null): T | null {
  for (const { value } of parts) {
    const found = value.kind === 'map' || value.kind === 'seq' ? find(value) : null;
    if (found !== null) return found;
  }
  return null;
}
