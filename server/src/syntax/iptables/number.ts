/** What does not fit into 64 bits is out of every range. */
const MOST = 2n ** 64n - 1n;

/** A number at the beginning of a text, as strtoul with base 0 reads it, and where it ends; null if there is none. */
export function leadingNumber(text: string): { readonly value: number; readonly end: number } | null {
  const [all = '', digits = ''] = /^[ \t\n\v\f\r]*\+?(0[xX][0-9a-fA-F]+|[0-9]+)/.exec(text) ?? [];
  if (digits === '') return null;
  if (!/^0\d/.test(digits)) {
    const isTooLarge = digits.length > 16 && BigInt(digits) > MOST;
    return { value: isTooLarge ? Number.POSITIVE_INFINITY : Number(digits), end: all.length };
  }
  const octal = /^[0-7]+/.exec(digits)?.[0] ?? '0';
  return { value: Number.parseInt(octal, 8), end: all.length - digits.length + octal.length };
}

/** The number that a whole text is, if it lies between the limits, both included; null if not. */
export function wholeNumber(text: string, min = 0, max = Number.POSITIVE_INFINITY): number | null {
  const found = leadingNumber(text);
  if (!found || found.end !== text.length) return null;
  return found.value >= min && found.value <= max ? found.value : null;
}
