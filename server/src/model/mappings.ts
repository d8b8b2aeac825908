import type { Reading } from './reading.ts';

/** Mappings below this depth hold nothing that anybody would write. */
export const DEEPEST_MAPPING = 24;

/** A mapping and those below it, in other mappings and in lists, the outer ones first. */
export function* mappingsIn(reading: Reading, depth = 0): Iterable<Reading> {
  if (depth > DEEPEST_MAPPING) return;
  if (reading.isMap) yield reading;
  for (const item of reading.items()) yield* mappingsIn(item, depth + 1);
  for (const { value } of reading.entries()) yield* mappingsIn(value, depth + 1);
}
