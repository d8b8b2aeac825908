import { type SourceMap, SourceMapBuilder } from './sourceMap.ts';

const HEAD = /^data:([^,]*),/;

/** One character: bytes of UTF-8 in escapes, or itself. */
const CHARACTER = /%[0-7][\dA-F]|(?:%[89A-F][\dA-F])+|[^%]/giy;

/**
 * What a `data:` URL holds that is written in characters and escapes (RFC 2397), and where each character stands in it. Null for any other
 * text, for base64, and for escapes that are no UTF-8.
 */
export function readDataUrl(url: string): { readonly text: string; readonly map: SourceMap } | null {
  const [head = '', type = ''] = HEAD.exec(url) ?? [];
  if (head === '' || /;base64$/i.test(type)) return null;
  const builder = new SourceMapBuilder();
  let text = '';
  for (let at = head.length; at < url.length; ) {
    CHARACTER.lastIndex = at;
    const written = CHARACTER.exec(url)?.[0];
    const read = written === undefined ? null : decoded(written);
    if (written === undefined || read === null) return null;
    if (read === written) builder.verbatim(at, at + written.length);
    else builder.opaque(read.length, at, at + written.length);
    text += read;
    at += written.length;
  }
  return { text, map: builder.build(head.length) };
}

function decoded(written: string): string | null {
  try {
    return written.startsWith('%') ? decodeURIComponent(written) : written;
  } catch {
    return null;
  }
}
