/**
 * YAML scalars and the characters they stand for: read with a map to the source, edited in place, written anew.
 *
 * Decoding gives exactly what the `yaml` package 2.9.1 gives, the parser in use. Sources and maps are relative to the
 * scalar's first character (`offsetBy` brings them to the file); all offsets are UTF-16.
 */
export { decodeScalar } from './scalarDecode.ts';
export { encodeEdit } from './scalarEdit.ts';
export { chooseStyle, encodeScalar, type ScalarPreference } from './scalarEncode.ts';
export type { ScalarSite, ScalarStyle } from './scalarSite.ts';
export type { DecodedScalar } from './scalarText.ts';
