// The lines of a text by offsets in UTF-16 units. A line ends with LF or CRLF; a lone carriage return is part of it.

/** Offset of the first character of the line that holds the offset. */
export function lineStart(text: string, offset: number): number {
  return offset <= 0 ? 0 : text.lastIndexOf('\n', offset - 1) + 1;
}

/** Offset of the line break that ends the line, of its CR if it has one; the text's length on the last line. */
export function lineEnd(text: string, offset: number): number {
  const feed = lineFeed(text, offset);
  return feed > offset && feed < text.length && text[feed - 1] === '\r' ? feed - 1 : feed;
}

/** Offset of the line feed that ends the line; the text's length on the last line. */
export function lineFeed(text: string, offset: number): number {
  const feed = text.indexOf('\n', offset);
  return feed < 0 ? text.length : feed;
}

/** Offset behind the line break that ends the line; the text's length on the last line. */
export function nextLine(text: string, offset: number): number {
  return Math.min(text.length, lineFeed(text, offset) + 1);
}

/** The line break that a text is written with. */
export function eolOf(text: string): '\n' | '\r\n' {
  return text.includes('\r\n') ? '\r\n' : '\n';
}
