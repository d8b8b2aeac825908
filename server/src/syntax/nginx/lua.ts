/**
 * The pieces of Lua that matter for counting braces, in the order in which lua-nginx-module prefers them: its util/gen-lexer-c,
 * 0.10.23. What matches nothing is passed over, so a quote that its line does not close counts for nothing.
 */
const PIECE = /[{}]|(?:--)?(\[=*\[)|\]=*\]|--[^\n]*|"(?:\\[^\n]|[^"\n\\])*"|'(?:\\[^\n]|[^'\n\\])*'/g;

/** Where Lua code ends. */
export interface LuaEnd {
  /** Offset of the `}` that ends it; null if none does. */
  readonly close: number | null;
  /** Offset of what is open without end: the last brace or the long bracket, as the module's message has it; null if it ends. */
  readonly unclosed: number | null;
}

/** Looks for the end of the Lua code that begins behind the `{` at the offset. */
export function luaEnd(text: string, open: number): LuaEnd {
  let level = 1;
  let unclosed = open;
  PIECE.lastIndex = open + 1;
  for (let piece = PIECE.exec(text); piece; piece = PIECE.exec(text)) {
    const [found, bracket] = piece;
    if (found === '{') {
      level++;
      unclosed = piece.index;
    } else if (found === '}' && --level === 0) return { close: piece.index, unclosed: null };
    else if (bracket !== undefined) {
      const end = text.indexOf(bracket.replaceAll('[', ']'), PIECE.lastIndex);
      if (end < 0) return { close: null, unclosed: piece.index };
      PIECE.lastIndex = end + bracket.length;
    }
  }
  return { close: null, unclosed };
}
