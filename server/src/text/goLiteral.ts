const INT = /^([+-]?)(0[xX](?:_?[0-9a-fA-F])+|0[bB](?:_?[01])+|0[oO]?(?:_?[0-7])+|[1-9](?:_?\d)*|0)$/;

/** The integer that Go's strconv.ParseInt reads with base 0: `0x1f`, `017`, `1_000`, of any size; null if it refuses it. */
export function parseGoInt(text: string): bigint | null {
  const [, sign, written] = INT.exec(text) ?? [];
  if (written === undefined) return null;
  const size = BigInt(written.replaceAll('_', '').replace(/^0(?=[0-7])/, '0o'));
  return sign === '-' ? -size : size;
}

const BOOLEANS: ReadonlyMap<string, boolean> = new Map([
  ...['1', 't', 'T', 'TRUE', 'true', 'True'].map(word => [word, true] as const),
  ...['0', 'f', 'F', 'FALSE', 'false', 'False'].map(word => [word, false] as const),
]);

/** What Go's strconv.ParseBool reads; null if it refuses it, as it does `on`, `yes` and `tRUE`. */
export function parseGoBoolean(text: string): boolean | null {
  return BOOLEANS.get(text) ?? null;
}
